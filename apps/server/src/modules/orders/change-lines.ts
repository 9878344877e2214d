import { formatMoney } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { Actor } from '../../kernel/actor.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { applyTransfers, refusalError, transferOrThrow } from '../../ledger/index.ts'
import { type Allocation, postCommands, uncommitCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { orderChanged, partRefundRequested } from './events.ts'
import { giveBackCounted } from './purchase-limit.ts'
import { fromRuns, nextState, takeFromAllocations, toRuns } from './rules.ts'
import { autoReceiveDays } from './settings.ts'
import { eventHead, recordMovements, requireOrder, stepped, tell } from './steps.ts'
import { deleteLine, insertLine, resizeOrder, updateLine } from './store-change.ts'
import { type LineRow, linesOf, type OrderKey, type OrderRow, type StepColumns, takeSteps } from './store-orders.ts'

type ChangeDeps = Pick<OrdersDeps, 'clock' | 'stock' | 'catalog' | 'settings'>

/** Units of a line that do not come. */
export interface UnitsWish {
  skuId: string
  quantity: number
  /** Names the change: the same key makes one refund. */
  key: string
  reason: string
  actor: Actor
}

export type Removed = { whole: true } | { whole: false; refundFen: number }

/**
 * Units that have not shipped are taken out of a paid order and their price goes back; the last units of an order are
 * left to a refund of the whole. Answers what goes back.
 * @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED
 */
export async function removeUnits(tx: Tx, deps: ChangeDeps, key: OrderKey, wish: UnitsWish): Promise<Removed> {
  const { order, line } = await changeable(tx, key, wish)
  if (order.itemCount === wish.quantity) return { whole: true }
  const cut = cutUnits(line, wish.quantity)
  await release(tx, deps, order, line, wish)
  await writeCut(tx, order, line, cut)
  await resizeOrder(tx, order, { units: -wish.quantity, partRefundFen: cut.fen })
  const name = line.options === '' ? line.title : `${line.title} ${line.options}`
  const text = `${wish.reason}：${name}×${wish.quantity}，退 ${formatMoney(fen(cut.fen))}`
  await changed(tx, deps, order, { ...wish, text, refundFen: cut.fen })
  return { whole: false, refundFen: cut.fen }
}

export interface Replacement extends UnitsWish {
  /** On sale and reserved: pending transfers that have not expired. */
  substitute: { skuId: string; unitPriceFen: number; allocations: Allocation[] }
}

/**
 * Units that have not shipped become units of another SKU. Nobody pays more: a unit costs what it did, or less, and the
 * difference goes back. @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED, OUT_OF_STOCK when the reservation is over
 */
export async function replaceUnits(
  tx: Tx,
  deps: ChangeDeps,
  key: OrderKey,
  wish: Replacement,
): Promise<{ refundFen: number }> {
  const { order, line, lines } = await changeable(tx, key, wish)
  const { substitute, quantity } = wish
  const goods = (await deps.catalog.skusForSale(tx, order.shopId, [substitute.skuId])).get(substitute.skuId)
  if (goods === undefined || lines.some((each) => each.skuId === substitute.skuId))
    throw new AppError('NOT_FOUND', { values: { what: '替代商品' } })
  const reference = { type: 'order', id: order.id }
  const transfers = postCommands(substitute.allocations, reference)
  const [posted] = await applyTransfers(tx, deps.clock, [{ shopId: order.shopId, transfers }])
  if (!posted!.ok) {
    if (posted!.refusal.reason === 'expired')
      throw new AppError('OUT_OF_STOCK', { values: { title: goods.title, available: 0 } })
    throw refusalError(posted!.refusal)
  }
  const cut = cutUnits(line, quantity)
  await release(tx, deps, order, line, wish)
  const unitPay = cut.units.map((paid) => Math.min(paid, substitute.unitPriceFen))
  const payTotalFen = unitPay.reduce((sum, each) => sum + each, 0)
  await writeCut(tx, order, line, cut)
  await insertLine(tx, order, {
    line: Math.max(...lines.map((each) => each.line)) + 1,
    ...{ skuId: goods.skuId, productId: goods.productId, title: goods.title, options: goods.options },
    pictureFileId: goods.pictureFileId,
    ...{ quantity, payTotalFen, unitPriceFen: substitute.unitPriceFen, unitPayRuns: toRuns(unitPay), priceNote: '' },
    allocations: substitute.allocations,
  })
  await recordMovements(
    tx,
    deps.stock,
    deps.clock.instant(),
    wish.actor,
    substitute.allocations.map((part) => ({
      order,
      ...part,
      quantity: -part.quantity,
      reason: 'reserve',
      note: '缺货替代',
    })),
  )
  const refundFen = cut.fen - payTotalFen
  await resizeOrder(tx, order, { units: 0, partRefundFen: refundFen })
  const back = refundFen === 0 ? '' : `，退差价 ${formatMoney(fen(refundFen))}`
  const text = `缺货换货：${line.title}×${quantity} 换成 ${goods.title}${goods.options ? ` ${goods.options}` : ''}${back}`
  await changed(tx, deps, order, { ...wish, text, refundFen })
  return { refundFen }
}

async function changeable(tx: Tx, key: OrderKey, { skuId, quantity }: UnitsWish) {
  const order = await requireOrder(tx, key)
  nextState('ship-part', order)
  const lines = (await linesOf(tx, [order])).get(order.id)!
  const line = lines.find((each) => each.skuId === skuId)
  if (line === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单中的商品' } })
  const left = line.quantity - line.shippedQuantity
  if (quantity > left)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '数量', reason: `「${line.title}」只有 ${left} 件未发` },
      field: 'quantity',
    })
  return { order, line, lines }
}

