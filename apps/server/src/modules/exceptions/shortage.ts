import type { Actor } from '../../kernel/actor.ts'
import { DAY_MS, HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { nameId, newId } from '../../kernel/ids.ts'
import { applyTransfers } from '../../ledger/index.ts'
import type { OrderRow } from '../orders/index.ts'
import { type Allocation, reserveCommands, voidCommands } from '../stock/index.ts'
import type { ExceptionDeps } from './deps.ts'
import { change, open, requireOpen, resolve } from './life.ts'
import { shortageTimeout, substituteHours, waitDays } from './settings.ts'
import { type ExceptionRow, findException, type Offer } from './store.ts'

export interface ShortageInput {
  shopId: string
  orderId: string
  skuId: string
  quantity: number
  note: string
  actor: Actor
}

/**
 * Goods of an order are not there. The buyer is offered the first hand-picked substitute that is on sale, costs no more
 * and is in stock, and it is reserved meanwhile; or the money back; or to wait.
 * @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED, DUPLICATE while one for the same goods is open
 */
export async function reportShortage(tx: Tx, deps: ExceptionDeps, input: ShortageInput): Promise<ExceptionRow> {
  const { shopId, orderId, skuId, quantity, actor } = input
  const order = await deps.orders.lockOrder(tx, { shopId, orderId })
  if (order.state !== 'awaiting-shipment')
    throw new AppError('ORDER_STATE', { values: { orderNo: order.orderNo, state: '不在待发货', action: '登记缺货' } })
  const lines = await deps.orders.linesOf(tx, order)
  const line = lines.find((each) => each.skuId === skuId)
  if (line === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单中的商品' } })
  const left = line.quantity - line.shippedQuantity
  if (quantity > left)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '缺货数量', reason: `「${line.title}」只有 ${left} 件未发` },
      field: 'quantity',
    })
  const id = newId()
  const hours = await deps.settings.get(substituteHours, { shopId }, tx)
  const dueAt = plusMs(deps.clock.instant(), hours * HOUR_MS)
  const paid = line.unitPayRuns.flatMap(([fen, units]) => new Array<number>(units).fill(fen)).slice(-quantity)
  const wish = { productId: line.productId, paid, taken: new Set(lines.map((each) => each.skuId)) }
  const offer = await reserveSubstitute(tx, deps, order, wish, { key: id, expiresAt: dueAt })
  const title = line.options === '' ? line.title : `${line.title} ${line.options}`
  const refundFen = paid.reduce((sum, each) => sum + each, 0)
  const data = { skuId, title, quantity, refundFen, offer }
  const opened = await open(
    tx,
    deps,
    {
      ...{ shopId, id, orderId, buyerId: order.buyerId, orderNo: order.orderNo, dueAt, data },
      ...{ kind: 'shortage', state: 'waiting-buyer', subject: skuId, mark: id },
      title: `缺货：${title}×${quantity}`.slice(0, 100),
      detail: input.note,
    },
    offer ? '已询问买家：换替代商品、退款或等货' : '没有可用的替代商品，已询问买家：退款或等货',
    actor,
  )
  if (opened === undefined)
    throw new AppError('DUPLICATE', { values: { what: '缺货登记', value: title }, field: 'skuId' })
  await deps.delivery.tellBuyer(tx, {
    ...{ shopId, orderId, buyerId: order.buyerId, topic: 'shortage' },
    title: '有商品缺货，请选择处理方式',
    text: `「${title}」缺 ${quantity} 件。${offer ? '可以换成同类商品、' : '可以'}退款或等货，${hours} 小时内在订单里选择`.slice(
      0,
      300,
    ),
  })
  return opened
}

/** Holds the first substitute that can be had for the buyer; null when there is none. */
async function reserveSubstitute(
  tx: Tx,
  deps: ExceptionDeps,
  { shopId, id: orderId, province }: OrderRow,
  wish: { productId: string; paid: readonly number[]; taken: ReadonlySet<string> },
  hold: { key: string; expiresAt: string },
): Promise<Offer | null> {
  const quantity = wish.paid.length
  const productIds = await deps.catalog.handPicked(tx, shopId, wish.productId, 'substitute')
  const skuIds = (await deps.catalog.skuIdsOf(tx, shopId, productIds)).filter((skuId) => !wish.taken.has(skuId))
  const goods = await deps.catalog.skusForSale(tx, shopId, skuIds)
  const levels = await deps.stock.levels(
    tx,
    skuIds.map((skuId) => ({ shopId, skuId })),
  )
  const dearest = Math.max(...wish.paid)
  for (const skuId of skuIds) {
    const sku = goods.get(skuId)
    if (!sku?.onSale || sku.priceFen > dearest || !deps.orders.sellsIn(sku, province)) continue
    const place = levels.find((level) => level.skuId === skuId && level.available >= quantity)
    if (place === undefined) continue
    const transferId = nameId('exception.reserve', hold.key, skuId)
    const allocations: Allocation[] = [{ skuId, warehouseId: place.warehouseId, quantity, transferId }]
    const transfers = reserveCommands(allocations, {
      expiresAt: hold.expiresAt,
      reference: { type: 'order', id: orderId },
    })
    const [held] = await applyTransfers(tx, deps.clock, [{ shopId, transfers }])
    if (!held!.ok) continue
    const refundFen = wish.paid.reduce((sum, paid) => sum + Math.max(0, paid - sku.priceFen), 0)
    return { skuId, unitPriceFen: sku.priceFen, refundFen, allocations }
  }
  return null
}

