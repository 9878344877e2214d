import { plainArray } from '../../kernel/arrays.ts'
import { MOST_COPIED, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

interface ShopBuyer {
  shopId: string
  buyerId: string
}

/** What buyers have bought: paid orders, money less what went back. Who never ordered is absent. Scope `system`. */
export const figuresOf = (
  tx: Tx,
  keys: readonly ShopBuyer[],
): Promise<(ShopBuyer & { orderCount: number; paidFen: number; lastOrderAt: string | null; firstOrderAt: string })[]> =>
  tx.rows(sql`
    select o.shop_id, o.buyer_id, count(*) filter (where o.paid_at is not null) as order_count,
      sum(o.paid_fen - o.refunded_fen)::bigint as paid_fen,
      max(o.placed_at) filter (where o.paid_at is not null) as last_order_at, min(o.placed_at) as first_order_at
    from unnest(${plainArray(keys.map(({ shopId }) => shopId))}::uuid[],
      ${plainArray(keys.map(({ buyerId }) => buyerId))}::uuid[]) as k(shop_id, buyer_id)
    join orders o on o.shop_id = k.shop_id and o.buyer_id = k.buyer_id
    group by o.shop_id, o.buyer_id order by o.shop_id, o.buyer_id`)

/** Whose orders these are, each buyer of a shop once, in order. Scope `system`. */
export const buyersOf = (tx: Tx, orders: readonly { shopId: string; orderId: string }[]): Promise<ShopBuyer[]> =>
  tx.rows<ShopBuyer>(sql`
    select distinct o.shop_id, o.buyer_id
    from unnest(${plainArray(orders.map(({ shopId }) => shopId))}::uuid[],
      ${plainArray(orders.map(({ orderId }) => orderId))}::uuid[]) as k(shop_id, id)
    join orders o on o.shop_id = k.shop_id and o.id = k.id order by o.shop_id, o.buyer_id`)

/** How many orders of a buyer wait in each state. */
export const waitingOf = (tx: Tx, shopId: string, buyerId: string) =>
  tx.one<{ awaitingPayment: number; awaitingShipment: number; shipped: number }>(sql`
    select count(*) filter (where state = 'awaiting-payment') as awaiting_payment,
      count(*) filter (where state = 'awaiting-shipment') as awaiting_shipment,
      count(*) filter (where state = 'shipped') as shipped
    from orders where shop_id = ${shopId} and buyer_id = ${buyerId}
      and state in ('awaiting-payment', 'awaiting-shipment', 'shipped')`)

/** The steps of all orders of a buyer. */
export const orderMoments = (tx: Tx, { shopId, buyerId }: ShopBuyer, page: MomentPage): Promise<Moment[]> => {
  const id = sql`'order:' || t.order_id || ':' || lpad(t.version::text, 6, '0')`
  return tx.rows<Moment>(sql`
    select ${id} as id, t.at, o.order_no || ' ' || t.text as text, 'orders/' || o.id as to
    from orders o join order_steps t on t.shop_id = ${shopId} and t.order_id = o.id
    where o.shop_id = ${shopId} and o.buyer_id = ${buyerId} ${momentsAfter(sql`t.at`, id, page)}`)
}

export interface CopiedOrder {
  shopId: string
  id: string
  orderNo: string
  state: string
  totalFen: number
  paidFen: number
  refundedFen: number
  addressSealed: string
  province: string
  city: string
  district: string
  buyerNote: string
  placedAt: string
  paidAt: string | null
  goods: string
}

export const ordersToCopy = (tx: Tx, buyerId: string): Promise<CopiedOrder[]> =>
  tx.rows<CopiedOrder>(sql`
    select o.shop_id, o.id, o.order_no, o.state, o.total_fen, o.paid_fen, o.refunded_fen, o.address_sealed, o.province,
      o.city, o.district, o.buyer_note, o.placed_at, o.paid_at,
      (select string_agg(l.title || ' ' || l.options || ' ×' || l.quantity, '; ' order by l.line) from order_lines l
        where l.shop_id = o.shop_id and l.order_id = o.id) as goods
    from orders o where o.buyer_id = ${buyerId} order by o.placed_at desc limit ${MOST_COPIED}`)

export const cartToCopy = (tx: Tx, buyerId: string): Promise<Record<string, unknown>[]> =>
  tx.rows(sql`
    select sku_id, quantity, added_at from cart_lines where buyer_id = ${buyerId} order by added_at desc limit ${MOST_COPIED}`)

/** Orders that are not at an end. */
export const openOrderNos = async (tx: Tx, buyerId: string, limit: number) =>
  tx.rows<{ orderNo: string; state: 'awaiting-payment' | 'awaiting-shipment' | 'shipped' | 'refunding' }>(sql`
    select order_no, state from orders where buyer_id = ${buyerId}
      and state in ('awaiting-payment', 'awaiting-shipment', 'shipped', 'refunding')
    order by placed_at desc limit ${limit}`)

export const orderKeysOf = (tx: Tx, buyerId: string): Promise<{ shopId: string; id: string }[]> =>
  tx.rows(sql`select shop_id, id from orders where buyer_id = ${buyerId}`)

/**
 * Leaves of orders what the books need: goods, money, province and city. Words of the buyer in the timeline, and in
 * what was told to subscribers about it, go; what the program wrote stays.
 */
export async function eraseOrders(
  tx: Tx,
  buyerId: string,
  gone: { orders: readonly { shopId: string; id: string; addressSealed: string }[]; receiver: string },
): Promise<void> {
  await tx.exec(sql`delete from cart_lines where buyer_id = ${buyerId}`)
  await tx.exec(sql`
    update orders o set address_sealed = g.sealed, receiver_masked = ${gone.receiver}, phone_masked = '', phone_hash = '',
      district = '', buyer_note = '', merchant_note = '', cancel_reason = case when o.cancel_reason is null then null else '' end,
      refund_reason = case when o.refund_reason is null then null else '' end
    from unnest(${plainArray(gone.orders.map(({ shopId }) => shopId))}::uuid[],
      ${plainArray(gone.orders.map(({ id }) => id))}::uuid[],
      ${gone.orders.map(({ addressSealed }) => addressSealed)}::text[]) as g(shop_id, id, sealed)
    where o.shop_id = g.shop_id and o.id = g.id`)
  await tx.exec(sql`
    update order_timeline set text = split_part(text, '：', 1), actor_name = ''
    where buyer_id = ${buyerId} and actor_kind = 'buyer'`)
  await tx.exec(sql`
    update outbox_events e set payload = e.payload || '{"reason": ""}'::jsonb
    from orders o where o.buyer_id = ${buyerId} and e.shop_id = o.shop_id and e.aggregate = 'order'
      and e.aggregate_id = o.id and e.payload ? 'reason'`)
}
