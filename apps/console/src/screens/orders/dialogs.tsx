import { formatMoney, type MerchantOrder, ROUTES } from '@zhanggui/contract'
import { Alert, Form, Input } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { ORDER_STALE } from './ship-dialog.tsx'

interface Props {
  order: MerchantOrder
  onClose: () => void
}

/** Refunding the whole order: money leaves, so the amount is said before. */
export function RefundDialog({ order, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const refund = useWrite('console.refundOrder', ORDER_STALE)
  const amount = formatMoney(order.paidFen - order.refundedFen)
  return (
    <FormDialog
      title={t('order.refundNo', { orderNo: order.orderNo })}
      schema={ROUTES['console.refundOrder'].body}
      initial={{ reason: '' }}
      submit={(body, idempotencyKey) =>
        refund.mutateAsync({ params: { shopId, orderId: order.id }, body, idempotencyKey })
      }
      onDone={() => done(t('order.refundStarted'))}
      onClose={onClose}
      okText={t('order.refundConfirm', { amount })}
      danger
    >
      <Alert className="gap-bottom" type="warning" showIcon title={t('order.refundHint', { amount })} />
      <Form.Item name="reason" label={t('refund.reason')}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}

/** Cancelling an order that is not paid. */
export function CancelDialog({ order, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const cancel = useWrite('console.cancelOrder', ORDER_STALE)
  return (
    <FormDialog
      title={t('order.cancelNo', { orderNo: order.orderNo })}
      schema={ROUTES['console.cancelOrder'].body}
      initial={{ reason: '' }}
      submit={(body) => cancel.mutateAsync({ params: { shopId, orderId: order.id }, body })}
      onDone={() => done(t('order.cancelled'))}
      onClose={onClose}
      okText={t('order.cancel')}
      danger
    >
      <p className="soft">{t('order.cancelHint')}</p>
      <Form.Item name="reason" label={t('order.cancelReason')}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}
