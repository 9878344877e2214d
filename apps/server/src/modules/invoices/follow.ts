import { isEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderRefunded, partRefundRequested, refundReturned } from '../orders/index.ts'
import { refundSucceeded } from '../payments/index.ts'
import type { InvoicesDeps } from './deps.ts'
import { reconsider } from './life.ts'

/** Whatever changes what an order is worth. */
export function invoiceSubscribers(deps: InvoicesDeps): Subscriber[] {
  return [
    {
      name: 'invoices.orders',
      events: [orderRefunded, partRefundRequested, refundReturned, refundSucceeded],
      batchSize: 50,
      from: 'now',
      async handle(tx, events) {
        for (const event of events) {
          const orderId = isEvent(refundSucceeded, event) ? event.payload.orderId : event.aggregateId
          await reconsider(tx, deps, event.shopId, orderId)
        }
      },
    },
  ]
}
