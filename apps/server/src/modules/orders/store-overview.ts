import { sql, type Tx } from '../../kernel/db.ts'

/** How many orders wait: for the buyer's money, for the parcel, for money to go back. */
export const countOpen = (tx: Tx, shopId: string) =>
  tx.one<{ awaitingPayment: number; awaitingShipment: number; refunding: number }>(sql`
    select count(*) filter (where state = 'awaiting-payment') as awaiting_payment,
      count(*) filter (where state = 'awaiting-shipment') as awaiting_shipment,
      count(*) filter (where state = 'refunding') as refunding
    from orders where shop_id = ${shopId} and state in ('awaiting-payment', 'awaiting-shipment', 'refunding')`)

/** Paid orders that should have been shipped by now: paid before `before`. */
export const countLate = async (tx: Tx, shopId: string, before: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from orders
      where shop_id = ${shopId} and state = 'awaiting-shipment' and paid_at < ${before}`)
  ).count

/** How far a shop has come with selling. */
export const salesMilestones = (tx: Tx, shopId: string) =>
  tx.one<{ hasOrders: boolean; hasShipped: boolean; freightSet: boolean }>(sql`
    select exists (select from orders where shop_id = ${shopId}) as has_orders,
      exists (select from shipments where shop_id = ${shopId}) as has_shipped,
      exists (select from freight_templates where shop_id = ${shopId} and (version > 1 or not is_default)) as freight_set`)

export const orderExists = async (tx: Tx, shopId: string, orderId: string): Promise<boolean> =>
  (await tx.maybe(sql`select 1 from orders where shop_id = ${shopId} and id = ${orderId}`)) !== undefined

export interface RecentStep {
  orderId: string
  orderNo: string
  totalFen: number
  at: string
  event: string
  text: string
}

/** The last steps of the `orders` newest orders, newest first. */
export const recentSteps = (tx: Tx, shopId: string, limits: { orders: number; steps: number }) =>
  tx.rows<RecentStep>(sql`
    select o.id as order_id, o.order_no, o.total_fen, t.at, t.event, t.text
    from (select id, order_no, total_fen from orders where shop_id = ${shopId}
      order by placed_at desc, id desc limit ${limits.orders}) o
    join order_steps t on t.shop_id = ${shopId} and t.order_id = o.id
    order by t.at desc, t.version desc limit ${limits.steps}`)

/** All orders that may be seen. */
export const countOrders = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from orders where shop_id = ${shopId}`)).count

export interface BroughtOrders {
  orders: number
  paidOrders: number
  paidFen: number
  buyers: number
}

/** Orders placed in these business days by the channel account that brought them; null: by none (ACC-01). */
export async function ordersByAccount(
  tx: Tx,
  shopId: string,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
): Promise<Map<string | null, BroughtOrders>> {
  const rows = await tx.rows<BroughtOrders & { accountId: string | null }>(sql`
    select channel_account_id as account_id, count(*) as orders, count(paid_at) as paid_orders,
      coalesce(sum(paid_fen), 0)::bigint as paid_fen, count(distinct buyer_id) filter (where paid_at is not null) as buyers
    from orders where shop_id = ${shopId}
      and placed_at >= ${from}::date::timestamp at time zone ${timeZone}
      and placed_at < (${to}::date + 1)::timestamp at time zone ${timeZone}
    group by channel_account_id`)
  return new Map(rows.map(({ accountId, ...figures }) => [accountId, figures]))
}
