import type { AftersaleState } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import { statesOf } from './rules.ts'
import { type CaseRow, COLUMNS } from './store.ts'

export interface CaseFilter {
  state?: string | undefined
  type?: string | undefined
  turn?: string | undefined
  overdue?: boolean | undefined
  quality?: boolean | undefined
  toCount?: boolean | undefined
  orderId?: string | undefined
  q?: string | undefined
  now: string
  after?: { done: boolean; due: string; id: string } | undefined
  limit: number
}

export const NEVER = '9999-12-31T00:00:00.000Z'
const DUE = sql`coalesce(c.due_at, 'infinity'::timestamptz)`
const asDue = (at: string): string => (at === NEVER ? 'infinity' : at)

/** Those that are open first, the least time left first. */
export async function listCases(tx: Tx, shopId: string, filter: CaseFilter): Promise<CaseRow[]> {
  const where: Sql[] = [sql`c.shop_id = ${shopId}`]
  const { state, type, turn, overdue, quality, toCount, orderId, q, after, now } = filter
  if (state !== undefined) where.push(sql`c.state = ${state}`)
  if (type !== undefined) where.push(sql`c.type = ${type}`)
  if (turn !== undefined) where.push(sql`c.state = any(${statesOf(turn)}::text[])`)
  if (overdue) where.push(sql`c.due_at < ${now} and c.ended_at is null`)
  if (quality !== undefined) where.push(sql`c.quality = ${quality}`)
  if (toCount !== undefined) where.push(toCount ? sql`c.to_count_at is not null` : sql`c.to_count_at is null`)
  if (orderId !== undefined) where.push(sql`c.order_id = ${orderId}`)
  if (q)
    where.push(sql`(c.case_no = ${q.toUpperCase()} or c.order_no = ${q} or c.return_parcel ->> 'trackingNo' = ${q.toUpperCase()}
      or c.resend_parcel ->> 'trackingNo' = ${q.toUpperCase()})`)
  if (after)
    where.push(
      sql`((c.ended_at is not null), ${DUE}, c.id) > (${after.done}, ${asDue(after.due)}::timestamptz, ${after.id}::uuid)`,
    )
  return tx.rows<CaseRow>(sql`
    select ${COLUMNS} from aftersale_cases c where ${join(where, ' and ')}
    order by (c.ended_at is not null), ${DUE}, c.id limit ${filter.limit}`)
}

/** A buyer's own, newest first. */
export async function casesOfBuyer(
  tx: Tx,
  key: { shopId: string; buyerId: string },
  filter: {
    open?: boolean | undefined
    orderId?: string | undefined
    before?: { at: string; id: string } | undefined
    limit: number
  },
): Promise<CaseRow[]> {
  const where: Sql[] = [sql`c.shop_id = ${key.shopId} and c.buyer_id = ${key.buyerId}`]
  if (filter.open !== undefined) where.push(filter.open ? sql`c.ended_at is null` : sql`c.ended_at is not null`)
  if (filter.orderId !== undefined) where.push(sql`c.order_id = ${filter.orderId}`)
  if (filter.before)
    where.push(sql`(c.opened_at, c.id) < (${filter.before.at}::timestamptz, ${filter.before.id}::uuid)`)
  return tx.rows<CaseRow>(sql`
    select ${COLUMNS} from aftersale_cases c where ${join(where, ' and ')}
    order by c.opened_at desc, c.id desc limit ${filter.limit}`)
}

export const countCases = (tx: Tx, shopId: string, now: string) =>
  tx.rows<{ state: AftersaleState; count: number; overdue: number }>(sql`
    select state, count(*) as count, count(*) filter (where due_at < ${now}) as overdue from aftersale_cases
    where shop_id = ${shopId} and ended_at is null group by state order by state`)

/** A buyer's open ones. */
export const countOpenOf = async (tx: Tx, shopId: string, buyerId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from aftersale_cases
      where shop_id = ${shopId} and buyer_id = ${buyerId} and ended_at is null`)
  ).count

/** Cases whose goods wait to be counted. */
export const countToCount = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from aftersale_cases where shop_id = ${shopId} and to_count_at is not null`,
    )
  ).count

/** Disputes of all shops, the least time left first; or those that were ruled, newest first. Scope `system`. */
export async function listDisputes(
  tx: Tx,
  filter: { ruled: boolean; q?: string | undefined; after?: { at: string; id: string } | undefined; limit: number },
): Promise<CaseRow[]> {
  const where: Sql[] = [filter.ruled ? sql`c.ruled_at is not null` : sql`c.state = 'disputed'`]
  if (filter.q) where.push(sql`(c.case_no = ${filter.q.toUpperCase()} or c.order_no = ${filter.q})`)
  const { after } = filter
  if (after)
    where.push(
      filter.ruled
        ? sql`(c.ruled_at, c.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
        : sql`(c.due_at, c.id) > (${after.at}::timestamptz, ${after.id}::uuid)`,
    )
  return tx.rows<CaseRow>(sql`
    select ${COLUMNS} from aftersale_cases c where ${join(where, ' and ')}
    order by ${filter.ruled ? sql`c.ruled_at desc, c.id desc` : sql`c.due_at, c.id`} limit ${filter.limit}`)
}
