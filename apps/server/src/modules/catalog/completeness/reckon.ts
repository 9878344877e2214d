import { createHash } from 'node:crypto'
import { type CompletenessOverview, completenessOf, isTitleStandard } from '@zhanggui/contract'
import type { Tx } from '../../../kernel/db.ts'
import type { Subscriber } from '../../../kernel/outbox-relay.ts'
import { completenessFacts } from '../content.ts'
import type { CatalogDeps } from '../deps.ts'
import { productCreated, productUpdated } from '../events.ts'
import { categoryPath } from '../rules.ts'
import { completenessRules, titleRules } from '../settings-content.ts'
import { loadTree } from '../store-categories.ts'
import { loadProducts } from '../store-products.ts'
import {
  noteRules,
  overviewOf,
  productsAfter,
  productsShowing,
  type ReckonedProduct,
  shopsToMeasure,
  shopsToReckon,
  writeScores,
} from './store-completeness.ts'

type ReckonDeps = Pick<CatalogDeps, 'db' | 'clock' | 'settings' | 'files'>

const CHUNK = 200
/** Old pictures that are measured in one sweep; measuring one takes some milliseconds. */
const MEASURED_AT_ONCE = 40
const SHOPS_AT_ONCE = 20

/** Reckons products anew after every change, together for a batch of events. */
export function completenessSubscriber(deps: ReckonDeps): Subscriber {
  return {
    name: 'catalog.completeness',
    events: [productCreated, productUpdated],
    handle: async (tx, events) => {
      const byShop = Map.groupBy(events, ({ shopId }) => shopId)
      for (const shopId of [...byShop.keys()].sort())
        await reckon(tx, deps, shopId, [...new Set(byShop.get(shopId)!.map(({ aggregateId }) => aggregateId))])
    },
  }
}

/** Reckons the completeness of products by the shop's rules and writes it beside them. */
async function reckon(tx: Tx, deps: ReckonDeps, shopId: string, productIds: readonly string[]): Promise<void> {
  const rules = await completenessRules(deps.settings, shopId, tx)
  const titles = await titleRules(deps.settings, shopId, tx)
  const tree = await loadTree(tx, shopId)
  const at = deps.clock.instant()
  for (let from = 0; from < productIds.length; from += CHUNK) {
    const products = await loadProducts(tx, shopId, productIds.slice(from, from + CHUNK))
    const files = await deps.files.find(
      tx,
      shopId,
      products.flatMap(({ pictures }) => pictures),
    )
    const scores = products.map((product): ReckonedProduct => {
      const title = {
        ...product,
        coreKeyword: product.content.coreKeyword,
        categoryPath: categoryPath(tree, product.categoryId),
      }
      const facts = completenessFacts(product, isTitleStandard(title, titles), files)
      const { score, parts } = completenessOf(facts, rules)
      const missing = parts.filter(({ worth, earned }) => earned < worth)
      return {
        id: product.id,
        score,
        gaps: Object.fromEntries(missing.map((part) => [part.item, part.worth - part.earned])),
      }
    })
    await writeScores(tx, shopId, scores, at)
  }
  // Rules that changed meanwhile are left to the sweep, which reckons everything by them.
  if (productIds.length > 0) await noteRules(tx, shopId, keyOf(rules, titles, [...tree.values()]), at, 'first')
}

const keyOf = (...rules: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 32)

/** Reckons what no event asked for: products from before, changed rules or categories, pictures measured late. */
export async function sweepCompleteness(deps: ReckonDeps): Promise<void> {
  for (const shopId of await deps.db.read('system', (tx) => shopsToMeasure(tx, SHOPS_AT_ONCE))) {
    const measured = await deps.files.measure(shopId, MEASURED_AT_ONCE)
    await deps.db.tx({ shopId }, async (tx) => reckon(tx, deps, shopId, await productsShowing(tx, shopId, measured)))
  }
  for (const { shopId, rulesKey, hasNew } of await deps.db.read('system', shopsToReckon)) {
    const key = await deps.db.read({ shopId }, async (tx) =>
      keyOf(await completenessRules(deps.settings, shopId, tx), await titleRules(deps.settings, shopId, tx), [
        ...(await loadTree(tx, shopId)).values(),
      ]),
    )
    if (key === rulesKey && !hasNew) continue
    await reckonShop(deps, shopId, key === rulesKey)
    await deps.db.tx({ shopId }, (tx) => noteRules(tx, shopId, key, deps.clock.instant(), 'now'))
  }
}

/** All products of a shop, or those that were never reckoned, a chunk to a transaction. */
async function reckonShop(deps: ReckonDeps, shopId: string, isNew: boolean): Promise<void> {
  for (let afterId: string | null = null; ; ) {
    const ids: string[] = await deps.db.tx({ shopId }, async (tx) => {
      const chunk = await productsAfter(tx, shopId, afterId, isNew, CHUNK)
      await reckon(tx, deps, shopId, chunk)
      return chunk
    })
    if (ids.length < CHUNK) return
    afterId = ids.at(-1)!
  }
}

const BANDS = [
  [0, 39],
  [40, 59],
  [60, 79],
  [80, 99],
  [100, 100],
] as const

/** How the products on sale stand, and what costs the most points. */
export async function completenessOverview(deps: ReckonDeps, shopId: string): Promise<CompletenessOverview> {
  const { bands, gaps } = await deps.db.read({ shopId }, (tx) => overviewOf(tx, shopId))
  const products = bands.reduce((sum, band) => sum + band.products, 0)
  const points = bands.reduce((sum, band) => sum + band.points, 0)
  return {
    products,
    average: products === 0 ? 0 : Math.round(points / products),
    bands: BANDS.map(([from, to], index) => ({
      from,
      to,
      products: bands.find(({ band }) => band === index)?.products ?? 0,
    })),
    gaps: gaps.map((gap) => ({
      item: gap.item,
      products: gap.products,
      gainCentipoints: Math.round((gap.points * 100) / products),
    })),
  }
}
