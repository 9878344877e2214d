import { CARRIERS, type CarrierCode, PARCEL_STATES, type ShipFile, type ShipRow } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { readSpreadsheet } from '../catalog/index.ts'
import type { FulfilmentDeps } from './deps.ts'
import { syncParcels } from './plan-parcels.ts'
import { type ParsedRow, parseShipRows } from './ship-file-rows.ts'
import { carrierFor, shipParcel } from './ship-parcel.ts'
import { actorOf, record, type StaffCall } from './staff.ts'
import { OPEN_STATES, type ParcelRow, parcelIdsByCode, parcelIdsOfOrders, parcelsByIds } from './store-parcels.ts'
import {
  finishRow,
  insertShipFile,
  listShipFiles,
  listShipRows,
  lockReadyRow,
  type ShipFileRow,
} from './store-ship-files.ts'

export type ShipFileView = z.input<typeof ShipFile>

export const shipFileView = ({ createdBy, ...row }: ShipFileRow): ShipFileView => ({
  ...row,
  createdBy: createdBy.name ?? '',
})

/** @throws AppError NOT_FOUND */
export async function requireShipFile(tx: Tx, shopId: string, fileId: string): Promise<ShipFileView> {
  const [row] = await listShipFiles(tx, shopId, { id: fileId, limit: 1 })
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '发货表' } })
  return shipFileView(row)
}

/**
 * Takes a spreadsheet with tracking numbers and says of each row what would become of it. Nothing is shipped yet.
 * @throws AppError IMPORT_UNREADABLE, FILE_REFUSED
 */
export async function uploadShipFile(
  deps: FulfilmentDeps,
  call: StaffCall,
  fileName: string,
  bytes: Buffer,
): Promise<ShipFileView> {
  const { shopId } = call.params
  const { rows } = await readSpreadsheet(fileName, bytes)
  const parsed = parseShipRows(rows)
  const id = newId()
  return deps.db.tx({ shopId }, async (tx) => {
    const previewed: ShipRow[] = []
    for (const row of parsed) previewed.push(await preview(tx, deps, shopId, row))
    const createdAt = deps.clock.instant()
    const file = { id, fileName: fileName.slice(0, 200), createdAt, createdBy: actorOf(call), rows: previewed }
    await insertShipFile(tx, shopId, file)
    await record(tx, deps.clock, call, {
      action: 'fulfilment.upload-ship-file',
      entity: 'ship-file',
      entityId: id,
      summary: `上传发货表「${file.fileName}」，${parsed.length} 行`,
    })
    return requireShipFile(tx, shopId, id)
  })
}

async function preview(tx: Tx, deps: FulfilmentDeps, shopId: string, row: ParsedRow): Promise<ShipRow> {
  const { refusal, ...rest } = row
  if (refusal !== '') return { ...rest, state: 'refused', reason: refusal }
  try {
    const parcel = await findParcel(tx, deps, shopId, row)
    const { state, trackingNo } = parcel
    if (state === 'shipped' && trackingNo === row.trackingNo)
      return { ...rest, state: 'same', reason: '已用这个运单号发货' }
    if (state === 'shipped' || (state === 'packed' && trackingNo !== row.trackingNo) || state === 'cancelled')
      return { ...rest, state: 'refused', reason: `${PARCEL_STATES[state].zh}${trackingNo ? `（${trackingNo}）` : ''}` }
    const carrierCode = carrierFor(row.carrierCode, row.trackingNo, parcel)
    return { ...rest, carrierCode, state: 'ready', reason: recognised(row, carrierCode) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...rest, state: 'refused', reason: error.message.slice(0, 300) }
  }
}

function recognised({ carrierText, carrierCode }: ParsedRow, used: CarrierCode): string {
  if (carrierText !== '') return ''
  return carrierCode === null ? `没有写快递公司，按包裹的${CARRIERS[used]}` : `按单号识别为${CARRIERS[used]}`
}

