import { CARRIERS, type CarrierCode } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import type { FulfilmentColumns, FulfilmentFilter } from '../orders/index.ts'
import type { Stock } from '../stock/index.ts'

/** Narrows a list of orders (alias `o`) to those with a parcel, or a routing, like this. */
export function orderConditions(shopId: string, filter: FulfilmentFilter): Sql[] {
  const { warehouseId, carrierCode, prePack, waveId, ruleId } = filter
  const parcel: Sql[] = []
  if (warehouseId !== undefined) parcel.push(sql`p.warehouse_id = ${warehouseId}`)
  if (carrierCode !== undefined) parcel.push(sql`p.carrier_code = ${carrierCode}`)
  if (prePack !== undefined) parcel.push(sql`p.pre_pack = ${prePack}`)
  if (waveId !== undefined) parcel.push(sql`p.wave_id = ${waveId}`)
  const conditions: Sql[] = []
  if (parcel.length > 0)
    conditions.push(sql`exists (
      select from parcel_lines l join parcels p on p.shop_id = l.shop_id and p.id = l.parcel_id
      where l.shop_id = ${shopId} and l.order_id = o.id and p.state <> 'cancelled' and ${join(parcel, ' and ')})`)
  if (ruleId !== undefined) conditions.push(sql`o.routing->'hit' ? ${ruleId}`)
  return conditions
}

/** What the list of orders says of their parcels; an order without any is absent. */
export async function orderColumns(
  tx: Tx,
  stock: Pick<Stock, 'warehouseNames'>,
  shopId: string,
  orderIds: readonly string[],
): Promise<Map<string, FulfilmentColumns>> {
  const rows = await tx.rows<{
    orderId: string
    warehouseIds: string[]
    carrierCodes: CarrierCode[]
    prePack: boolean
    waves: string[]
  }>(sql`
    select l.order_id, array_agg(distinct p.warehouse_id::text) as warehouse_ids,
      array_agg(distinct p.carrier_code) as carrier_codes, bool_or(p.pre_pack) as pre_pack,
      array_remove(array_agg(distinct w.code), null) as waves
    from parcel_lines l
    join parcels p on p.shop_id = l.shop_id and p.id = l.parcel_id and p.state <> 'cancelled'
    left join waves w on w.shop_id = p.shop_id and w.id = p.wave_id
    where l.shop_id = ${shopId} and l.order_id = any(${orderIds as string[]}::uuid[])
    group by l.order_id`)
  const names = await stock.warehouseNames(tx, shopId)
  return new Map(
    rows.map(({ orderId, warehouseIds, carrierCodes, prePack, waves }) => [
      orderId,
      {
        warehouses: warehouseIds.map((id) => names.get(id) ?? ''),
        carriers: carrierCodes.map((code) => CARRIERS[code]),
        prePack,
        waves,
      },
    ]),
  )
}
