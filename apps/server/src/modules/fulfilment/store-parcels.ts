import type { CarrierCode, ParcelState, ServiceLevel } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface ParcelLineRow {
  orderId: string
  line: number
  skuId: string
  quantity: number
}

export interface ParcelRow {
  shopId: string
  id: string
  code: string
  state: ParcelState
  version: number
  warehouseId: string
  carrierCode: CarrierCode
  service: ServiceLevel | null
  prePack: boolean
  packingNote: string
  trackingNo: string | null
  waveId: string | null
  handOverAt: string | null
  packedBy: Actor | null
  shippedAt: string | null
  problem: string | null
  createdAt: string
  lines: ParcelLineRow[]
}

export const OPEN_STATES: readonly ParcelState[] = ['awaiting', 'picking', 'packed']

const SELECT = sql`
  select p.shop_id, p.id, p.code, p.state, p.version, p.warehouse_id, p.carrier_code, p.service, p.pre_pack,
    p.packing_note, p.tracking_no, p.wave_id, p.hand_over_at, p.packed_by, p.shipped_at, p.problem, p.created_at,
    (select coalesce(jsonb_agg(jsonb_build_object('orderId', l.order_id, 'line', l.line, 'skuId', l.sku_id,
        'quantity', l.quantity) order by l.order_id, l.line), '[]')
      from parcel_lines l where l.shop_id = p.shop_id and l.parcel_id = p.id) as lines
  from parcels p`

/** Parcels by id, in id order. */
export async function parcelsByIds(tx: Tx, shopId: string, ids: readonly string[]): Promise<ParcelRow[]> {
  return tx.rows<ParcelRow>(sql`
    ${SELECT} where p.shop_id = ${shopId} and p.id = any(${ids as string[]}::uuid[]) order by p.id`)
}

/** Locks parcels in id order, then reads them: what somebody else changed while we waited is seen. */
export async function lockParcels(tx: Tx, shopId: string, ids: readonly string[]): Promise<ParcelRow[]> {
  await tx.rows(sql`
    select id from parcels where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[]) order by id for update`)
  return parcelsByIds(tx, shopId, ids)
}

/** Ids of parcels that hold something of these orders. */
export async function parcelIdsOfOrders(
  tx: Tx,
  shopId: string,
  orderIds: readonly string[],
  states?: readonly ParcelState[],
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select p.id from parcels p
    where p.shop_id = ${shopId} and p.id = any(array(
        select parcel_id from parcel_lines where shop_id = ${shopId} and order_id = any(${orderIds as string[]}::uuid[])))
      and (${states === undefined} or p.state = any(${(states ?? []) as string[]}::text[]))
    order by p.id limit 2000`)
  return rows.map((row) => row.id)
}

/** Parcels of a buyer that have no label yet, oldest first. */
export async function unpackedParcelsOfBuyer(
  tx: Tx,
  shopId: string,
  buyerId: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select distinct p.id from orders o
    join parcel_lines l on l.shop_id = o.shop_id and l.order_id = o.id
    join parcels p on p.shop_id = l.shop_id and p.id = l.parcel_id
    where o.shop_id = ${shopId} and o.buyer_id = ${buyerId} and o.state = 'awaiting-shipment'
      and p.state in ('awaiting', 'picking')
    order by p.id limit ${limit}`)
  return rows.map((row) => row.id)
}