/** The last units of a line: what each cost, and together. */
function cutUnits(line: LineRow, quantity: number) {
  const all = fromRuns(line.unitPayRuns)
  const units = all.slice(all.length - quantity)
  return { units, kept: all.slice(0, all.length - quantity), fen: units.reduce((sum, each) => sum + each, 0) }
}

async function writeCut(tx: Tx, order: OrderRow, line: LineRow, cut: ReturnType<typeof cutUnits>): Promise<void> {
  if (cut.kept.length === 0) return deleteLine(tx, order, line.line)
  await updateLine(tx, order, line.line, {
    quantity: cut.kept.length,
    payTotalFen: line.payTotalFen - cut.fen,
    unitPayRuns: toRuns(cut.kept),
    allocations: keepFirst(line.allocations, cut.kept.length),
  })
}

/** The allocations of the first units. */
function keepFirst(allocations: readonly Allocation[], units: number): Allocation[] {
  let left = units
  return allocations.flatMap((each) => {
    const quantity = Math.min(left, each.quantity)
    left -= quantity
    return quantity > 0 ? [{ ...each, quantity }] : []
  })
}

/** Committed units become available again: whether they are there is for a count to say. */
async function release(tx: Tx, deps: ChangeDeps, order: OrderRow, line: LineRow, wish: UnitsWish): Promise<void> {
  const kept = line.quantity - wish.quantity
  const parts = takeFromAllocations(line.allocations, kept, wish.quantity).map((part) => ({
    skuId: line.skuId,
    ...part,
  }))
  const reference = { type: 'order', id: order.id }
  const { productId } = line
  const transfers = [
    ...uncommitCommands(parts, { key: wish.key, reference }),
    ...(await giveBackCounted(tx, order, wish.key, { productId, quantity: wish.quantity })),
  ]
  await transferOrThrow(tx, deps.clock, { shopId: order.shopId, transfers })
  const note = wish.reason.slice(0, 40)
  const moves = parts.map((part) => ({ order, ...part, reason: 'release' as const, note }))
  await recordMovements(tx, deps.stock, deps.clock.instant(), wish.actor, moves)
}

/** With the last units that had not left the order is shipped, as it would have been by shipping them. */
async function afterChange(
  tx: Tx,
  { settings }: ChangeDeps,
  order: OrderRow,
  at: string,
): Promise<{ to: OrderRow['state']; set: StepColumns }> {
  const lines = (await linesOf(tx, [order])).get(order.id)!
  if (lines.some((line) => line.shippedQuantity < line.quantity)) return { to: order.state, set: {} }
  const days = await settings.get(autoReceiveDays, { shopId: order.shopId }, tx)
  return { to: nextState('ship-rest', order), set: { shippedAt: at, autoReceiveAt: plusMs(at, days * DAY_MS) } }
}

/** The step in the timeline, and the money that goes back. */
async function changed(
  tx: Tx,
  deps: ChangeDeps,
  order: OrderRow,
  what: UnitsWish & { text: string; refundFen: number },
): Promise<void> {
  const { text, actor, refundFen, reason, key } = what
  const at = deps.clock.instant()
  const { to, set } = await afterChange(tx, deps, order, at)
  await takeSteps(tx, [{ order, to, event: 'changed', text, actor, set }], at)
  const { skuId, quantity } = what
  await tell(tx, orderChanged, [stepped(order, to)], {
    occurredAt: at,
    actor,
    payload: (after) => ({ ...eventHead(after), skuId, quantity, reason }),
  })
  if (refundFen === 0 || order.paymentId === null) return
  const { paymentId } = order
  await tell(tx, partRefundRequested, [stepped(order, to)], {
    occurredAt: at,
    actor,
    payload: (after) => ({ ...eventHead(after), paymentId, amountFen: refundFen, reason, key }),
  })
}
