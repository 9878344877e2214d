import type { Address, DeliveryChoice } from '@zhanggui/contract'
import { DELIVERY_METHODS, formatMoney } from '@zhanggui/contract'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { maskName, maskPhone } from '../../kernel/mask.ts'
import { ANYBODY, priceNote } from '../prices/index.ts'
import type { PriceQuote } from '../pricing/index.ts'
import type { Allocation } from '../stock/index.ts'
import type { DeliveryTerms, OrdersDeps, Router, RoutingFacts } from './deps.ts'
import { type GoneGoods, MAX_TAKERS, shortOf } from './gone-goods.ts'
import type { OrderNumbers } from './order-no.ts'
import { type PlannedPart, planWarehouses } from './plan.ts'
import { type CountedUnits, countUnits } from './purchase-limit.ts'
import {
  availableOf,
  levelsFor,
  type Market,
  quoteLines,
  readMarket,
  skuOf,
  type WantedLine,
  withDelivery,
} from './quote-order.ts'
import { regionRefusal } from './regions.ts'
import { toRuns } from './rules.ts'
import { unpaidTimeoutMinutes } from './settings.ts'
import { findPlaced, type NewOrder, type PlacedOrder } from './store-place.ts'

export interface PlaceInput {
  shopId: string
  buyerId: string
  key: string
  lines: readonly WantedLine[]
  address: Address
  /** Through which the buyer comes; the web shop unless told. */
  channel?: string
  /** The total the buyer saw. */
  expectedTotalFen: number
  note: string
  /** By courier unless told. */
  delivery?: DeliveryChoice | undefined
  /** Take the lines out of the cart. */
  fromCart: boolean
  /** What is left of the time that the buyer is willing to wait, for all queues and plans together; `PLACING_MS` unless told. */
  withinMs?: number
}

export interface PlaceAnswer {
  orderId: string
  orderNo: string
  totalFen: number
  payBefore: string
}

/** What a buyer asks for, with what the key stands for. */
export interface Request extends PlaceInput {
  digest: string
}

/** An order that is ready for the ledger: everything frozen, its stock chosen. */
export interface Prepared {
  order: NewOrder
  /** Null: by courier. */
  terms: DeliveryTerms | null
  fromCart: boolean
  /** What it takes of what its buyer may have; empty for goods without a limit. */
  counted: CountedUnits[]
}

type Preparing = OrdersDeps & { numbers: OrderNumbers; gone: GoneGoods }
type Outcome = Prepared | PlacedOrder | Error

/** Prepares everybody who is waiting; who wants what is known to be sold out is not read for. */
export async function prepareBatch(tx: Tx, deps: Preparing, batch: readonly Request[]): Promise<Outcome[]> {
  const refusals = new Map<Request, AppError>()
  for (const request of batch) {
    const refusal = deps.gone.refusalOf(request.shopId, request.lines)
    if (refusal) refusals.set(request, refusal)
  }
  const rest = batch.filter((request) => !refusals.has(request))
  // All are sent before the first is answered.
  const [placedBefore, prepared] = await Promise.all([findPlaced(tx, batch), prepareRest(tx, deps, rest)])
  await learnTakers(tx, deps, batch)
  const earlier = new Map(placedBefore.map((order) => [placedKey(order), order]))
  return batch.map(
    (request) =>
      earlier.get(`${request.shopId}/${request.buyerId}/${request.key}`) ?? refusals.get(request) ?? prepared(request),
  )
}

/** Who has units of what was found to be gone, so that the others need not be looked for. Read after it was found. */
async function learnTakers(tx: Tx, { stock, gone }: Preparing, batch: readonly Request[]): Promise<void> {
  const wanted = gone.takersWanted(batch)
  if (wanted.length === 0) return
  const about = { readAt: Date.now(), writes: gone.writes }
  gone.learnTakers(await stock.takersOf(tx, wanted, MAX_TAKERS), about)
}

