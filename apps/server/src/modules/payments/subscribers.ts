import { maskPhone } from '../../kernel/mask.ts'
import type { Tx } from '../../kernel/db.ts'
import type { OutboxEvent } from '../../kernel/outbox.ts'
import { orderShipped, refundRequested } from '../orders/index.ts'
import { intendRefund } from './intend-refund.ts'
import type { PaymentsDeps } from './ports.ts'
import { paymentsOfOrder } from './store.ts'
import { insertShipmentReport } from './store-refunds.ts'

/** An order is to be given back whole: everything it took goes back. */
export async function onRefundRequested(deps: PaymentsDeps, tx: Tx, event: OutboxEvent): Promise<void> {
  const { orderId, reason, requestedBy } = refundRequested.payload.parse(event.payload)
  const taken = (await paymentsOfOrder(tx, event.shopId, orderId)).filter((payment) => payment.state === 'paid')
  // The first payment to arrive is the order's; any other was sent back when it came.
  const payment = taken.sort((a, b) => (a.paidAt! < b.paidAt! ? -1 : 1))[0]
  if (!payment) throw new Error(`Order ${orderId} is to be refunded and has no payment`)
  await intendRefund(deps, tx, payment, { amountFen: payment.amountFen, reason, requestedBy, settlesOrder: true })
}

/** A parcel left: WeChat is to be told. */
export async function onOrderShipped(deps: PaymentsDeps, tx: Tx, event: OutboxEvent): Promise<void> {
  const shipped = orderShipped.payload.parse(event.payload)
  await insertShipmentReport(
    tx,
    {
      shopId: event.shopId,
      shipmentId: shipped.shipmentId,
      orderId: shipped.orderId,
      payload: {
        trackingNo: shipped.trackingNo,
        carrierCode: shipped.carrierCode,
        itemDescription: shipped.itemDescription,
        allShipped: shipped.allShipped,
        partial: shipped.partial,
        receiverContact: maskPhone(shipped.receiverPhoneMasked),
      },
    },
    deps.clock.instant(),
  )
  tx.afterCommit(() => deps.wake('shipments'))
}
