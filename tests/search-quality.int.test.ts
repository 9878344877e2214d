import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countShop } from '../apps/server/src/modules/catalog/index.ts'
import { storeProducts } from '../apps/server/src/modules/catalog/search-products.ts'
import { openTestCatalog } from '../apps/server/src/modules/catalog/testing.ts'
import { heldOutQueries, loadTitles, measure, readCorpus } from '../bench/support/search-corpus.ts'

/** Folder with `bench_corpus.tsv` and `bench_queries_dev.jsonl`: real titles and queries that people judged. */
const corpus = readCorpus(process.env.SEARCH_DATA)
const why = corpus ? '' : ' (skipped: SEARCH_DATA names no folder with titles and judged queries)'
const LOAD_MS = 300_000

describe.skipIf(!corpus)(`CAT-09 search on real titles${why}`, () => {
  let world: Awaited<ReturnType<typeof openTestCatalog>>
  let ids: string[]
  beforeAll(async () => {
    world = await openTestCatalog()
    ids = await loadTitles(world.db, world.shopId, corpus!.titles)
    await countShop(world, world.shopId)
  }, LOAD_MS)
  afterAll(() => world?.close())

  const search = async (q: string) =>
    (await storeProducts(world.deps, world.shopId, { q, sort: 'default', limit: 10 })).items.map(({ id }) => id)

  test(
    'CAT-09 judged queries: MRR@10 of 0.78, R@10 of 0.90, at most 1 % without result',
    async () => {
      const { mrr, recall, empty } = await measure(corpus!.queries, ids, search)
      expect(mrr).toBeGreaterThanOrEqual(0.78)
      expect(recall).toBeGreaterThanOrEqual(0.9)
      expect(empty).toBeLessThanOrEqual(0.01)
    },
    LOAD_MS,
  )

  test(
    'CAT-09 pieces of titles in another order, with noise between them, find their title',
    async () => {
      const { mrr, recall } = await measure(heldOutQueries(corpus!.titles, 200), ids, search)
      expect(mrr).toBeGreaterThanOrEqual(0.78)
      expect(recall).toBeGreaterThanOrEqual(0.9)
    },
    LOAD_MS,
  )
})
