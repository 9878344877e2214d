import { sql, type Tx } from '../../kernel/db.ts'

export interface DayMoney {
  paidFen: number
  paidOrders: number
  buyers: number
  refundedFen: number
}

/** Money by codes that came for orders and went back from them in `[from, to)`. */
export const moneyBetween = (tx: Tx, shopId: string, from: string, to: string) =>
  tx.one<DayMoney>(sql`
    select coalesce(sum(received_fen), 0)::bigint as paid_fen, count(distinct order_id) as paid_orders,
      count(distinct buyer_id) as buyers,
      (select coalesce(sum(amount_fen), 0)::bigint from personal_refunds
        where shop_id = ${shopId} and state = 'recorded' and (settles_order or part_of_order) and paid_at >= ${from} and paid_at < ${to}) as refunded_fen
    from personal_payments
    where shop_id = ${shopId} and state = 'confirmed' and taken and received_at >= ${from} and received_at < ${to}`)

/** `moneyBetween` by business day, for the days on which there was any. */
export async function moneyByDay(
  tx: Tx,
  shopId: string,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
): Promise<Map<string, DayMoney>> {
  const rows = await tx.rows<DayMoney & { day: string }>(sql`
    select coalesce(p.day, r.day) as day, coalesce(p.paid_fen, 0)::bigint as paid_fen,
      coalesce(p.paid_orders, 0) as paid_orders, coalesce(p.buyers, 0) as buyers,
      coalesce(r.refunded_fen, 0)::bigint as refunded_fen
    from (
      select to_char(received_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, sum(received_fen) as paid_fen,
        count(distinct order_id) as paid_orders, count(distinct buyer_id) as buyers
      from personal_payments
      where shop_id = ${shopId} and state = 'confirmed' and taken and received_at >= ${from} and received_at < ${to}
      group by 1
    ) p full join (
      select to_char(paid_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, sum(amount_fen) as refunded_fen
      from personal_refunds
      where shop_id = ${shopId} and state = 'recorded' and (settles_order or part_of_order) and paid_at >= ${from} and paid_at < ${to}
      group by 1
    ) r on r.day = p.day`)
  return new Map(rows.map(({ day, ...money }) => [day, money]))
}
