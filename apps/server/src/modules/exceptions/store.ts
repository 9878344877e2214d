import type { ExceptionKind, ExceptionState } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import type { Allocation } from '../stock/index.ts'

/** What is offered instead of what is missing, and what holds it. */
export interface Offer {
  skuId: string
  unitPriceFen: number
  refundFen: number
  allocations: Allocation[]
}

export interface ExceptionData {
  /** Shortage: what is missing. */
  skuId?: string
  title?: string
  quantity?: number
  refundFen?: number
  offer?: Offer | null
  choice?: string
  /** Address change: what is asked for, sealed. */
  address?: string
  /** Parcel: its number. */
  trackingNo?: string
  shipmentId?: string
  /** Stalled parcel: since when nothing moved. */
  since?: string
}

export interface ExceptionRow {
  shopId: string
  id: string
  orderId: string
  buyerId: string
  orderNo: string
  version: number
  kind: ExceptionKind
  state: ExceptionState
  subject: string
  title: string
  detail: string
  data: ExceptionData
  ownerId: string | null
  ownerName: string
  openedAt: string
  dueAt: string | null
  resolvedAt: string | null
  resolution: string
}

const COLUMNS = sql`e.shop_id, e.id, e.order_id, e.buyer_id, e.order_no, e.version, e.kind, e.state, e.subject, e.title,
  e.detail, e.data, e.owner_id, e.owner_name, e.opened_at, e.due_at, e.resolved_at, e.resolution`

export type NewException = Pick<
  ExceptionRow,
  | 'shopId'
  | 'id'
  | 'orderId'
  | 'buyerId'
  | 'orderNo'
  | 'kind'
  | 'state'
  | 'subject'
  | 'title'
  | 'detail'
  | 'data'
  | 'dueAt'
> & { mark: string }

