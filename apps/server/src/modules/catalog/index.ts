import type { FastifyInstance } from 'fastify'
import type { Tx } from '../../kernel/db.ts'
import type { Viewer } from '../prices/index.ts'
import { bulkJob } from './bulk-edit.ts'
import { completenessSubscriber, sweepCompleteness } from './completeness/reckon.ts'
import type { CatalogDeps } from './deps.ts'
import { listCategories } from './edit-categories.ts'
import { doImport } from './import/do-import.ts'
import { dropOldImports, importJob, sweepImports } from './import/run-import.ts'
import type { ImportRef } from './import/store-jobs.ts'
import { forgetFiles } from './media/forget-files.ts'
import { goodsByCodes, goodsOf } from './price-goods.ts'
import { registerPublicFiles } from './public-files.ts'
import { cardsOf, topCards } from './read-products.ts'
import { emptyBins } from './recycle.ts'
import { handPicked } from './related.ts'
import { productHandlers, storeHandlers } from './routes.ts'
import { careHandlers } from './routes-care.ts'
import { contentHandlers } from './routes-content.ts'
import { importHandlers } from './routes-import.ts'
import { relatedHandlers } from './routes-related.ts'
import { taxHandlers } from './routes-tax.ts'
import { descendants } from './rules.ts'
import { runBulkChunk, sweepBulkEdits } from './run-bulk.ts'
import { facetsOf } from './search/facets.ts'
import { productsLike } from './search/match.ts'
import { countChanged, rebuildJob, rebuildShop, reindexOld } from './search/reindex.ts'
import { wordsLike } from './search/store.ts'
import { type StoreListInput, searchOnSale } from './search-products.ts'
import { assortedSkus } from './store-assortment.ts'
import { categoriesAbove, loadTree } from './store-categories.ts'
import {
  countAll,
  countDrafts,
  goodsMilestones,
  productExists,
  productsByFreight,
  productTitles,
} from './store-overview.ts'
import { addSold, categoriesOf } from './store-products.ts'
import { skuIdsOf, skuLabels, skusForSale } from './store-skus.ts'
import { taxPeriods, taxRatesOf } from './tax-rates.ts'

export type { CatalogDeps } from './deps.ts'
export { productCreated, productPublished, productUnpublished, productUpdated } from './events.ts'
export { readSpreadsheet } from './import/read-file.ts'
export type { MomentSource, MomentsWish } from './product-timeline.ts'
export type { Facets } from './search/facets.ts'
export { normalize } from './search/grams.ts'
export type { Match } from './search/match.ts'
export { countShop, reindexOld } from './search/reindex.ts'
export { COMMON_SYNONYMS, otherWordings } from './search/synonyms.ts'
export type { StoreListInput } from './search-products.ts'
export { tagged } from './shown-prices.ts'
export type { AssortedSku } from './store-assortment.ts'
export type { TaxPeriod } from './tax-rates.ts'
export type { SkuForSale, SkuLabel, StockPort } from './types.ts'

const SWEEP_SECONDS = 60

/** Products, SKUs, categories, versions, import and export. */
export function createCatalog(deps: CatalogDeps) {
  return {
    handlers: {
      ...storeHandlers(deps),
      ...productHandlers(deps),
      ...importHandlers(deps),
      ...contentHandlers(deps),
      ...relatedHandlers(deps),
      ...careHandlers(deps),
      ...taxHandlers(deps),
    },
    subscribers: [completenessSubscriber(deps)],
    /** Says who does imports and what sweeps them; before `jobs.start()`. */
    registerJobs: () => registerJobs(deps),
    /** The public address of pictures, beside the contract's routes. */
    registerPublicFiles: (app: FastifyInstance) => registerPublicFiles(app, deps.files),
    handPicked,
    goodsOf,
    goodsByCodes,
    listCategories,
    /** Cards of those of the products that are on sale, in the order of the ids, at the prices that this viewer pays. */
    cardsOf: (tx: Tx, shopId: string, productIds: readonly string[], viewer?: Viewer) =>
      cardsOf(tx, deps, shopId, productIds, viewer),
    /** The first products on sale of a list, as cards, at the prices that this viewer pays. */
    topCards: (tx: Tx, shopId: string, input: Parameters<typeof topCards>[3], viewer?: Viewer) =>
      topCards(tx, deps, shopId, input, viewer),
    /** Products on sale by query, category and filters, ranked: see `searchOnSale`. */
    searchOnSale: (tx: Tx, shopId: string, input: StoreListInput, viewer?: Viewer) =>
      searchOnSale(tx, deps, shopId, input, viewer),
    /** Has the search index of a shop written anew, soon. */
    rebuildSearch: (tx: Tx, shopId: string) => deps.jobs.enqueue(tx, rebuildJob, { shopId }, { singletonKey: shopId }),
    facetsOf,
    productsLike,
    categoriesOf,
    wordsLike,
    assortedSkus,
    skusForSale,
    skuIdsOf,
    skuLabels,
    addSold,
    countDrafts,
    countAll,
    goodsMilestones,
    productExists,
    productTitles,
    productsByFreight,
    categoriesAbove,
    /** A shop's categories by id: names and who stands above whom. */
    categories: loadTree,
    /** The VAT rate of each product in basis points, for what is sold on a business day of the shop. */
    taxRatesOf: (tx: Tx, shopId: string, day: string, productIds: readonly string[]) =>
      taxRatesOf(tx, deps, shopId, day, productIds),
    taxPeriods: (tx: Tx, shopId: string) => taxPeriods(tx, deps, shopId),
    /** The categories with all below them. */
    async categoriesBelow(tx: Tx, shopId: string, ids: readonly string[]): Promise<string[]> {
      const tree = await loadTree(tx, shopId)
      return [...new Set(ids.flatMap((id) => [...descendants(tree.values(), id)]))]
    },
  }
}

export type Catalog = ReturnType<typeof createCatalog>

function registerJobs(deps: CatalogDeps): void {
  const goOn = (ref: ImportRef) =>
    deps.db.tx({ shopId: ref.shopId }, (tx) => deps.jobs.enqueue(tx, importJob, ref, { singletonKey: ref.importId }))
  deps.jobs.handle(importJob, async (ref, { signal }) => {
    if (await doImport(deps, ref, signal)) await goOn(ref)
  })
  deps.jobs.handle(bulkJob, async (ref) => {
    while (await runBulkChunk(deps, ref));
  })
  deps.jobs.schedule('catalog.sweep-bulk-edits', { everySeconds: SWEEP_SECONDS }, async () => {
    await sweepBulkEdits(deps)
  })
  deps.jobs.schedule('catalog.empty-bins', { cron: '50 4 * * *' }, async () => {
    await emptyBins(deps)
  })
  deps.jobs.schedule('catalog.sweep-completeness', { everySeconds: SWEEP_SECONDS }, () => sweepCompleteness(deps))
  deps.jobs.schedule('catalog.forget-files', { cron: '50 3 * * *' }, () => forgetFiles(deps))
  deps.jobs.schedule('catalog.sweep-imports', { everySeconds: SWEEP_SECONDS }, () => sweepImports(deps))
  deps.jobs.handle(rebuildJob, async ({ shopId }) => {
    await rebuildShop(deps, shopId)
  })
  deps.jobs.schedule('catalog.search-index', { everySeconds: SWEEP_SECONDS }, async () => {
    await reindexOld(deps)
    await countChanged(deps)
  })
  deps.jobs.schedule('catalog.drop-old-imports', { cron: '20 4 * * *' }, () => dropOldImports(deps))
}
