import type { OrderState } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { NewLine } from './store-place.ts'

/** An order without its lines. */
export interface OrderRow {
  shopId: string
  id: string
  buyerId: string
  orderNo: string
  state: OrderState
  version: number
  goodsFen: number
  discountFen: number
  freightFen: number
  totalFen: number
  paidFen: number
  refundedFen: number
  /** What goes back of it while it goes on. */
  partRefundFen: number
  itemCount: number
  addressSealed: string
  receiverMasked: string
  phoneMasked: string
  province: string
  city: string
  district: string
  buyerNote: string
  merchantNote: string
  cancelReason: string | null
  refundFrom: OrderState | null
  paymentId: string | null
  placedAt: string
  payBefore: string
  paidAt: string | null
  shippedAt: string | null
  autoReceiveAt: string | null
  completedAt: string | null
  channelAccountId: string | null
}

export interface LineRow extends NewLine {
  shopId: string
  orderId: string
  line: number
  shippedQuantity: number
}

export const ORDER_COLUMNS = sql`o.shop_id, o.id, o.buyer_id, o.order_no, o.state, o.version, o.goods_fen, o.discount_fen,
  o.freight_fen, o.total_fen, o.paid_fen, o.refunded_fen, o.part_refund_fen, o.item_count, o.address_sealed, o.receiver_masked,
  o.phone_masked, o.province, o.city, o.district, o.buyer_note, o.merchant_note, o.cancel_reason, o.refund_from,
  o.payment_id, o.placed_at, o.pay_before, o.paid_at, o.shipped_at, o.auto_receive_at, o.completed_at,
  o.channel_account_id`

export interface OrderKey {
  shopId: string
  orderId: string
  /** Only if it is this buyer's. */
  buyerId?: string
}

const matches = ({ shopId, orderId, buyerId }: OrderKey) => sql`
  o.shop_id = ${shopId} and o.id = ${orderId} ${buyerId === undefined ? empty : sql`and o.buyer_id = ${buyerId}`}`

export async function findOrder(tx: Tx, key: OrderKey): Promise<OrderRow | undefined> {
  return tx.maybe<OrderRow>(sql`select ${ORDER_COLUMNS} from orders o where ${matches(key)}`)
}

/** The order, locked until the transaction ends. */
export async function lockOrder(tx: Tx, key: OrderKey): Promise<OrderRow | undefined> {
  return tx.maybe<OrderRow>(sql`select ${ORDER_COLUMNS} from orders o where ${matches(key)} for update`)
}

/** Orders, locked one after another in the order of their keys until the transaction ends. */
export async function lockOrders(tx: Tx, keys: readonly Omit<OrderKey, 'buyerId'>[]): Promise<OrderRow[]> {
  return tx.rows<OrderRow>(sql`
    select ${ORDER_COLUMNS}
    from unnest(${keys.map((key) => key.shopId)}::uuid[], ${keys.map((key) => key.orderId)}::uuid[]) as want(shop_id, id)
    join orders o on o.shop_id = want.shop_id and o.id = want.id
    order by o.shop_id, o.id for update of o`)
}

/** Unpaid orders whose time is over, locked; those that somebody else has locked are left to them. */
export async function lockUnpaidDue(tx: Tx, now: string, limit: number): Promise<OrderRow[]> {
  return tx.rows<OrderRow>(sql`
    select ${ORDER_COLUMNS} from orders o where o.state = 'awaiting-payment' and o.pay_before <= ${now}
    order by o.pay_before limit ${limit} for update skip locked`)
}

/** Shipped orders whose receipt is due, locked; those that somebody else has locked are left to them. */
export async function lockReceiptDue(tx: Tx, now: string, limit: number): Promise<OrderRow[]> {
  return tx.rows<OrderRow>(sql`
    select ${ORDER_COLUMNS} from orders o where o.state = 'shipped' and o.auto_receive_at <= ${now}
    order by o.auto_receive_at limit ${limit} for update skip locked`)
}

/** Lines of orders, by order, in their order. */
export async function linesOf(
  tx: Tx,
  orders: readonly { shopId: string; id: string }[],
): Promise<Map<string, LineRow[]>> {
  const lines = new Map<string, LineRow[]>(orders.map((order) => [order.id, []]))
  if (orders.length === 0) return lines
  const rows = await tx.rows<LineRow>(sql`
    select l.shop_id, l.order_id, l.line, l.sku_id, l.product_id, l.title, l.options, l.picture_file_id, l.quantity,
      l.unit_price_fen, l.price_note, l.pay_total_fen, l.unit_pay_runs, l.allocations, l.shipped_quantity
    from unnest(${orders.map((order) => order.shopId)}::uuid[], ${orders.map((order) => order.id)}::uuid[])
      as want(shop_id, id)
    join order_lines l on l.shop_id = want.shop_id and l.order_id = want.id
    order by l.order_id, l.line`)
  for (const row of rows) lines.get(row.orderId)!.push(row)
  return lines
}

/** Writes where the units of lines are now. The order is locked by the caller. */
export async function setAllocations(
  tx: Tx,
  lines: readonly Pick<LineRow, 'shopId' | 'orderId' | 'line' | 'allocations'>[],
): Promise<void> {
  await tx.exec(sql`
    update order_lines l set allocations = u.allocations::jsonb
    from unnest(${lines.map((each) => each.shopId)}::uuid[], ${lines.map((each) => each.orderId)}::uuid[],
      ${lines.map((each) => each.line)}::smallint[], ${lines.map((each) => JSON.stringify(each.allocations))}::text[])
      as u(shop_id, order_id, line, allocations)
    where l.shop_id = u.shop_id and l.order_id = u.order_id and l.line = u.line`)
  for (const { shopId, orderId } of new Map(lines.map((each) => [each.orderId, each])).values())
    await followWarehouses(tx, shopId, orderId)
}

