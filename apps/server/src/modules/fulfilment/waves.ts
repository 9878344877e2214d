import { MAX_BULK, type Wave } from '@zhanggui/contract'
import type { z } from 'zod'
import { localDay } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import type { FulfilmentDeps } from './deps.ts'
import { waveCreated } from './events.ts'
import { syncParcels } from './plan-parcels.ts'
import { waveMaxParcels } from './settings.ts'
import { parcelState } from './ship-parcel.ts'
import { actorOf, record, type StaffCall } from './staff.ts'
import { listParcels, lockParcels, type ParcelRow, saveParcel } from './store-parcels.ts'
import { insertWave, lastWaveNumber, listWaves, refreshWaves, type WaveRow } from './store-waves.ts'

type WaveDeps = Pick<FulfilmentDeps, 'clock' | 'settings' | 'orders' | 'stock'>
export type WaveView = z.input<typeof Wave>

export const waveNotFound = (): AppError => new AppError('NOT_FOUND', { values: { what: '波次' } })

export const waveViews = (rows: readonly WaveRow[], warehouses: ReadonlyMap<string, string>): WaveView[] =>
  rows.map(({ createdBy, ...row }) => ({
    ...row,
    warehouseName: warehouses.get(row.warehouseId) ?? '',
    createdBy: createdBy.name ?? '',
  }))

/** One wave as the console shows it. @throws AppError NOT_FOUND */
export async function waveView(tx: Tx, { stock }: WaveDeps, shopId: string, waveId: string): Promise<WaveView> {
  const [view] = waveViews(
    await listWaves(tx, shopId, { ids: [waveId], limit: 1 }),
    await stock.warehouseNames(tx, shopId),
  )
  if (view === undefined) throw waveNotFound()
  return view
}

/**
 * Orders to be picked together: a wave for each warehouse, several where there are too many parcels for one. Orders
 * that have nothing to pick are told, and do not stop the others.
 * @throws AppError NOTHING_TO_PICK when none has
 */
export async function createWaves(
  tx: Tx,
  deps: WaveDeps,
  call: StaffCall,
  input: { orderIds: readonly string[]; name: string },
): Promise<{ waveIds: string[]; skipped: { orderNo: string; reason: string }[] }> {
  const { shopId } = call.params
  await lockInOrder(tx, [`waves:${shopId}`])
  const orders = await deps.orders.ordersToPack(tx, shopId, input.orderIds, 'lock')
  const parcels = await syncParcels(tx, deps, shopId, input.orderIds)
  const free = parcels.filter((parcel) => parcel.state === 'awaiting' && parcel.waveId === null)
  const skipped = orders.flatMap(({ id, orderNo, state }) => {
    if (free.some((parcel) => parcel.lines.some((line) => line.orderId === id))) return []
    const own = parcels.find((parcel) => parcel.lines.some((line) => line.orderId === id))
    const reason =
      state !== 'awaiting-shipment'
        ? '不在待发货状态'
        : own?.waveId
          ? '已在波次中'
          : own
            ? '已经打包'
            : '没有要发的商品'
    return [{ orderNo, reason }]
  })
  if (free.length === 0)
    throw new AppError('NOTHING_TO_PICK', { values: { reason: skipped[0]?.reason ?? '没有找到订单' } })
  const most = await deps.settings.get(waveMaxParcels, { shopId }, tx)
  const groups = [...Map.groupBy(free, (parcel) => parcel.warehouseId)].flatMap(([warehouseId, all]) =>
    chunks(all, most).map((part) => ({ warehouseId, part })),
  )
  const waveIds: string[] = []
  for (const { warehouseId, part } of groups)
    waveIds.push(await createWave(tx, deps, call, { warehouseId, parcels: part, name: input.name }))
  return { waveIds, skipped }
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

async function createWave(
  tx: Tx,
  { clock }: WaveDeps,
  call: StaffCall,
  wave: { warehouseId: string; parcels: readonly ParcelRow[]; name: string },
): Promise<string> {
  const { shopId } = call.params
  const id = newId()
  const createdAt = clock.instant()
  const createdBy = actorOf(call)
  const prefix = `W${localDay(createdAt).slice(2).replaceAll('-', '')}-`
  const code = `${prefix}${String((await lastWaveNumber(tx, shopId, prefix)) + 1).padStart(2, '0')}`
  await insertWave(tx, shopId, { id, code, name: wave.name, warehouseId: wave.warehouseId, createdAt, createdBy })
  for (const parcel of wave.parcels.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    await saveParcel(tx, { ...parcel, waveId: id })
  await emit(tx, waveCreated, {
    shopId,
    aggregate: 'wave',
    aggregateId: id,
    payload: { waveId: id, code, warehouseId: wave.warehouseId, parcels: wave.parcels.length },
    occurredAt: createdAt,
    actor: createdBy,
  })
  await record(tx, clock, call, {
    action: 'fulfilment.create-wave',
    entity: 'wave',
    entityId: id,
    summary: `新建波次 ${code}，${wave.parcels.length} 个包裹`,
  })
  return id
}

/** Picking begins: every parcel of the wave that waits. A second call changes nothing. @throws AppError NOT_FOUND */
export async function startWave(tx: Tx, deps: WaveDeps, shopId: string, waveId: string): Promise<WaveView> {
  const found = await listParcels(tx, shopId, { waveId, states: ['awaiting'], limit: MAX_BULK })
  const parcels = await lockParcels(
    tx,
    shopId,
    found.map((parcel) => parcel.id),
  )
  for (const parcel of parcels)
    if (parcel.state === 'awaiting' && parcel.waveId === waveId) await saveParcel(tx, { ...parcel, state: 'picking' })
  await refreshWaves(tx, shopId, [waveId])
  return waveView(tx, deps, shopId, waveId)
}

/**
 * Takes parcels that are not packed out of a wave; without parcels the wave is gone. Answers the wave, or null.
 * @throws AppError NOT_FOUND, PARCEL_STATE
 */
export async function leaveWave(
  tx: Tx,
  deps: WaveDeps,
  shopId: string,
  input: { waveId: string; parcelIds: readonly string[] },
): Promise<WaveView | null> {
  const parcels = await lockParcels(tx, shopId, input.parcelIds)
  await waveView(tx, deps, shopId, input.waveId)
  for (const parcel of parcels) {
    if (parcel.waveId !== input.waveId) continue
    if (parcel.state === 'packed' || parcel.state === 'shipped') throw parcelState(parcel, '移出波次')
    await saveParcel(tx, { ...parcel, waveId: null, state: parcel.state === 'picking' ? 'awaiting' : parcel.state })
  }
  await refreshWaves(tx, shopId, [input.waveId])
  const [row] = await listWaves(tx, shopId, { ids: [input.waveId], limit: 1 })
  return row === undefined ? null : (waveViews([row], await deps.stock.warehouseNames(tx, shopId))[0] ?? null)
}