/** Reads what these orders need, and answers how one of them is decided. */
async function prepareRest(
  tx: Tx,
  deps: Preparing,
  batch: readonly Request[],
): Promise<(request: Request) => Prepared | Error> {
  if (batch.length === 0) return () => new Error('Nothing was prepared')
  const wanted = new Map<string, Set<string>>()
  for (const { shopId, lines } of batch) {
    const skuIds = wanted.get(shopId) ?? new Set()
    for (const line of lines) skuIds.add(line.skuId)
    wanted.set(shopId, skuIds)
  }
  const now = deps.clock.instant()
  const { writes } = deps.gone
  const [market, payBefores, orderNos, routers, terms, noCourier, sources] = await Promise.all([
    readMarket(tx, deps, wanted, { at: now, buyers: batch }),
    payBeforesOf(tx, deps, wanted.keys(), now),
    deps.numbers.take(tx, batch.length, deps.clock.millis()),
    deps.routing.routers(tx, [...wanted.keys()], batch),
    deliveryTerms(tx, deps, batch),
    deps.delivery.withoutCourier(tx, [...wanted.keys()]),
    deps.sourcesOf(tx, batch),
  ])
  rememberGone(deps.gone, market, wanted, writes)
  let taken = 0
  return (request) => {
    const orderNo = orderNos[taken++]!
    try {
      const payBefore = payBefores.get(request.shopId)!
      const own = terms.get(request) ?? null
      if (own instanceof Error) throw own
      if (own === null && noCourier.has(request.shopId)) throw noCourierHere()
      const router = routers.get(request.shopId)!
      const source = sources.get(`${request.shopId}/${request.buyerId}`) ?? null
      const given = { orderNo, payBefore, terms: own, router, source }
      const counted = countUnits(
        request.lines.map((line) => ({ ...skuOf(market, request.shopId, line.skuId), quantity: line.quantity })),
      )
      return { order: freeze(deps, market, request, given), terms: own, fromCart: request.fromCart, counted }
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }
}

function rememberGone(
  gone: GoneGoods,
  market: Market,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  writes: number,
): void {
  for (const [shopId, skuIds] of wanted)
    for (const skuId of skuIds) {
      const sku = market.goods.get(shopId)?.get(skuId)
      if (sku?.onSale && availableOf(market, shopId, skuId) <= 0) gone.remember(shopId, { ...sku, skuId }, writes)
      else gone.forget(shopId, skuId)
    }
}

/** Until when an order that is placed now has to be paid, by shop. */
async function payBeforesOf(
  tx: Tx,
  { settings }: OrdersDeps,
  shopIds: Iterable<string>,
  now: string,
): Promise<Map<string, string>> {
  const payBefores = new Map<string, string>()
  for (const shopId of shopIds)
    payBefores.set(shopId, plusMs(now, (await settings.get(unpaidTimeoutMinutes, { shopId }, tx)) * MINUTE_MS))
  return payBefores
}

/** The terms of those that do not go by courier; most batches have none and ask nothing. */
async function deliveryTerms(
  tx: Tx,
  deps: OrdersDeps,
  batch: readonly Request[],
): Promise<Map<Request, DeliveryTerms | Error>> {
  const special = batch.filter(({ delivery }) => delivery !== undefined && delivery.method !== 'courier')
  if (special.length === 0) return new Map()
  const wanted = special.map(({ shopId, delivery, address }) => {
    const { province, city, district } = address
    return { shopId, choice: delivery!, province, city, district }
  })
  const terms = await deps.delivery.terms(tx, wanted)
  return new Map(special.map((request, index) => [request, terms[index]!]))
}

const noCourierHere = (): AppError =>
  new AppError('DELIVERY_UNAVAILABLE', {
    values: { method: DELIVERY_METHODS.courier.zh, reason: '本店不发快递，请选择其他方式' },
  })

interface Given {
  orderNo: string
  payBefore: string
  terms: DeliveryTerms | null
  router: Router
  /** The channel account that brought the buyer. */
  source: string | null
}

/** Decides an order as it is now: prices, freight, warehouses. Throws what stands in its way. */
function freeze({ vault }: OrdersDeps, market: Market, request: Request, given: Given): NewOrder {
  const { terms, router, source, ...head } = given
  const { shopId, buyerId, lines } = request
  const address = terms?.place ? { ...request.address, street: '', ...terms.place } : request.address
  const viewer = { buyerId, channel: request.channel ?? ANYBODY.channel, province: request.address.province }
  for (const line of lines) {
    const { onSale, title } = skuOf(market, shopId, line.skuId)
    if (!onSale) throw new AppError('PRODUCT_NOT_ON_SALE', { values: { title }, data: { skuId: line.skuId } })
  }
  const refusal = regionRefusal(
    lines.map((line) => skuOf(market, shopId, line.skuId)),
    address.province,
  )
  if (refusal !== undefined) throw refusal
  const byCourier = quoteLines(market, shopId, lines, viewer)
  const price = terms === null ? byCourier : withDelivery(byCourier, terms)
  if (price.deliverable === false)
    throw new AppError('NOT_DELIVERABLE', { values: { region: `${address.province}${address.city}` } })
  if (price.totalFen !== request.expectedTotalFen)
    throw new AppError('PRICE_CHANGED', {
      values: { now: formatMoney(price.totalFen) },
      data: { totalFen: price.totalFen },
    })
  const routed = router(factsOf(market, request, price))
  const plan = planWarehouses(lines, levelsFor(market, shopId, terms?.warehouseId ?? null), routed)
  if (!plan.ok) throw shortOf(skuOf(market, shopId, lines[plan.line]!.skuId), plan.available)
  const id = newId()
  const allocations = allocate(lines, plan.parts)
  const { name, phone, street, detail, province, city, district } = address
  return {
    shopId,
    id,
    buyerId,
    ...head,
    idempotencyKey: request.key,
    requestDigest: request.digest,
    goodsFen: price.goodsFen,
    discountFen: price.discountFen,
    freightFen: price.freightFen,
    totalFen: price.totalFen,
    itemCount: lines.reduce((sum, line) => sum + line.quantity, 0),
    addressSealed: vault.encrypt(JSON.stringify({ name, phone, street, detail }), addressContext(shopId, id)),
    receiverMasked: maskName(name),
    phoneMasked: maskPhone(phone),
    phoneHash: vault.phoneIndex(phone),
    province,
    city,
    district,
    buyerNote: request.note,
    routing: routed.freeze(plan.parts),
    warehouseIds: [...new Set(plan.parts.map((part) => part.warehouseId))],
    pickUpPointId: terms?.pointId ?? null,
    channelAccountId: source,
    lines: price.lines.map((line, index) => {
      const sku = skuOf(market, shopId, line.skuId)
      const { productId, title, options, pictureFileId } = sku
      const { skuId, quantity, unitPriceFen, payTotalFen } = line
      const own = allocations[index]!
      const unitPayRuns = toRuns(line.unitPayFen)
      return {
        skuId,
        productId,
        title,
        options,
        pictureFileId,
        quantity,
        unitPriceFen,
        priceNote: priceNote(market.prices.priceOf(shopId, sku, viewer), address.province),
        payTotalFen,
        unitPayRuns,
        allocations: own,
      }
    }),
    adjustments: price.adjustments.map(({ unitFen, ...each }) => ({ ...each, unitRuns: toRuns(unitFen) })),
  }
}

function factsOf(market: Market, { shopId, buyerId, channel, address }: Request, price: PriceQuote): RoutingFacts {
  const { province, city, district } = address
  return {
    ...{ province, city, district, buyerId },
    channel: channel ?? ANYBODY.channel,
    totalFen: price.totalFen,
    promotion: price.discountFen < 0,
    campaigns: [...new Set(price.adjustments.flatMap(({ source, label }) => [source, label]))],
    lines: price.lines.map(({ skuId, quantity }) => {
      const { code, categoryId, tags, role, weightGrams } = skuOf(market, shopId, skuId)
      return { skuCode: code, categoryId, tags, role, quantity, weightGrams }
    }),
  }
}

/** What the sealed address is bound to: it cannot be moved to another order. */
export const addressContext = (shopId: string, orderId: string): string => `order:${shopId}:${orderId}`

function allocate(lines: readonly WantedLine[], parts: readonly PlannedPart[]): Allocation[][] {
  const byLine: Allocation[][] = lines.map(() => [])
  for (const { line, skuId, warehouseId, quantity } of parts)
    byLine[line]!.push({ skuId, warehouseId, quantity, transferId: newId() })
  return byLine
}

/** Under what an order is known to who placed it. */
export const placedKey = (order: { shopId: string; buyerId: string; idempotencyKey: string }): string =>
  `${order.shopId}/${order.buyerId}/${order.idempotencyKey}`
