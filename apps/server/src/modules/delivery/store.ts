import type { DeliveryState } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import type { DeliveredOrder } from '../orders/index.ts'

export interface DeliveryRow {
  shopId: string
  orderId: string
  buyerId: string
  orderNo: string
  version: number
  method: 'same-city' | 'pick-up'
  state: DeliveryState
  feeFen: number
  promiseMinutes: number
  itemCount: number
  receiverMasked: string
  phoneMasked: string
  region: string
  pointId: string | null
  frozen: Frozen
  codeSealed: string | null
  riderName: string | null
  riderPhone: string | null
  placedAt: string
  paidAt: string | null
  dueAt: string | null
  readyAt: string | null
  keepUntil: string | null
  remindAt: string | null
  doneAt: string | null
  doneBy: string | null
}

/** What was promised when the order was placed. */
export interface Frozen {
  opensAt: string
  closesAt: string
  zone?: string
  point?: {
    id: string
    name: string
    province: string
    city: string
    district: string
    address: string
    phone: string
    location: { latitude: number; longitude: number } | null
  }
}

const COLUMNS = sql`d.shop_id, d.order_id, d.buyer_id, d.order_no, d.version, d.method, d.state, d.fee_fen,
  d.promise_minutes, d.item_count, d.receiver_masked, d.phone_masked, d.region, d.point_id, d.frozen, d.code_sealed,
  d.rider_name, d.rider_phone, d.placed_at, d.paid_at, d.due_at, d.ready_at, d.keep_until, d.remind_at, d.done_at,
  d.done_by`

export async function insertDeliveries(tx: Tx, orders: readonly DeliveredOrder[], at: string): Promise<void> {
  if (orders.length === 0) return
  const column = <T>(read: (order: DeliveredOrder) => T) => orders.map(read)
  await tx.exec(sql`
    insert into order_deliveries (shop_id, order_id, buyer_id, order_no, version, method, state, fee_fen,
      promise_minutes, item_count, receiver_masked, phone_masked, region, point_id, warehouse_id, frozen, placed_at)
    select o.shop_id, o.order_id, o.buyer_id, o.order_no, 1, o.method, 'awaiting-payment', o.fee_fen,
      o.promise_minutes, o.item_count, o.receiver_masked, o.phone_masked, o.region, o.point_id, o.warehouse_id,
      o.frozen::jsonb, ${at}
    from unnest(${column((o) => o.shopId)}::uuid[], ${column((o) => o.orderId)}::uuid[],
      ${column((o) => o.buyerId)}::uuid[], ${column((o) => o.orderNo)}::text[], ${column((o) => o.terms.method)}::text[],
      ${column((o) => o.feeFen)}::bigint[], ${column((o) => o.terms.promiseMinutes)}::int[],
      ${column((o) => o.itemCount)}::int[], ${column((o) => o.receiverMasked)}::text[],
      ${column((o) => o.phoneMasked)}::text[],
      ${column((o) => [o.province, o.city, o.district].filter((part) => part !== '').join(' '))}::text[],
      ${column((o) => o.terms.pointId)}::uuid[], ${column((o) => o.terms.warehouseId)}::uuid[],
      ${column((o) => JSON.stringify(o.terms.frozen))}::text[])
      as o(shop_id, order_id, buyer_id, order_no, method, fee_fen, promise_minutes, item_count, receiver_masked,
        phone_masked, region, point_id, warehouse_id, frozen)`)
}

export const findDelivery = (tx: Tx, shopId: string, orderId: string) =>
  tx.maybe<DeliveryRow>(
    sql`select ${COLUMNS} from order_deliveries d where d.shop_id = ${shopId} and d.order_id = ${orderId}`,
  )

/** Locked until the transaction ends. The order itself is locked before, always. */
export const lockDelivery = (tx: Tx, shopId: string, orderId: string) =>
  tx.maybe<DeliveryRow>(
    sql`select ${COLUMNS} from order_deliveries d where d.shop_id = ${shopId} and d.order_id = ${orderId} for update`,
  )

