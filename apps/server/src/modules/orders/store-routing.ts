import { sql, type Tx } from '../../kernel/db.ts'
import type { PackedRouting } from './deps.ts'

/** What of an order routing looks at. */
export interface RoutedOrderRow {
  id: string
  orderNo: string
  placedAt: string
  province: string
  city: string
  district: string
  totalFen: number
  discountFen: number
  campaigns: string[]
  lines: { skuId: string; quantity: number }[]
  /** What was decided when it was placed; null for orders older than routing. */
  routing: PackedRouting | null
}

/** The last orders of a shop, newest first, or the one with this number. */
export async function ordersForRouting(
  tx: Tx,
  shopId: string,
  wanted: { last: number } | { orderNo: string } | { orderId: string },
): Promise<RoutedOrderRow[]> {
  const which =
    'last' in wanted
      ? sql`order by o.placed_at desc, o.id desc limit ${wanted.last}`
      : 'orderNo' in wanted
        ? sql`and o.order_no = ${wanted.orderNo}`
        : sql`and o.id = ${wanted.orderId}`
  return tx.rows<RoutedOrderRow>(sql`
    select o.id, o.order_no, o.placed_at, o.province, o.city, o.district, o.total_fen, o.discount_fen, o.routing,
      (select coalesce(jsonb_agg(distinct named.name), '[]') from order_adjustments a
        cross join lateral (values (a.source), (a.label)) as named(name)
        where a.shop_id = o.shop_id and a.order_id = o.id) as campaigns,
      (select jsonb_agg(jsonb_build_object('skuId', l.sku_id, 'quantity', l.quantity) order by l.line)
        from order_lines l where l.shop_id = o.shop_id and l.order_id = o.id) as lines
    from orders o where o.shop_id = ${shopId} ${which}`)
}
