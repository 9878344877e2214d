import { type Db, sql } from '../../apps/server/src/kernel/db.ts'
import { auditLedger } from '../../apps/server/src/ledger/index.ts'

/** What must hold after a sale, asked of the database alone. */
export async function auditSale(
  db: Db,
  shopId: string,
  sale: { units: number; limit: number; orderIds: readonly string[]; paidIds: readonly string[] },
) {
  const found = await db.tx({ shopId }, (tx) =>
    tx.one<{
      sold: number
      left: number
      overByLines: number
      overByLedger: number
      lost: number
      unbooked: number
      limited: number
    }>(sql`
      with kept as (
        select o.buyer_id, l.product_id, l.quantity from orders o
        join order_lines l on l.shop_id = o.shop_id and l.order_id = o.id
        where o.shop_id = ${shopId} and o.state <> 'cancelled'
      )
      select (select coalesce(sum(quantity), 0)::int from kept) as sold,
        (select sum(credits_posted - debits_posted - debits_pending)::int from ledger_accounts
          where shop_id = ${shopId} and code = 'stock.available') as left,
        (select count(*)::int from (select 1 from kept group by buyer_id, product_id
          having sum(quantity) > ${sale.limit}) each) as over_by_lines,
        (select count(*)::int from ledger_accounts where shop_id = ${shopId} and code = 'limit.bought'
          and credits_posted + credits_pending - debits_posted > ${sale.limit}) as over_by_ledger,
        (select count(*)::int from ledger_accounts where shop_id = ${shopId} and code = 'limit.bought') as limited,
        (select count(*)::int from unnest(${[...sale.orderIds]}::uuid[]) as said(id)
          left join orders o on o.shop_id = ${shopId} and o.id = said.id where o.id is null) as lost,
        (select count(*)::int from unnest(${[...sale.paidIds]}::uuid[]) as said(id) where 1 <>
          (select count(*) from payments p where p.shop_id = ${shopId} and p.order_id = said.id
            and p.state = 'paid' and p.taken)) as unbooked`),
  )
  const { deviations } = await db.read('system', (tx) => auditLedger(tx))
  return { ...found, oversold: Math.abs(found.sold + found.left - sale.units), deviations: deviations.length }
}