export const deliveryByCode = (tx: Tx, shopId: string, codeHash: string) =>
  tx.maybe<DeliveryRow>(
    sql`select ${COLUMNS} from order_deliveries d where d.shop_id = ${shopId} and d.code_hash = ${codeHash}`,
  )

export async function methodsOf(
  tx: Tx,
  shopId: string,
  orderIds: readonly string[],
): Promise<Map<string, DeliveryRow['method']>> {
  const rows = await tx.rows<{ orderId: string; method: DeliveryRow['method'] }>(sql`
    select order_id, method from order_deliveries
    where shop_id = ${shopId} and order_id = any(${orderIds as string[]}::uuid[])`)
  return new Map(rows.map((row) => [row.orderId, row.method]))
}

export interface DeliveryStep {
  state: DeliveryState
  paidAt?: string
  dueAt?: string
  codeSealed?: string
  codeHash?: string
  readyAt?: string
  keepUntil?: string
  remindAt?: string
  riderName?: string
  riderPhone?: string
  doneAt?: string
  doneBy?: string
}

/** Compare-and-set on the version that was read. Answers whether it was still that. */
export async function moveDelivery(tx: Tx, row: DeliveryRow, step: DeliveryStep): Promise<boolean> {
  const changed = await tx.exec(sql`
    update order_deliveries set version = version + 1, state = ${step.state},
      paid_at = coalesce(${step.paidAt ?? null}, paid_at), due_at = coalesce(${step.dueAt ?? null}, due_at),
      code_sealed = coalesce(${step.codeSealed ?? null}, code_sealed),
      code_hash = coalesce(${step.codeHash ?? null}, code_hash),
      ready_at = coalesce(${step.readyAt ?? null}, ready_at), keep_until = coalesce(${step.keepUntil ?? null}, keep_until),
      remind_at = coalesce(${step.remindAt ?? null}, remind_at),
      rider_name = coalesce(${step.riderName ?? null}, rider_name),
      rider_phone = coalesce(${step.riderPhone ?? null}, rider_phone),
      done_at = coalesce(${step.doneAt ?? null}, done_at), done_by = coalesce(${step.doneBy ?? null}, done_by)
    where shop_id = ${row.shopId} and order_id = ${row.orderId} and version = ${row.version}`)
  return changed === 1
}

export const codeTaken = async (tx: Tx, shopId: string, codeHash: string): Promise<boolean> =>
  (await tx.maybe(sql`select 1 from order_deliveries where shop_id = ${shopId} and code_hash = ${codeHash}`)) !==
  undefined

export interface LocalFilter {
  method?: string | undefined
  state?: string | undefined
  pointId?: string | undefined
  /** Past what was promised at this instant. */
  lateAt?: string | undefined
  after?: { open: boolean; due: string; id: string } | undefined
  limit: number
}

const OPEN = sql`d.state in ('preparing', 'ready', 'on-the-way')`
/** Open ones by when they are due, then the others by when they were placed, newest first. */
const DUE = sql`case when ${OPEN} then coalesce(d.due_at, d.placed_at) else d.placed_at end`

export interface LocalRow extends DeliveryRow {
  sortDue: string
  isOpen: boolean
}

export async function listLocal(tx: Tx, shopId: string, filter: LocalFilter): Promise<LocalRow[]> {
  const where: Sql[] = [sql`d.shop_id = ${shopId}`, sql`d.state <> 'awaiting-payment'`]
  if (filter.method !== undefined) where.push(sql`d.method = ${filter.method}`)
  if (filter.state !== undefined) where.push(sql`d.state = ${filter.state}`)
  if (filter.pointId !== undefined) where.push(sql`d.point_id = ${filter.pointId}`)
  if (filter.lateAt !== undefined)
    where.push(sql`d.due_at < ${filter.lateAt} and (d.state = 'preparing' or d.state = 'on-the-way')`)
  const { after } = filter
  if (after?.open)
    where.push(sql`(not ${OPEN} or (${DUE}, d.order_id) > (${after.due}::timestamptz, ${after.id}::uuid))`)
  else if (after) where.push(sql`not ${OPEN} and (${DUE}, d.order_id) < (${after.due}::timestamptz, ${after.id}::uuid)`)
  return tx.rows<LocalRow>(sql`
    select ${COLUMNS}, ${DUE} as sort_due, ${OPEN} as is_open from order_deliveries d where ${join(where, ' and ')}
    order by ${OPEN} desc, case when ${OPEN} then ${DUE} end, case when ${OPEN} then d.order_id end,
      ${DUE} desc, d.order_id desc
    limit ${filter.limit}`)
}

