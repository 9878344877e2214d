import { sql, type Tx } from '../../kernel/db.ts'
import { followWarehouses, type LineRow, type OrderRow } from './store-orders.ts'

type Cut = Pick<LineRow, 'quantity' | 'payTotalFen' | 'unitPayRuns' | 'allocations'>
type NewLineRow = Omit<LineRow, 'shopId' | 'orderId' | 'shippedQuantity'>

export async function updateLine(tx: Tx, order: OrderRow, line: number, cut: Cut): Promise<void> {
  await tx.exec(sql`
    update order_lines set quantity = ${cut.quantity}, pay_total_fen = ${cut.payTotalFen},
      unit_pay_runs = ${JSON.stringify(cut.unitPayRuns)}::jsonb, allocations = ${JSON.stringify(cut.allocations)}::jsonb
    where shop_id = ${order.shopId} and order_id = ${order.id} and line = ${line}`)
  await followWarehouses(tx, order.shopId, order.id)
}

export async function deleteLine(tx: Tx, order: OrderRow, line: number): Promise<void> {
  await tx.exec(
    sql`delete from order_lines where shop_id = ${order.shopId} and order_id = ${order.id} and line = ${line}`,
  )
  await followWarehouses(tx, order.shopId, order.id)
}

export async function insertLine(tx: Tx, order: OrderRow, row: NewLineRow): Promise<void> {
  await tx.exec(sql`
    insert into order_lines (shop_id, order_id, buyer_id, line, sku_id, product_id, title, options, picture_file_id,
      quantity, unit_price_fen, pay_total_fen, unit_pay_runs, allocations)
    values (${order.shopId}, ${order.id}, ${order.buyerId}, ${row.line}, ${row.skuId}, ${row.productId}, ${row.title},
      ${row.options}, ${row.pictureFileId}, ${row.quantity}, ${row.unitPriceFen}, ${row.payTotalFen},
      ${JSON.stringify(row.unitPayRuns)}::jsonb, ${JSON.stringify(row.allocations)}::jsonb)`)
  await followWarehouses(tx, order.shopId, order.id)
}

/** The order is locked by the caller. */
export async function resizeOrder(
  tx: Tx,
  order: OrderRow,
  by: { units: number; partRefundFen: number },
): Promise<void> {
  await tx.exec(sql`
    update orders set item_count = item_count + ${by.units}, part_refund_fen = part_refund_fen + ${by.partRefundFen}
    where shop_id = ${order.shopId} and id = ${order.id}`)
}

export async function setPayBefore(tx: Tx, order: OrderRow, until: string): Promise<void> {
  await tx.exec(sql`update orders set pay_before = ${until} where shop_id = ${order.shopId} and id = ${order.id}`)
}

/** Money of a part is back with the buyer. A whole order that was refunded meanwhile has counted it. */
export async function addPartRefunded(tx: Tx, shopId: string, orderId: string, amountFen: number): Promise<void> {
  await tx.exec(sql`
    update orders set refunded_fen = refunded_fen + ${amountFen}
    where shop_id = ${shopId} and id = ${orderId} and state <> 'refunded'`)
}

export interface SealedAddress {
  addressSealed: string
  receiverMasked: string
  phoneMasked: string
  phoneHash: string
  province: string
  city: string
  district: string
}

export async function setAddress(tx: Tx, order: OrderRow, address: SealedAddress): Promise<void> {
  const { addressSealed, receiverMasked, phoneMasked, phoneHash, province, city, district } = address
  await tx.exec(sql`
    update orders set address_sealed = ${addressSealed}, receiver_masked = ${receiverMasked},
      phone_masked = ${phoneMasked}, phone_hash = ${phoneHash}, province = ${province}, city = ${city},
      district = ${district}
    where shop_id = ${order.shopId} and id = ${order.id}`)
}

/** Paid orders by courier of which nothing moved since an instant, the longest first. */
export const unshippedSince = (tx: Tx, before: string, limit: number) =>
  tx.rows<{ shopId: string; id: string; buyerId: string; orderNo: string; paidAt: string }>(sql`
    select o.shop_id, o.id, o.buyer_id, o.order_no, o.paid_at from orders o
    where o.state = 'awaiting-shipment' and o.paid_at <= ${before}
    order by o.paid_at limit ${limit}`)
