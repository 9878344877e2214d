import type { ApprovalPurpose, ApprovalState, Permission } from '@zhanggui/contract'
import type { Instant } from '../../kernel/clock.ts'
import { empty, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface ApprovalRow {
  shopId: string
  id: string
  route: string
  purpose: ApprovalPurpose
  permission: Permission
  digest: string
  idempotencyKey: string | null
  state: Exclude<ApprovalState, 'expired'>
  summary: string
  summaryEn: string
  link: string | null
  askedById: string
  askedBy: string
  askedAt: Instant
  expiresAt: Instant
  decidedById: string | null
  decidedBy: string | null
  decidedAt: Instant | null
  reason: string
  doneAt: Instant | null
}

const ROW = sql`shop_id, id, route, purpose, permission, digest, idempotency_key, state, summary, summary_en, link,
  asked_by_id, asked_by, asked_at, expires_at, decided_by_id, decided_by, decided_at, reason, done_at`

export const insertApproval = async (
  tx: Tx,
  row: Omit<ApprovalRow, 'state' | 'decidedById' | 'decidedBy' | 'decidedAt' | 'reason' | 'doneAt'>,
): Promise<void> => {
  await tx.exec(sql`
    insert into approvals (shop_id, id, route, purpose, permission, digest, idempotency_key, state, summary, summary_en,
      link, asked_by_id, asked_by, asked_at, expires_at)
    values (${row.shopId}, ${row.id}, ${row.route}, ${row.purpose}, ${row.permission}, ${row.digest},
      ${row.idempotencyKey}, 'pending', ${row.summary}, ${row.summaryEn}, ${row.link}, ${row.askedById}, ${row.askedBy},
      ${row.askedAt}, ${row.expiresAt})`)
}

/** The last time that somebody asked for exactly this. */
export const lastOfCall = (tx: Tx, call: Pick<ApprovalRow, 'shopId' | 'askedById' | 'digest'>) =>
  tx.maybe<ApprovalRow>(sql`
    select ${ROW} from approvals
    where shop_id = ${call.shopId} and asked_by_id = ${call.askedById} and digest = ${call.digest}
    order by id desc limit 1`)

export const findApproval = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<ApprovalRow>(sql`select ${ROW} from approvals where shop_id = ${shopId} and id = ${id}`)

/** Goes from one state to another; false when it is in another one by now. */
export const moveApproval = async (
  tx: Tx,
  { shopId, id }: Pick<ApprovalRow, 'shopId' | 'id'>,
  from: ApprovalRow['state'],
  to: ApprovalRow['state'],
  more: Sql = empty,
): Promise<boolean> =>
  (await tx.exec(sql`
    update approvals set state = ${to} ${more} where shop_id = ${shopId} and id = ${id} and state = ${from}`)) === 1

export const decided = (by: { id: string; name: string }, at: Instant, reason: string): Sql =>
  sql`, decided_by_id = ${by.id}, decided_by = ${by.name}, decided_at = ${at}, reason = ${reason}`

export const doneAt = (at: Instant | null): Sql => sql`, done_at = ${at}`

export interface ApprovalFilter {
  shopId: string
  staffId: string
  /** What the person may decide. */
  permissions: readonly Permission[]
  state: ApprovalState | undefined
  own: boolean | undefined
  now: Instant
  before: { id: string } | undefined
  limit: number
}

export const listApprovals = (tx: Tx, filter: ApprovalFilter): Promise<ApprovalRow[]> => {
  const { shopId, staffId, permissions, state, own, now, before, limit } = filter
  const isOpen = sql`state in ('pending', 'approved')`
  const wanted =
    state === undefined
      ? empty
      : state === 'expired'
        ? sql`and ${isOpen} and expires_at <= ${now}`
        : sql`and state = ${state} and (not ${isOpen} or expires_at > ${now})`
  return tx.rows<ApprovalRow>(sql`
    select ${ROW} from approvals
    where shop_id = ${shopId} and (asked_by_id = ${staffId} or permission = any(${permissions}))
      ${own === undefined ? empty : own ? sql`and asked_by_id = ${staffId}` : sql`and asked_by_id <> ${staffId}`}
      ${wanted} ${before === undefined ? empty : sql`and id < ${before.id}`}
    order by id desc limit ${limit}`)
}

/** Of what others have asked for, under these permissions. */
export const countPending = async (
  tx: Tx,
  {
    shopId,
    staffId,
    permissions,
    now,
  }: { shopId: string; staffId: string; permissions: readonly string[]; now: Instant },
): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from approvals where shop_id = ${shopId} and state = 'pending' and expires_at > ${now}
        and asked_by_id <> ${staffId} and permission = any(${[...permissions]}::text[])`)
  ).count
