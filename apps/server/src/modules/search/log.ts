import type { Clock } from '../../kernel/clock.ts'
import type { Db } from '../../kernel/db.ts'
import { addQueries, type LoggedQuery } from './store.ts'

const FLUSH_AFTER_MS = 1_000
const MAX_WAITING = 2_000
/** Numbers as long as this are phones, orders, cards: they are not kept. */
const PERSONAL = /\d[\d\s-]{6,}/

/**
 * Counts what is searched for, in memory first: an answer never waits for it, and a word that everybody searches for
 * is one row's update a second. What waits when a process is killed is lost; nothing depends on it.
 */
export function createQueryLog(deps: { db: Db; clock: Clock; onError: (error: unknown) => void }) {
  let waiting = new Map<string, LoggedQuery>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const rows = [...waiting.values()]
    waiting = new Map()
    if (rows.length === 0) return
    await deps.db.tx('system', (tx) => addQueries(tx, rows)).catch(deps.onError)
  }

  return {
    record(shopId: string, day: string, query: string, hasResult: boolean): void {
      if (query === '' || PERSONAL.test(query) || waiting.size >= MAX_WAITING) return
      const key = `${shopId} ${day} ${query}`
      const row = waiting.get(key) ?? { shopId, day, query, searches: 0, withoutResult: 0 }
      row.searches++
      if (!hasResult) row.withoutResult++
      waiting.set(key, row)
      timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref()
    },
    flush,
  }
}

export type QueryLog = ReturnType<typeof createQueryLog>
