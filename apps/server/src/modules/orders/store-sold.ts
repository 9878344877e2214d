import { sql, type Tx } from '../../kernel/db.ts'

export interface SoldSku {
  units: number
  /** What buyers paid for the goods. */
  paidFen: number
  /** What went back to them; of an order that was refunded in part, shared out by what each line cost. */
  refundedFen: number
}

/** What was sold of each SKU in orders that were placed in these business days and paid. */
export async function soldBySku(
  tx: Tx,
  shopId: string,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
): Promise<Map<string, SoldSku>> {
  const rows = await tx.rows<SoldSku & { skuId: string }>(sql`
    select l.sku_id, sum(l.quantity) as units, sum(l.pay_total_fen)::bigint as paid_fen,
      sum(round(l.pay_total_fen::numeric * o.refunded_fen / greatest(o.paid_fen, 1)))::bigint as refunded_fen
    from orders o join order_lines l on l.shop_id = o.shop_id and l.order_id = o.id
    where o.shop_id = ${shopId} and o.paid_at is not null
      and o.placed_at >= ${from}::date::timestamp at time zone ${timeZone}
      and o.placed_at < (${to}::date + 1)::timestamp at time zone ${timeZone}
    group by l.sku_id`)
  return new Map(rows.map(({ skuId, ...sold }) => [skuId, sold]))
}
