import type { Tx } from '../../kernel/db.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import { type PricedSku, type ResolvedPrice, resolvePrice } from '../pricing/index.ts'
import { type ProductOfShop, rulesOfProducts, type ShopRule, shopsWithRules } from './store-read.ts'

export interface Viewer {
  /** Null: somebody who has not signed in. */
  buyerId: string | null
  channel: string
  /** Province of the address; null while it is not known. */
  province: string | null
}

/** Every visitor of the web shop of whom nothing is known. */
export const ANYBODY: Viewer = { buyerId: null, channel: 'h5', province: null }

/** A visitor of the storefront as prices see them. */
export const viewerOf = (caller: Caller, province: string | null = null): Viewer => ({
  buyerId: caller.kind === 'buyer' ? caller.buyerId : null,
  channel: ('channel' in caller ? caller.channel : undefined) ?? ANYBODY.channel,
  province,
})

export interface BuyerOfShop {
  shopId: string
  buyerId: string
}

type LevelsOf = (
  tx: Tx,
  buyers: readonly BuyerOfShop[],
) => Promise<readonly (BuyerOfShop & { levelId: string; levelName: string })[]>

/** All that was read to price goods of shops at one instant: every price of one answer comes from one book. */
export interface PriceBook {
  readonly at: string
  hasRules(shopId: string, productId: string): boolean
  priceOf(shopId: string, sku: PricedSku, viewer: Viewer): ResolvedPrice
}

/** A book without any rule: base prices. */
export const emptyBook = (at: string): PriceBook => createBook(at, [], [])

function createBook(
  at: string,
  rules: readonly ShopRule[],
  levels: readonly (BuyerOfShop & { levelId: string })[],
): PriceBook {
  const byProduct = Map.groupBy(rules, (rule) => `${rule.shopId}/${rule.productId}`)
  const levelOf = new Map(levels.map((row) => [`${row.shopId}/${row.buyerId}`, row.levelId]))
  return {
    at,
    hasRules: (shopId, productId) => byProduct.has(`${shopId}/${productId}`),
    priceOf(shopId, sku, { buyerId, channel, province }) {
      const levelId = buyerId === null ? null : (levelOf.get(`${shopId}/${buyerId}`) ?? null)
      return resolvePrice(sku, byProduct.get(`${shopId}/${sku.productId}`) ?? [], { at, levelId, channel, province })
    },
  }
}

/**
 * Reads the rules over products of any shops and the levels of their buyers: two statements for all of them, none
 * where `shops` (of `shopsWithRules`) says that there is nothing.
 */
export async function readPrices(
  tx: Tx,
  levelsOf: LevelsOf,
  wanted: {
    at: string
    products: readonly ProductOfShop[]
    buyers: readonly BuyerOfShop[]
    /** Shops that have rules at all, when that is known already. */
    shops?: ReadonlySet<string>
  },
): Promise<PriceBook> {
  const { at } = wanted
  const shops = wanted.shops ?? (await shopsWithRules(tx, [...new Set(wanted.products.map((each) => each.shopId))], at))
  const products = wanted.products.filter(({ shopId }) => shops.has(shopId))
  if (products.length === 0) return emptyBook(at)
  const buyers = wanted.buyers.filter(({ shopId }) => shops.has(shopId))
  const [rules, levels] = await Promise.all([
    rulesOfProducts(tx, products, at),
    buyers.length === 0 ? [] : levelsOf(tx, buyers),
  ])
  return createBook(at, rules, levels)
}
