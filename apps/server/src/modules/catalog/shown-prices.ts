import type { Fen, PriceTag } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { PriceBook, Viewer } from '../prices/index.ts'
import type { ResolvedPrice } from '../pricing/index.ts'
import type { CatalogDeps } from './deps.ts'
import { type SkuPrices, skuPrices } from './price-goods.ts'

/** What a product costs for whoever looks at it. */
export interface ShownPrice {
  minPriceFen: Fen
  maxPriceFen: Fen
  listPriceFen: Fen | null
  priceTag?: PriceTag
}

export interface ShownSku {
  priceFen: Fen
  priceTag?: PriceTag
}

/** A price that is simply the SKU's own, where a shop shows by how much it is below the list price. */
const DROP_TAG: PriceTag = {
  ...{ kind: 'base', label: '', wasFen: null, startsAt: null, endsAt: null },
  ...{ upcoming: null, display: 'drop', nextChangeAt: null },
}

type PricePort = Pick<CatalogDeps, 'prices' | 'clock'>

async function bookOf(tx: Tx, deps: PricePort, shopId: string, productIds: readonly string[], viewer: Viewer) {
  return deps.prices.readPrices(tx, {
    at: deps.clock.instant(),
    products: productIds.map((productId) => ({ shopId, productId })),
    buyers: viewer.buyerId === null ? [] : [{ shopId, buyerId: viewer.buyerId }],
  })
}

/**
 * What products of a list cost for this viewer; those that no rule touches cost what is written with
 * them and are absent, or have but a tag. SKUs are read only of the others.
 */
export async function shownPrices(
  tx: Tx,
  deps: PricePort,
  shopId: string,
  productIds: readonly string[],
  viewer: Viewer,
): Promise<Map<string, Partial<ShownPrice>>> {
  const [book, displayOf] = await Promise.all([
    bookOf(tx, deps, shopId, productIds, viewer),
    deps.prices.displays(tx, shopId, productIds),
  ])
  const touched = productIds.filter((id) => book.hasRules(shopId, id))
  const plain = productIds.filter((id) => displayOf(id) === 'drop').map((id) => [id, { priceTag: DROP_TAG }] as const)
  if (touched.length === 0) return new Map(plain)
  const bySku = Map.groupBy(await skuPrices(tx, shopId, touched), ({ productId }) => productId)
  const priced = [...bySku].map(([id, skus]) => [id, productPrice(book, shopId, skus, viewer, displayOf(id))] as const)
  return new Map<string, Partial<ShownPrice>>([...plain, ...priced])
}

/** What a product and each of its SKUs cost for this viewer. */
export async function shownProduct(
  tx: Tx,
  deps: PricePort,
  shopId: string,
  productId: string,
  skus: readonly SkuPrices[],
  viewer: Viewer,
): Promise<{ product: ShownPrice; skuOf: (sku: SkuPrices) => ShownSku }> {
  const [book, displayOf] = await Promise.all([
    bookOf(tx, deps, shopId, [productId], viewer),
    deps.prices.displays(tx, shopId, [productId]),
  ])
  const display = displayOf(productId)
  return {
    product: productPrice(book, shopId, skus, viewer, display),
    skuOf: (sku) => {
      const price = book.priceOf(shopId, sku, viewer)
      return { priceFen: price.priceFen as Fen, ...tagged(price, display) }
    },
  }
}

function productPrice(
  book: PriceBook,
  shopId: string,
  skus: readonly SkuPrices[],
  viewer: Viewer,
  display: PriceTag['display'],
): ShownPrice {
  let cheapest: { sku: SkuPrices; price: ResolvedPrice } | undefined
  let maxPriceFen = 0
  let nextChangeAt: string | null = null
  for (const sku of skus) {
    const price = book.priceOf(shopId, sku, viewer)
    if (cheapest === undefined || price.priceFen < cheapest.price.priceFen) cheapest = { sku, price }
    maxPriceFen = Math.max(maxPriceFen, price.priceFen)
    if (price.nextChangeAt !== null && (nextChangeAt === null || price.nextChangeAt < nextChangeAt))
      nextChangeAt = price.nextChangeAt
  }
  if (cheapest === undefined) return { minPriceFen: 0 as Fen, maxPriceFen: 0 as Fen, listPriceFen: null }
  return {
    minPriceFen: cheapest.price.priceFen as Fen,
    maxPriceFen: maxPriceFen as Fen,
    listPriceFen: cheapest.sku.listPriceFen as Fen | null,
    ...tagged({ ...cheapest.price, nextChangeAt }, display),
  }
}

/** What stands beside a price; absent where the price is simply the SKU's own, for ever. */
export function tagged(price: ResolvedPrice, display: PriceTag['display']): { priceTag?: PriceTag } {
  const { kind, rule, regularFen, priceFen, upcoming, nextChangeAt } = price
  if (rule === null && nextChangeAt === null) return display === 'strike' ? {} : { priceTag: DROP_TAG }
  return {
    priceTag: {
      kind,
      label: rule?.label ?? '',
      wasFen: priceFen < regularFen ? (regularFen as Fen) : null,
      startsAt: rule?.startsAt ?? null,
      endsAt: rule?.endsAt ?? null,
      upcoming:
        upcoming === null
          ? null
          : {
              label: upcoming.rule.label,
              priceFen: upcoming.priceFen as Fen,
              startsAt: upcoming.startsAt,
              endsAt: upcoming.rule.endsAt,
            },
      display,
      nextChangeAt,
    },
  }
}
