import type { Tx } from '../../kernel/db.ts'
import type { PaymentRow } from './store.ts'
import type { RefundRow } from './store-refunds.ts'

/** A payment as the contract shows it. */
export function toPayment(row: PaymentRow) {
  const { id, method, state, amountFen, outTradeNo, transactionId, paidAt } = row
  const combined = row.combined && { no: row.combined.no, orders: row.combined.parts.length }
  return { id, method, state, amountFen, outTradeNo, transactionId, paidAt, combined }
}

/** A refund as the contract shows it. What went wrong with it is the shop's affair, not the buyer's. */
export function toRefund(tx: Pick<Tx, 'scope'>, row: RefundRow) {
  const { id, state, amountFen, reason, outRefundNo, requestedBy, createdAt, finishedAt } = row
  const isBuyer = tx.scope !== 'system' && tx.scope.buyerId !== undefined
  const lastError = isBuyer ? null : row.lastError
  return { id, state, amountFen, reason, outRefundNo, requestedBy, lastError, createdAt, finishedAt }
}
