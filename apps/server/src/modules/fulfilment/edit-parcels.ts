import { MAX_PARCELS_PER_ORDER } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { FulfilmentDeps } from './deps.ts'
import { newParcel } from './plan-parcels.ts'
import { lockParcel, orderIdsOf, parcelNotFound, parcelState, refuseDifferentReceivers } from './ship-parcel.ts'
import {
  insertParcels,
  lockParcels,
  type ParcelLineRow,
  type ParcelRow,
  parcelCounts,
  parcelIdsOfOrders,
  parcelsByIds,
  saveParcel,
  saveParcelLines,
} from './store-parcels.ts'
import { refreshWaves } from './store-waves.ts'

type EditDeps = Pick<FulfilmentDeps, 'clock' | 'orders'>

const NOT_CANCELLED = ['awaiting', 'picking', 'packed', 'shipped'] as const

/** Only what has no label yet can be packed otherwise. */
function requireUnpacked(parcel: ParcelRow, action: string): void {
  if (parcel.state !== 'awaiting' && parcel.state !== 'picking') throw parcelState(parcel, action)
}

/**
 * Puts some units of a parcel into a parcel of their own. Answers both.
 * @throws AppError NOT_FOUND, CONFLICT when the parcel is no longer as it was seen, PARCEL_STATE, TOO_MANY_PARCELS,
 * VALIDATION_FAILED
 */
export async function splitParcel(
  tx: Tx,
  deps: EditDeps,
  input: {
    shopId: string
    parcelId: string
    version: number
    lines: readonly { orderId: string; line: number; quantity: number }[]
  },
): Promise<ParcelRow[]> {
  const { shopId, parcelId, version } = input
  const { parcel, orders } = await lockParcel(tx, deps, shopId, parcelId)
  requireUnpacked(parcel, '拆分')
  if (parcel.version !== version) throw new AppError('CONFLICT', { values: { what: `包裹 ${parcel.code}` } })
  const invalid = (reason: string) =>
    new AppError('VALIDATION_FAILED', { values: { field: '拆分数量', reason }, field: 'lines' })
  const taken: ParcelLineRow[] = []
  const kept: ParcelLineRow[] = []
  for (const each of parcel.lines) {
    const wanted = input.lines
      .filter((line) => line.orderId === each.orderId && line.line === each.line)
      .reduce((sum, line) => sum + line.quantity, 0)
    if (wanted > each.quantity) throw invalid(`最多 ${each.quantity} 件`)
    if (wanted > 0) taken.push({ ...each, quantity: wanted })
    if (wanted < each.quantity) kept.push({ ...each, quantity: each.quantity - wanted })
  }
  const units = (lines: readonly { quantity: number }[]) => lines.reduce((sum, line) => sum + line.quantity, 0)
  if (units(taken) !== units(input.lines)) throw invalid('有不在这个包裹里的商品')
  if (kept.length === 0) throw invalid('原包裹至少要留 1 件')
  for (const orderId of new Set(taken.map((line) => line.orderId))) {
    const all = await parcelIdsOfOrders(tx, shopId, [orderId], NOT_CANCELLED)
    const { orderNo } = orders.find((order) => order.id === orderId)!
    if (all.length >= MAX_PARCELS_PER_ORDER)
      throw new AppError('TOO_MANY_PARCELS', { values: { orderNo, max: MAX_PARCELS_PER_ORDER } })
  }
  const owner = orders.find((order) => order.id === taken[0]!.orderId)!
  const number = (await parcelCounts(tx, shopId, [owner.orderNo])).get(owner.orderNo)! + 1
  const made: ParcelRow = {
    ...parcel,
    id: newId(),
    code: `${owner.orderNo}-${number}`,
    version: 1,
    lines: taken,
    createdAt: deps.clock.instant(),
  }
  const rest = { ...(await saveParcel(tx, parcel)), lines: kept }
  await saveParcelLines(tx, rest)
  await insertParcels(tx, [made])
  return [rest, made]
}

/**
 * Puts parcels of one buyer to one address from one warehouse into the oldest of them.
 * @throws AppError NOT_FOUND, PARCEL_STATE, PARCELS_DIFFER
 */