/**
 * The parcel that a row, or a scan, means: by its code, or by the number of an order that has one parcel.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED when an order has several
 */
async function findParcel(
  tx: Tx,
  deps: FulfilmentDeps,
  shopId: string,
  { code }: { code: string },
): Promise<ParcelRow> {
  const rows = await parcelsForCode(tx, deps, shopId, code)
  const open = rows.filter((row) => OPEN_STATES.includes(row.state))
  if (open.length === 1) return open[0]!
  if (open.length > 1)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: `订单 ${code}`, reason: `分 ${open.length} 个包裹，请填写包裹号` },
    })
  const last = rows.findLast((row) => row.state === 'shipped') ?? rows.at(-1)
  if (last === undefined) throw new AppError('NOT_FOUND', { values: { what: `${code} 的待发包裹` } })
  return last
}

/** Parcels that a code stands for: the parcel's own, or those of an order. @throws AppError NOT_FOUND */
export async function parcelsForCode(
  tx: Tx,
  deps: Pick<FulfilmentDeps, 'orders' | 'clock' | 'settings'>,
  shopId: string,
  code: string,
): Promise<ParcelRow[]> {
  const own = await parcelIdsByCode(tx, shopId, code)
  if (own.length > 0) return parcelsByIds(tx, shopId, own)
  const orderId = (await deps.orders.orderIdsByNumber(tx, shopId, [code])).get(code)
  if (orderId === undefined) throw new AppError('NOT_FOUND', { values: { what: `包裹或订单 ${code}` } })
  const planned = await parcelIdsOfOrders(tx, shopId, [orderId], ['awaiting', 'picking', 'packed', 'shipped'])
  // An order that has just been paid may have no parcel yet.
  if (planned.length === 0) return syncParcels(tx, deps, shopId, [orderId])
  return parcelsByIds(tx, shopId, planned)
}

/**
 * Ships the next rows that are ready, each in a transaction of its own: what is refused stops nobody, and is kept with
 * its reason. Safe to call many times at once: a row is carried out once. Answers how far the file is.
 * @throws AppError NOT_FOUND
 */
export async function applyShipFile(
  deps: FulfilmentDeps,
  call: StaffCall,
  fileId: string,
  limit: number,
): Promise<ShipFileView> {
  const { shopId } = call.params
  const ready = await deps.db.read({ shopId }, async (tx) => {
    await requireShipFile(tx, shopId, fileId)
    return listShipRows(tx, shopId, fileId, { state: 'ready', limit })
  })
  for (const { line } of ready) await applyRow(deps, call, fileId, line)
  return deps.db.tx({ shopId }, (tx) => requireShipFile(tx, shopId, fileId))
}

async function applyRow(deps: FulfilmentDeps, call: StaffCall, fileId: string, line: number): Promise<void> {
  const { shopId } = call.params
  try {
    await deps.db.tx({ shopId }, async (tx) => {
      const row = await lockReadyRow(tx, shopId, fileId, line)
      if (row === undefined) return
      const parcel = await findParcel(tx, deps, shopId, row)
      const { carrierCode, trackingNo } = row
      const input = { shopId, parcelId: parcel.id, carrierCode: carrierCode ?? undefined, trackingNo }
      const state = await shipParcel(tx, deps, { ...input, actor: actorOf(call) })
      await finishRow(tx, shopId, fileId, { line, state, reason: state === 'same' ? '已用这个运单号发货' : '' })
      if (state === 'shipped')
        await record(tx, deps.clock, call, {
          action: 'fulfilment.ship',
          entity: 'parcel',
          entityId: parcel.id,
          summary: `包裹 ${parcel.code} 发货（表格）：${trackingNo}`,
        })
    })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const reason = error.message
    await deps.db.tx({ shopId }, (tx) => finishRow(tx, shopId, fileId, { line, state: 'refused', reason }))
  }
}
