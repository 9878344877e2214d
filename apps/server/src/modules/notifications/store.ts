import type { NoticeKind, NoticeState } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'

/** A buyer who taps for hours does not fill a counter. */
const MOST_GRANTS = 100

interface GrantKey {
  shopId: string
  buyerId: string
  templateId: string
}

/** One more message is allowed. */
export async function addGrant(tx: Tx, { shopId, buyerId, templateId }: GrantKey, at: string): Promise<void> {
  await tx.exec(sql`
    insert into notice_grants (shop_id, buyer_id, template_id, remaining, updated_at)
    values (${shopId}, ${buyerId}, ${templateId}, 1, ${at})
    on conflict (shop_id, buyer_id, template_id) do update set
      remaining = least(notice_grants.remaining + 1, ${MOST_GRANTS}), updated_at = excluded.updated_at`)
}

/** Takes one allowed message; false when there is none. */
export async function useGrant(tx: Tx, { shopId, buyerId, templateId }: GrantKey, at: string): Promise<boolean> {
  const used = await tx.exec(sql`
    update notice_grants set remaining = remaining - 1, updated_at = ${at}
    where shop_id = ${shopId} and buyer_id = ${buyerId} and template_id = ${templateId} and remaining > 0`)
  return used === 1
}

/** WeChat says that nothing is allowed: our count was wrong. */
export async function clearGrants(tx: Tx, { shopId, buyerId, templateId }: GrantKey, at: string): Promise<void> {
  await tx.exec(sql`
    update notice_grants set remaining = 0, updated_at = ${at}
    where shop_id = ${shopId} and buyer_id = ${buyerId} and template_id = ${templateId}`)
}

export interface NewNotice {
  shopId: string
  id: string
  buyerId: string
  kind: NoticeKind
  about: string
  subject: string
  templateId: string
  page: string
  facts: Record<string, string>
  at: string
}

/** Whether the message is new; it then still has to be allowed. */
export async function insertNotice(tx: Tx, notice: NewNotice): Promise<boolean> {
  const { shopId, id, buyerId, kind, about, subject, templateId, page, facts, at } = notice
  const inserted = await tx.exec(sql`
    insert into notices (shop_id, id, buyer_id, kind, about, subject, template_id, page, facts, state, created_at)
    values (${shopId}, ${id}, ${buyerId}, ${kind}, ${about}, ${subject}, ${templateId}, ${page},
      ${JSON.stringify(facts)}::jsonb, 'not-allowed', ${at})
    on conflict on constraint notices_once do nothing`)
  return inserted === 1
}

export interface DueNotice {
  shopId: string
  id: string
  buyerId: string
  kind: NoticeKind
  templateId: string
  page: string
  facts: Record<string, string>
  attempts: number
}

/** Has a message sent from `at` on. */
export async function makeDue(tx: Tx, shopId: string, id: string, at: string): Promise<void> {
  await tx.exec(sql`
    update notices set state = 'waiting', check_at = ${at} where shop_id = ${shopId} and id = ${id}`)
}

/** Takes messages that are due, for as long as the lease: another process takes others. */
export const claimDue = (tx: Tx, at: string, leaseUntil: string, limit: number): Promise<DueNotice[]> =>
  tx.rows<DueNotice>(sql`
    update notices n set check_at = ${leaseUntil}, attempts = attempts + 1 from (
      select shop_id, id from notices where state = 'waiting' and check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where n.shop_id = due.shop_id and n.id = due.id
    returning n.shop_id, n.id, n.buyer_id, n.kind, n.template_id, n.page, n.facts, n.attempts`)

/** What became of a message that was being sent; false when somebody else has said so already. */
export async function endAttempt(
  tx: Tx,
  notice: Pick<DueNotice, 'shopId' | 'id'>,
  end: { state: NoticeState; checkAt: string | null; sentAt: string | null; error: string | null },
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update notices set state = ${end.state}, check_at = ${end.checkAt}, sent_at = ${end.sentAt}, last_error = ${end.error}
    where shop_id = ${notice.shopId} and id = ${notice.id} and state = 'waiting'`)
  return changed === 1
}

export interface NoticeRow {
  id: string
  buyerId: string
  kind: NoticeKind
  subject: string
  state: NoticeState
  lastError: string | null
  createdAt: string
  sentAt: string | null
}

export interface NoticeFilter {
  shopId: string
  kind?: NoticeKind | undefined
  state?: NoticeState | undefined
  /** Beginning of what they are about. */
  q?: string | undefined
  buyerId?: string | undefined
  before?: { at: string; id: string } | undefined
  limit: number
}

/** Messages, newest first. */
export async function listNotices(tx: Tx, filter: NoticeFilter): Promise<NoticeRow[]> {
  const { shopId, kind, state, buyerId, q, before, limit } = filter
  const conditions: Sql[] = [sql`shop_id = ${shopId}`]
  if (kind !== undefined) conditions.push(sql`kind = ${kind}`)
  if (buyerId !== undefined) conditions.push(sql`buyer_id = ${buyerId}`)
  if (state !== undefined) conditions.push(sql`state = ${state}`)
  if (q !== undefined && q !== '') conditions.push(sql`starts_with(subject, ${q})`)
  if (before !== undefined) conditions.push(sql`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return tx.rows<NoticeRow>(sql`
    select id, buyer_id, kind, subject, state, last_error, created_at, sent_at from notices
    where ${join(conditions, ' and ')} order by created_at desc, id desc limit ${limit}`)
}

export interface NoticeCount {
  kind: NoticeKind
  state: NoticeState
  count: number
}

/** How many messages became what, since an instant. */
export const countNotices = (tx: Tx, shopId: string, since: string): Promise<NoticeCount[]> =>
  tx.rows<NoticeCount>(sql`
    select kind, state, count(*) as count from notices
    where shop_id = ${shopId} and created_at >= ${since} group by kind, state`)

/** Two buyers turned out to be one person: what they allow adds up. Scope `system`. */
export async function moveNotices(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    insert into notice_grants (shop_id, buyer_id, template_id, remaining, updated_at)
    select shop_id, ${buyerId}, template_id, remaining, updated_at from notice_grants where buyer_id = ${fromBuyerId}
    on conflict (shop_id, buyer_id, template_id) do update set
      remaining = least(notice_grants.remaining + excluded.remaining, ${MOST_GRANTS})`)
  await tx.exec(sql`delete from notice_grants where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update notices set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