/** Answers false when this happening is known, or one of its kind is open. */
export async function insertException(tx: Tx, row: NewException, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into order_exceptions (shop_id, id, order_id, buyer_id, order_no, version, kind, state, subject, mark, title,
        detail, data, opened_at, due_at)
      values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.buyerId}, ${row.orderNo}, 1, ${row.kind}, ${row.state},
        ${row.subject}, ${row.mark}, ${row.title}, ${row.detail}, ${JSON.stringify(row.data)}::jsonb, ${at}, ${row.dueAt})
      on conflict do nothing`)) === 1
  )
}

export const findException = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<ExceptionRow>(sql`select ${COLUMNS} from order_exceptions e where e.shop_id = ${shopId} and e.id = ${id}`)

export const lockException = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<ExceptionRow>(
    sql`select ${COLUMNS} from order_exceptions e where e.shop_id = ${shopId} and e.id = ${id} for update`,
  )

export const exceptionsOf = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<ExceptionRow>(sql`
    select ${COLUMNS} from order_exceptions e where e.shop_id = ${shopId} and e.order_id = ${orderId}
    order by e.opened_at desc, e.id desc limit 50`)

export const openOf = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<ExceptionRow>(sql`
    select ${COLUMNS} from order_exceptions e
    where e.shop_id = ${shopId} and e.order_id = ${orderId} and e.state <> 'resolved' order by e.id for update`)

export interface Change {
  state?: ExceptionState
  data?: ExceptionData
  detail?: string
  dueAt?: string | null
  ownerId?: string
  ownerName?: string
  resolvedAt?: string
  resolution?: string
}

/** Compare-and-set on the version that was read. */
export async function changeException(tx: Tx, row: ExceptionRow, change: Change): Promise<boolean> {
  const next = { ...row, ...change }
  return (
    (await tx.exec(sql`
      update order_exceptions set version = version + 1, state = ${next.state}, data = ${JSON.stringify(next.data)}::jsonb,
        detail = ${next.detail}, due_at = ${next.dueAt}, owner_id = ${next.ownerId}, owner_name = ${next.ownerName},
        resolved_at = ${next.resolvedAt}, resolution = ${next.resolution.slice(0, 200)}
      where shop_id = ${row.shopId} and id = ${row.id} and version = ${row.version} and state <> 'resolved'`)) === 1
  )
}

export async function addHistory(tx: Tx, row: ExceptionRow, at: string, text: string, actor: string): Promise<void> {
  await tx.exec(sql`
    insert into order_exception_history (shop_id, exception_id, buyer_id, number, at, text, actor)
    select ${row.shopId}, ${row.id}, ${row.buyerId}, coalesce(max(number), 0) + 1, ${at}, ${text.slice(0, 300)}, ${actor}
    from order_exception_history where shop_id = ${row.shopId} and exception_id = ${row.id}`)
}

export interface HistoryRow {
  exceptionId: string
  at: string
  text: string
  actor: string
}

export async function historyOf(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, HistoryRow[]>> {
  const rows = await tx.rows<HistoryRow>(sql`
    select exception_id, at, text, actor from order_exception_history
    where shop_id = ${shopId} and exception_id = any(${ids as string[]}::uuid[]) order by exception_id, number desc`)
  return Map.groupBy(rows, (row) => row.exceptionId)
}

export interface ListFilter {
  kind?: string | undefined
  state?: string | undefined
  orderId?: string | undefined
  ownerId?: string | undefined
  q?: string | undefined
  after?: { done: boolean; due: string; id: string } | undefined
  limit: number
}

export const NEVER = '9999-12-31T00:00:00.000Z'
const DUE = sql`coalesce(e.due_at, ${NEVER}::timestamptz)`

/** Those that are open first, the least time left first; those without a clock after them. */
export async function listExceptions(tx: Tx, shopId: string, filter: ListFilter): Promise<ExceptionRow[]> {
  const where: Sql[] = [sql`e.shop_id = ${shopId}`]
  if (filter.kind !== undefined) where.push(sql`e.kind = ${filter.kind}`)
  if (filter.state !== undefined) where.push(sql`e.state = ${filter.state}`)
  if (filter.orderId !== undefined) where.push(sql`e.order_id = ${filter.orderId}`)
  if (filter.ownerId !== undefined) where.push(sql`e.owner_id = ${filter.ownerId}`)
  if (filter.q) where.push(sql`(e.order_no = ${filter.q} or e.data ->> 'trackingNo' = ${filter.q})`)
  const { after } = filter
  if (after)
    where.push(
      sql`((e.state = 'resolved'), ${DUE}, e.id) > (${after.done}, ${after.due}::timestamptz, ${after.id}::uuid)`,
    )
  return tx.rows<ExceptionRow>(sql`
    select ${COLUMNS} from order_exceptions e where ${join(where, ' and ')}
    order by (e.state = 'resolved'), ${DUE}, e.id limit ${filter.limit}`)
}

export const countOpen = (tx: Tx, shopId: string, now: string) =>
  tx.rows<{ kind: ExceptionKind; count: number; overdue: number }>(sql`
    select kind, count(*) as count, count(*) filter (where due_at < ${now}) as overdue from order_exceptions
    where shop_id = ${shopId} and state <> 'resolved' group by kind order by kind`)

/** Those whose clock decides something by itself; only read, since their orders have to be locked first. */
export const dueExceptions = (tx: Tx, now: string, limit: number) =>
  tx.rows<ExceptionRow>(sql`
    select ${COLUMNS} from order_exceptions e
    where e.due_at <= ${now} and ((e.kind = 'hold' and e.state = 'open') or (e.kind = 'shortage' and e.state = 'waiting-buyer'))
    order by e.due_at limit ${limit}`)

export const heldBy = (tx: Tx, shopId: string, orderId: string) =>
  tx.maybe<{ detail: string }>(sql`
    select detail from order_exceptions
    where shop_id = ${shopId} and order_id = ${orderId} and kind = 'hold' and state <> 'resolved'`)

export async function moveExceptions(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update order_exceptions set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update order_exception_history set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
