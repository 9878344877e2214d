import { formatMoney, ORDER_STATES } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import { dayName } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { requirePictures } from '../../kernel/http/media.ts'
import { newId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import { applyTransfers, getBalances, refusalError } from '../../ledger/index.ts'
import type { OrderRow } from '../orders/index.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { personalPaymentMoved } from './events.ts'
import { codeFor, dayAccount, dayAccounts, promise } from './rules.ts'
import { checkHours, dailyLimitFen, enabled, mostTries } from './settings.ts'
import { type CodeRow, codesOf, insertPersonal, movePersonal, type PersonalRow, personalOfOrder } from './store.ts'

export interface BuyerOrder {
  shopId: string
  orderId: string
  buyerId: string
}

export const today = async (tx: Tx, { clock, timeZoneOf }: PersonalCodeDeps, shopId: string): Promise<string> =>
  dayName(Date.parse(clock.instant()), await timeZoneOf(tx, shopId))

/** What a day has received and promised, and the limit in force. */
export async function dayNow(
  tx: Tx,
  deps: PersonalCodeDeps,
  shopId: string,
  day: string,
): Promise<{ receivedFen: number; reservedFen: number; limitFen: number }> {
  const id = dayAccount(shopId, day)
  const found = (await getBalances(tx, shopId, [id])).get(id)
  return {
    receivedFen: found?.balance ?? 0,
    reservedFen: found?.creditsPending ?? 0,
    limitFen: await deps.settings.get(dailyLimitFen, { shopId }, tx),
  }
}

const off = (reason: string) => new AppError('PERSONAL_CODE_OFF', { values: { reason } })

/** The code an order could be paid by now. @throws AppError PERSONAL_CODE_OFF with the reason */
async function codeNow(tx: Tx, deps: PersonalCodeDeps, order: OrderRow, tries: number): Promise<CodeRow> {
  const { shopId, totalFen } = order
  if (!(await deps.settings.get(enabled, { shopId }, tx))) throw off('店铺没有开通')
  if (tries >= (await deps.settings.get(mostTries, { shopId }, tx))) throw off('这个订单已试过多次，请用微信支付')
  const code = codeFor(await codesOf(tx, shopId), totalFen)
  if (code === undefined) throw off(`单笔 ${formatMoney(fen(totalFen))} 超过收款码限额`)
  return code
}

const isPayable = (deps: PersonalCodeDeps, order: OrderRow): boolean =>
  order.state === 'awaiting-payment' && order.payBefore > deps.clock.instant() && order.totalFen > 0

/** Whether the way is to be offered for an order: never near the day's limit. */
export async function isOffered(tx: Tx, deps: PersonalCodeDeps, order: OrderRow, tries: number): Promise<boolean> {
  if (!isPayable(deps, order)) return false
  try {
    await codeNow(tx, deps, order, tries)
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
  const { receivedFen, reservedFen, limitFen } = await dayNow(
    tx,
    deps,
    order.shopId,
    await today(tx, deps, order.shopId),
  )
  return receivedFen + reservedFen + order.totalFen <= limitFen
}

/**
 * A buyer is shown the code. The amount is promised in today's limit in the same transaction, so that whoever is shown
 * a code can be confirmed. Asked again it is the same attempt.
 * @throws AppError NOT_FOUND, ORDER_STATE, PERSONAL_CODE_OFF
 */
export async function open(tx: Tx, deps: PersonalCodeDeps, key: BuyerOrder): Promise<PersonalRow> {
  const { shopId, orderId, buyerId } = key
  const order = await deps.orders.lockOrder(tx, key)
  const earlier = await personalOfOrder(tx, shopId, orderId)
  if (earlier[0]?.state === 'open' || earlier[0]?.state === 'waiting') return earlier[0]
  requirePayable(deps, order)
  const code = await codeNow(tx, deps, order, earlier.length)
  const at = deps.clock.instant()
  const day = await today(tx, deps, shopId)
  const row: PersonalRow = {
    ...{ shopId, id: newId(), orderId, orderNo: order.orderNo, buyerId, attempt: earlier.length + 1 },
    ...{ codeId: code.id, scheme: code.scheme, codeLabel: code.label, payee: code.payee, fileId: code.fileId },
    ...{ state: 'open', amountFen: order.totalFen, day, note: '', evidence: [], openedAt: at, claimedAt: null },
    ...{ checkBefore: null, receivedFen: null, receivedAt: null, transactionNo: null, taken: null, checkedAt: null },
    ...{ checkedBy: '', refuseReason: '', staffEvidence: [] },
  }
  await insertPersonal(tx, row)
  const limitFen = await deps.settings.get(dailyLimitFen, { shopId }, tx)
  const [result] = await applyTransfers(tx, deps.clock, [
    { shopId, accounts: dayAccounts(shopId, day), transfers: [promise(row, day, limitFen)] },
  ])
  if (!result!.ok) {
    if (result!.refusal.reason === 'limit') throw off('今天的收款额度已用完，请用微信支付')
    throw refusalError(result!.refusal)
  }
  await tellMoved(tx, deps, row)
  return row
}

/**
 * The buyer says that it is paid. The order and its goods wait for staff to look.
 * @throws AppError NOT_FOUND, ORDER_STATE, CONFLICT, VALIDATION_FAILED
 */
export async function claim(
  tx: Tx,
  deps: PersonalCodeDeps,
  key: BuyerOrder,
  { fileIds, note }: { fileIds: readonly string[]; note: string },
): Promise<PersonalRow> {
  const { shopId, orderId } = key
  const order = await deps.orders.lockOrder(tx, key)
  const [row] = await personalOfOrder(tx, shopId, orderId)
  if (row?.state === 'waiting') return row
  if (row?.state !== 'open') throw new AppError('CONFLICT', { values: { what: '收款码付款（请先打开收款码）' } })
  requirePayable(deps, order)
  await requirePictures(tx, deps, shopId, fileIds)
  const at = deps.clock.instant()
  const checkBefore = plusMs(at, (await deps.settings.get(checkHours, { shopId }, tx)) * HOUR_MS)
  const change = { state: 'waiting' as const, evidence: [...fileIds], note, claimedAt: at, checkBefore }
  if (!(await movePersonal(tx, row, change))) throw new AppError('CONFLICT', { values: { what: '收款码付款' } })
  await deps.orders.waitForPayment(
    tx,
    { shopId, orderId },
    { until: checkBefore, text: '买家称已用收款码付款，等待核对' },
  )
  const after = { ...row, ...change }
  await tellMoved(tx, deps, after)
  return after
}

function requirePayable(deps: PersonalCodeDeps, order: OrderRow): void {
  if (isPayable(deps, order)) return
  const state = order.state === 'awaiting-payment' ? '已超过付款时限' : ORDER_STATES[order.state].zh
  throw new AppError('ORDER_STATE', { values: { orderNo: order.orderNo, state, action: '付款' } })
}

export async function tellMoved(tx: Tx, { clock }: Pick<PersonalCodeDeps, 'clock'>, row: PersonalRow): Promise<void> {
  const { shopId, id, orderId, orderNo, state, taken } = row
  await emit(tx, personalPaymentMoved, {
    ...{ shopId, aggregate: 'personal-payment', aggregateId: id, occurredAt: clock.instant() },
    payload: { personalPaymentId: id, orderId, orderNo, state, amountFen: row.receivedFen ?? row.amountFen, taken },
  })
}
