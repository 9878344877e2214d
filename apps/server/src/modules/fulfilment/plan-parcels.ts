import type { CarrierCode } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import type { OrderToPack } from '../orders/index.ts'
import type { FulfilmentDeps } from './deps.ts'
import { defaultCarrier } from './settings.ts'
import {
  insertParcels,
  lockParcels,
  OPEN_STATES,
  type ParcelLineRow,
  type ParcelRow,
  parcelCounts,
  parcelIdsOfOrders,
  saveParcel,
  saveParcelLines,
} from './store-parcels.ts'
import { refreshWaves } from './store-waves.ts'

type PlanDeps = Pick<FulfilmentDeps, 'clock' | 'settings' | 'orders'>

/**
 * Brings the open parcels of orders in line with what is still to be shipped: units without a parcel join the order's
 * parcel that still waits in their warehouse, or get one; units that have left, were refunded or replaced, are taken out
 * of parcels, and a box that was packed already is opened again. The same call again changes nothing.
 * Orders are locked in id order, then parcels: as everywhere in this module.
 */
export async function syncParcels(
  tx: Tx,
  deps: PlanDeps,
  shopId: string,
  orderIds: readonly string[],
): Promise<ParcelRow[]> {
  const orders = await deps.orders.ordersToPack(tx, shopId, orderIds, 'lock')
  const open = await lockParcels(tx, shopId, await parcelIdsOfOrders(tx, shopId, orderIds, OPEN_STATES))
  const left = new Map(orders.map((order) => [order.id, unitsLeft(order)]))
  const kept = await shrink(tx, open, left)
  const waiting = await grow(tx, kept, orders, left)
  const made = await planNew(tx, deps, shopId, orders, left, open)
  await refreshWaves(
    tx,
    shopId,
    open.flatMap((parcel) => parcel.waveId ?? []),
  )
  return [...waiting, ...made]
}

/** `line/warehouse` → units that belong into parcels; null where nothing is to be touched: a refund is under way. */
type Units = Map<string, number>
const keyOf = (line: number, warehouseId: string): string => `${line}/${warehouseId}`

function unitsLeft(order: OrderToPack): Units | null {
  if (order.state === 'refunding') return null
  const units: Units = new Map()
  if (order.state !== 'awaiting-shipment' || order.method !== 'courier') return units
  for (const line of order.lines)
    for (const part of line.left) units.set(keyOf(line.line, part.warehouseId), part.quantity)
  return units
}

/** Takes out of open parcels what is no longer to be shipped; what stays is subtracted from `left`. */
async function shrink(
  tx: Tx,
  parcels: readonly ParcelRow[],
  left: ReadonlyMap<string, Units | null>,
): Promise<ParcelRow[]> {
  const kept: ParcelRow[] = []
  for (const parcel of parcels) {
    const lines = parcel.lines.flatMap((line): ParcelLineRow[] => {
      const units = left.get(line.orderId)
      // Lines of other orders in a merged parcel, and of orders whose refund is under way.
      if (units === undefined || units === null) return [line]
      const key = keyOf(line.line, parcel.warehouseId)
      const quantity = Math.min(line.quantity, units.get(key) ?? 0)
      units.set(key, (units.get(key) ?? 0) - quantity)
      return quantity > 0 ? [{ ...line, quantity }] : []
    })
    const before = parcel.lines.reduce((sum, line) => sum + line.quantity, 0)
    if (before === lines.reduce((sum, line) => sum + line.quantity, 0)) {
      kept.push(parcel)
      continue
    }
    if (lines.length > 0) {
      await saveParcelLines(tx, { ...parcel, lines })
      kept.push({ ...(await saveParcel(tx, reopened(parcel))), lines })
      continue
    }
    // What was in it stays on record: the parcel is only no longer to be packed.
    await saveParcel(tx, {
      ...parcel,
      state: 'cancelled',
      trackingNo: null,
      handOverAt: null,
      problem: parcel.problem ?? '商品已在别处发货或退款',
    })
  }
  return kept
}

