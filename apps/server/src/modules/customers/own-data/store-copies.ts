import { sql, type Tx } from '../../../kernel/db.ts'

export interface CopyRow {
  buyerId: string
  id: string
  state: 'waiting' | 'ready' | 'failed' | 'expired'
  sizeBytes: number | null
  requestedAt: string
  expiresAt: string | null
}

const COLUMNS = sql`buyer_id, id, state, size_bytes, requested_at, expires_at`

/** Newest first. */
export const copiesOf = (tx: Tx, buyerId: string, limit: number): Promise<CopyRow[]> =>
  tx.rows<CopyRow>(sql`
    select ${COLUMNS} from own_data_copies where buyer_id = ${buyerId} order by requested_at desc, id desc limit ${limit}`)

/** Answers false when one is being made already. */
export async function insertCopy(tx: Tx, row: { buyerId: string; id: string; at: string }): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into own_data_copies (buyer_id, id, state, requested_at) values (${row.buyerId}, ${row.id}, 'waiting', ${row.at})
    on conflict do nothing`)
  return inserted === 1
}

/** Answers whether somebody still waits for it: an account may have been deleted meanwhile. */
export async function finishCopy(
  tx: Tx,
  key: { buyerId: string; id: string },
  end: { state: 'ready' | 'failed'; contentSealed: string | null; sizeBytes: number | null; expiresAt: string | null },
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update own_data_copies set state = ${end.state}, content_sealed = ${end.contentSealed}, size_bytes = ${end.sizeBytes},
      expires_at = ${end.expiresAt}
    where buyer_id = ${key.buyerId} and id = ${key.id} and state = 'waiting'`)
  return changed === 1
}

/** What is behind a link that still lives. Scope `system`. */
export const openCopy = (tx: Tx, id: string, at: string) =>
  tx.maybe<{ buyerId: string; contentSealed: string; requestedAt: string; expiresAt: string }>(sql`
    select buyer_id, content_sealed, requested_at, expires_at from own_data_copies
    where id = ${id} and state = 'ready' and expires_at > ${at}`)

/** Empties copies whose link has ended, and forgets what is older still. Scope `system`. */
export async function expireCopies(tx: Tx, at: string, forgetBefore: string): Promise<number> {
  const emptied = await tx.exec(sql`
    update own_data_copies set state = 'expired', content_sealed = null where state = 'ready' and expires_at <= ${at}`)
  return (
    emptied +
    (await tx.exec(sql`
    delete from own_data_copies where requested_at < ${forgetBefore} and state <> 'waiting'`))
  )
}
