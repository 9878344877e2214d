import { Fragment, type JSX, useState } from '@hooks'
import { Button } from '@kit'
import { toast } from '@platform'
import { useApp } from '../../app.ts'
import { useLate } from '../../parts/late.ts'
import { hasService, serviceSheet } from '../../parts/service.tsx'

/** The way to the shop's people in words, where paying went wrong; nothing where the shop has not said how. */
export function AskService(): JSX.Element | null {
  const { shop } = useApp()
  const [isOpen, setOpen] = useState(false)
  const ServiceSheet = useLate(serviceSheet, isOpen, () => {
    setOpen(false)
    toast('网络不给力，请再点一次', 'bad')
  })
  if (!hasService(shop.contact)) return null
  return (
    <Fragment>
      <Button kind="plain" isBlock testId="ask-service" onTap={() => setOpen(true)}>
        还是不行？联系客服
      </Button>
      {ServiceSheet && <ServiceSheet isOpen={isOpen} onClose={() => setOpen(false)} />}
    </Fragment>
  )
}
