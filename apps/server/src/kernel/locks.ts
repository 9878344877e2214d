import { sql, type Tx } from './db.ts'

/**
 * The one global lock order. Locks are taken in ascending order of their key and nowhere else, so two
 * transactions can never wait for each other. Keys are names such as `order:<id>`; ledger accounts are
 * locked by the ledger itself, in id order, after these.
 */
export async function lockInOrder(tx: Tx, keys: readonly string[]): Promise<void> {
  const ordered = [...new Set(keys)].sort()
  if (ordered.length === 0) return
  await tx.rows(sql`
    select pg_advisory_xact_lock(hashtextextended(key, 0))
    from unnest(${ordered}::text[]) with ordinality as wanted(key, place) order by place`)
}
