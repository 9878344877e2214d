import type { CatalogDeps } from './deps.ts'
import { productHandlers, storeHandlers } from './routes.ts'
import { countDrafts, productTitles } from './store-overview.ts'
import { addSold } from './store-products.ts'
import { skuLabels, skusForSale } from './store-skus.ts'

export type { CatalogDeps } from './deps.ts'
export { productCreated, productPublished, productUnpublished, productUpdated } from './events.ts'
export type { FindShop, ShopFacts, SkuForSale, SkuLabel, StockPort } from './types.ts'

/** Products, SKUs, categories, versions, import and export. */
export function createCatalog(deps: CatalogDeps) {
  return {
    handlers: { ...storeHandlers(deps), ...productHandlers(deps) },
    skusForSale,
    skuLabels,
    addSold,
    countDrafts,
    productTitles,
  }
}

export type Catalog = ReturnType<typeof createCatalog>
