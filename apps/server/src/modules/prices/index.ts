import type { Tx } from '../../kernel/db.ts'
import type { PricesDeps } from './deps.ts'
import { readPrices } from './price-book.ts'
import { priceMoments } from './product-moments.ts'
import { priceHandlers } from './routes.ts'
import { priceDisplay } from './settings.ts'
import { displaysOf, shopsWithRules, touchedProducts } from './store-read.ts'
import { rulesOfLevel } from './store-rules.ts'

export type { CodedGoods, PriceGoods, PricesDeps } from './deps.ts'
export { priceRuleChanged } from './events.ts'
export { ANYBODY, type BuyerOfShop, type PriceBook, type Viewer, viewerOf } from './price-book.ts'
export { priceNote } from './words.ts'

/** What a price is besides the SKU's own: rules by time, member level, region and channel; and the one resolver. */
export function createPrices(deps: PricesDeps) {
  return {
    handlers: priceHandlers(deps),
    shopsWithRules,
    touchedProducts,
    readPrices: (tx: Tx, wanted: Parameters<typeof readPrices>[2]) => readPrices(tx, deps.members.levelsOf, wanted),
    /** How a lowered price is shown, by product. */
    async displays(tx: Tx, shopId: string, productIds: readonly string[]) {
      const fallback = await deps.settings.get(priceDisplay, { shopId }, tx)
      const own = await displaysOf(tx, shopId, productIds)
      return (productId: string) => own.get(productId) ?? fallback
    },
    /** What a product's timeline tells of its prices. */
    moments: (tx: Tx, wish: Parameters<typeof priceMoments>[2]) => priceMoments(tx, deps, wish),
    rulesOfLevel: (tx: Tx, shopId: string, levelId: string) => rulesOfLevel(tx, shopId, levelId, deps.clock.instant()),
  }
}

export type Prices = ReturnType<typeof createPrices>
