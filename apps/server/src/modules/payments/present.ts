import type { PaymentRow } from './store.ts'
import type { RefundRow } from './store-refunds.ts'

/** A payment as the contract shows it. */
export function toPayment(row: PaymentRow) {
  const { id, method, state, amountFen, outTradeNo, transactionId, paidAt } = row
  return { id, method, state, amountFen, outTradeNo, transactionId, paidAt }
}

/** A refund as the contract shows it. */
export function toRefund(row: RefundRow) {
  const { id, state, amountFen, reason, outRefundNo, requestedBy, createdAt, finishedAt } = row
  return { id, state, amountFen, reason, outRefundNo, requestedBy, createdAt, finishedAt }
}
