import type { AftersaleType } from '@zhanggui/contract'
import { AFTERSALE_TYPES, formatMoney } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { Actor } from '../../kernel/actor.ts'
import { DAY_MS, HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OrderRow } from '../orders/index.ts'
import { approve } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { exchangeFor } from './exchange.ts'
import { note, RECEIPT_WAITS_MS, tellMoved } from './life.ts'
import { type OrderNow, orderNow, type Plan, planFor, type UnitsWish } from './quote.ts'
import { isOver, spread } from './rules.ts'
import { autoBelowFen, autoUnshipped, decideHours, targetHours, windowDays } from './settings.ts'
import { type CaseRow, insertCase, type LineRow } from './store.ts'

export interface Wish {
  type: AftersaleType
  reasonCode: string
  lines: readonly UnitsWish[]
  /** Left out: all that can be given back. */
  amountFen?: number | undefined
  note: string
  evidenceFileIds: readonly string[]
}

/** Until when something can be asked for; null while the order is on its way. */
export async function openUntil(tx: Tx, { settings }: Pick<AftersaleDeps, 'settings'>, order: OrderRow) {
  if (order.completedAt === null) return null
  return plusMs(order.completedAt, (await settings.get(windowDays, { shopId: order.shopId }, tx)) * DAY_MS)
}

const OPEN_STATES: ReadonlySet<string> = new Set(['awaiting-shipment', 'shipped', 'completed'])

/** Why a buyer can ask for nothing; null when something can be asked for. */
export async function closedReason(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'settings' | 'clock'>,
  order: OrderRow,
): Promise<string | null> {
  if (order.state === 'awaiting-payment') return '订单还没有付款，可以直接取消'
  if (order.state === 'cancelled') return '订单已取消'
  if (!OPEN_STATES.has(order.state)) return '订单已全部退款'
  const until = await openUntil(tx, deps, order)
  return until !== null && deps.clock.instant() >= until ? '已超过售后有效期，请直接联系商家' : null
}

/**
 * A buyer wants something back. What has not left goes back by itself where the shop has said so.
 * @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED, REFUND_TOO_LARGE, OUT_OF_STOCK
 */
export async function apply(
  tx: Tx,
  deps: AftersaleDeps,
  key: { shopId: string; orderId: string; buyerId: string },
  wish: Wish,
): Promise<CaseRow> {
  const order = await deps.orders.lockOrder(tx, key)
  const closed = await closedReason(tx, deps, order)
  if (closed !== null)
    throw new AppError('ORDER_STATE', { values: { orderNo: order.orderNo, state: closed, action: '申请售后' } })
  const now = await orderNow(tx, deps, order)
  const plan = await planFor(tx, deps, now, wish)
  await requireEvidence(tx, deps, key.shopId, wish, plan)
  const amountFen = wish.type === 'exchange' ? 0 : (wish.amountFen ?? plan.ceilingFen)
  if (amountFen > plan.ceilingFen)
    throw new AppError('REFUND_TOO_LARGE', { values: { limit: formatMoney(fen(plan.ceilingFen)) } })
  if (plan.stage === 'unshipped' && amountFen < plan.ceilingFen)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '金额', reason: '未发货的商品全额退款' },
      field: 'amountFen',
    })
  if (wish.type === 'refund' && amountFen <= 0 && order.paidFen > 0)
    throw new AppError('VALIDATION_FAILED', { values: { field: '金额', reason: '没有可退的金额' }, field: 'amountFen' })
  const actor: Actor = { kind: 'buyer', id: key.buyerId }
  const row = await open(tx, deps, now, plan, { ...wish, amountFen, openedBy: 'buyer' }, actor)
  return (await goesByItself(tx, deps, row))
    ? approve(tx, deps, { order, row }, { actor, note: '', isAutomatic: true })
    : row
}

async function goesByItself(tx: Tx, { settings }: AftersaleDeps, row: CaseRow): Promise<boolean> {
  if (row.type !== 'refund') return false
  if (row.stage === 'unshipped') return settings.get(autoUnshipped, { shopId: row.shopId }, tx)
  return row.amountFen <= (await settings.get(autoBelowFen, { shopId: row.shopId }, tx))
}

/** @throws AppError VALIDATION_FAILED unless the files are pictures and videos of this shop, and there are some where asked for */
export async function requireFiles(
  tx: Tx,
  { files }: Pick<AftersaleDeps, 'files'>,
  shopId: string,
  ids: readonly string[],
): Promise<void> {
  const found = await files.find(tx, shopId, ids)
  const isEvidence = (id: string) => found.get(id)?.kind === 'image' || found.get(id)?.kind === 'video'
  if (!ids.every(isEvidence))
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '凭证', reason: '没有找到，请重新上传' },
      field: 'fileIds',
    })
}

