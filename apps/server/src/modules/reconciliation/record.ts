import type { DifferencePair } from '@zhanggui/contract'
import { type Sql, sql, type Tx } from '../../kernel/db.ts'

/** A day of a shop that is looked at. */
export interface Looking {
  shopId: string
  day: string
  from: string
  to: string
  midnightMinutes: number
  runId: string
  at: string
}

/** What does not agree between two books: rows of a query. */
export interface Finding {
  pair: DifferencePair
  rows: Sql
}

/**
 * Writes what was found. What is known already is brought up to date; what a person has closed stays closed; what had
 * gone by itself and is back is open again.
 */
export async function record(tx: Tx, { shopId, day, runId, at }: Looking, { pair, rows }: Finding): Promise<void> {
  await tx.exec(sql`
    insert into reconciliation_differences as d (shop_id, id, day, pair, subject, class, state, number, order_id, happened_at,
      there_fen, here_fen, there_state, here_state, found_at, seen_at, run_id)
    select distinct on (f.subject) ${shopId}::uuid, uuidv7(), ${day}::date, ${pair}, f.subject, f.class, 'open', f.number, f.order_id,
      f.happened_at, f.there_fen, f.here_fen, f.there_state, f.here_state, ${at}::timestamptz, ${at}::timestamptz, ${runId}::uuid
    from (${rows}) f order by f.subject
    on conflict (shop_id, pair, subject) do update set class = excluded.class, state = 'open', number = excluded.number,
      order_id = excluded.order_id, there_fen = excluded.there_fen, here_fen = excluded.here_fen,
      there_state = excluded.there_state, here_state = excluded.here_state, seen_at = excluded.seen_at, run_id = excluded.run_id,
      closed_how = null, closed_at = null, closed_by = null, close_reason = null,
      version = d.version + case when (d.state, d.class, d.there_fen, d.here_fen, d.there_state, d.here_state) is distinct from
        ('open', excluded.class, excluded.there_fen, excluded.here_fen, excluded.there_state, excluded.here_state) then 1 else 0 end
    where d.state = 'open' or d.closed_how = 'resolved'`)
}

/** Closes what the last look at the day did not find any more. Answers how many. */
export const closeResolved = (tx: Tx, { shopId, day, runId, at }: Looking): Promise<number> =>
  tx.exec(sql`
    update reconciliation_differences set state = 'closed', closed_how = 'resolved', closed_at = ${at}, version = version + 1
    where shop_id = ${shopId} and day = ${day} and state = 'open' and run_id <> ${runId}`)
