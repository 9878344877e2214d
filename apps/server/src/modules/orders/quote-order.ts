import { DELIVERY_METHODS } from '@zhanggui/contract'
import { fen, formatMoney } from '@zhanggui/contract/money'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { SkuForSale } from '../catalog/index.ts'
import type { BuyerOfShop, PriceBook, Viewer } from '../prices/index.ts'
import { type PriceQuote, quote } from '../pricing/index.ts'
import type { DeliveryTerms, OrdersDeps } from './deps.ts'
import type { PlaceLevel } from './plan.ts'
import { regionRefusal } from './regions.ts'
import { type FreightRow, freightTerms } from './store-freight.ts'

export interface WantedLine {
  skuId: string
  quantity: number
}

/** What was read of shops to quote and plan orders: goods, stock by warehouse, freight templates. */
export interface Market {
  goods: Map<string, Map<string, SkuForSale>>
  /** By shop and SKU, in the order in which warehouses serve. */
  levels: Map<string, Map<string, PlaceLevel[]>>
  freight: Map<string, FreightRow[]>
  /** Of one instant: what is shown and what is charged come out of the same book. */
  prices: PriceBook
}

export type LineProblem = 'off-sale' | 'sold-out' | 'short' | null

/** Most fen an order may cost; beyond it a number would no longer fit the contract. */
const MAX_ORDER_FEN = 1_000_000_000_00
const MAX_LINE_UNITS = 9999

/** One line per SKU, in order of SKU id, so that the same goods are always the same order. */
export function mergeLines(lines: readonly WantedLine[]): WantedLine[] {
  const quantities = new Map<string, number>()
  for (const { skuId, quantity } of lines) quantities.set(skuId, (quantities.get(skuId) ?? 0) + quantity)
  const merged = [...quantities].map(([skuId, quantity]) => ({ skuId, quantity }))
  const tooMany = merged.find((line) => line.quantity > MAX_LINE_UNITS)
  if (tooMany !== undefined) throw tooLarge(`每种商品最多 ${MAX_LINE_UNITS} 件`)
  return merged.sort((a, b) => (a.skuId < b.skuId ? -1 : 1))
}

/** Reads everything that orders of these shops need, with a handful of statements for all of them. */
export async function readMarket(
  tx: Tx,
  deps: Pick<OrdersDeps, 'catalog' | 'stock' | 'prices'>,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  who: { at: string; buyers: readonly BuyerOfShop[] },
): Promise<Market> {
  const market: Omit<Market, 'prices'> = { goods: new Map(), levels: new Map(), freight: new Map() }
  const keys: { shopId: string; skuId: string }[] = []
  for (const [shopId, skuIds] of wanted) {
    market.levels.set(shopId, new Map())
    market.freight.set(shopId, [])
    for (const skuId of skuIds) keys.push({ shopId, skuId })
  }
  const readGoods = [...wanted].map(async ([shopId, skuIds]) => {
    market.goods.set(shopId, await deps.catalog.skusForSale(tx, shopId, [...skuIds]))
  })
  const [levels, fallbacks, shops] = await Promise.all([
    deps.stock.levels(tx, keys),
    freightTerms(tx, [...wanted.keys()], []),
    deps.prices.shopsWithRules(tx, [...wanted.keys()], who.at),
    ...readGoods,
  ])
  for (const { shopId, skuId, warehouseId, available } of levels) {
    const places = market.levels.get(shopId)!
    const known = places.get(skuId)
    if (known === undefined) places.set(skuId, [{ warehouseId, available }])
    else known.push({ warehouseId, available })
  }
  const [freight, prices] = await Promise.all([
    withNamed(tx, market, fallbacks),
    deps.prices.readPrices(tx, { ...who, shops, products: productsOf(market) }),
  ])
  for (const row of freight) market.freight.get(row.shopId)!.push(row)
  return { ...market, prices }
}

function productsOf({ goods }: Pick<Market, 'goods'>) {
  return [...goods].flatMap(([shopId, skus]) =>
    [...new Set([...skus.values()].map(({ productId }) => productId))].map((productId) => ({ shopId, productId })),
  )
}

/** The default templates, or these and those that goods name; most goods name none. */
async function withNamed(tx: Tx, { goods }: Pick<Market, 'goods'>, fallbacks: FreightRow[]): Promise<FreightRow[]> {
  const named = new Set<string>()
  for (const skus of goods.values())
    for (const { freightTemplateId } of skus.values()) if (freightTemplateId !== null) named.add(freightTemplateId)
  for (const { id } of fallbacks) named.delete(id)
  return named.size === 0 ? fallbacks : freightTerms(tx, [...goods.keys()], [...named])
}

