import { MOVEMENT_REASONS, type MovementReason, type ProductMoment } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { MomentsWish } from '../catalog/index.ts'

interface Row {
  key: string
  at: string
  reason: MovementReason
  quantity: number
  note: string
  actorName: string
  orderNo: string | null
  warehouseName: string
  options: string
}

/** Movements of a product's SKUs as its timeline tells them, newest first. */
export async function stockMoments(tx: Tx, wish: MomentsWish): Promise<ProductMoment[]> {
  const { shopId, productId, before, limit } = wish
  const rows = await tx.rows<Row>(sql`
    select * from (
      select ('stock:' || m.id) collate "C" as key, m.at, m.reason, m.quantity, m.note, m.actor_name, m.order_no,
        w.name as warehouse_name, v.options
      from catalog_sku_view v
      join stock_movements m on m.shop_id = v.shop_id and m.sku_id = v.sku_id
      join warehouses w on w.shop_id = m.shop_id and w.id = m.warehouse_id
      where v.shop_id = ${shopId} and v.product_id = ${productId}
    ) moved ${before ? sql`where (at, key) < (${before.at}::timestamptz, ${before.key})` : empty}
    order by at desc, key desc limit ${limit}`)
  return rows.map(({ key, at, reason, quantity, note, actorName, orderNo, warehouseName, options }) => ({
    ...{ key, at, kind: 'stock', version: null, changes: [], quantity, who: actorName },
    text: [options, warehouseName, MOVEMENT_REASONS[reason].zh, orderNo, note].filter(Boolean).join(' · '),
  }))
}
