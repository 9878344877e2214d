import type { GeoPoint, SameCityZone } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface PointData {
  name: string
  province: string
  city: string
  district: string
  address: string
  phone: string
  opensAt: string
  closesAt: string
  location: GeoPoint | null
  active: boolean
  warehouseId: string | null
  staffIds: string[]
}

export interface PointRow extends PointData {
  shopId: string
  id: string
  version: number
}

type FlatPoint = Omit<PointRow, 'location'> & { latitude: number | null; longitude: number | null }

const located = ({ latitude, longitude, ...row }: FlatPoint): PointRow => ({
  ...row,
  location: latitude === null || longitude === null ? null : { latitude, longitude },
})

const POINT = sql`shop_id, id, version, name, province, city, district, address, phone, opens_at, closes_at, latitude,
  longitude, active, warehouse_id, staff_ids`

export async function pointsOf(
  tx: Tx,
  shopIds: readonly string[],
  options: { activeOnly: boolean },
): Promise<PointRow[]> {
  const rows = await tx.rows<FlatPoint>(sql`
    select ${POINT} from pick_up_points where shop_id = any(${shopIds as string[]}::uuid[])
      ${options.activeOnly ? sql`and active` : empty} order by created_at, id limit 1000`)
  return rows.map(located)
}

export async function findPoint(tx: Tx, shopId: string, id: string): Promise<PointRow | undefined> {
  const row = await tx.maybe<FlatPoint>(
    sql`select ${POINT} from pick_up_points where shop_id = ${shopId} and id = ${id}`,
  )
  return row && located(row)
}

/** Answers false when the name is taken. */
export async function insertPoint(tx: Tx, shopId: string, id: string, data: PointData, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into pick_up_points (shop_id, id, version, name, province, city, district, address, phone, opens_at,
        closes_at, latitude, longitude, active, warehouse_id, staff_ids, created_at, updated_at)
      values (${shopId}, ${id}, 1, ${data.name}, ${data.province}, ${data.city}, ${data.district}, ${data.address},
        ${data.phone}, ${data.opensAt}, ${data.closesAt}, ${data.location?.latitude ?? null},
        ${data.location?.longitude ?? null}, ${data.active}, ${data.warehouseId}, ${data.staffIds}::uuid[], ${at}, ${at})
      on conflict (shop_id, name) do nothing`)) === 1
  )
}

/** Compare-and-set on the version. */
export async function updatePoint(
  tx: Tx,
  shopId: string,
  id: string,
  version: number,
  data: PointData,
  at: string,
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update pick_up_points set version = version + 1, name = ${data.name}, province = ${data.province},
        city = ${data.city}, district = ${data.district}, address = ${data.address}, phone = ${data.phone},
        opens_at = ${data.opensAt}, closes_at = ${data.closesAt}, latitude = ${data.location?.latitude ?? null},
        longitude = ${data.location?.longitude ?? null}, active = ${data.active}, warehouse_id = ${data.warehouseId},
        staff_ids = ${data.staffIds}::uuid[], updated_at = ${at}
      where shop_id = ${shopId} and id = ${id} and version = ${version}`)) === 1
  )
}

export const pointNameTaken = async (tx: Tx, shopId: string, name: string, exceptId: string): Promise<boolean> =>
  (await tx.maybe(
    sql`select 1 from pick_up_points where shop_id = ${shopId} and name = ${name} and id <> ${exceptId}`,
  )) !== undefined

export const deletePoint = (tx: Tx, shopId: string, id: string) =>
  tx.exec(sql`delete from pick_up_points where shop_id = ${shopId} and id = ${id}`)

export interface AreaData {
  province: string
  city: string
  location: GeoPoint | null
  opensAt: string
  closesAt: string
  warehouseId: string | null
  zones: SameCityZone[]
}

export interface AreaRow extends AreaData {
  shopId: string
  version: number
}

export async function areasOf(tx: Tx, shopIds: readonly string[]): Promise<Map<string, AreaRow>> {
  const rows = await tx.rows<Omit<AreaRow, 'location'> & { latitude: number | null; longitude: number | null }>(sql`
    select shop_id, version, province, city, latitude, longitude, opens_at, closes_at, warehouse_id, zones
    from same_city_areas where shop_id = any(${shopIds as string[]}::uuid[])`)
  return new Map(
    rows.map(({ latitude, longitude, ...row }) => [
      row.shopId,
      { ...row, location: latitude === null || longitude === null ? null : { latitude, longitude } },
    ]),
  )
}

/** Compare-and-set; version 0 when there is none yet. */
export async function saveArea(tx: Tx, shopId: string, version: number, area: AreaData, at: string): Promise<boolean> {
  const { province, city, location, opensAt, closesAt, warehouseId } = area
  const zones = JSON.stringify(area.zones)
  if (version === 0)
    return (
      (await tx.exec(sql`
        insert into same_city_areas (shop_id, version, province, city, latitude, longitude, opens_at, closes_at,
          warehouse_id, zones, updated_at)
        values (${shopId}, 1, ${province}, ${city}, ${location?.latitude ?? null}, ${location?.longitude ?? null},
          ${opensAt}, ${closesAt}, ${warehouseId}, ${zones}::jsonb, ${at})
        on conflict do nothing`)) === 1
    )
  return (
    (await tx.exec(sql`
      update same_city_areas set version = version + 1, province = ${province}, city = ${city},
        latitude = ${location?.latitude ?? null}, longitude = ${location?.longitude ?? null}, opens_at = ${opensAt},
        closes_at = ${closesAt}, warehouse_id = ${warehouseId}, zones = ${zones}::jsonb, updated_at = ${at}
      where shop_id = ${shopId} and version = ${version}`)) === 1
  )
}
