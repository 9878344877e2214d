import { Fragment, type JSX, useState } from '@hooks'
import { Icon, Tap } from '@kit'
import { toast } from '@platform'
import { useApp } from '../app.ts'
import { useLate } from './late.ts'

/** Whether the shop has said how to reach its people. */
export const hasService = (contact: { phone: string; chatUrl: string }): boolean =>
  contact.phone !== '' || contact.chatUrl !== ''

export const serviceSheet = () => import('./service-sheet.tsx').then(({ ServiceSheet }) => ServiceSheet)

/** The floating button to the shop's people; nothing where the shop has not said how to reach them. */
export function ServiceButton(): JSX.Element | null {
  const { shop } = useApp()
  const [isOpen, setOpen] = useState(false)
  const ServiceSheet = useLate(serviceSheet, isOpen, () => {
    setOpen(false)
    toast('网络不给力，请再点一次', 'bad')
  })
  if (!hasService(shop.contact)) return null
  return (
    <Fragment>
      <Tap className="zg-float-key" label="联系客服" testId="service" onTap={() => setOpen(true)}>
        <Icon name="headset" />
      </Tap>
      {ServiceSheet && <ServiceSheet isOpen={isOpen} onClose={() => setOpen(false)} />}
    </Fragment>
  )
}
