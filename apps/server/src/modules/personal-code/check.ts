import { formatMoney, ORDER_STATES } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { dayName } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { requirePictures } from '../../kernel/http/media.ts'
import { nameId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { applyTransfers, type Refusal, refusalError, type TransferCommand } from '../../ledger/index.ts'
import type { OrderRow } from '../orders/index.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { dayNow, tellMoved } from './pay.ts'
import { countReceived, dayAccounts, dropPromise, moneyAccounts, received, refundHold } from './rules.ts'
import { againMinutes } from './settings.ts'
import { findPersonal, isNumberTaken, lockPersonal, movePersonal, type PersonalRow } from './store.ts'
import { insertHandRefund } from './store-refunds.ts'

/** A clock of somebody's phone may be a little ahead. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS
/** Money may have been there a little before the code was shown, by a code that was kept. */
const EARLIER_MS = 24 * HOUR_MS

export interface Confirmation {
  receivedFen: number
  receivedAt: string
  transactionNo: string
  fileIds: readonly string[]
  giveBack: boolean
  /** Who has seen the money. */
  by: string
}

/** An order and one of its payments, both locked. @throws AppError NOT_FOUND */
async function lockBoth(tx: Tx, deps: PersonalCodeDeps, shopId: string, id: string) {
  const found = await findPersonal(tx, shopId, id)
  if (found === undefined) throw new AppError('NOT_FOUND', { values: { what: '收款码付款' } })
  const order = await deps.orders.lockOrder(tx, { shopId, orderId: found.orderId })
  return { order, row: (await lockPersonal(tx, shopId, id))! }
}

/**
 * Staff have seen the money: the order is paid by this alone. What the order cannot take is booked all the same, when
 * they say so, and owed back by hand. The day's limit is kept in the ledger: what would pass it is refused.
 * @throws AppError NOT_FOUND, CONFLICT, DUPLICATE, VALIDATION_FAILED, ORDER_STATE, PERSONAL_CODE_LIMIT
 */
export async function confirm(
  tx: Tx,
  deps: PersonalCodeDeps,
  key: { shopId: string; id: string },
  how: Confirmation,
): Promise<PersonalRow> {
  const { shopId } = key
  const transactionNo = how.transactionNo.toUpperCase()
  await lockInOrder(tx, [`personal-no:${shopId}:${transactionNo}`])
  const { order, row } = await lockBoth(tx, deps, shopId, key.id)
  if (row.state === 'confirmed') throw new AppError('CONFLICT', { values: { what: '收款码付款（已确认）' } })
  requireInstant(deps, row, how.receivedAt)
  if (await isNumberTaken(tx, shopId, transactionNo))
    throw new AppError('DUPLICATE', { values: { what: '交易单号', value: transactionNo } })
  await requirePictures(tx, deps, shopId, how.fileIds)
  const taken = await takeInto(tx, deps, order, row, how)
  const day = dayName(Date.parse(how.receivedAt), await deps.timeZoneOf(tx, shopId))
  const change = {
    ...{ state: 'confirmed' as const, day, receivedFen: how.receivedFen, receivedAt: how.receivedAt, transactionNo },
    ...{ taken, checkedAt: deps.clock.instant(), checkedBy: how.by, staffEvidence: [...how.fileIds] },
  }
  if (!(await movePersonal(tx, row, change))) throw new AppError('CONFLICT', { values: { what: '收款码付款' } })
  const after = { ...row, ...change }
  await book(tx, deps, row, after)
  await tellMoved(tx, deps, after)
  return after
}

function requireInstant({ clock }: PersonalCodeDeps, row: PersonalRow, receivedAt: string): void {
  const at = Date.parse(receivedAt)
  const wrong = (reason: string) =>
    new AppError('VALIDATION_FAILED', { values: { field: '到账时间', reason }, field: 'receivedAt' })
  if (at > clock.millis() + CLOCK_SKEW_MS) throw wrong('不能晚于现在')
  if (at < Date.parse(row.openedAt) - EARLIER_MS) throw wrong('早于买家付款一天以上，请核对是不是这一笔')
}

/** Whether the order takes the money. Where it cannot, staff have to say that it is to go back. */
async function takeInto(
  tx: Tx,
  deps: PersonalCodeDeps,
  order: OrderRow,
  row: PersonalRow,
  how: Confirmation,
): Promise<boolean> {
  const { shopId, orderId, id } = row
  const paid = { shopId, orderId, paidFen: how.receivedFen, paidAt: how.receivedAt, paymentId: id }
  if (!how.giveBack && (await deps.orders.markPaid(tx, paid)) === 'paid') return true
  if (how.giveBack) return false
  if (order.state === 'awaiting-payment' && how.receivedFen !== order.totalFen)
    throw new AppError('VALIDATION_FAILED', {
      values: {
        field: '到账金额',
        reason: `订单应付 ${formatMoney(fen(order.totalFen))}；确实只收到这个数时，选「登记后退回」`,
      },
      field: 'receivedFen',
    })
  const state = order.state === 'awaiting-payment' ? '已超过付款时限' : ORDER_STATES[order.state].zh
  throw new AppError('ORDER_STATE', {
    values: { orderNo: order.orderNo, state, action: '收下这笔钱；钱确实到了，选「登记后退回」' },
  })
}

/** Postings of a payment that was seen, and of the refund that is owed where the order did not take it. */
async function book(tx: Tx, deps: PersonalCodeDeps, before: PersonalRow, after: PersonalRow): Promise<void> {
  const { shopId, orderId, id, day } = after
  const amountFen = after.receivedFen!
  const of = { id, shopId, orderId, amountFen }
  const isPromised = before.state === 'open' || before.state === 'waiting'
  const promised = isPromised ? { day: before.day, amountFen: before.amountFen } : null
  const now = await dayNow(tx, deps, shopId, day)
  const transfers: TransferCommand[] = [received(of), ...countReceived(of, { day, limitFen: now.limitFen, promised })]
  if (after.taken === false) {
    const refundId = nameId('personal.refund', id, 'not-taken')
    await insertHandRefund(tx, {
      ...{ shopId, id: refundId, orderId, orderNo: after.orderNo, paymentId: id, buyerId: after.buyerId, amountFen },
      ...{ reason: '订单没有收下的收款码付款', requestedBy: 'system', settlesOrder: false, partOfOrder: false },
      ...{ purpose: '', createdAt: deps.clock.instant() },
    })
    transfers.push(refundHold({ ...of, id: refundId }))
  }
  const accounts = [...moneyAccounts(shopId, orderId), ...dayAccounts(shopId, day, before.day)]
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId, accounts, transfers }])
  if (!result!.ok) throw limitError(result!.refusal, after, now)
}

