import { type CarrierCode, carriersByNumber, ORDER_STATES, PARCEL_STATES } from '@zhanggui/contract'
import { type Actor, SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import type { OrderToPack } from '../orders/index.ts'
import type { FulfilmentDeps } from './deps.ts'
import { parcelShipped } from './events.ts'
import { undoSeconds } from './settings.ts'
import {
  dueParcels,
  lockParcels,
  type ParcelRow,
  parcelsByIds,
  parcelsByTracking,
  saveParcel,
} from './store-parcels.ts'
import { refreshWaves } from './store-waves.ts'

type ShipDeps = Pick<FulfilmentDeps, 'db' | 'clock' | 'settings' | 'orders'>

const SWEEP_BATCH = 100

export const parcelNotFound = (): AppError => new AppError('NOT_FOUND', { values: { what: '包裹' } })

/** The parcel is in a state in which that cannot be done. */
export const parcelState = ({ code, state, trackingNo }: ParcelRow, action: string): AppError =>
  new AppError('PARCEL_STATE', {
    values: { code, state: `${PARCEL_STATES[state].zh}${trackingNo ? `（${trackingNo}）` : ''}`, action },
    data: { state, trackingNo },
  })

export interface Locked {
  parcel: ParcelRow
  /** Whose lines are in it, locked, in id order. */
  orders: OrderToPack[]
}

/** A parcel with its orders, locked: orders first. @throws AppError NOT_FOUND */
export async function lockParcel(
  tx: Tx,
  { orders }: Pick<FulfilmentDeps, 'orders'>,
  shopId: string,
  parcelId: string,
): Promise<Locked> {
  for (;;) {
    const [seen] = await parcelsByIds(tx, shopId, [parcelId])
    if (seen === undefined) throw parcelNotFound()
    const orderIds = orderIdsOf(seen)
    const locked = await orders.ordersToPack(tx, shopId, orderIds, 'lock')
    const [parcel] = await lockParcels(tx, shopId, [parcelId])
    if (parcel === undefined) throw parcelNotFound()
    // Another order may have been merged into it while we waited.
    if (orderIdsOf(parcel).every((id) => orderIds.includes(id))) return { parcel, orders: locked }
  }
}

export const orderIdsOf = (parcel: Pick<ParcelRow, 'lines'>): string[] =>
  [...new Set(parcel.lines.map((line) => line.orderId))].sort()

export interface PackInput {
  shopId: string
  parcelId: string
  /** Left out: recognised from the number, else the parcel's own. */
  carrierCode?: CarrierCode | undefined
  trackingNo: string
  actor: Actor
}

/** The carrier that was said, else the only one whose numbers look like this, else the parcel's own. */
export function carrierFor(
  said: CarrierCode | null | undefined,
  trackingNo: string,
  parcel: Pick<ParcelRow, 'carrierCode'>,
): CarrierCode {
  if (said) return said
  const found = carriersByNumber(trackingNo)
  return found.length === 1 ? found[0]! : parcel.carrierCode
}

/**
 * The parcel has been packed and has its label. It is handed over by itself when the time to undo is over, at once
 * when there is none. The same number again is the same answer.
 * @throws AppError NOT_FOUND, PARCEL_STATE, TRACKING_NO_USED, ORDER_STATE
 */
export async function packParcel(tx: Tx, deps: ShipDeps, input: PackInput): Promise<void> {
  const { shopId, parcelId, trackingNo, actor } = input
  await lockInOrder(tx, [`tracking:${shopId}:${trackingNo}`])
  const locked = await lockParcel(tx, deps, shopId, parcelId)
  const { parcel, orders } = locked
  if ((parcel.state === 'packed' || parcel.state === 'shipped') && parcel.trackingNo === trackingNo) return
  if (parcel.state !== 'awaiting' && parcel.state !== 'picking') throw parcelState(parcel, `换成运单号 ${trackingNo}`)
  await refuseUsedNumber(tx, deps, locked, trackingNo)
  for (const { id: orderId, orderNo, state } of orders) {
    await deps.orders.mayShip(tx, { shopId, orderId, orderNo })
    if (state !== 'awaiting-shipment')
      throw new AppError('ORDER_STATE', {
        values: { orderNo, state: ORDER_STATES[state].zh, action: '发货' },
        data: { state },
      })
  }
  const seconds = await deps.settings.get(undoSeconds, { shopId }, tx)
  const saved = await saveParcel(tx, {
    ...parcel,
    state: 'packed',
    trackingNo,
    carrierCode: carrierFor(input.carrierCode, trackingNo, parcel),
    packedBy: actor,
    handOverAt: plusMs(deps.clock.instant(), seconds * 1000),
    problem: null,
  })
  await refreshWaves(tx, shopId, parcel.waveId ? [parcel.waveId] : [])
  if (seconds === 0) await handOverLocked(tx, deps, { parcel: saved, orders }, actor)
}

/** Takes the tracking number off a packed parcel again. @throws AppError NOT_FOUND, PARCEL_STATE once it is handed over */
export async function undoPack(tx: Tx, deps: ShipDeps, shopId: string, parcelId: string): Promise<ParcelRow> {
  const { parcel } = await lockParcel(tx, deps, shopId, parcelId)
  if (parcel.state !== 'packed') throw parcelState(parcel, '撤销')
  const state = parcel.waveId === null ? 'awaiting' : 'picking'
  const saved = await saveParcel(tx, {
    ...parcel,
    state,
    trackingNo: null,
    handOverAt: null,
    packedBy: null,
    problem: null,
  })
  await refreshWaves(tx, shopId, parcel.waveId ? [parcel.waveId] : [])
  return saved
}

/**
 * Ships a parcel, whatever was done with it so far. Answers `same` when it had left with this very number.
 * @throws AppError NOT_FOUND, PARCEL_STATE, TRACKING_NO_USED, ORDER_STATE, PARCELS_DIFFER, VALIDATION_FAILED
 */
export async function shipParcel(tx: Tx, deps: ShipDeps, input: PackInput): Promise<'shipped' | 'same'> {
  const { shopId, parcelId, trackingNo, actor } = input
  await lockInOrder(tx, [`tracking:${shopId}:${trackingNo}`])
  const locked = await lockParcel(tx, deps, shopId, parcelId)
  const { parcel } = locked
  if (parcel.state === 'shipped' && parcel.trackingNo === trackingNo) return 'same'
  if (parcel.state === 'shipped' || parcel.state === 'cancelled') throw parcelState(parcel, '发货')
  if (parcel.state === 'packed' && parcel.trackingNo !== trackingNo)
    throw parcelState(parcel, `换成运单号 ${trackingNo}`)
  await refuseUsedNumber(tx, deps, locked, trackingNo)
  const carrierCode = carrierFor(input.carrierCode, trackingNo, parcel)
  const packed = { ...parcel, trackingNo, carrierCode, packedBy: parcel.packedBy ?? actor }
  await handOverLocked(tx, deps, { ...locked, parcel: packed }, actor)
  return 'shipped'
}

/** Hands a packed parcel over now. @throws AppError as `shipParcel` */
export async function handOver(tx: Tx, deps: ShipDeps, shopId: string, parcelId: string, actor: Actor): Promise<void> {
  const locked = await lockParcel(tx, deps, shopId, parcelId)
  if (locked.parcel.state === 'shipped') return
  if (locked.parcel.state !== 'packed') throw parcelState(locked.parcel, '交接')
  await handOverLocked(tx, deps, locked, actor)
}

async function handOverLocked(tx: Tx, deps: ShipDeps, { parcel, orders }: Locked, actor: Actor): Promise<void> {
  const { shopId, warehouseId, carrierCode } = parcel
  const trackingNo = parcel.trackingNo!
  await refuseDifferentReceivers(tx, deps, shopId, orders)
  for (const order of orders) {
    const lines = parcel.lines.filter((line) => line.orderId === order.id)
    await deps.orders.ship(tx, {
      ...{ shopId, orderId: order.id, carrierCode, trackingNo, actor },
      lines: lines.map(({ skuId, quantity }) => ({ skuId, quantity, warehouseId })),
    })
  }
  const at = deps.clock.instant()
  await saveParcel(tx, { ...parcel, state: 'shipped', shippedAt: at, handOverAt: null, problem: null })
  await refreshWaves(tx, shopId, parcel.waveId ? [parcel.waveId] : [])
  await emit(tx, parcelShipped, {
    shopId,
    aggregate: 'parcel',
    aggregateId: parcel.id,
    payload: {
      ...{ parcelId: parcel.id, code: parcel.code, warehouseId, carrierCode, trackingNo },
      orderIds: orders.map((order) => order.id),
    },
    occurredAt: at,
    actor,
  })
}

/** Orders were merged because they went to one place; an address may have changed since. @throws AppError PARCELS_DIFFER */
export async function refuseDifferentReceivers(
  tx: Tx,
  { orders: service }: Pick<FulfilmentDeps, 'orders'>,
  shopId: string,
  orders: readonly OrderToPack[],
): Promise<void> {
  if (orders.length < 2) return
  const differ = (reason: string) => new AppError('PARCELS_DIFFER', { values: { reason } })
  if (new Set(orders.map((order) => order.buyerId)).size > 1) throw differ('不是同一个买家的订单')
  const receivers = await service.receiversOf(
    tx,
    shopId,
    orders.map((order) => order.id),
  )
  const places = new Set([...receivers.values()].map((each) => JSON.stringify(Object.entries(each).sort())))
  if (places.size > 1) throw differ('收货人或地址不同')
}

/** One number on boxes of two buyers is a slip of the scanner. One buyer's boxes may travel under one number. */
async function refuseUsedNumber(
  tx: Tx,
  { orders: service }: Pick<FulfilmentDeps, 'orders'>,
  { parcel, orders }: Locked,
  trackingNo: string,
): Promise<void> {
  const others = await parcelsByTracking(tx, parcel.shopId, trackingNo, parcel.id)
  if (others.length === 0) return
  const buyers = new Set(orders.map((order) => order.buyerId))
  const theirs = await service.ordersToPack(tx, parcel.shopId, others.flatMap(orderIdsOf), 'read')
  const stranger = theirs.find((order) => !buyers.has(order.buyerId))
  if (stranger !== undefined)
    throw new AppError('TRACKING_NO_USED', { values: { trackingNo, code: `订单 ${stranger.orderNo}` } })
}

/**
 * Hands over the packed parcels whose time to undo is over. What cannot leave (the order is being refunded, say) stays
 * packed with the reason, for somebody to look at. Safe in several processes. Answers how many left.
 */
export async function handOverDue(deps: ShipDeps): Promise<number> {
  const now = deps.clock.instant()
  const due = await deps.db.read('system', (tx) => dueParcels(tx, now, SWEEP_BATCH))
  let left = 0
  for (const { shopId, id } of due) {
    try {
      await deps.db.tx({ shopId }, async (tx) => {
        const locked = await lockParcel(tx, deps, shopId, id)
        const { state, handOverAt, packedBy } = locked.parcel
        if (state !== 'packed' || handOverAt === null || handOverAt > now) return
        await handOverLocked(tx, deps, locked, packedBy ?? SYSTEM_ACTOR)
        left++
      })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await deps.db.tx({ shopId }, async (tx) => {
        const { parcel } = await lockParcel(tx, deps, shopId, id)
        if (parcel.state === 'packed')
          await saveParcel(tx, { ...parcel, handOverAt: null, problem: error.message.slice(0, 300) })
      })
    }
  }
  return left
}
