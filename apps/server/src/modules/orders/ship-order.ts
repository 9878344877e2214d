import { CARRIERS, type CarrierCode, DELIVERY_METHODS, type DeliveryMethod } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { shipCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { orderShipped } from './events.ts'
import type { WantedLine } from './quote-order.ts'
import { leftToShip, nextState, takeFromAllocations } from './rules.ts'
import { autoReceiveDays } from './settings.ts'
import { eventHead, recordMovements, requireOrder, stepped, tell } from './steps.ts'
import { type LineRow, linesOf, type OrderRow, takeSteps } from './store-orders.ts'
import { insertShipment, shippedParts } from './store-shipments.ts'

export interface ShipInput {
  shopId: string
  orderId: string
  carrierCode: CarrierCode
  trackingNo: string
  /** By courier unless told; then carrier and number are of no meaning outside the shop. */
  method?: DeliveryMethod
  /** Left out: everything that is left. With a warehouse, units that are there. */
  lines?: readonly (WantedLine & { warehouseId?: string })[]
  actor: Actor
}

interface Part {
  line: LineRow
  warehouseId: string
  quantity: number
}

/**
 * Ships lines of a paid order in one parcel; with the last of them the order is shipped. Answers the shipment's id.
 * @throws AppError NOT_FOUND, ORDER_STATE, VALIDATION_FAILED
 */
export async function shipOrder(tx: Tx, deps: OrdersDeps, input: ShipInput): Promise<string> {
  const { clock, stock, settings } = deps
  const { shopId, carrierCode, trackingNo, actor, method = 'courier' } = input
  const order = await requireOrder(tx, input)
  nextState('ship-part', order)
  await deps.mayShip(tx, { shopId, orderId: order.id, orderNo: order.orderNo })
  const lines = (await linesOf(tx, [order])).get(order.id)!
  const gone = lines.some((line) => line.shippedQuantity > 0) ? await shippedParts(tx, shopId, [order.id]) : []
  const parts = chooseParts(lines, gone, input.lines)
  const shipmentId = newId()
  const reference = { type: 'order', id: order.id }
  const moved = parts.map(({ line, ...part }) => ({ skuId: line.skuId, ...part }))
  await transferOrThrow(tx, clock, { shopId, transfers: shipCommands(moved, { key: shipmentId, reference }) })
  const at = clock.instant()
  await insertShipment(tx, {
    shopId,
    id: shipmentId,
    order,
    method,
    carrierCode,
    trackingNo,
    shippedAt: at,
    shippedBy: actor.name ?? '',
    parts: parts.map(({ line, warehouseId, quantity }) => ({ line: line.line, warehouseId, quantity })),
  })
  const units = (rows: readonly { quantity: number }[]) => rows.reduce((sum, row) => sum + row.quantity, 0)
  const complete = units(parts) === order.itemCount - lines.reduce((sum, line) => sum + line.shippedQuantity, 0)
  const after = stepped(order, nextState(complete ? 'ship-rest' : 'ship-part', order))
  const days = await settings.get(autoReceiveDays, { shopId }, tx)
  const set = complete ? { shippedAt: at, autoReceiveAt: plusMs(at, days * DAY_MS) } : {}
  const by = method === 'courier' ? `${CARRIERS[carrierCode]} ${trackingNo}` : DELIVERY_METHODS[method].zh
  const text = `${complete ? '已发货' : '部分发货'}：${by}`
  await takeSteps(tx, [{ order, to: after.state, event: complete ? 'shipped' : 'part-shipped', text, actor, set }], at)
  await recordMovements(
    tx,
    stock,
    at,
    actor,
    moved.flatMap((part) => leaving(order, part)),
  )
  await tell(tx, orderShipped, [after], {
    occurredAt: at,
    actor,
    payload: () => ({
      ...eventHead(after),
      paymentId: order.paymentId,
      shipmentId,
      method,
      carrierCode,
      trackingNo,
      shippedAt: at,
      complete,
      receiverPhoneMasked: order.phoneMasked,
      lines: parts.map(({ line, quantity }) => ({ skuId: line.skuId, title: line.title, quantity })),
    }),
  })
  return shipmentId
}

/** The reservation ends and the sale takes its place, so that movements of a SKU always add up to what is available. */
function leaving(order: OrderRow, part: { skuId: string; warehouseId: string; quantity: number }) {
  const released = { order, ...part, reason: 'release' as const, note: '发货转出库' }
  return [released, { order, ...part, quantity: -part.quantity, reason: 'sale' as const, note: '' }]
}

function chooseParts(
  lines: readonly LineRow[],
  gone: readonly { line: number; warehouseId: string; quantity: number }[],
  wanted: ShipInput['lines'],
): Part[] {
  const left = new Map(
    lines.map((line) => [
      line.skuId,
      leftToShip(
        line.allocations,
        gone.filter((part) => part.line === line.line),
      ),
    ]),
  )
  const all = lines.map(({ skuId, quantity, shippedQuantity }) => ({ skuId, quantity: quantity - shippedQuantity }))
  const parts = (wanted ?? all).flatMap(({ skuId, quantity, warehouseId }: NonNullable<ShipInput['lines']>[number]) => {
    const line = lines.find((each) => each.skuId === skuId)
    if (line === undefined) throw invalid(`订单中没有规格 ${skuId}`)
    const places = left.get(skuId)!
    const here = warehouseId === undefined ? places : places.filter((part) => part.warehouseId === warehouseId)
    const most = here.reduce((sum, part) => sum + part.quantity, 0)
    if (quantity > most) throw invalid(`「${line.title}」只剩 ${most} 件未发`)
    const taken = quantity === 0 ? [] : takeFromAllocations(here, 0, quantity)
    for (const part of taken) places.find((place) => place.warehouseId === part.warehouseId)!.quantity -= part.quantity
    return taken.map((part) => ({ line, ...part }))
  })
  if (parts.length === 0) throw invalid('没有要发的商品')
  return merged(parts)
}

/** One part for each line and warehouse. */
function merged(parts: readonly Part[]): Part[] {
  const found: Part[] = []
  for (const part of parts) {
    const same = found.find((each) => each.line === part.line && each.warehouseId === part.warehouseId)
    if (same === undefined) found.push({ ...part })
    else same.quantity += part.quantity
  }
  return found
}

const invalid = (reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field: '发货商品', reason }, field: 'lines' })
