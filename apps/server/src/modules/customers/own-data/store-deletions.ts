import { plainArray } from '../../../kernel/arrays.ts'
import { sql, type Tx } from '../../../kernel/db.ts'

export interface DeletionRow {
  buyerId: string
  id: string
  state: 'waiting' | 'closing' | 'erased' | 'cancelled'
  requestedAt: string
  dueAt: string
  blockedBy: string
  endedAt: string | null
}

const COLUMNS = sql`buyer_id, id, state, requested_at, due_at, blocked_by, ended_at`

/** The newest request of a buyer. */
export const newestDeletion = (tx: Tx, buyerId: string): Promise<DeletionRow | undefined> =>
  tx.maybe<DeletionRow>(sql`
    select ${COLUMNS} from account_deletions where buyer_id = ${buyerId} order by requested_at desc, id desc limit 1`)

/** When the data of those among the buyers who asked for it will be erased. */
export async function deletionOf(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<DeletionRow>(sql`
    select ${COLUMNS} from account_deletions
    where buyer_id = any(${plainArray(buyerIds)}::uuid[]) and state in ('waiting', 'closing')`)
  return new Map(rows.map(({ buyerId, dueAt }) => [buyerId, dueAt]))
}

/** Answers false when one is under way already. */
export async function insertDeletion(
  tx: Tx,
  row: { buyerId: string; id: string; reason: string; at: string; dueAt: string },
): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into account_deletions (buyer_id, id, state, reason, requested_at, due_at)
    values (${row.buyerId}, ${row.id}, 'waiting', ${row.reason}, ${row.at}, ${row.dueAt})
    on conflict do nothing`)
  return inserted === 1
}

/** Answers whether there was one to be taken back. */
export async function cancelDeletion(tx: Tx, buyerId: string, at: string): Promise<boolean> {
  const changed = await tx.exec(sql`
    update account_deletions set state = 'cancelled', reason = '', ended_at = ${at}
    where buyer_id = ${buyerId} and state = 'waiting'`)
  return changed === 1
}

/** Requests whose next step is due, oldest first. Scope `system`. */
export const dueDeletions = (tx: Tx, at: string, limit: number): Promise<DeletionRow[]> =>
  tx.rows<DeletionRow>(sql`
    select ${COLUMNS} from account_deletions where state in ('waiting', 'closing') and due_at <= ${at}
    order by due_at, id limit ${limit}`)

/** The request as it is now, locked. */
export const lockDeletion = (tx: Tx, { buyerId, id }: Pick<DeletionRow, 'buyerId' | 'id'>) =>
  tx.maybe<DeletionRow>(sql`
    select ${COLUMNS} from account_deletions where buyer_id = ${buyerId} and id = ${id} for update`)

export async function writeDeletion(
  tx: Tx,
  { buyerId, id }: Pick<DeletionRow, 'buyerId' | 'id'>,
  change: { state: DeletionRow['state']; dueAt: string; blockedBy?: string; endedAt?: string },
): Promise<void> {
  await tx.exec(sql`
    update account_deletions set state = ${change.state}, due_at = ${change.dueAt}, blocked_by = ${change.blockedBy ?? ''},
      ended_at = ${change.endedAt ?? null},
      reason = case when ${change.state} = 'erased' then '' else reason end
    where buyer_id = ${buyerId} and id = ${id}`)
}

/** Erased here, and still known to the event store. Scope `system`. */
export const unforgotten = (tx: Tx, limit: number): Promise<{ buyerId: string; id: string }[]> =>
  tx.rows(sql`
    select buyer_id, id from account_deletions where state = 'erased' and events_forgotten_at is null
    order by ended_at limit ${limit}`)

export async function markForgotten(tx: Tx, key: { buyerId: string; id: string }, at: string): Promise<void> {
  await tx.exec(sql`
    update account_deletions set events_forgotten_at = ${at} where buyer_id = ${key.buyerId} and id = ${key.id}`)
}

/** Two buyers turned out to be one person, who is here: nobody leaves. Scope `system`. */
export async function moveDeletions(tx: Tx, fromBuyerId: string, buyerId: string, at: string): Promise<void> {
  await cancelDeletion(tx, fromBuyerId, at)
  await tx.exec(sql`update account_deletions set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
