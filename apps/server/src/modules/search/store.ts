import type { SearchSettings } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface QueryRow {
  query: string
  searches: number
  withoutResult: number
}

export interface LoggedQuery extends QueryRow {
  shopId: string
  day: string
}

/** Adds to the counts, in the order of their keys so that two who write at once take turns. Scope `system`. */
export async function addQueries(tx: Tx, rows: readonly LoggedQuery[]): Promise<void> {
  const key = ({ shopId, day, query }: LoggedQuery) => `${shopId} ${day} ${query}`
  const sorted = [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  await tx.exec(sql`
    insert into search_queries as q (shop_id, day, query, searches, without_result)
    select * from unnest(${sorted.map(({ shopId }) => shopId)}::uuid[], ${sorted.map(({ day }) => day)}::date[],
      ${sorted.map(({ query }) => query)}::text[], ${sorted.map(({ searches }) => searches)}::integer[],
      ${sorted.map(({ withoutResult }) => withoutResult)}::integer[])
    on conflict (shop_id, day, query) do update set searches = q.searches + excluded.searches,
      without_result = q.without_result + excluded.without_result`)
}

/** Queries since a day, most searched first. */
export function queriesSince(
  tx: Tx,
  shopId: string,
  options: { since: string; withoutResult: boolean; after?: [number, string] | undefined; limit: number },
): Promise<QueryRow[]> {
  const having = options.withoutResult ? sql`having sum(without_result) > 0` : empty
  const counted = options.withoutResult ? sql`without_result` : sql`searches`
  const after = options.after ? sql`where (${counted}, query) < (${options.after[0]}, ${options.after[1]})` : empty
  return tx.rows<QueryRow>(sql`
    select query, searches, without_result from (
      select query, sum(searches)::integer as searches, sum(without_result)::integer as without_result
      from search_queries where shop_id = ${shopId} and day >= ${options.since}::date group by query ${having}) counted
    ${after} order by ${counted} desc, query desc limit ${options.limit}`)
}

/** Queries since a day that found something and begin with a text, most searched first. */
export const queriesLike = (tx: Tx, shopId: string, since: string, start: string, limit: number) =>
  tx.rows<{ query: string }>(sql`
    select query from search_queries
    where shop_id = ${shopId} and day >= ${since}::date and starts_with(query, ${start}) and query <> ${start}
    group by query having sum(searches) > sum(without_result) order by sum(searches) desc, query limit ${limit}`)

export const deleteQueries = (tx: Tx, shopId: string, before: string): Promise<number> =>
  tx.exec(sql`delete from search_queries where shop_id = ${shopId} and day < ${before}::date`)

export const shopsWithQueries = (tx: Tx) =>
  tx.rows<{ shopId: string }>(sql`select distinct shop_id from search_queries order by shop_id`)

export async function loadSettings(tx: Tx, shopId: string): Promise<SearchSettings> {
  const row = await tx.maybe<SearchSettings>(sql`
    select synonyms, pinned, blocked from search_settings where shop_id = ${shopId}`)
  return row ?? { synonyms: [], pinned: [], blocked: [] }
}

export const saveSettings = (tx: Tx, shopId: string, settings: SearchSettings, at: string): Promise<number> =>
  tx.exec(sql`
    insert into search_settings (shop_id, synonyms, pinned, blocked, updated_at)
    values (${shopId}, ${JSON.stringify(settings.synonyms)}::jsonb, ${settings.pinned}, ${settings.blocked}, ${at})
    on conflict (shop_id) do update set synonyms = excluded.synonyms, pinned = excluded.pinned,
      blocked = excluded.blocked, updated_at = excluded.updated_at`)