export type ShortageChoice = 'substitute' | 'refund' | 'wait'

/**
 * What becomes of a shortage: chosen by the buyer, by staff, or by the clock. The first answer counts.
 * @throws AppError NOT_FOUND, CONFLICT when it was answered, OUT_OF_STOCK when the substitute is no longer kept
 */
export async function settleShortage(
  tx: Tx,
  deps: ExceptionDeps,
  key: { shopId: string; orderId: string; buyerId?: string },
  answer: { exceptionId: string; choice: ShortageChoice; actor: Actor },
): Promise<void> {
  const { shopId, orderId } = key
  const { choice, actor } = answer
  const order = await deps.orders.lockOrder(tx, key)
  const row = await requireOpen(tx, shopId, answer.exceptionId)
  if (row.orderId !== orderId || row.kind !== 'shortage')
    throw new AppError('NOT_FOUND', { values: { what: '缺货登记' } })
  if (row.state !== 'waiting-buyer') throw new AppError('CONFLICT', { values: { what: `「${row.title}」` } })
  const { skuId, quantity, offer } = row.data
  const units = { skuId: skuId!, quantity: quantity!, key: row.id, actor }
  if (choice === 'substitute') {
    if (!offer) throw new AppError('NOT_FOUND', { values: { what: '替代商品' } })
    const { refundFen } = await deps.orders.replaceUnits(tx, key, { ...units, reason: '缺货换货', substitute: offer })
    const text = refundFen > 0 ? '已换成替代商品，差价原路退回' : '已换成替代商品'
    return resolve(tx, deps, row, text, actor, { data: { ...row.data, choice } })
  }
  await letGo(tx, deps, row)
  if (choice === 'wait') {
    const days = await deps.settings.get(waitDays, { shopId }, tx)
    return change(tx, deps, row, {
      ...{ state: 'open', dueAt: plusMs(deps.clock.instant(), days * DAY_MS), text: '买家选择等货', actor },
      data: { ...row.data, offer: null, choice },
    })
  }
  await refundShort(tx, deps, order, row, units)
  return resolve(tx, deps, row, '缺货商品已退款', actor, { data: { ...row.data, offer: null, choice } })
}

async function refundShort(
  tx: Tx,
  deps: ExceptionDeps,
  order: OrderRow,
  row: ExceptionRow,
  units: { skuId: string; quantity: number; key: string; actor: Actor },
): Promise<void> {
  const key = { shopId: row.shopId, orderId: order.id }
  const removed = await deps.orders.removeUnits(tx, key, { ...units, reason: '缺货退款' })
  if (removed.whole)
    await deps.orders.requestRefund(tx, key, { by: 'merchant', reason: '商品缺货', actor: units.actor })
}

/** The substitute is for sale again. One whose reservation has run out is already. */
async function letGo(tx: Tx, deps: ExceptionDeps, row: ExceptionRow): Promise<void> {
  const { offer } = row.data
  if (!offer) return
  const transfers = voidCommands(offer.allocations, { type: 'order', id: row.orderId })
  await applyTransfers(tx, deps.clock, [{ shopId: row.shopId, transfers }])
}

/** Nobody chose in time: by the rule of the shop the money goes back, or staff decide. */
export async function shortageOver(tx: Tx, deps: ExceptionDeps, due: ExceptionRow, actor: Actor): Promise<void> {
  const { shopId, orderId, id } = due
  const order = await deps.orders.lockOrder(tx, { shopId, orderId })
  const row = await findException(tx, shopId, id)
  if (row === undefined || row.state !== 'waiting-buyer' || row.dueAt! > deps.clock.instant()) return
  const rule = await deps.settings.get(shortageTimeout, { shopId }, tx)
  if (rule === 'refund' && order.state === 'awaiting-shipment') {
    await settleShortage(tx, deps, { shopId, orderId }, { exceptionId: id, choice: 'refund', actor })
    return
  }
  const locked = await requireOpen(tx, shopId, id)
  await letGo(tx, deps, locked)
  await change(tx, deps, locked, {
    ...{ state: 'open', dueAt: null, text: '买家没有在期限内选择，请店员处理', actor },
    data: { ...locked.data, offer: null },
  })
}
