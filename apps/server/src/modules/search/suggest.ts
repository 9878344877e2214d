import type { Suggestion } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { normalize } from '../catalog/index.ts'
import type { SearchDeps } from './deps.ts'
import { hotDays } from './settings.ts'
import { loadSettings, queriesLike, queriesSince } from './store.ts'

const MAX_SUGGESTIONS = 10
const MAX_OF_A_KIND = 6
const MAX_HOT = 12
const DAY_MS = 86_400_000
const ZONE_OFFSET_MS = 8 * 3_600_000

/** The day of China so many days ago, as the log counts days. */
export const dayBefore = (clock: Clock, days: number): string =>
  new Date(clock.millis() + ZONE_OFFSET_MS - days * DAY_MS).toISOString().slice(0, 10)

/** Suggestions while typing: what others searched for, categories, words of the shop's goods; each text once. */
export async function suggest(tx: Tx, deps: SearchDeps, shopId: string, typed: string): Promise<Suggestion[]> {
  const start = normalize(typed)
  if (start === '') return hotWords(tx, deps, shopId)
  const since = dayBefore(deps.clock, await deps.settings.get(hotDays, { shopId }, tx))
  const { blocked } = await loadSettings(tx, shopId)
  const categories = (await deps.catalog.listCategories(tx, shopId, true))
    .filter(({ name, productCount }) => productCount > 0 && normalize(name).includes(start))
    .slice(0, 3)
  const letters = start.replace(/[\s']/g, '')
  const all: Suggestion[] = [
    ...(await queriesLike(tx, shopId, since, start, MAX_OF_A_KIND)).map(({ query }) => plain('query', query)),
    ...categories.map(({ id, name }) => ({ kind: 'category' as const, text: name, categoryId: id })),
    ...(await deps.catalog.wordsLike(tx, shopId, letters, MAX_OF_A_KIND)).map((word) => plain('word', word)),
  ]
  const seen = new Set([start, ...blocked])
  return all.filter(({ text }) => !seen.has(text) && seen.add(text)).slice(0, MAX_SUGGESTIONS)
}

/** Pinned words, then what was searched for most and found something, without the blocked. */
async function hotWords(tx: Tx, deps: SearchDeps, shopId: string): Promise<Suggestion[]> {
  const { pinned, blocked } = await loadSettings(tx, shopId)
  const since = dayBefore(deps.clock, await deps.settings.get(hotDays, { shopId }, tx))
  const rows = await queriesSince(tx, shopId, {
    since,
    withoutResult: false,
    limit: MAX_HOT + blocked.length + pinned.length,
  })
  const found = rows.filter(({ searches, withoutResult }) => searches > withoutResult).map(({ query }) => query)
  const words = [...new Set([...pinned, ...found])].filter((word) => !blocked.includes(word))
  return words.slice(0, MAX_HOT).map((word) => plain('query', word))
}

const plain = (kind: 'query' | 'word', text: string): Suggestion => ({ kind, text, categoryId: null })
