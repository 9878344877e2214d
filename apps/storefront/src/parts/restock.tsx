import { type JSX, useEffect, useState } from '@hooks'
import { Button, Icon, Text } from '@kit'
import { askToNotify, toast } from '@platform'
import { useApp } from '../app.ts'
import { useAct } from './use-act.ts'

/** "Tell me when it is back": for one SKU, remembered by the server, taken back by the same button. (UX-04) */
export function RestockButton({
  skuId,
  productId,
  isBlock,
}: {
  skuId: string
  productId: string
  isBlock?: boolean
}): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const [waiting, setWaiting] = useState<readonly string[]>([])
  const shopId = shop.id
  useEffect(() => {
    api('buyer.restockReminders', { params: { shopId, productId } }).then(
      ({ items }) => setWaiting(items.map((item) => item.skuId)),
      // whoever is not signed in waits for nothing yet
      () => undefined,
    )
  }, [productId])
  const isWaiting = waiting.includes(skuId)
  const toggle = () =>
    act(async () => {
      const params = { shopId, skuId }
      if (isWaiting) {
        await api('buyer.forgetRestock', { params })
        setWaiting(waiting.filter((one) => one !== skuId))
        return toast('已取消到货提醒')
      }
      // WeChat opens its question only right after the tap
      await askToNotify(['restock'])
      await api('buyer.remindOfRestock', { params })
      setWaiting([...waiting, skuId])
      toast('到货后会第一时间通知你', 'good')
    })
  return (
    <Button
      kind={isWaiting ? 'plain' : 'trust'}
      size="large"
      isBlock={isBlock === true}
      isBusy={isBusy}
      testId="restock"
      onTap={toggle}
    >
      <Icon name={isWaiting ? 'check' : 'bell'} />
      <Text>{isWaiting ? '已登记，到货通知你' : '到货提醒我'}</Text>
    </Button>
  )
}
