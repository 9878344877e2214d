import type { DepositEntry, FreezeCase, FreezeState } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface FreezeRow {
  shopId: string
  id: string
  number: string
  kind: 'amount' | 'period'
  caseKind: FreezeCase
  state: FreezeState
  reason: string
  amountFen: number
  periodFrom: string | null
  periodTo: string | null
  version: number
  openedAt: string
  openedBy: string
  dueAt: string
  prolonged: number
  remindAt: string | null
  releasedAt: string | null
  releasedBy: string | null
  releaseReason: string | null
}

export interface FreezePart {
  part: number
  orderId: string | null
  source: 'pending' | 'available'
  amountFen: number
}

export interface FreezeEventRow {
  number: number
  kind: 'opened' | 'prolonged' | 'document' | 'reminded' | 'released'
  text: string
  actorKind: 'platform' | 'merchant' | 'system'
  actorName: string
  fileId: string | null
  fileName: string | null
  at: string
}

const FREEZE = sql`f.shop_id, f.id, f.number, f.kind, f.case_kind, f.state, f.reason, f.amount_fen, f.period_from,
  f.period_to, f.version, f.opened_at, f.opened_by, f.due_at, f.prolonged, f.remind_at, f.released_at, f.released_by,
  f.release_reason`

export async function insertFreeze(
  tx: Tx,
  row: Omit<FreezeRow, 'state' | 'version' | 'prolonged' | 'releasedAt' | 'releasedBy' | 'releaseReason'>,
  parts: readonly FreezePart[],
): Promise<void> {
  await tx.exec(sql`
    insert into freezes (shop_id, id, number, kind, case_kind, state, reason, amount_fen, period_from, period_to, version,
      opened_at, opened_by, due_at, remind_at)
    values (${row.shopId}, ${row.id}, ${row.number}, ${row.kind}, ${row.caseKind}, 'active', ${row.reason},
      ${row.amountFen}, ${row.periodFrom}, ${row.periodTo}, 1, ${row.openedAt}, ${row.openedBy}, ${row.dueAt}, ${row.remindAt})`)
  await tx.exec(sql`
    insert into freeze_parts (shop_id, freeze_id, part, order_id, source, amount_fen)
    select ${row.shopId}, ${row.id}, r.part, r."orderId", r.source, r."amountFen"
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as r(part int, "orderId" uuid, source text, "amountFen" bigint)`)
}

export const findFreeze = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<FreezeRow>(sql`select ${FREEZE} from freezes f where f.shop_id = ${shopId} and f.id = ${id}`)

export const freezeById = (tx: Tx, id: string) =>
  tx.maybe<FreezeRow>(sql`select ${FREEZE} from freezes f where f.id = ${id}`)

export const partsOf = (tx: Tx, shopId: string, freezeId: string) =>
  tx.rows<FreezePart>(sql`
    select part, order_id, source, amount_fen from freeze_parts
    where shop_id = ${shopId} and freeze_id = ${freezeId} order by part`)

export const eventsOf = (tx: Tx, shopId: string, freezeId: string) =>
  tx.rows<FreezeEventRow>(sql`
    select number, kind, text, actor_kind, actor_name, file_id, file_name, at from freeze_events
    where shop_id = ${shopId} and freeze_id = ${freezeId} order by number`)

export async function addFreezeEvent(
  tx: Tx,
  shopId: string,
  freezeId: string,
  event: Omit<FreezeEventRow, 'number'>,
): Promise<void> {
  await tx.exec(sql`
    insert into freeze_events (shop_id, freeze_id, number, kind, text, actor_kind, actor_name, file_id, file_name, at)
    select ${shopId}, ${freezeId}, coalesce(max(number), 0) + 1, ${event.kind}, ${event.text}, ${event.actorKind},
      ${event.actorName}, ${event.fileId}::uuid, ${event.fileName}, ${event.at}
    from freeze_events where shop_id = ${shopId} and freeze_id = ${freezeId}`)
}

