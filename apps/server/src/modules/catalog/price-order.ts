import type { Tx } from '../../kernel/db.ts'
import type { Viewer } from '../prices/index.ts'
import type { CatalogDeps } from './deps.ts'
import { skuPrices } from './price-goods.ts'
import type { ListedProduct } from './store-lists.ts'
import { isByPrice, listOnSale, onSaleAmong, type ResolvedRanges, type StoreListQuery } from './store-on-sale.ts'

type PricePort = Pick<CatalogDeps, 'prices'>

/** Whether a list depends on what things cost: it is sorted or narrowed by price. */
export const needsPrices = (query: Pick<StoreListQuery, 'sort' | 'minPriceFen' | 'maxPriceFen'>): boolean =>
  isByPrice(query.sort) || query.minPriceFen !== undefined || query.maxPriceFen !== undefined

/**
 * Products on sale, sorted and narrowed by the prices that this viewer pays at `at` (CAT-04). Where no rule is in
 * force for the viewer, that costs one statement; else the prices of the products under rules are worked out first,
 * by the same resolver that cards and orders ask.
 */
export async function listPriced(
  tx: Tx,
  deps: PricePort,
  query: StoreListQuery,
  viewer: Viewer,
  at: string,
): Promise<ListedProduct[]> {
  return listOnSale(tx, needsPrices(query) ? { ...query, resolved: await resolve(tx, deps, query, viewer, at) } : query)
}

async function resolve(
  tx: Tx,
  deps: PricePort,
  query: StoreListQuery,
  viewer: Viewer,
  at: string,
): Promise<ResolvedRanges | undefined> {
  const { shopId } = query
  const touched = await meant(tx, query, await deps.prices.touchedProducts(tx, shopId, viewer, at))
  if (touched.length === 0) return undefined
  const [book, skus] = await Promise.all([
    deps.prices.readPrices(tx, {
      at,
      products: touched.map((productId) => ({ shopId, productId })),
      buyers: viewer.buyerId === null ? [] : [{ shopId, buyerId: viewer.buyerId }],
      shops: new Set([shopId]),
    }),
    skuPrices(tx, shopId, touched),
  ])
  const ranges: ResolvedRanges = { ids: [], minFen: [], maxFen: [] }
  for (const [id, ofProduct] of Map.groupBy(skus, ({ productId }) => productId)) {
    const pricesFen = ofProduct.map((sku) => book.priceOf(shopId, sku, viewer).priceFen)
    ranges.ids.push(id)
    ranges.minFen.push(Math.min(...pricesFen))
    ranges.maxFen.push(Math.max(...pricesFen))
  }
  return ranges
}

/** Those of the products under rules that can be in the list at all. */
async function meant(tx: Tx, query: StoreListQuery, touched: readonly string[]): Promise<string[]> {
  if (touched.length === 0) return []
  if (query.match?.kind !== 'ranked') return onSaleAmong(tx, query, touched)
  const ranked = new Set(query.match.ranked.map(({ productId }) => productId))
  return touched.filter((id) => ranked.has(id))
}
