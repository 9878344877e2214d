import type { Tx } from '../../kernel/db.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderCancelled, orderShipped, partRefundRequested, refundRequested } from '../orders/index.ts'
import { askPayment, askRefund } from './ask-again.ts'
import type { PaymentsDeps, Work } from './ports.ts'
import { toPayment, toRefund } from './present.ts'
import { reportShipments } from './report-shipments.ts'
import { paymentHandlers } from './routes.ts'
import { createSweeps, type Sweeps } from './run-sweeps.ts'
import { createSettling, type SettlingDeps } from './settle-payment.ts'
import { moneyBetween, moneyByDay, movePayments, paymentsOfOrder, takenPayment } from './store.ts'
import { refundsInFlight, refundsOfOrder, reportStates } from './store-refunds.ts'
import { onOrderShipped, onPartRefundRequested, onRefundRequested } from './subscribers.ts'
import { hurryOrderPayments, sweepPayments } from './sweep-payments.ts'
import { sweepRefunds } from './sweep-refunds.ts'

export { paymentsBuyerPart } from './buyer-part.ts'
export { paymentReceived, refundSucceeded } from './events.ts'
export { createSweeps, eachOf, SWEEP_BATCH, type Sweeps } from './run-sweeps.ts'
export { FEE_BP } from './settings.ts'
export { errorText } from './trouble.ts'

/** What the module is given. */
export interface PaymentsInput extends Omit<PaymentsDeps, 'wake' | 'troubles' | 'settling'> {
  metrics: Pick<Metrics, 'counter'>
}

/** Money with WeChat Pay: taking it, giving it back, and telling WeChat what was shipped. */
export function createPayments({ metrics, ...input }: PaymentsInput) {
  const troubles = metrics.counter('payments_trouble_total', 'Money that somebody has to look at', ['kind'])
  const core: SettlingDeps = { ...input, troubles, wake: (work) => sweeps.wake(work) }
  const deps: PaymentsDeps = { ...core, settling: createSettling(core) }
  const sweeps = createSweeps<Work>(
    {
      payments: () => sweepPayments(deps),
      refunds: () => sweepRefunds(deps),
      shipments: () => reportShipments(deps),
    },
    (work, error) => deps.log.error({ err: error, work }, 'a sweep failed; the schedule repeats it'),
  )
  return {
    handlers: paymentHandlers(deps),
    subscribers: [ordersSubscriber(deps, sweeps)],
    /** Each finishes what is due of its kind and answers how much it took; one runs at a time in this process. */
    sweepPayments: () => sweeps.run('payments'),
    sweepRefunds: () => sweeps.run('refunds'),
    reportShipments: () => sweeps.run('shipments'),
    laneStats: () => [deps.settling.stats()],
    /** Waits for the sweeps under way and for results that were taken in, and starts no more. Call it before the database is closed. */
    async close() {
      await sweeps.close()
      await deps.settling.close()
    },
    /** Asks WeChat about one payment, or refund, whatever we think of it, and takes what it says. @throws WechatPayError */
    askPayment: (shopId: string, outTradeNo: string) => askPayment(deps, shopId, outTradeNo),
    askRefund: (shopId: string, outRefundNo: string) => askRefund(deps, shopId, outRefundNo),
    moneyBetween,
    moneyByDay,
    refundsInFlight,
    /** The payment that an order took. */
    takenPayment,
    paymentsOf: async (tx: Tx, shopId: string, orderId: string) =>
      (await paymentsOfOrder(tx, shopId, orderId)).map(toPayment),
    refundsOf: async (tx: Tx, shopId: string, orderId: string) =>
      (await refundsOfOrder(tx, shopId, orderId)).map((refund) => toRefund(tx, refund)),
    /** Two buyers turned out to be one person: payments and refunds move over. Scope `system`. */
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      movePayments(tx, move.fromBuyerId, move.buyerId),
    /** How WeChat took each parcel, by shipment id; one that is absent needs no report. */
    shipmentReportState: async (tx: Tx, shopId: string, shipmentIds: readonly string[]) =>
      new Map((await reportStates(tx, shopId, shipmentIds)).map((report) => [report.shipmentId, report.state])),
  }
}

function ordersSubscriber(deps: PaymentsDeps, sweeps: Sweeps<Work>): Subscriber {
  return {
    name: 'payments.orders',
    events: [orderCancelled.name, refundRequested.name, partRefundRequested.name, orderShipped.name],
    batchSize: 50,
    async handle(tx, events) {
      for (const event of events) {
        if (event.name === orderCancelled.name)
          // Not in this transaction, which may hold money of other orders while it waits for this one's payments.
          tx.afterCommit(() => sweeps.track(hurryOrderPayments(deps, event.shopId, event.aggregateId), 'payments'))
        else if (event.name === refundRequested.name) await onRefundRequested(deps, tx, event)
        else if (event.name === partRefundRequested.name) await onPartRefundRequested(deps, tx, event)
        else await onOrderShipped(deps, tx, event)
      }
    },
  }
}

export type Payments = ReturnType<typeof createPayments>