/** Compare-and-set on the version that was read, and only while it is active. */
export async function setProlonged(
  tx: Tx,
  row: FreezeRow,
  next: { dueAt: string; remindAt: string | null },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update freezes set due_at = ${next.dueAt}, remind_at = ${next.remindAt}, prolonged = prolonged + 1, version = version + 1
      where shop_id = ${row.shopId} and id = ${row.id} and version = ${row.version} and state = 'active'`)) === 1
  )
}

/** Compare-and-set. */
export async function setFreezeReleased(
  tx: Tx,
  row: Pick<FreezeRow, 'shopId' | 'id' | 'version'>,
  released: { at: string; by: string; reason: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update freezes set state = 'released', released_at = ${released.at}, released_by = ${released.by},
        release_reason = ${released.reason}, remind_at = null, version = version + 1
      where shop_id = ${row.shopId} and id = ${row.id} and version = ${row.version} and state = 'active'`)) === 1
  )
}

export const dueFreezes = (tx: Tx, at: string, limit: number) =>
  tx.rows<FreezeRow>(sql`
    select ${FREEZE} from freezes f where f.state = 'active' and f.due_at <= ${at} order by f.due_at limit ${limit}`)

/** Takes the reminders whose time has come. */
export const takeReminders = (tx: Tx, at: string, limit: number) =>
  tx.rows<FreezeRow>(sql`
    update freezes f set remind_at = null, reminded_at = ${at} from (
      select shop_id, id from freezes where state = 'active' and remind_at <= ${at} order by remind_at limit ${limit}
      for update skip locked) due
    where f.shop_id = due.shop_id and f.id = due.id returning ${FREEZE}`)

export interface FreezeFilter {
  shopId?: string | undefined
  state?: FreezeState | undefined
  q?: string | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}

export const listFreezes = (tx: Tx, { shopId, state, q, after, limit }: FreezeFilter) =>
  tx.rows<FreezeRow>(sql`
    select ${FREEZE} from freezes f where true
      ${shopId === undefined ? empty : sql`and f.shop_id = ${shopId}`}
      ${state === undefined ? empty : sql`and f.state = ${state}`}
      ${q === undefined || q === '' ? empty : sql`and (f.number = ${q} or position(${q} in f.reason) > 0)`}
      ${after === undefined ? empty : sql`and (f.opened_at, f.id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    order by f.opened_at desc, f.id desc limit ${limit}`)

export const countActiveFreezes = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from freezes where shop_id = ${shopId} and state = 'active'`,
    )
  ).count

export interface FreezableItem {
  orderId: string
  state: 'waiting' | 'released'
  releasedFen: number | null
}

/** Orders that were settled in a period, or all that wait (the latest due first), locked. */
export const lockItems = (tx: Tx, shopId: string, period: { from: string; to: string } | undefined, limit: number) =>
  tx.rows<FreezableItem>(sql`
    select order_id, state, released_fen from settlement_items
    where shop_id = ${shopId} and channel = 'wechat' ${
      period === undefined
        ? sql`and state = 'waiting'`
        : sql`and state <> 'frozen' and settled_at >= ${period.from} and settled_at < ${period.to}`
    }
    order by due_at desc, order_id limit ${limit} for update`)

/** What is wholly frozen waits for its freeze, not for its day. */
export async function setItemsFrozen(
  tx: Tx,
  shopId: string,
  orderIds: readonly string[],
  frozen: boolean,
): Promise<void> {
  await tx.exec(sql`
    update settlement_items set state = ${frozen ? 'frozen' : 'waiting'}
    where shop_id = ${shopId} and order_id = any(${orderIds as string[]}::uuid[]) and state = ${frozen ? 'waiting' : 'frozen'}`)
}

export async function insertDepositEntry(tx: Tx, shopId: string, entry: DepositEntry): Promise<void> {
  await tx.exec(sql`
    insert into deposit_entries (shop_id, id, kind, amount_fen, reason, by_name, at)
    values (${shopId}, ${entry.id}, ${entry.kind}, ${entry.amountFen}, ${entry.reason}, ${entry.byName}, ${entry.at})`)
}

export const listDeposits = (
  tx: Tx,
  shopId: string,
  { after, limit }: { after?: { at: string; id: string } | undefined; limit: number },
) =>
  tx.rows<DepositEntry>(sql`
    select id, kind, amount_fen, reason, by_name, at from deposit_entries where shop_id = ${shopId}
      ${after === undefined ? empty : sql`and (at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    order by at desc, id desc limit ${limit}`)
