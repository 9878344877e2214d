import type { Tx } from '../../kernel/db.ts'
import type { OutboxEvent } from '../../kernel/outbox.ts'
import { orderShipped, partRefundRequested, refundRequested } from '../orders/index.ts'
import { intendRefund } from './intend-refund.ts'
import type { PaymentsDeps } from './ports.ts'
import { paymentsOfOrder } from './store.ts'
import { countReports, insertShipmentReport } from './store-refunds.ts'

/** An order is to be given back whole: what it took goes back. */
export async function onRefundRequested(deps: PaymentsDeps, tx: Tx, event: OutboxEvent): Promise<void> {
  const { orderId, paymentId, amountFen, reason, by } = refundRequested.payload.parse(event.payload)
  // An order that cost nothing was never paid; its refund is done when it is decided.
  if (paymentId === null || (await deps.isByHand(tx, event.shopId, paymentId))) return
  const payment = (await paymentsOfOrder(tx, event.shopId, orderId)).find(
    (each) => each.id === paymentId && each.state === 'paid',
  )
  if (!payment) throw new Error(`Order ${orderId} is to be refunded and has no payment`)
  await intendRefund(deps, tx, payment, { key: event.id, amountFen, reason, requestedBy: by, settlesOrder: true })
}

/** A part of an order goes back while the order goes on. */
export async function onPartRefundRequested(deps: PaymentsDeps, tx: Tx, event: OutboxEvent): Promise<void> {
  const { orderId, paymentId, amountFen, reason, key } = partRefundRequested.payload.parse(event.payload)
  if (await deps.isByHand(tx, event.shopId, paymentId)) return
  const payment = (await paymentsOfOrder(tx, event.shopId, orderId)).find((each) => each.id === paymentId)
  if (!payment) throw new Error(`Part of order ${orderId} is to be refunded and it has no payment`)
  const refund = { key: `part:${key}`, amountFen, reason, requestedBy: 'merchant' as const }
  await intendRefund(deps, tx, payment, { ...refund, settlesOrder: false, partOfOrder: true, purpose: key })
}

/** A parcel left: WeChat is to be told, if it took the money and we have a mini program to tell it by. */
export async function onOrderShipped(deps: PaymentsDeps, tx: Tx, event: OutboxEvent): Promise<void> {
  const shipped = orderShipped.payload.parse(event.payload)
  if (!deps.wechatMini || shipped.paymentId === null) return
  if (await deps.isByHand(tx, event.shopId, shipped.paymentId)) return
  // WeChat takes one report of what does not go by courier: when all of it has left.
  const isExpress = shipped.method === 'courier'
  if (!isExpress && !shipped.complete) return
  const earlier = await countReports(tx, event.shopId, shipped.orderId)
  await insertShipmentReport(
    tx,
    {
      shopId: event.shopId,
      shipmentId: shipped.shipmentId,
      orderId: shipped.orderId,
      payload: {
        method: shipped.method,
        trackingNo: shipped.trackingNo,
        carrierCode: shipped.carrierCode,
        itemDescription: shipped.lines.map((line) => `${line.title}×${line.quantity}`).join('；'),
        allShipped: shipped.complete,
        partial: isExpress && (!shipped.complete || earlier > 0),
        receiverContact: shipped.receiverPhoneMasked,
      },
    },
    deps.clock.instant(),
  )
  tx.afterCommit(() => deps.wake('shipments'))
}
