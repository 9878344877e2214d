import { Fragment, type JSX, useState } from '@hooks'
import { Button, Icon, Tap } from '@kit'
import { toast } from '@platform'
import { useApp } from '../app.ts'
import { useLate } from './late.ts'

/** Whether the shop has said how to reach its people. */
export const hasService = (contact: { phone: string; chatUrl: string }): boolean =>
  contact.phone !== '' || contact.chatUrl !== ''

const serviceSheet = () => import('./service-sheet.tsx').then(({ ServiceSheet }) => ServiceSheet)

/** The floating button to the shop's people; nothing where the shop has not said how to reach them. */
export const ServiceButton = (): JSX.Element | null => (
  <Service
    look={(open) => (
      <Tap className="zg-float-key" label="联系客服" testId="service" onTap={open}>
        <Icon name="headset" />
      </Tap>
    )}
  />
)

/** The same in words, where something went wrong. */
export const AskService = (): JSX.Element | null => (
  <Service
    look={(open) => (
      <Button kind="plain" isBlock testId="ask-service" onTap={open}>
        还是不行？联系客服
      </Button>
    )}
  />
)

function Service({ look }: { look: (open: () => void) => JSX.Element }): JSX.Element | null {
  const { shop } = useApp()
  const [isOpen, setOpen] = useState(false)
  const ServiceSheet = useLate(serviceSheet, isOpen, () => {
    setOpen(false)
    toast('网络不给力，请再点一次', 'bad')
  })
  if (!hasService(shop.contact)) return null
  return (
    <Fragment>
      {look(() => setOpen(true))}
      {ServiceSheet && <ServiceSheet isOpen={isOpen} onClose={() => setOpen(false)} />}
    </Fragment>
  )
}
