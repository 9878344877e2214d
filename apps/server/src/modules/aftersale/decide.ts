import { formatMoney } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { type Actor, SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OrderRow } from '../orders/index.ts'
import type { AftersaleDeps } from './deps.ts'
import { keepReplacement, releaseReplacement } from './exchange.ts'
import { type StepInput, settle, takeStep } from './life.ts'
import { returnAddress } from './policy.ts'
import { orderNow, takesRest } from './quote.ts'
import { type CaseStep, nextState } from './rules.ts'
import { disputeDays, sendBackDays } from './settings.ts'
import { type CaseRow, changeLine, linesOfCases } from './store.ts'

/** An order and its case, both locked by the caller. */
export interface Locked {
  order: OrderRow
  row: CaseRow
}

export interface Approval {
  actor: Actor
  note: string
  addressId?: string | undefined
  /** By a rule of the shop and not by a person. */
  isAutomatic?: boolean
}

/**
 * The shop agrees: the money goes back, or the goods come back first, and a replacement is kept meanwhile.
 * @throws AppError CONFLICT, ORDER_STATE, REFUND_TOO_LARGE, OUT_OF_STOCK, VALIDATION_FAILED
 */
export async function approve(tx: Tx, deps: AftersaleDeps, { order, row }: Locked, how: Approval): Promise<CaseRow> {
  const { actor, note: words, isAutomatic } = how
  const more = words === '' ? '' : `：${words}`
  if (row.type === 'refund') {
    const text = isAutomatic ? '系统自动同意退款' : `商家同意退款${more}`
    return giveBack(tx, deps, { order, row }, 'agree-to-refund', { text, actor })
  }
  nextState('agree-to-return', row.state)
  const address = await returnAddress(tx, row.shopId, how.addressId)
  if (row.type === 'exchange') await keepReplacement(tx, deps, row, actor)
  const text = isAutomatic ? '超时未处理，系统自动同意' : `商家同意${row.type === 'exchange' ? '换货' : '退货'}${more}`
  return toBeSentBack(tx, deps, row, 'agree-to-return', { text, actor }, address)
}

/** The goods are to come back: to which address, and until when. */
export async function toBeSentBack(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  step: 'agree-to-return' | 'rule-return',
  input: StepInput,
  address: CaseRow['returnAddress'],
): Promise<CaseRow> {
  const days = await deps.settings.get(sendBackDays, { shopId: row.shopId }, tx)
  const dueAt = plusMs(deps.clock.instant(), days * DAY_MS)
  const remindAt = days > 1 ? plusMs(dueAt, -DAY_MS) : null
  return takeStep(tx, deps, row, step, {
    ...input,
    set: { ...input.set, returnAddress: address, dueAt, remindAt },
    tell: { title: '售后已同意，请寄回商品', text: `请在 ${days} 天内寄回，并在售后单里填写退货运单号` },
  })
}

/** The shop refuses. What was kept for an exchange is for sale again. @throws AppError CONFLICT */
export async function reject(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  { reason, fileIds, actor }: { reason: string; fileIds: readonly string[]; actor: Actor },
): Promise<CaseRow> {
  nextState('reject', row.state)
  await releaseReplacement(tx, deps, row, actor)
  const days = await deps.settings.get(disputeDays, { shopId: row.shopId }, tx)
  const dueAt = plusMs(deps.clock.instant(), days * DAY_MS)
  return takeStep(tx, deps, row, 'reject', {
    ...{ text: `商家拒绝：${reason}`, actor, files: fileIds },
    set: { rejectReason: reason, dueAt, remindAt: days > 1 ? plusMs(dueAt, -DAY_MS) : null },
    tell: { title: '商家没有同意你的售后申请', text: `原因：${reason}。${days} 天内可以申请平台介入` },
  })
}