/** Ready ones whose reminder is due, locked; those that somebody else has locked are left to them. */
export const lockRemindable = (tx: Tx, now: string, limit: number) =>
  tx.rows<DeliveryRow>(sql`
    select ${COLUMNS} from order_deliveries d where d.state = 'ready' and d.remind_at <= ${now}
    order by d.remind_at limit ${limit} for update skip locked`)

export const clearReminder = (tx: Tx, row: DeliveryRow) =>
  tx.exec(sql`update order_deliveries set remind_at = null where shop_id = ${row.shopId} and order_id = ${row.orderId}`)

/** Ready ones that were kept long enough; only read, since their orders have to be locked first. */
export const overdue = (tx: Tx, now: string, limit: number) =>
  tx.rows<DeliveryRow>(sql`
    select ${COLUMNS} from order_deliveries d where d.state = 'ready' and d.keep_until <= ${now}
    order by d.keep_until limit ${limit}`)

export async function moveDeliveries(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  for (const table of [sql`order_deliveries`, sql`order_notices`, sql`parcel_tracks`, sql`parcel_events`])
    await tx.exec(sql`update ${table} set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}

export interface NoticeRow {
  id: string
  at: string
  title: string
  text: string
}

export async function insertNotice(
  tx: Tx,
  notice: NoticeRow & { shopId: string; orderId: string; buyerId: string; topic: string },
): Promise<void> {
  const { shopId, id, orderId, buyerId, at, topic, title, text } = notice
  await tx.exec(sql`
    insert into order_notices (shop_id, id, order_id, buyer_id, at, topic, title, text)
    values (${shopId}, ${id}, ${orderId}, ${buyerId}, ${at}, ${topic}, ${title}, ${text})`)
}

export const noticesOf = (tx: Tx, shopId: string, orderId: string, limit: number) =>
  tx.rows<NoticeRow>(sql`
    select id, at, title, text from order_notices where shop_id = ${shopId} and order_id = ${orderId}
    order by at desc, id desc limit ${limit}`)

/** Wrong codes of a person in the window that is open, and when it ends. */
export const wrongTries = (tx: Tx, shopId: string, staffId: string, at: string) =>
  tx.maybe<{ wrong: number; windowEndsAt: string }>(sql`
    select wrong, window_ends_at from pick_up_tries
    where shop_id = ${shopId} and staff_id = ${staffId} and window_ends_at > ${at}`)

export async function countWrong(tx: Tx, shopId: string, staffId: string, at: string, endsAt: string): Promise<void> {
  await tx.exec(sql`
    insert into pick_up_tries as t (shop_id, staff_id, window_ends_at, wrong) values (${shopId}, ${staffId}, ${endsAt}, 1)
    on conflict (shop_id, staff_id) do update set
      wrong = case when t.window_ends_at > ${at} then t.wrong + 1 else 1 end,
      window_ends_at = case when t.window_ends_at > ${at} then t.window_ends_at else excluded.window_ends_at end`)
}

export const countWaiting = (tx: Tx, shopId: string) =>
  tx.rows<{ pointId: string; waiting: number }>(sql`
    select point_id, count(*) as waiting from order_deliveries d
    where shop_id = ${shopId} and point_id is not null and ${OPEN} group by point_id`)

/** Same-city orders under way that are due before an instant, the most urgent first. */
export const atRisk = (tx: Tx, before: string, limit: number) =>
  tx.rows<DeliveryRow>(sql`
    select ${COLUMNS} from order_deliveries d
    where d.method = 'same-city' and d.state in ('preparing', 'on-the-way') and d.due_at <= ${before}
    order by d.due_at limit ${limit}`)
