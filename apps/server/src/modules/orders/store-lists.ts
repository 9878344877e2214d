import type { OrderState } from '@zhanggui/contract'
import { empty, join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { ORDER_COLUMNS, type OrderRow } from './store-orders.ts'
import type { StoredAdjustment, TimelineRow } from './views.ts'

export interface OrderFilter {
  shopId: string
  buyerId?: string | undefined
  state?: OrderState | undefined
  /** An order number or tracking number, or the keyed hash of a phone. */
  search?: { number: string; phoneHash: string | null; tail?: { digits: string; since: string } | undefined }
  /** Paid before this and still to be shipped. */
  paidBefore?: string | undefined
  /** Brought by this channel account, or by none. */
  channelAccount?: string | undefined
  /** Oldest first instead of newest. */
  oldestFirst?: boolean
  /** Placed in [from, to). */
  from?: string | undefined
  to?: string | undefined
  before?: { at: string; id: string } | undefined
  /** More conditions on `orders o`. */
  more?: readonly Sql[]
  limit: number
}

/** Orders, newest first unless told. The end of a phone or order number is looked for among recent orders. */
export async function listOrders(tx: Tx, filter: OrderFilter): Promise<OrderRow[]> {
  const { shopId, buyerId, state, search, from, to, before, paidBefore, oldestFirst, channelAccount } = filter
  const conditions: Sql[] = [sql`o.shop_id = ${shopId}`, ...(filter.more ?? [])]
  if (buyerId !== undefined) conditions.push(sql`o.buyer_id = ${buyerId}`)
  if (state !== undefined) conditions.push(sql`o.state = ${state}`)
  if (search !== undefined)
    conditions.push(sql`(o.order_no = ${search.number} or o.phone_hash = ${search.phoneHash} or o.id in (
      select s.order_id from shipments s where s.shop_id = ${shopId} and s.tracking_no = ${search.number})
      ${search.tail === undefined ? empty : endsWith(search.tail)})`)
  if (paidBefore !== undefined) conditions.push(sql`o.state = 'awaiting-shipment' and o.paid_at < ${paidBefore}`)
  if (channelAccount !== undefined)
    conditions.push(
      channelAccount === 'none' ? sql`o.channel_account_id is null` : sql`o.channel_account_id = ${channelAccount}`,
    )
  if (from !== undefined) conditions.push(sql`o.placed_at >= ${from}`)
  if (to !== undefined) conditions.push(sql`o.placed_at < ${to}`)
  const direction = oldestFirst ? sql`asc` : sql`desc`
  if (before !== undefined)
    conditions.push(
      sql`(o.placed_at, o.id) ${oldestFirst ? sql`>` : sql`<`} (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
  return tx.rows<OrderRow>(sql`
    select ${ORDER_COLUMNS} from orders o where ${join(conditions, ' and ')}
    order by o.placed_at ${direction}, o.id ${direction} limit ${filter.limit}`)
}

const endsWith = ({ digits, since }: { digits: string; since: string }): Sql => sql`
  or (o.placed_at >= ${since} and (o.phone_masked like ${`%${digits.slice(-4)}`} and ${digits.length === 4}
    or o.order_no like ${`%${digits}`}))`

export const ordersByIds = (tx: Tx, shopId: string, orderIds: readonly string[]) =>
  tx.rows<OrderRow>(sql`
    select ${ORDER_COLUMNS} from orders o where o.shop_id = ${shopId} and o.id = any(${orderIds as string[]}::uuid[])`)

export async function timelineOf(tx: Tx, shopId: string, orderId: string): Promise<TimelineRow[]> {
  return tx.rows<TimelineRow>(sql`
    select at, event, text, actor_kind, actor_name from order_steps
    where shop_id = ${shopId} and order_id = ${orderId} order by version`)
}

export async function adjustmentsOf(tx: Tx, shopId: string, orderId: string): Promise<StoredAdjustment[]> {
  return tx.rows<StoredAdjustment>(sql`
    select source, label, payer, line, fen, unit_runs from order_adjustments
    where shop_id = ${shopId} and order_id = ${orderId} order by number`)
}

/** Answers whether the order is there. */
export async function writeMerchantNote(tx: Tx, shopId: string, orderId: string, note: string): Promise<boolean> {
  const changed = await tx.exec(sql`
    update orders set merchant_note = ${note} where shop_id = ${shopId} and id = ${orderId}`)
  return changed === 1
}