/** Quotes lines of one shop. @throws AppError NOT_FOUND for a SKU the shop does not have */
export function quoteLines(market: Market, shopId: string, lines: readonly WantedLine[], viewer: Viewer): PriceQuote {
  const freight = market.freight.get(shopId)!
  const fallback = freight.find((row) => row.isDefault)?.id ?? null
  const known = new Set(freight.map((row) => row.id))
  const priced = lines.map(({ skuId, quantity }) => {
    const sku = skuOf(market, shopId, skuId)
    const { weightGrams, freightTemplateId: own } = sku
    const { priceFen } = market.prices.priceOf(shopId, sku, viewer)
    const freightTemplateId = own !== null && known.has(own) ? own : fallback
    return { skuId, quantity, unitPriceFen: priceFen, weightGrams, freightTemplateId }
  })
  const answer = quote({ lines: priced, province: viewer.province, freight, offers: [] })
  if (answer.goodsFen > MAX_ORDER_FEN || answer.totalFen > MAX_ORDER_FEN) throw tooLarge('订单金额过大，请分开下单')
  return answer
}

/**
 * The price when the order does not go by courier: its own fee instead of the freight of templates.
 * @throws AppError DELIVERY_UNAVAILABLE when the goods cost less than it takes
 */
export function withDelivery(price: PriceQuote, terms: DeliveryTerms): PriceQuote {
  const goodsFen = price.goodsFen + price.discountFen
  const what = { method: DELIVERY_METHODS[terms.method].zh }
  if (goodsFen < terms.minGoodsFen)
    throw new AppError('DELIVERY_UNAVAILABLE', {
      values: {
        ...what,
        reason: `满 ${formatMoney(fen(terms.minGoodsFen))} 起送，还差 ${formatMoney(fen(terms.minGoodsFen - goodsFen))}`,
      },
    })
  const feeFen = deliveryFee(terms, goodsFen)
  return {
    ...price,
    freightFen: fen(feeFen),
    freightNote: feeFen < terms.feeFen ? `${terms.note}，已免配送费` : terms.note,
    totalFen: fen(price.totalFen - price.freightFen + feeFen),
    deliverable: true,
  }
}

/** What delivery costs for goods of this amount after discounts. */
export const deliveryFee = (terms: Pick<DeliveryTerms, 'feeFen' | 'freeFromFen'>, goodsFen: number): number =>
  terms.freeFromFen !== null && goodsFen >= terms.freeFromFen ? 0 : terms.feeFen

/** Stock by SKU where the order may be served from: everywhere, or the one warehouse of its delivery. */
export function levelsFor(market: Market, shopId: string, warehouseId: string | null): Map<string, PlaceLevel[]> {
  const levels = market.levels.get(shopId)!
  if (warehouseId === null) return levels
  return new Map(
    [...levels].map(([skuId, places]) => [skuId, places.filter((place) => place.warehouseId === warehouseId)]),
  )
}

export function skuOf(market: Market, shopId: string, skuId: string): SkuForSale {
  const sku = market.goods.get(shopId)?.get(skuId)
  if (sku === undefined) throw new AppError('NOT_FOUND', { values: { what: `商品规格 ${skuId}` } })
  return sku
}

export function availableOf(market: Market, shopId: string, skuId: string, warehouseId: string | null = null): number {
  const everywhere = market.levels.get(shopId)?.get(skuId) ?? []
  const places = warehouseId === null ? everywhere : everywhere.filter((place) => place.warehouseId === warehouseId)
  return places.reduce((sum, place) => sum + place.available, 0)
}

export function problemOf(onSale: boolean, available: number, quantity: number): LineProblem {
  if (!onSale) return 'off-sale'
  if (available <= 0) return 'sold-out'
  return available < quantity ? 'short' : null
}

const tooLarge = (reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field: '商品', reason }, field: 'lines' })

/** What goods cost one who looks, sent by courier, and whether a warehouse (null: all together) has them. */
export async function priceGoods(
  tx: Tx,
  deps: Parameters<typeof readMarket>[1],
  wish: { shopId: string; lines: readonly WantedLine[]; viewer: Viewer; at: string },
): Promise<{
  price: PriceQuote
  isIn(warehouseId: string | null): boolean
  /** Why the goods may not go to a province, or undefined. */
  refusedIn(province: string): AppError | undefined
}> {
  const { shopId, viewer, at } = wish
  const lines = mergeLines(wish.lines)
  const buyers = viewer.buyerId === null ? [] : [{ shopId, buyerId: viewer.buyerId }]
  const market = await readMarket(tx, deps, new Map([[shopId, new Set(lines.map((line) => line.skuId))]]), {
    at,
    buyers,
  })
  return {
    price: quoteLines(market, shopId, lines, viewer),
    isIn: (warehouseId) => lines.every((line) => availableOf(market, shopId, line.skuId, warehouseId) >= line.quantity),
    refusedIn: (province) =>
      regionRefusal(
        lines.map((line) => skuOf(market, shopId, line.skuId)),
        province,
      ),
  }
}
