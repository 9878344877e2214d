import type { DeliveryMethod } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface ShipmentInput {
  shopId: string
  id: string
  order: { id: string; buyerId: string; orderNo: string }
  method: DeliveryMethod
  carrierCode: string
  trackingNo: string
  shippedAt: string
  shippedBy: string
  parts: readonly { line: number; warehouseId: string; quantity: number }[]
}

/** Writes a parcel and counts its units as shipped. The order is locked by the caller. */
export async function insertShipment(tx: Tx, shipment: ShipmentInput): Promise<void> {
  const { shopId, id, order, method, carrierCode, trackingNo, shippedAt, shippedBy, parts } = shipment
  await tx.exec(sql`
    insert into shipments (shop_id, id, order_id, buyer_id, order_no, method, carrier_code, tracking_no, shipped_at, shipped_by)
    values (${shopId}, ${id}, ${order.id}, ${order.buyerId}, ${order.orderNo}, ${method}, ${carrierCode},
      ${trackingNo}, ${shippedAt}, ${shippedBy})`)
  const lines = parts.map((part) => part.line)
  const quantities = parts.map((part) => part.quantity)
  await tx.exec(sql`
    insert into shipment_lines (shop_id, shipment_id, buyer_id, line, warehouse_id, quantity)
    select ${shopId}, ${id}, ${order.buyerId}, * from unnest(${lines}::smallint[],
      ${parts.map((part) => part.warehouseId)}::uuid[], ${quantities}::int[])`)
  await tx.exec(sql`
    update order_lines l set shipped_quantity = l.shipped_quantity + p.quantity
    from (select line, sum(quantity)::int as quantity from unnest(${lines}::smallint[], ${quantities}::int[])
      as u(line, quantity) group by line) p
    where l.shop_id = ${shopId} and l.order_id = ${order.id} and l.line = p.line`)
}

/** What has left of orders, by line and warehouse. */
export async function shippedParts(
  tx: Tx,
  shopId: string,
  orderIds: readonly string[],
): Promise<{ orderId: string; line: number; warehouseId: string; quantity: number }[]> {
  return tx.rows(sql`
    select s.order_id, l.line, l.warehouse_id, sum(l.quantity)::int as quantity
    from shipments s join shipment_lines l on l.shop_id = s.shop_id and l.shipment_id = s.id
    where s.shop_id = ${shopId} and s.order_id = any(${orderIds as string[]}::uuid[])
    group by s.order_id, l.line, l.warehouse_id`)
}

export interface ShipmentRow {
  id: string
  orderId: string
  orderNo: string
  method: DeliveryMethod
  carrierCode: string
  trackingNo: string
  shippedAt: string
  lines: { skuId: string; title: string; options: string; quantity: number; warehouseId: string }[]
}

export interface ShipmentFilter {
  orderIds?: readonly string[]
  /** An order number or a tracking number. */
  q?: string
  before?: { at: string; id: string }
  limit: number
}

/** Parcels with what is in them, newest first. */
export async function listShipments(tx: Tx, shopId: string, filter: ShipmentFilter): Promise<ShipmentRow[]> {
  const conditions: Sql[] = [sql`s.shop_id = ${shopId}`]
  if (filter.orderIds !== undefined) conditions.push(sql`s.order_id = any(${filter.orderIds as string[]}::uuid[])`)
  if (filter.q) conditions.push(sql`(s.tracking_no = ${filter.q} or s.order_no = ${filter.q})`)
  if (filter.before !== undefined)
    conditions.push(sql`(s.shipped_at, s.id) < (${filter.before.at}::timestamptz, ${filter.before.id}::uuid)`)
  return tx.rows<ShipmentRow>(sql`
    select s.id, s.order_id, s.order_no, s.method, s.carrier_code, s.tracking_no, s.shipped_at, (
        select coalesce(jsonb_agg(jsonb_build_object('skuId', l.sku_id, 'title', l.title, 'options', l.options,
          'quantity', p.quantity, 'warehouseId', p.warehouse_id) order by p.line, p.warehouse_id), '[]')
        from shipment_lines p
        join order_lines l on l.shop_id = p.shop_id and l.order_id = s.order_id and l.line = p.line
        where p.shop_id = s.shop_id and p.shipment_id = s.id
      ) as lines
    from shipments s
    where ${join(conditions, ' and ')}
    order by s.shipped_at desc, s.id desc limit ${filter.limit}`)
}