/** An order is seen by those who look after a warehouse its units are in; called when they have moved. */
export async function followWarehouses(tx: Tx, shopId: string, orderId: string): Promise<void> {
  await tx.exec(sql`
    update orders o set warehouse_ids = coalesce((
      select array_agg(distinct (part->>'warehouseId')::uuid)
      from order_lines l cross join lateral jsonb_array_elements(l.allocations) as part
      where l.shop_id = o.shop_id and l.order_id = o.id), '{}')
    where o.shop_id = ${shopId} and o.id = ${orderId}`)
}

/** Columns that a step may set; those left out stay. */
export interface StepColumns {
  cancelReason?: string
  refundReason?: string
  refundFrom?: OrderState
  paymentId?: string | null
  paidFen?: number
  refundedFen?: number
  paidAt?: string
  shippedAt?: string
  autoReceiveAt?: string
  completedAt?: string
  cancelledAt?: string
}

/** One step of one order. */
export interface StepRow {
  order: OrderRow
  to: OrderState
  /** Short name in the timeline, e.g. `paid`. */
  event: string
  text: string
  actor: Actor
  set?: StepColumns
}

/**
 * Takes steps: state, version and timeline together, compare-and-set on the version that was read. Throws when an
 * order has moved since; callers hold the rows locked, so that it never does.
 */
export async function takeSteps(tx: Tx, steps: readonly StepRow[], at: string): Promise<void> {
  const set = <K extends keyof StepColumns>(name: K) => steps.map((step) => step.set?.[name] ?? null)
  const [written] = await tx.prepared<{ steps: number }>('orders-steps', STEPS, [
    steps.map((step) => step.order.shopId),
    steps.map((step) => step.order.id),
    steps.map((step) => step.order.version),
    steps.map((step) => step.to),
    set('cancelReason'),
    set('refundReason'),
    set('refundFrom'),
    set('paymentId'),
    set('paidFen'),
    set('refundedFen'),
    set('paidAt'),
    set('shippedAt'),
    set('autoReceiveAt'),
    set('completedAt'),
    set('cancelledAt'),
    steps.map((step) => step.event),
    steps.map((step) => step.text.slice(0, 300)),
    steps.map((step) => step.actor.kind),
    steps.map((step) => (step.actor.name ?? '').slice(0, 200)),
    at,
  ])
  if (written!.steps !== steps.length)
    throw new Error(`${steps.length - written!.steps} orders moved under their locks`)
}

const STEPS = `
  with step as (
    select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
      $9::bigint[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
      $15::timestamptz[], $16::text[], $17::text[], $18::text[], $19::text[])
      as s(shop_id, id, version, state, cancel_reason, refund_reason, refund_from, payment_id, paid_fen, refunded_fen,
        paid_at, shipped_at, auto_receive_at, completed_at, cancelled_at, event, text, actor_kind, actor_name)
  ), moved as (
    update orders o set state = s.state, version = o.version + 1,
      cancel_reason = coalesce(s.cancel_reason, o.cancel_reason),
      refund_reason = coalesce(s.refund_reason, o.refund_reason),
      refund_from = coalesce(s.refund_from, o.refund_from), payment_id = coalesce(s.payment_id, o.payment_id),
      paid_fen = coalesce(s.paid_fen, o.paid_fen), refunded_fen = coalesce(s.refunded_fen, o.refunded_fen),
      paid_at = coalesce(s.paid_at, o.paid_at), shipped_at = coalesce(s.shipped_at, o.shipped_at),
      auto_receive_at = coalesce(s.auto_receive_at, o.auto_receive_at),
      completed_at = coalesce(s.completed_at, o.completed_at), cancelled_at = coalesce(s.cancelled_at, o.cancelled_at)
    from step s
    where o.shop_id = s.shop_id and o.id = s.id and o.version = s.version
    returning o.shop_id, o.id, o.buyer_id, o.version, s.event, s.text, s.actor_kind, s.actor_name
  ), told as (
    insert into order_timeline (shop_id, order_id, buyer_id, version, at, event, text, actor_kind, actor_name)
    select shop_id, id, buyer_id, version, $20::timestamptz, event, text, actor_kind, actor_name from moved
    returning 1
  )
  select count(*) as steps from told`

export async function setAutoReceive(tx: Tx, { shopId, orderId }: OrderKey, at: string): Promise<void> {
  await tx.exec(sql`update orders set auto_receive_at = ${at} where shop_id = ${shopId} and id = ${orderId}`)
}

/** Everything of an order that names its buyer goes over to another. Scope `system`. */
export async function moveOrders(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    update orders o set buyer_id = ${buyerId}, idempotency_key = case when exists (
        select from orders other where other.shop_id = o.shop_id and other.buyer_id = ${buyerId}
          and other.idempotency_key = o.idempotency_key) then 'moved-' || o.id else o.idempotency_key end
    where o.buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update order_lines set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update order_adjustments set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update order_timeline set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update shipments set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update shipment_lines set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
