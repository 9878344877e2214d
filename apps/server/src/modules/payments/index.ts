import type { Tx } from '../../kernel/db.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderCancelled, orderShipped, refundRequested } from '../orders/index.ts'
import type { PaymentsDeps } from './ports.ts'
import { toPayment, toRefund } from './present.ts'
import { reportShipments } from './report-shipments.ts'
import { paymentHandlers } from './routes.ts'
import { moneyBetween, paymentsOfOrder } from './store.ts'
import { refundsOfOrder, reportStates } from './store-refunds.ts'
import { onOrderShipped, onRefundRequested } from './subscribers.ts'
import { hurryOrderPayments, sweepPayments } from './sweep-payments.ts'
import { sweepRefunds } from './sweep-refunds.ts'

export { paymentReceived, refundSucceeded } from './events.ts'
export type { PaymentsDeps } from './ports.ts'

/** Money with WeChat Pay: taking it, giving it back, and telling WeChat what was shipped. */
export function createPayments(deps: PaymentsDeps) {
  const subscribers: Subscriber[] = [
    {
      name: 'payments.orders',
      events: [orderCancelled.name, refundRequested.name, orderShipped.name],
      batchSize: 50,
      async handle(tx, events) {
        for (const event of events) {
          if (event.name === orderCancelled.name)
            tx.afterCommit(
              () =>
                void hurryOrderPayments(deps, event.shopId, event.aggregateId).catch((error: unknown) =>
                  deps.log.error({ err: error }, 'payments of a cancelled order wait for the sweeper'),
                ),
            )
          else if (event.name === refundRequested.name) await onRefundRequested(deps, tx, event)
          else await onOrderShipped(deps, tx, event)
        }
      },
    },
  ]
  return {
    handlers: paymentHandlers(deps),
    subscribers,
    sweepPayments: () => sweepPayments(deps),
    sweepRefunds: () => sweepRefunds(deps),
    reportShipments: () => reportShipments(deps),
    moneyBetween,
    paymentsOf: async (tx: Tx, shopId: string, orderId: string) =>
      (await paymentsOfOrder(tx, shopId, orderId)).map(toPayment),
    refundsOf: async (tx: Tx, shopId: string, orderId: string) =>
      (await refundsOfOrder(tx, shopId, orderId)).map(toRefund),
    /** How WeChat took each parcel, by shipment id; one that is absent needs no report. */
    shipmentReportState: async (tx: Tx, shopId: string, shipmentIds: readonly string[]) =>
      new Map((await reportStates(tx, shopId, shipmentIds)).map((report) => [report.shipmentId, report.state])),
  }
}

export type Payments = ReturnType<typeof createPayments>
