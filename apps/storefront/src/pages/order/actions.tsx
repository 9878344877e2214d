import { type JSX, useRef, useState } from '@hooks'
import { Button, Sheet, Tap, Text, View } from '@kit'
import { askToNotify, confirm, navigate, newKey, toast } from '@platform'
import type { Order } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { useAct } from '../../parts/use-act.ts'

const CANCEL_REASONS = ['不想要了', '地址或规格选错了', '价格有点贵', '其他原因']
const REFUND_REASONS = ['不想要了', '拍错了或多拍了', '商家迟迟不发货', '其他原因']

/** What the buyer can do with the order in its state. */
export function OrderActions({
  order,
  onChanged,
}: {
  order: Order
  onChanged: (order: Order) => void
}): JSX.Element | null {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [asking, setAsking] = useState<'cancel' | 'refund' | undefined>(undefined)
  // one key for the wish to have this order back, however often it is tapped
  const refundKey = useRef('')
  const params = { shopId: order.shopId, orderId: order.id }
  const finish = (changed: Order, text: string) => {
    setAsking(undefined)
    onChanged(changed)
    toast(text, 'good')
  }
  const receive = () =>
    act(async () => {
      if (!(await confirm({ title: '确认已收到商品？', content: '确认后订单完成', confirmText: '确认收货' }))) return
      await askToNotify(['review-wanted'])
      finish(await api('orders.confirmReceipt', { params }), '已确认收货')
    })
  const give = (reason: string) =>
    act(async () => {
      if (asking === 'cancel') return finish(await api('orders.cancel', { params, body: { reason } }), '订单已取消')
      refundKey.current ||= newKey()
      finish(
        await api('orders.requestRefund', { params, body: { reason }, idempotencyKey: refundKey.current }),
        '已申请退款',
      )
    })
  const isUnpaid = order.state === 'awaiting-payment'
  const canRefund = order.state === 'awaiting-shipment'
  const isDone = order.state === 'completed'
  if (!isUnpaid && !canRefund && !isDone && order.state !== 'shipped') return null
  return (
    <View className="zg-actions">
      <View className="zg-actions-inner">
        {isUnpaid && (
          <Button kind="plain" isBusy={isBusy} testId="cancel-order" onTap={() => setAsking('cancel')}>
            取消订单
          </Button>
        )}
        {canRefund && (
          <Button kind="plain" isBusy={isBusy} testId="request-refund" onTap={() => setAsking('refund')}>
            申请退款
          </Button>
        )}
        {order.state === 'shipped' && (
          <Button isBusy={isBusy} testId="confirm-receipt" onTap={receive}>
            确认收货
          </Button>
        )}
        {isDone && (
          <Button testId="review-order" onTap={() => navigate('review', { order: order.id })}>
            评价
          </Button>
        )}
        {isUnpaid && (
          <Button testId="pay-order" onTap={() => navigate('pay', { order: order.id })}>
            去支付 {formatMoney(order.totalFen)}
          </Button>
        )}
      </View>
      <Sheet
        isOpen={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking === 'refund' ? '申请退款' : '取消订单'}
        testId="reason-sheet"
      >
        <Text as="p" className="zg-muted zg-small">
          {asking === 'refund'
            ? `整单退款 ${formatMoney(order.paidFen)}，原路退回微信。请选择原因：`
            : '取消后不能恢复。请选择原因：'}
        </Text>
        {(asking === 'refund' ? REFUND_REASONS : CANCEL_REASONS).map((reason) => (
          <Tap key={reason} className="zg-order-reason" isDisabled={isBusy} onTap={() => give(reason)}>
            {reason}
          </Tap>
        ))}
      </Sheet>
    </View>
  )
}
