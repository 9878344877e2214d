import type { SearchSettings } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { COMMON_SYNONYMS, normalize, otherWordings } from '../catalog/index.ts'
import type { Schedule } from '../orders/index.ts'
import type { SearchDeps } from './deps.ts'
import { createQueryLog } from './log.ts'
import { searchHandlers } from './routes.ts'
import { hotDays, queryKeepDays } from './settings.ts'
import { deleteQueries, loadSettings, type QueryRow, queriesSince, shopsWithQueries } from './store.ts'
import { dayBefore } from './suggest.ts'

export type { SearchDeps } from './deps.ts'
export type { QueryRow } from './store.ts'

/**
 * Other ways to say a query by the shop's own synonyms and the common ones: what the catalogue's search asks for.
 * A set of the shop that names a word takes the place of the common set.
 */
export async function synonymsOf(tx: Tx, shopId: string, query: string): Promise<string[]> {
  const { synonyms } = await loadSettings(tx, shopId)
  const own = new Set(synonyms.flat())
  const common = COMMON_SYNONYMS.filter((set) => !set.some((word) => own.has(word)))
  return otherWordings(normalize(query), [...synonyms, ...common])
}

/** What buyers search for, suggestions while they type, and what a shop sets for its search (CAT-09). */
export function createSearch(deps: SearchDeps) {
  const log = createQueryLog(deps)
  const schedules: Schedule[] = [
    { name: 'search.drop-old-queries', every: { cron: '30 4 * * *' }, handler: () => dropOld(deps) },
  ]
  return {
    handlers: searchHandlers(deps, log),
    schedules,
    /**
     * What was searched for most in the last days (`search.hot-days` unless told) and found something, for titles and
     * suggestions.
     */
    topQueries: (tx: Tx, shopId: string, options: { limit: number; days?: number }) =>
      topQueries(tx, deps, shopId, options),
    /** Writes what the log holds in memory. */
    flushQueries: () => log.flush(),
  }
}

export type Search = ReturnType<typeof createSearch>

async function topQueries(
  tx: Tx,
  deps: SearchDeps,
  shopId: string,
  options: { limit: number; days?: number },
): Promise<QueryRow[]> {
  const { limit } = options
  const days = options.days ?? (await deps.settings.get(hotDays, { shopId }, tx))
  const { blocked }: SearchSettings = await loadSettings(tx, shopId)
  const rows = await queriesSince(tx, shopId, {
    since: dayBefore(deps.clock, days),
    withoutResult: false,
    limit: limit + blocked.length,
  })
  return rows
    .filter(({ query, searches, withoutResult }) => searches > withoutResult && !blocked.includes(query))
    .slice(0, limit)
}

async function dropOld(deps: SearchDeps): Promise<void> {
  for (const { shopId } of await deps.db.read('system', shopsWithQueries)) {
    const days = await deps.settings.get(queryKeepDays, { shopId })
    await deps.db.tx({ shopId }, (tx) => deleteQueries(tx, shopId, dayBefore(deps.clock, days)))
  }
}
