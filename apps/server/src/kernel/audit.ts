import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from './actor.ts'
import { canonicalJson, plainJson } from './canonical-json.ts'
import type { Clock, Instant } from './clock.ts'
import { join, type Sql, sql, type Tx } from './db.ts'
import { newId } from './ids.ts'
import { lockInOrder } from './locks.ts'
import { decodeCursor, keysetPage, type Page } from './page.ts'
import { redact, redactText } from './redact.ts'

/** What a use case tells the audit trail. */
export interface AuditInput {
  shopId: string
  actor: Actor
  /** `<module>.<verb>`, e.g. `catalog.publish-product`. */
  action: string
  /** What was acted on, e.g. `product`. */
  entity: string
  entityId: string
  /** One sentence for people, with nothing secret in it. */
  summary: string
  before?: unknown
  after?: unknown
  ip?: string
  requestId?: string
}

export interface AuditEntry {
  shopId: string
  /** 1, 2, 3 … within the shop, without gaps. */
  number: number
  id: string
  at: Instant
  actorKind: string
  actorId: string | null
  actorName: string | null
  action: string
  entity: string
  entityId: string
  summary: string
  before: unknown
  after: unknown
  ip: string | null
  requestId: string | null
  prevHash: string
  hash: string
}

export interface AuditFilter {
  shopId: string
  actorId?: string
  /** A part of the actor's name. */
  actorName?: string
  action?: string
  entity?: string
  entityId?: string
  /** The interval [from, to). */
  from?: Instant
  to?: Instant
}

export interface AuditVerdict {
  ok: boolean
  /** Rows looked at. */
  checked: number
  /** The first row that does not fit, and why. */
  brokenAt?: number
  reason?: string
}

const FIRST_HASH = '0'.repeat(64)
const VERIFY_BATCH = 1_000
const MOST_TRAILS = 1_000_000
const COLUMNS = sql`shop_id, number, id, at, actor_kind, actor_id, actor_name, action, entity, entity_id, summary,
  before, after, ip, request_id, prev_hash, hash`

/**
 * Appends one entry to the shop's audit trail, in the caller's transaction, whose scope must include the shop.
 * Personal data and secrets in `before` and `after` are masked. The shop's chain is locked until the
 * transaction ends, so call it last.
 */
export async function audit(tx: Tx, clock: Clock, input: AuditInput): Promise<AuditEntry> {
  await lockInOrder(tx, [`audit:${input.shopId}`])
  const last = await tx.maybe<{ number: number; hash: string }>(sql`
    select number, hash from audit_log where shop_id = ${input.shopId} order by number desc limit 1`)
  const content = storable({
    shopId: input.shopId,
    number: (last?.number ?? 0) + 1,
    id: newId(),
    at: clock.instant(),
    actorKind: input.actor.kind,
    actorId: input.actor.id ?? null,
    actorName: input.actor.name?.slice(0, 200) ?? null,
    action: input.action,
    entity: input.entity,
    entityId: input.entityId,
    summary: redactText(input.summary).slice(0, 500),
    before: redact(input.before) ?? null,
    after: redact(input.after) ?? null,
    ip: input.ip ?? null,
    requestId: input.requestId ?? null,
    prevHash: last?.hash ?? FIRST_HASH,
  })
  return tx.one<AuditEntry>(sql`
    insert into audit_log (shop_id, number, id, at, actor_kind, actor_id, actor_name, action, entity, entity_id,
      summary, before, after, ip, request_id, prev_hash, hash)
    values (${content.shopId}, ${content.number}, ${content.id}, ${content.at}, ${content.actorKind},
      ${content.actorId}, ${content.actorName}, ${content.action}, ${content.entity}, ${content.entityId},
      ${content.summary}, ${json(content.before)}, ${json(content.after)}, ${content.ip}, ${content.requestId},
      ${content.prevHash}, ${hashOf(content)})
    returning ${COLUMNS}`)
}

/** Entries of one shop, newest first. */
export async function listAudit(
  tx: Tx,
  filter: AuditFilter,
  page: { after?: string | null; limit: number },
): Promise<Page<AuditEntry>> {
  const before = decodeCursor(page.after, z.number().int().positive())
  const conditions: Sql[] = [sql`shop_id = ${filter.shopId}`]
  if (filter.actorId !== undefined) conditions.push(sql`actor_id = ${filter.actorId}`)
  if (filter.actorName !== undefined) conditions.push(sql`position(${filter.actorName} in actor_name) > 0`)
  if (filter.action !== undefined) conditions.push(sql`action = ${filter.action}`)
  if (filter.entity !== undefined) conditions.push(sql`entity = ${filter.entity}`)
  if (filter.entityId !== undefined) conditions.push(sql`entity_id = ${filter.entityId}`)
  if (filter.from !== undefined) conditions.push(sql`at >= ${filter.from}`)
  if (filter.to !== undefined) conditions.push(sql`at < ${filter.to}`)
  if (before !== undefined) conditions.push(sql`number < ${before}`)
  const rows = await tx.rows<AuditEntry>(sql`
    select ${COLUMNS} from audit_log where ${join(conditions, ' and ')} order by number desc limit ${page.limit + 1}`)
  return keysetPage(rows, page.limit, (row) => row.number)
}

/** How many entries there are of an actor's action since `from`. */
export const countAudit = async (
  tx: Tx,
  { shopId, actorId, action, from }: { shopId: string; actorId: string; action: string; from: Instant },
): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from audit_log
      where shop_id = ${shopId} and actor_id = ${actorId} and action = ${action} and at >= ${from}`)
  ).count

/** Recomputes the chain of one shop from its first entry: finds rows that were changed, removed or put between. */
export async function verifyAuditChain(tx: Tx, shopId: string): Promise<AuditVerdict> {
  let prevHash = FIRST_HASH
  let checked = 0
  for (;;) {
    const rows = await tx.rows<AuditEntry>(sql`
      select ${COLUMNS} from audit_log where shop_id = ${shopId} and number > ${checked}
      order by number limit ${VERIFY_BATCH}`)
    for (const { hash, ...content } of rows) {
      const broken = (reason: string): AuditVerdict => ({ ok: false, checked, brokenAt: content.number, reason })
      if (content.number !== checked + 1) return broken(`entry ${checked + 1} is missing`)
      if (content.prevHash !== prevHash) return broken(`entry ${content.number} does not follow the one before it`)
      if (hashOf(content) !== hash) return broken(`entry ${content.number} was changed`)
      prevHash = hash
      checked++
    }
    if (rows.length < VERIFY_BATCH) return { ok: true, checked }
  }
}

/** The verdict on every trail there is, by shop; the platform's own among them. Scope `system`. */
export async function verifyAllTrails(tx: Tx): Promise<(AuditVerdict & { shopId: string })[]> {
  const trails = await tx.rows<{ shopId: string }>(
    sql`select distinct shop_id from audit_log order by shop_id limit ${MOST_TRAILS}`,
  )
  const verdicts: (AuditVerdict & { shopId: string })[] = []
  for (const { shopId } of trails) verdicts.push({ shopId, ...(await verifyAuditChain(tx, shopId)) })
  return verdicts
}

/** What is hashed must be what the database gives back. */
const storable = (content: Omit<AuditEntry, 'hash'>) => plainJson(content) as Omit<AuditEntry, 'hash'>

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

function hashOf(content: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}
