import { MINUTE_MS } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { requirePictures } from '../../kernel/http/media.ts'
import { nameId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import { applyTransfers, refusalError, transferOrThrow } from '../../ledger/index.ts'
import { refundSucceeded } from '../payments/index.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { moneyAccounts, refundHold, refundPaid } from './rules.ts'
import { findPersonal } from './store.ts'
import {
  findHandRefund,
  type HandRefundRow,
  insertHandRefund,
  isRefundNumberTaken,
  setRecorded,
} from './store-refunds.ts'

export interface HandRefund {
  paymentId: string
  /** What it is for: the same key is one refund. */
  key: string
  amountFen: number
  reason: string
  requestedBy: 'buyer' | 'merchant'
  settlesOrder: boolean
  partOfOrder: boolean
  purpose: string
}

/**
 * Money of an order that was paid by a code is to go back: it is owed, and held on the order's account, until staff
 * have sent it by hand. Answers false for payments that are not by a code. Scope `system`.
 */
export async function owe(tx: Tx, deps: PersonalCodeDeps, shopId: string, refund: HandRefund): Promise<boolean> {
  const payment = await findPersonal(tx, shopId, refund.paymentId)
  if (payment === undefined) return false
  const { orderId, orderNo, buyerId } = payment
  const { key, amountFen, ...rest } = refund
  const id = nameId('personal.refund', payment.id, key)
  const row = { ...rest, shopId, id, orderId, orderNo, buyerId, amountFen, createdAt: deps.clock.instant() }
  if (!(await insertHandRefund(tx, { ...row, reason: rest.reason.slice(0, 200) }))) return true
  const back = await deps.bringBack(tx, { shopId, orderId, amountFen })
  const [result] = await applyTransfers(tx, deps.clock, [
    {
      shopId,
      accounts: [...moneyAccounts(shopId, orderId), ...back.accounts],
      transfers: [...back.transfers, refundHold({ id, shopId, orderId, amountFen })],
    },
  ])
  if (!result!.ok) throw refusalError(result!.refusal)
  return true
}

/** A clock of somebody's phone may be a little ahead. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS

export interface RefundRecord {
  transactionNo: string
  paidAt: string
  fileIds: readonly string[]
  by: string
}

/**
 * Staff have sent the money back by hand: what was owed is paid, and the order and its cases hear of it as of any
 * other refund. @throws AppError NOT_FOUND, CONFLICT, DUPLICATE, VALIDATION_FAILED
 */
export async function record(
  tx: Tx,
  deps: PersonalCodeDeps,
  key: { shopId: string; id: string },
  how: RefundRecord,
): Promise<HandRefundRow> {
  const { shopId, id } = key
  const transactionNo = how.transactionNo.toUpperCase()
  await lockInOrder(tx, [`personal-refund-no:${shopId}:${transactionNo}`])
  const row = await findHandRefund(tx, shopId, id)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '退款' } })
  const { orderId, paymentId, amountFen, settlesOrder, partOfOrder, purpose } = row
  await deps.orders.lockOrder(tx, { shopId, orderId })
  const at = deps.clock.instant()
  if (Date.parse(how.paidAt) > deps.clock.millis() + CLOCK_SKEW_MS || how.paidAt < row.createdAt.slice(0, 10))
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '退款时间', reason: '不能晚于现在，也不能早于决定退款的那天' },
      field: 'paidAt',
    })
  if (await isRefundNumberTaken(tx, shopId, transactionNo))
    throw new AppError('DUPLICATE', { values: { what: '退款单号', value: transactionNo } })
  await requirePictures(tx, deps, shopId, how.fileIds)
  const set = { transactionNo, paidAt: how.paidAt, evidence: how.fileIds, at, by: how.by }
  if (!(await setRecorded(tx, shopId, id, set))) throw new AppError('CONFLICT', { values: { what: '退款（已登记）' } })
  if (settlesOrder) await deps.orders.markRefunded(tx, { shopId, orderId, refundedFen: amountFen })
  if (partOfOrder) await deps.orders.partRefunded(tx, shopId, orderId, amountFen)
  await transferOrThrow(tx, deps.clock, { shopId, transfers: [refundPaid(row)] })
  await emit(tx, refundSucceeded, {
    ...{ shopId, aggregate: 'payment', aggregateId: paymentId, occurredAt: at },
    payload: { refundId: id, orderId, paymentId, amountFen, settlesOrder, purpose },
  })
  return (await findHandRefund(tx, shopId, id))!
}