async function requireEvidence(tx: Tx, deps: AftersaleDeps, shopId: string, wish: Wish, plan: Plan): Promise<void> {
  await requireFiles(tx, deps, shopId, wish.evidenceFileIds)
  if (plan.reason.evidence && plan.stage === 'shipped' && wish.evidenceFileIds.length === 0)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '凭证', reason: `「${plan.reason.label}」请上传照片或视频` },
      field: 'evidenceFileIds',
    })
}

type Opening = Omit<Wish, 'amountFen'> & { amountFen: number; openedBy: 'buyer' | 'merchant' }

/** Writes the case; its units are nobody else's from now on. The order is locked by the caller. */
export async function open(
  tx: Tx,
  deps: AftersaleDeps,
  { order, cases }: OrderNow,
  plan: Plan,
  wish: Opening,
  actor: Actor,
): Promise<CaseRow> {
  const { shopId } = order
  const at = deps.clock.instant()
  const hours = await deps.settings.get(decideHours, { shopId }, tx)
  const target = await deps.settings.get(targetHours, { shopId }, tx)
  const { code, label, fault, quality } = plan.reason
  const row: CaseRow = {
    ...{ shopId, id: newId(), caseNo: `${order.orderNo}A${String(cases.length + 1).padStart(2, '0')}`, version: 1 },
    ...{ orderId: order.id, orderNo: order.orderNo, buyerId: order.buyerId, type: wish.type, state: 'requested' },
    ...{ stage: plan.stage, openedBy: wish.openedBy, reasonCode: code, reason: label, fault, quality },
    ...{ note: wish.note, evidence: [...wish.evidenceFileIds], amountFen: wish.amountFen },
    ...{ freightFen: Math.max(0, wish.amountFen - plan.unitsFen), freightBy: plan.freightBy, refundedFen: 0 },
    ...{ whole: false, returnAddress: null, returnParcel: null, resendParcel: null, rejectReason: '' },
    ...{ openedAt: at, dueAt: plusMs(at, hours * HOUR_MS), ruledAt: null, endedAt: null, toCountAt: null },
    remindAt: target < hours ? plusMs(at, target * HOUR_MS) : null,
    receiptLeftMs: await holdReceipt(tx, deps, order, cases),
  }
  await insertCase(tx, row, await linesFor(tx, deps, order, plan, wish))
  const who = wish.openedBy === 'buyer' ? '买家申请' : '商家发起'
  const money = wish.type === 'exchange' ? '' : `，${formatMoney(fen(wish.amountFen))}`
  await note(tx, deps, row, { kind: 'step', text: `${who}${AFTERSALE_TYPES[wish.type].zh}：${label}${money}`, actor })
  await tellMoved(tx, row, null, at, actor)
  return row
}

async function linesFor(
  tx: Tx,
  deps: AftersaleDeps,
  order: OrderRow,
  plan: Plan,
  wish: Opening,
): Promise<Omit<LineRow, 'caseId'>[]> {
  const goods = plan.lines.flatMap(({ units }) => units)
  const forUnits = Math.min(wish.amountFen, plan.unitsFen)
  const parts = plan.stage === 'shipped' ? spread(forUnits, goods) : []
  const lines: Omit<LineRow, 'caseId'>[] = []
  let at = 0
  for (const { now, wish: want, units, fen: amount } of plan.lines) {
    const mine = parts.slice(at, at + units.length)
    at += units.length
    const { line, skuId, productId, title, options, pictureFileId } = now.line
    const exchange =
      wish.type === 'exchange' ? await exchangeFor(tx, deps, order, now.line, want.exchangeSkuId ?? skuId) : undefined
    lines.push({
      ...{ line, skuId, productId, title, options, pictureFileId, quantity: want.quantity },
      amountFen: plan.stage === 'shipped' ? mine.reduce((sum, [, each]) => sum + each, 0) : amount,
      units: mine,
      exchangeSkuId: exchange?.skuId ?? null,
      exchangeOptions: exchange?.options ?? null,
      ...{ exchangeParts: null, restocked: 0, scrapped: 0 },
    })
  }
  return lines
}

/** Receipt waits while a case is open. Answers what was left until it would have been confirmed by itself. */
async function holdReceipt(
  tx: Tx,
  deps: AftersaleDeps,
  order: OrderRow,
  cases: readonly CaseRow[],
): Promise<number | null> {
  if (order.state !== 'shipped' || order.autoReceiveAt === null) return null
  const held = cases.find((each) => !isOver(each.state) && each.receiptLeftMs !== null)
  if (held !== undefined) return held.receiptLeftMs
  const at = deps.clock.instant()
  await deps.orders.receiveAt(tx, { shopId: order.shopId, orderId: order.id }, plusMs(at, RECEIPT_WAITS_MS))
  return Math.max(0, Date.parse(order.autoReceiveAt) - Date.parse(at))
}