export async function mergeParcels(
  tx: Tx,
  deps: EditDeps,
  shopId: string,
  parcelIds: readonly string[],
): Promise<ParcelRow> {
  const seen = await parcelsByIds(tx, shopId, parcelIds)
  const orderIds = [...new Set(seen.flatMap(orderIdsOf))].sort()
  const orders = await deps.orders.ordersToPack(tx, shopId, orderIds, 'lock')
  const parcels = await lockParcels(tx, shopId, parcelIds)
  if (parcels.length !== new Set(parcelIds).size) throw parcelNotFound()
  const differ = (reason: string) => new AppError('PARCELS_DIFFER', { values: { reason } })
  for (const parcel of parcels) requireUnpacked(parcel, '合并')
  if (parcels.flatMap(orderIdsOf).some((id) => !orderIds.includes(id))) throw differ('包裹刚刚被修改，请刷新')
  if (new Set(parcels.map((parcel) => parcel.warehouseId)).size > 1) throw differ('不在同一个仓库')
  if (new Set(parcels.map((parcel) => parcel.waveId ?? '')).size > 1) throw differ('不在同一个波次')
  const stopped = orders.find((order) => order.state !== 'awaiting-shipment')
  if (stopped !== undefined) throw differ(`订单 ${stopped.orderNo} 不在待发货状态`)
  await refuseDifferentReceivers(tx, deps, shopId, orders)
  const [target, ...others] = parcels.toSorted((a, b) => (a.id < b.id ? -1 : 1)) as [ParcelRow, ...ParcelRow[]]
  const lines = new Map<string, ParcelLineRow>()
  for (const line of parcels.flatMap((parcel) => parcel.lines)) {
    const key = `${line.orderId}/${line.line}`
    lines.set(key, { ...line, quantity: line.quantity + (lines.get(key)?.quantity ?? 0) })
  }
  const notes = [...new Set(parcels.map((parcel) => parcel.packingNote).filter((note) => note !== ''))]
  const merged: ParcelRow = {
    ...target,
    prePack: parcels.some((parcel) => parcel.prePack),
    packingNote: notes.join('；').slice(0, 500),
    lines: [...lines.values()],
  }
  for (const parcel of others)
    await saveParcel(tx, { ...parcel, state: 'cancelled', waveId: null, problem: `已合并到 ${target.code}` })
  const saved = { ...(await saveParcel(tx, merged)), lines: merged.lines }
  await saveParcelLines(tx, saved)
  return saved
}

/** A parcel for each order again. @throws AppError NOT_FOUND, PARCEL_STATE when it is packed or holds one order */
export async function unmergeParcel(tx: Tx, deps: EditDeps, shopId: string, parcelId: string): Promise<ParcelRow[]> {
  const { parcel, orders } = await lockParcel(tx, deps, shopId, parcelId)
  requireUnpacked(parcel, '取消合并')
  const [first, ...others] = orders
  if (first === undefined || others.length === 0) throw parcelState(parcel, '取消合并（里面只有一个订单）')
  const linesOf = (orderId: string) => parcel.lines.filter((line) => line.orderId === orderId)
  const counts = await parcelCounts(
    tx,
    shopId,
    orders.map((order) => order.orderNo),
  )
  // The parcel stays with the order that it is named after.
  const owner = orders.find((order) => parcel.code.startsWith(`${order.orderNo}-`)) ?? first
  const createdAt = deps.clock.instant()
  const { warehouseId, carrierCode, state, waveId } = parcel
  const made = orders
    .filter((order) => order !== owner)
    .map((order): ParcelRow => {
      const number = (counts.get(order.orderNo) ?? 0) + 1
      const lines = linesOf(order.id)
      return { ...newParcel(order, { shopId, warehouseId, lines, createdAt, number, carrierCode }), state, waveId }
    })
  const rest = { ...(await saveParcel(tx, parcel)), lines: linesOf(owner.id) }
  await saveParcelLines(tx, rest)
  await insertParcels(tx, made)
  await refreshWaves(tx, shopId, waveId ? [waveId] : [])
  return [rest, ...made]
}
