import type { StoreProductCard } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { Page } from '../../kernel/page.ts'
import { ANYBODY, type Viewer } from '../prices/index.ts'
import type { CatalogDeps } from './deps.ts'
import { listPriced, needsPrices } from './price-order.ts'
import { cards, listQuery, pageOf } from './read-products.ts'
import { type Match, matchProducts } from './search/match.ts'
import type { StoreFilter, StoreSort } from './store-on-sale.ts'

export interface StoreListInput extends StoreFilter {
  q?: string | undefined
  categoryId?: string | undefined
  /** Ids of tag values with commas between them. */
  tagValues?: string | undefined
  sort: StoreSort
  /** Leave out what is sold out. */
  inStock?: boolean | undefined
  cursor?: string | undefined
  limit: number
}

export interface StoreList {
  page: Page<StoreProductCard>
  /** Undefined without a query. */
  match: Match | undefined
  /** The category asked for with everything below it. */
  categoryIds: readonly string[] | undefined
}

/** Pages that are read at most to fill one page with what is in stock. */
const MAX_READS = 6

/** Products on sale, for the storefront: a page of cards with prices and whether anything is left. */
export async function storeProducts(
  deps: CatalogDeps,
  shopId: string,
  input: StoreListInput,
  viewer: Viewer = ANYBODY,
): Promise<Page<StoreProductCard>> {
  return deps.db.read({ shopId }, async (tx) => (await searchOnSale(tx, deps, shopId, input, viewer)).page)
}

/**
 * The one way to products on sale, by query, category and filters: `store.products` and the search routes alike.
 * @throws AppError INVALID_CURSOR when the cursor is of another order
 */
export async function searchOnSale(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  input: StoreListInput,
  viewer: Viewer = ANYBODY,
): Promise<StoreList> {
  const match = input.q ? await matchProducts(tx, shopId, input.q, deps.synonyms) : undefined
  const items: StoreProductCard[] = []
  let cursor = input.cursor
  let categoryIds: readonly string[] | undefined
  for (let reads = 0; reads < MAX_READS; reads++) {
    const part = { ...input, cursor, limit: input.limit - items.length }
    const query = await listQuery(tx, shopId, part)
    categoryIds = query.categoryIds
    const at = query.pricedAt ?? deps.clock.instant()
    const rows = await listPriced(tx, deps, { ...input, ...query, match }, viewer, at)
    const page = pageOf(rows, part, needsPrices(input) ? at : undefined)
    const found = await cards(tx, deps, shopId, page.items, viewer)
    items.push(...(input.inStock ? found.filter(({ soldOut }) => !soldOut) : found))
    cursor = page.nextCursor ?? undefined
    if (cursor === undefined || items.length >= input.limit) break
  }
  return { page: { items, nextCursor: cursor ?? null }, match, categoryIds }
}