/** A box that was packed holds more than it should by now: it is packed anew, with a label of its own. */
function reopened(parcel: ParcelRow): ParcelRow {
  if (parcel.state !== 'packed') return parcel
  return {
    ...parcel,
    state: parcel.waveId === null ? 'awaiting' : 'picking',
    ...{ trackingNo: null, handOverAt: null, packedBy: null },
    problem: '订单商品有变动，请取出多余商品后重新打包',
  }
}

/** Units that have no parcel go into the order's own one that nobody has begun to pick; those are gone from `left`. */
async function grow(
  tx: Tx,
  kept: readonly ParcelRow[],
  orders: readonly OrderToPack[],
  left: ReadonlyMap<string, Units | null>,
): Promise<ParcelRow[]> {
  const grown = new Map(kept.map((parcel) => [parcel.id, parcel]))
  for (const order of orders) {
    const units = left.get(order.id)
    if (!units) continue
    for (const { line, skuId, left: parts } of order.lines)
      for (const { warehouseId } of parts) {
        const key = keyOf(line, warehouseId)
        const quantity = units.get(key) ?? 0
        const home = [...grown.values()].find(
          (parcel) =>
            parcel.state === 'awaiting' &&
            parcel.warehouseId === warehouseId &&
            parcel.lines.every((each) => each.orderId === order.id),
        )
        if (quantity === 0 || home === undefined) continue
        const same = home.lines.find((each) => each.line === line)
        const lines = same
          ? home.lines.map((each) => (each === same ? { ...each, quantity: each.quantity + quantity } : each))
          : [...home.lines, { orderId: order.id, line, skuId, quantity }]
        await saveParcelLines(tx, { ...home, lines })
        grown.set(home.id, { ...(await saveParcel(tx, home)), lines })
        units.set(key, 0)
      }
  }
  return [...grown.values()]
}

async function planNew(
  tx: Tx,
  { clock, settings }: PlanDeps,
  shopId: string,
  orders: readonly OrderToPack[],
  left: ReadonlyMap<string, Units | null>,
  earlier: readonly ParcelRow[],
): Promise<ParcelRow[]> {
  const counts = await parcelCounts(
    tx,
    shopId,
    orders.map((order) => order.orderNo),
  )
  const usual = await settings.get(defaultCarrier, { shopId }, tx)
  const createdAt = clock.instant()
  const made = orders.flatMap((order) => {
    const units = left.get(order.id)
    if (!units) return []
    const byWarehouse = new Map<string, ParcelLineRow[]>()
    for (const line of order.lines)
      for (const { warehouseId } of line.left) {
        const quantity = units.get(keyOf(line.line, warehouseId)) ?? 0
        if (quantity === 0) continue
        const lines = byWarehouse.get(warehouseId) ?? []
        lines.push({ orderId: order.id, line: line.line, skuId: line.skuId, quantity })
        byWarehouse.set(warehouseId, lines)
      }
    // Somebody may have chosen a carrier for a parcel that has just given way to this one.
    const chosen = earlier.find((parcel) => parcel.lines.some((line) => line.orderId === order.id))?.carrierCode
    return [...byWarehouse].map(([warehouseId, lines], index) =>
      newParcel(order, {
        ...{ shopId, warehouseId, lines, createdAt },
        number: (counts.get(order.orderNo) ?? 0) + index + 1,
        carrierCode: chosen ?? order.routing?.carrier ?? usual,
      }),
    )
  })
  await insertParcels(tx, made)
  return made
}

/** A parcel that waits to be picked, as the order was routed. */
export function newParcel(
  { orderNo, routing }: Pick<OrderToPack, 'orderNo' | 'routing'>,
  of: {
    shopId: string
    warehouseId: string
    lines: ParcelLineRow[]
    createdAt: string
    number: number
    carrierCode: CarrierCode
  },
): ParcelRow {
  const { number, ...rest } = of
  return {
    ...rest,
    id: newId(),
    code: `${orderNo}-${number}`,
    state: 'awaiting',
    version: 1,
    service: routing?.service ?? null,
    prePack: routing?.prePack ?? false,
    packingNote: (routing?.notes ?? []).join('；').slice(0, 500),
    trackingNo: null,
    waveId: null,
    handOverAt: null,
    packedBy: null,
    shippedAt: null,
    problem: null,
  }
}
