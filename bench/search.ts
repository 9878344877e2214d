/**
 * `npm run bench -- search [products]`: how good and how fast the search of the storefront is, on the very path that
 * its routes take. Quality on real titles with judged queries where they are (`SEARCH_DATA` names the folder), beside
 * sets that nothing was tuned on (`search-held-out.ts`); speed with 100,000 products: a page of twenty with
 * prices, pictures and stock.
 */
import { systemClock } from '../apps/server/src/kernel/clock.ts'
import { migrate } from '../apps/server/src/kernel/migrate.ts'
import { countShop } from '../apps/server/src/modules/catalog/search/reindex.ts'
import { storeProducts } from '../apps/server/src/modules/catalog/search-products.ts'
import { composeCatalog } from '../apps/server/src/modules/catalog/testing-world.ts'
import {
  heldOutQueries,
  type JudgedQuery,
  loadTitles,
  madeTitles,
  measure,
  readCorpus,
} from './support/search-corpus.ts'
import { readHeldOut } from './support/search-held-out.ts'

const BARS = { mrr: 0.78, recall: 0.9, empty: 0.01, p95Ms: 30 }
const HELD_OUT = 300
const WARM_UP = 200
const TIMED = 500

interface Bar {
  name: string
  value: number
  limit: number
  ok: boolean
}

// Payloads of events are checked against their schemas in development only, as in the program.
process.env.NODE_ENV = 'production'

const products = Number(process.argv[2] ?? 100_000)
const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: run `npm run bench -- search`')
const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
const world = await composeCatalog(appUrl, systemClock)
const corpus = readCorpus(process.env.SEARCH_DATA)

const bars: Bar[] = []
if (corpus === undefined) console.log('quality: skipped, SEARCH_DATA names no folder with titles and judged queries')
else await quality(corpus)
await speed(
  corpus?.titles ?? madeTitles(10_000),
  corpus?.queries.map(({ query }) => query),
)
await world.close()
console.table(bars)
console.log(JSON.stringify({ bench: 'search', products, bars }))
process.exit(bars.every(({ ok }) => ok) ? 0 : 1)

async function quality({ titles, queries }: { titles: string[]; queries: JudgedQuery[] }): Promise<void> {
  const shopId = await world.openShop('quality')
  const ids = await loadTitles(world.db, shopId, titles)
  await countShop(world, shopId)
  const search = async (q: string) =>
    (await storeProducts(world.deps, shopId, { q, sort: 'default', limit: 10 })).items.map(({ id }) => id)
  const judged = await measure(queries, ids, search)
  const heldOut = await measure(heldOutQueries(titles, HELD_OUT), ids, search)
  console.table({ judged, 'pieces of titles': heldOut, ...(await neverTuned(titles, ids, search)) })
  bars.push(
    atLeast('MRR@10', judged.mrr, BARS.mrr),
    atLeast('R@10', judged.recall, BARS.recall),
    atMost('without result', judged.empty, BARS.empty),
    atLeast('MRR@10, held out', heldOut.mrr, BARS.mrr),
  )
}

/** Sets of others that nothing was tuned on: told, not barred. */
async function neverTuned(titles: string[], ids: string[], search: (q: string) => Promise<string[]>) {
  const sets = readHeldOut(process.env.SEARCH_DATA!, titles)
  const numbers = new Map(ids.map((id, number) => [id, number]))
  const selves = new Map(sets.sameProduct.map(({ query, self }) => [query, self]))
  const others = async (q: string) => (await search(q)).filter((id) => numbers.get(id) !== selves.get(q))
  const typed = await measure(
    sets.typed.map((query) => ({ query, relevant: [] })),
    ids,
    search,
  )
  return {
    'same product': await measure(sets.sameProduct, ids, others),
    'brand and product': await measure(sets.brandAndProduct, ids, search),
    category: await measure(sets.category, ids, search),
    'typed, unjudged': { queries: typed.queries, empty: typed.empty },
  }
}

async function speed(titles: readonly string[], asked: readonly string[] | undefined): Promise<void> {
  const shopId = await world.openShop('speed')
  await loadTitles(
    world.db,
    shopId,
    Array.from({ length: products }, (_, i) => titles[i % titles.length]!),
  )
  await countShop(world, shopId)
  const queries = asked ?? heldOutQueries(titles, HELD_OUT).map(({ query }) => query)
  const timesMs: number[] = []
  for (let i = 0; i < WARM_UP + TIMED; i++) {
    const startedMs = performance.now()
    await storeProducts(world.deps, shopId, { q: queries[i % queries.length]!, sort: 'default', limit: 20 })
    if (i >= WARM_UP) timesMs.push(performance.now() - startedMs)
  }
  timesMs.sort((a, b) => a - b)
  const at = (share: number) => Math.round(timesMs[Math.floor(timesMs.length * share)]! * 10) / 10
  console.table({ ms: { products, p50: at(0.5), p95: at(0.95), p99: at(0.99) } })
  bars.push(atMost('p95 ms', at(0.95), BARS.p95Ms))
}

function atLeast(name: string, value: number, limit: number): Bar {
  return { name, value: Math.round(value * 10_000) / 10_000, limit, ok: value >= limit }
}

function atMost(name: string, value: number, limit: number): Bar {
  return { name, value, limit, ok: value <= limit }
}