/** Money of this case is decided: it is on its way when the transaction commits. */
export async function giveBack(
  tx: Tx,
  deps: AftersaleDeps,
  { order, row }: Locked,
  step: CaseStep,
  input: StepInput,
): Promise<CaseRow> {
  nextState(step, row.state)
  if (order.state !== 'awaiting-shipment' && order.state !== 'shipped' && order.state !== 'completed')
    throw new AppError('ORDER_STATE', { values: { orderNo: order.orderNo, state: '退款中或已退款', action: '再退款' } })
  const { amountFen, freightFen, whole } =
    row.stage === 'unshipped'
      ? await takeOut(tx, deps, { order, row }, input.actor)
      : await payBack(tx, deps, { order, row }, input.actor)
  const money = formatMoney(fen(amountFen))
  const text = `${input.text}，退 ${money}`
  const after = await takeStep(tx, deps, row, step, {
    ...input,
    text,
    set: { ...input.set, amountFen, freightFen, whole },
    tell: { title: '售后退款已同意', text: `${money} ${await wayBack(tx, deps, order)}，请留意到账` },
  })
  if (amountFen > 0 || whole) return after
  return settle(tx, deps, after, 'paid', { text: '没有需要退回的金额，售后完成', actor: SYSTEM_ACTOR })
}

/** How the money comes back, in words. */
export const wayBack = async (tx: Tx, deps: AftersaleDeps, order: Pick<OrderRow, 'shopId' | 'paymentId'>) =>
  order.paymentId !== null && (await deps.isByHand(tx, order.shopId, order.paymentId)) ? '由商家转账退回' : '将原路退回'

interface Decided {
  amountFen: number
  freightFen: number
  whole: boolean
}

/** Units that have not left are taken out of the order, or the order is paid back whole. */
async function takeOut(tx: Tx, deps: AftersaleDeps, { order, row }: Locked, actor: Actor): Promise<Decided> {
  const key = { shopId: row.shopId, orderId: row.orderId }
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const units = lines.reduce((sum, line) => sum + line.quantity, 0)
  if (units === order.itemCount) return backWhole(tx, deps, { order, row }, actor, row.openedBy)
  let amountFen = 0
  for (const line of lines) {
    const removed = await deps.orders.removeUnits(tx, key, {
      ...{ skuId: line.skuId, quantity: line.quantity, reason: `售后退款：${row.reason}`, actor },
      key: `${purposeOf(row)}:${line.skuId}`,
    })
    const back = removed.whole ? 0 : removed.refundFen
    amountFen += back
    await changeLine(tx, row, line.line, { ...line, amountFen: back })
  }
  return { amountFen, freightFen: 0, whole: false }
}

/** Units are with the buyer: the amount goes back, and with the last of the order the order itself. */
async function payBack(tx: Tx, deps: AftersaleDeps, { order, row }: Locked, actor: Actor): Promise<Decided> {
  const left = order.paidFen - order.partRefundFen
  if (row.amountFen > left) throw new AppError('REFUND_TOO_LARGE', { values: { limit: formatMoney(fen(left)) } })
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const now = await orderNow(tx, deps, order, row.id)
  const isLast = takesRest(
    now.lines,
    lines.map(({ line, quantity }) => ({ wish: { line, quantity } })),
  )
  if (row.amountFen === left && (isLast || row.openedBy === 'merchant'))
    return backWhole(tx, deps, { order, row }, actor, 'merchant')
  const { amountFen, freightFen } = row
  if (amountFen > 0)
    await deps.orders.refundPart(
      tx,
      { shopId: row.shopId, orderId: row.orderId },
      { amountFen, key: purposeOf(row), reason: row.reason, text: `售后退款 ${formatMoney(fen(amountFen))}`, actor },
    )
  return { amountFen, freightFen, whole: false }
}

async function backWhole(
  tx: Tx,
  deps: AftersaleDeps,
  { order, row }: Locked,
  actor: Actor,
  by: 'buyer' | 'merchant',
): Promise<Decided> {
  const amountFen = order.paidFen - order.partRefundFen
  const goodsFen = (await linesOfCases(tx, [row])).get(row.id)!.reduce((sum, line) => sum + line.amountFen, 0)
  await deps.orders.requestRefund(tx, { shopId: row.shopId, orderId: row.orderId }, { by, reason: wordsOf(row), actor })
  return { amountFen, freightFen: Math.max(0, amountFen - goodsFen), whole: true }
}

/** What the buyer wrote, else the reason that was chosen. */
const wordsOf = ({ note, reason }: CaseRow): string => (note === '' ? reason : note).slice(0, 100)

/** What a refund of a case is marked with; how the news of it find back. */
export const purposeOf = ({ id }: Pick<CaseRow, 'id'>): string => `aftersale:${id}`