function limitError(refusal: Refusal, { day, receivedFen }: PersonalRow, now: Awaited<ReturnType<typeof dayNow>>) {
  if (refusal.reason !== 'limit' || refusal.accountCode !== 'personal.day') return refusalError(refusal)
  return new AppError('PERSONAL_CODE_LIMIT', {
    values: {
      day,
      countedYuan: formatMoney(fen(now.receivedFen + now.reservedFen)),
      amountYuan: formatMoney(fen(receivedFen!)),
      limitYuan: formatMoney(fen(now.limitFen)),
    },
  })
}

/**
 * No such money came. The order may be paid again for a while.
 * @throws AppError NOT_FOUND, CONFLICT
 */
export async function refuse(
  tx: Tx,
  deps: PersonalCodeDeps,
  key: { shopId: string; id: string },
  { reason, by }: { reason: string; by: string },
): Promise<PersonalRow> {
  const { shopId } = key
  const { order, row } = await lockBoth(tx, deps, shopId, key.id)
  if (row.state !== 'waiting') throw new AppError('CONFLICT', { values: { what: '收款码付款' } })
  const at = deps.clock.instant()
  const change = { state: 'refused' as const, refuseReason: reason, checkedAt: at, checkedBy: by }
  if (!(await movePersonal(tx, row, change))) throw new AppError('CONFLICT', { values: { what: '收款码付款' } })
  if (order.state === 'awaiting-payment' && order.payBefore > at) {
    const until = plusMs(at, (await deps.settings.get(againMinutes, { shopId }, tx)) * MINUTE_MS)
    const text = `核对没有到账：${reason}`
    await deps.orders.waitForPayment(tx, { shopId, orderId: row.orderId }, { until, text })
  }
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId, transfers: [dropPromise(row)] }])
  if (!result!.ok) throw refusalError(result!.refusal)
  const after = { ...row, ...change }
  await tellMoved(tx, deps, after)
  return after
}