/** The parcel with this code. */
export async function parcelIdsByCode(tx: Tx, shopId: string, code: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from parcels where shop_id = ${shopId} and code = ${code} limit 1`)
  return rows.map((row) => row.id)
}

/** Other parcels with this tracking number that have been packed or shipped. */
export async function parcelsByTracking(
  tx: Tx,
  shopId: string,
  trackingNo: string,
  exceptId: string,
): Promise<ParcelRow[]> {
  return tx.rows<ParcelRow>(sql`
    ${SELECT} where p.shop_id = ${shopId} and p.tracking_no = ${trackingNo} and p.id <> ${exceptId}
    order by p.id limit 50`)
}

export interface ParcelListFilter {
  state?: ParcelState | undefined
  states?: readonly ParcelState[] | undefined
  warehouseId?: string | undefined
  carrierCode?: string | undefined
  prePack?: boolean | undefined
  waveId?: string | undefined
  orderIds?: readonly string[] | undefined
  ids?: readonly string[] | undefined
  q?: string | undefined
  beforeId?: string | undefined
  limit: number
}

/** Parcels, newest first. */
export async function listParcels(tx: Tx, shopId: string, filter: ParcelListFilter): Promise<ParcelRow[]> {
  const conditions: Sql[] = [sql`p.shop_id = ${shopId}`]
  const { state, states, warehouseId, carrierCode, prePack, waveId, orderIds, ids, q, beforeId } = filter
  if (state !== undefined) conditions.push(sql`p.state = ${state}`)
  if (states !== undefined) conditions.push(sql`p.state = any(${states as string[]}::text[])`)
  if (warehouseId !== undefined) conditions.push(sql`p.warehouse_id = ${warehouseId}`)
  if (carrierCode !== undefined) conditions.push(sql`p.carrier_code = ${carrierCode}`)
  if (prePack !== undefined) conditions.push(sql`p.pre_pack = ${prePack}`)
  if (waveId !== undefined) conditions.push(sql`p.wave_id = ${waveId}`)
  if (ids !== undefined) conditions.push(sql`p.id = any(${ids as string[]}::uuid[])`)
  if (orderIds !== undefined)
    conditions.push(sql`p.id in (select l.parcel_id from parcel_lines l
      where l.shop_id = ${shopId} and l.order_id = any(${orderIds as string[]}::uuid[]))`)
  if (q)
    conditions.push(sql`(p.code = ${q} or p.tracking_no = ${q} or p.id in (
      select l.parcel_id from parcel_lines l join orders o on o.shop_id = l.shop_id and o.id = l.order_id
      where o.shop_id = ${shopId} and o.order_no = ${q}))`)
  if (beforeId !== undefined) conditions.push(sql`p.id < ${beforeId}`)
  return tx.rows<ParcelRow>(sql`${SELECT} where ${join(conditions, ' and ')} order by p.id desc limit ${filter.limit}`)
}

/** How many parcels each order has had, cancelled ones too: the number of the next one's code. */
export async function parcelCounts(tx: Tx, shopId: string, orderNos: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.rows<{ orderNo: string; count: number }>(sql`
    select want.order_no, (select count(*) from parcels p where p.shop_id = ${shopId}
      and p.code like want.order_no || '-%') as count
    from unnest(${orderNos as string[]}::text[]) as want(order_no)`)
  return new Map(rows.map((row) => [row.orderNo, row.count]))
}

export async function insertParcels(tx: Tx, parcels: readonly ParcelRow[]): Promise<void> {
  for (const p of parcels)
    await tx.exec(sql`
      insert into parcels (shop_id, id, code, state, version, warehouse_id, carrier_code, service, pre_pack, packing_note,
        tracking_no, wave_id, hand_over_at, packed_by, shipped_at, problem, created_at)
      values (${p.shopId}, ${p.id}, ${p.code}, ${p.state}, ${p.version}, ${p.warehouseId}, ${p.carrierCode}, ${p.service},
        ${p.prePack}, ${p.packingNote}, ${p.trackingNo}, ${p.waveId}, ${p.handOverAt}, ${jsonOrNull(p.packedBy)},
        ${p.shippedAt}, ${p.problem}, ${p.createdAt})`)
  await insertLines(tx, parcels)
}

const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

async function insertLines(tx: Tx, parcels: readonly ParcelRow[]): Promise<void> {
  const rows = parcels.flatMap((parcel) => parcel.lines.map((line) => ({ ...line, parcel })))
  if (rows.length === 0) return
  await tx.exec(sql`
    insert into parcel_lines (shop_id, parcel_id, order_id, line, sku_id, quantity)
    select * from unnest(${rows.map((row) => row.parcel.shopId)}::uuid[], ${rows.map((row) => row.parcel.id)}::uuid[],
      ${rows.map((row) => row.orderId)}::uuid[], ${rows.map((row) => row.line)}::smallint[],
      ${rows.map((row) => row.skuId)}::uuid[], ${rows.map((row) => row.quantity)}::int[])`)
}

/** Writes everything that may change of a locked parcel, but not what is in it. Answers it with its new version. */
export async function saveParcel(tx: Tx, p: ParcelRow): Promise<ParcelRow> {
  const written = await tx.exec(sql`
    update parcels set state = ${p.state}, version = version + 1, warehouse_id = ${p.warehouseId},
      carrier_code = ${p.carrierCode}, service = ${p.service}, pre_pack = ${p.prePack}, packing_note = ${p.packingNote},
      tracking_no = ${p.trackingNo}, wave_id = ${p.waveId}, hand_over_at = ${p.handOverAt},
      packed_by = ${jsonOrNull(p.packedBy)}, shipped_at = ${p.shippedAt}, problem = ${p.problem}
    where shop_id = ${p.shopId} and id = ${p.id} and version = ${p.version}`)
  if (written !== 1) throw new Error(`Parcel ${p.code} moved under its lock`)
  return { ...p, version: p.version + 1 }
}

/** Writes what is in a locked parcel. */
export async function saveParcelLines(tx: Tx, parcel: ParcelRow): Promise<void> {
  await tx.exec(sql`delete from parcel_lines where shop_id = ${parcel.shopId} and parcel_id = ${parcel.id}`)
  await insertLines(tx, [parcel])
}

/** Packed parcels whose time to undo is over. Scope `system`. */
export async function dueParcels(tx: Tx, now: string, limit: number): Promise<{ shopId: string; id: string }[]> {
  return tx.rows(sql`
    select shop_id, id from parcels where state = 'packed' and hand_over_at <= ${now} order by hand_over_at limit ${limit}`)
}

/** Orders that are paid and wait to be shipped by courier but have no open parcel. Scope `system`. */
export async function ordersWithoutParcel(tx: Tx, limit: number): Promise<{ shopId: string; id: string }[]> {
  return tx.rows(sql`
    select o.shop_id, o.id from orders o where o.state = 'awaiting-shipment'
      and not exists (select from order_deliveries d where d.shop_id = o.shop_id and d.order_id = o.id)
      and not exists (
      select from parcel_lines l join parcels p on p.shop_id = l.shop_id and p.id = l.parcel_id
      where l.shop_id = o.shop_id and l.order_id = o.id and p.state in ('awaiting', 'picking', 'packed'))
    order by o.shop_id, o.id limit ${limit}`)
}

/** Codes and barcodes of SKUs. */
export async function skuCodes(
  tx: Tx,
  shopId: string,
  skuIds: readonly string[],
): Promise<Map<string, { code: string; barcode: string }>> {
  const rows = await tx.rows<{ skuId: string; code: string; barcode: string }>(sql`
    select sku_id, sku_code as code, barcode from catalog_sku_view
    where shop_id = ${shopId} and sku_id = any(${skuIds as string[]}::uuid[])`)
  return new Map(rows.map((row) => [row.skuId, row]))
}

/** All parcels that may be seen. */
export const countParcels = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from parcels where shop_id = ${shopId}`)).count
