import { hash } from 'node:crypto'
import { type Address, DELIVERY_METHODS, type DeliveryChoice, formatMoney } from '@zhanggui/contract'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { nameId, newId } from '../../kernel/ids.ts'
import { maskName, maskPhone } from '../../kernel/mask.ts'
import { emitMany } from '../../kernel/outbox.ts'
import {
  createLane,
  createLedgerLane,
  type LedgerCommand,
  type Refusal,
  type RefusalReason,
  refusalError,
} from '../../ledger/index.ts'
import { ANYBODY, priceNote } from '../prices/index.ts'
import type { PriceQuote } from '../pricing/index.ts'
import { type Allocation, reserveCommands } from '../stock/index.ts'
import type { DeliveredOrder, DeliveryTerms, OrdersDeps, Router, RoutingFacts } from './deps.ts'
import { orderPlaced } from './events.ts'
import { OrderNumbers } from './order-no.ts'
import { type PlannedPart, planWarehouses } from './plan.ts'
import {
  levelsFor,
  type Market,
  mergeLines,
  quoteLines,
  readMarket,
  skuOf,
  type WantedLine,
  withDelivery,
} from './quote-order.ts'
import { regionRefusal } from './regions.ts'
import { toRuns } from './rules.ts'
import { unpaidTimeoutMinutes } from './settings.ts'
import { removeOrdered } from './store-cart.ts'
import { findPlaced, insertOrders, type NewOrder, type PlacedOrder } from './store-place.ts'

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
}

export interface PlaceAnswer {
  orderId: string
  orderNo: string
  totalFen: number
  payBefore: string
}

interface Request extends PlaceInput {
  digest: string
}

/** An order that is ready for the ledger: everything frozen, its stock chosen. */
interface Prepared {
  order: NewOrder
  /** Null: by courier. */
  terms: DeliveryTerms | null
  fromCart: boolean
}

/** Orders of one moment share accounts: a second batch beside the first would only wait for its locks. */
const DEFAULT_LANE = { maxQueue: 5000, maxBatch: 400, concurrency: 1 }
/** What is read takes no locks, so one reader after another is enough, and what gathers meanwhile goes together. */
const PREPARING = { concurrency: 1, maxDelayMs: 2 }
/** How often an order is planned when somebody else was faster: had the last units, or placed it under the same key. */
const PLANS = 2
const AGAIN: ReadonlySet<string> = new Set<RefusalReason>(['limit', 'expired', 'conflict'])

/**
 * Placing orders. Two queues after one another, so that a thousand buyers cost a few statements: the first reads goods,
 * stock and freight for everybody who is waiting and decides price and warehouses; the second is the ledger's lane, which
 * reserves the stock and writes the orders in one transaction. An answer is given after that has committed.
 */
export function createPlacing(deps: OrdersDeps) {
  const numbers = new OrderNumbers(deps.vault.hmac('orders.order-no', ''))
  const lane = { ...DEFAULT_LANE, ...deps.lane }
  const waiting = new Map<string, { digest: string; answer: Promise<PlaceAnswer> }>()
  const preparing = createLane<Request, Prepared | PlacedOrder>({
    ...lane,
    ...PREPARING,
    name: 'orders.prepare',
    clock: deps.clock,
    maxWaitMs: 5000,
    tenantOf: (request) => request.shopId,
    process: (batch) => deps.db.tx('system', (tx) => prepareBatch(tx, deps, numbers, batch)),
  })
  const placing = createLedgerLane<Prepared, PlaceAnswer>({
    ...lane,
    name: 'orders.place',
    db: deps.db,
    clock: deps.clock,
    find: findEarlier,
    write: (tx, accepted, now) => writeBatch(tx, deps, accepted, now),
  })

  const run = async (request: Request): Promise<PlaceAnswer> => {
    for (let plan = 1; ; plan++) {
      const prepared = await preparing.submit(request)
      if ('orderId' in prepared) return sameRequest(prepared, request.digest)
      const result = await placing.submit(toCommand(prepared))
      if (result.ok) return result.answer
      const { refusal } = result
      if (!AGAIN.has(refusal.reason)) throw refusalError(refusal)
      if (plan === PLANS) throw refusal.reason === 'limit' ? outOfStock(prepared.order, refusal) : refusalError(refusal)
    }
  }

  return {
    /**
     * Places an order, once for a key of a buyer in a shop: the same request again has the same answer.
     * @throws AppError OUT_OF_STOCK, PRICE_CHANGED, NOT_DELIVERABLE, REGION_EXCLUSIVE, PRODUCT_NOT_ON_SALE, NOT_FOUND, BUSY,
     * IDEMPOTENCY_KEY_REUSED
     */
    async place(input: PlaceInput): Promise<PlaceAnswer> {
      const lines = mergeLines(input.lines)
      const digest = digestOf(lines, input)
      const name = `${input.shopId}/${input.buyerId}/${input.key}`
      const earlier = waiting.get(name)
      if (earlier !== undefined) {
        if (earlier.digest !== digest) throw new AppError('IDEMPOTENCY_KEY_REUSED')
        return earlier.answer
      }
      const answer = run({ ...input, lines, digest }).finally(() => waiting.delete(name))
      waiting.set(name, { digest, answer })
      return answer
    },
    stats: () => [preparing.stats(), placing.stats()],
    /** Finishes what was accepted, takes nothing new. */
    async close(options?: { timeoutMs?: number }): Promise<void> {
      await preparing.close(options)
      await placing.close(options)
    },
  }
}

async function prepareBatch(
  tx: Tx,
  deps: OrdersDeps,
  numbers: OrderNumbers,
  batch: readonly Request[],
): Promise<(Prepared | PlacedOrder | Error)[]> {
  const wanted = new Map<string, Set<string>>()
  for (const { shopId, lines } of batch) {
    const skuIds = wanted.get(shopId) ?? new Set()
    for (const line of lines) skuIds.add(line.skuId)
    wanted.set(shopId, skuIds)
  }
  const now = deps.clock.instant()
  // All are sent before the first is answered.
  const [placedBefore, market, minutes, orderNos, routers, terms, noCourier, sources] = await Promise.all([
    findPlaced(tx, batch),
    readMarket(tx, deps, wanted, { at: now, buyers: batch }),
    minutesToPay(tx, deps, wanted.keys()),
    numbers.take(tx, batch.length, deps.clock.millis()),
    deps.routing.routers(tx, [...wanted.keys()], batch),
    deliveryTerms(tx, deps, batch),
    deps.delivery.withoutCourier(tx, [...wanted.keys()]),
    deps.sourcesOf(tx, batch),
  ])
  const earlier = new Map(placedBefore.map((order) => [placedKey(order), order]))
  return batch.map((request, index) => {
    const placed = earlier.get(`${request.shopId}/${request.buyerId}/${request.key}`)
    if (placed !== undefined) return placed
    try {
      const payBefore = plusMs(now, minutes.get(request.shopId)! * MINUTE_MS)
      const own = terms.get(request) ?? null
      if (own instanceof Error) throw own
      if (own === null && noCourier.has(request.shopId)) throw noCourierHere()
      const router = routers.get(request.shopId)!
      const source = sources.get(`${request.shopId}/${request.buyerId}`) ?? null
      const given = { orderNo: orderNos[index]!, payBefore, terms: own, router, source }
      return { order: freeze(deps, market, request, given), terms: own, fromCart: request.fromCart }
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  })
}

async function minutesToPay(tx: Tx, { settings }: OrdersDeps, shopIds: Iterable<string>): Promise<Map<string, number>> {
  const minutes = new Map<string, number>()
  for (const shopId of shopIds) minutes.set(shopId, await settings.get(unpaidTimeoutMinutes, { shopId }, tx))
  return minutes
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
  const allocations = allocate(request, plan.parts)
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

/**
 * The transfers of an order are named by its key, not by its id: when two processes are given the same key at once,
 * the ledger sees the same transfers and one of the two orders is refused.
 */
function allocate(request: Request, parts: readonly PlannedPart[]): Allocation[][] {
  const byLine: Allocation[][] = request.lines.map(() => [])
  for (const [index, { line, skuId, warehouseId, quantity }] of parts.entries()) {
    const transferId = nameId('order.reserve', request.shopId, request.buyerId, request.key, String(index))
    byLine[line]!.push({ skuId, warehouseId, quantity, transferId })
  }
  return byLine
}

function toCommand(prepared: Prepared): LedgerCommand<Prepared> {
  const { order } = prepared
  const allocations = order.lines.flatMap((line) => line.allocations)
  const reference = { type: 'order', id: order.id }
  return {
    shopId: order.shopId,
    idempotencyKey: `${order.buyerId}/${order.idempotencyKey}`,
    payload: prepared,
    transfers: reserveCommands(allocations, { expiresAt: order.payBefore, reference }),
  }
}

async function findEarlier(
  tx: Tx,
  commands: readonly LedgerCommand<Prepared>[],
): Promise<Map<string, PlaceAnswer | Error>> {
  const digests = new Map(commands.map(({ payload: { order } }) => [placedKey(order), order.requestDigest]))
  const keys = commands.map(({ payload: { order } }) => ({ ...order, key: order.idempotencyKey }))
  const answers = new Map<string, PlaceAnswer | Error>()
  for (const placed of await findPlaced(tx, keys)) {
    const key = placedKey(placed)
    const same = placed.requestDigest === digests.get(key)
    answers.set(key, same ? answerOf(placed) : new AppError('IDEMPOTENCY_KEY_REUSED'))
  }
  return answers
}

async function writeBatch(
  tx: Tx,
  { stock, delivery }: OrdersDeps,
  accepted: readonly LedgerCommand<Prepared>[],
  now: string,
): Promise<PlaceAnswer[]> {
  const orders = accepted.map((command) => command.payload.order)
  // None needs another's answer: all are sent at once, and the commit waits for them.
  await Promise.all([
    insertOrders(tx, orders, now),
    stock.recordMovements(tx, reservations(orders, now)),
    removeOrdered(tx, accepted.flatMap(inCart)),
    delivery.freeze(tx, accepted.flatMap(withTerms), now),
    emitMany(
      tx,
      orderPlaced,
      orders.map((order) => placedEvent(order, now)),
    ),
  ])
  return orders.map((order) => answerOf({ ...order, orderId: order.id }))
}

const reservations = (orders: readonly NewOrder[], now: string) =>
  orders.flatMap((order) =>
    order.lines.flatMap((line) =>
      line.allocations.map(({ skuId, warehouseId, quantity }) => ({
        id: newId(),
        shopId: order.shopId,
        at: now,
        skuId,
        warehouseId,
        reason: 'reserve' as const,
        quantity: -quantity,
        note: '',
        actor: { kind: 'buyer', id: order.buyerId },
        orderId: order.id,
        orderNo: order.orderNo,
      })),
    ),
  )

const withTerms = ({ payload: { order, terms } }: LedgerCommand<Prepared>): DeliveredOrder[] =>
  terms === null ? [] : [{ ...order, orderId: order.id, feeFen: order.freightFen, terms }]

const inCart = ({ payload: { order, fromCart } }: LedgerCommand<Prepared>) =>
  fromCart ? order.lines.map(({ skuId }) => ({ buyerId: order.buyerId, shopId: order.shopId, skuId })) : []

const placedEvent = (order: NewOrder, now: string) => ({
  shopId: order.shopId,
  aggregate: 'order',
  aggregateId: order.id,
  occurredAt: now,
  actor: { kind: 'buyer', id: order.buyerId },
  payload: {
    orderId: order.id,
    orderNo: order.orderNo,
    buyerId: order.buyerId,
    version: 1,
    totalFen: order.totalFen,
    itemCount: order.itemCount,
    payBefore: order.payBefore,
    lines: order.lines.map(({ skuId, productId, title, quantity, payTotalFen }) => {
      return { skuId, productId, title, quantity, payTotalFen }
    }),
  },
})

const answerOf = ({ orderId, orderNo, totalFen, payBefore }: PlaceAnswer): PlaceAnswer => ({
  orderId,
  orderNo,
  totalFen,
  payBefore,
})

const placedKey = (order: { shopId: string; buyerId: string; idempotencyKey: string }): string =>
  `${order.shopId}/${order.buyerId}/${order.idempotencyKey}`

function sameRequest(placed: PlacedOrder, digest: string): PlaceAnswer {
  if (placed.requestDigest !== digest) throw new AppError('IDEMPOTENCY_KEY_REUSED')
  return answerOf(placed)
}

/** What a key stands for. The fields are listed, so that their order never depends on who sent them. */
function digestOf(lines: readonly WantedLine[], input: PlaceInput): string {
  const { address, expectedTotalFen, note, fromCart, delivery } = input
  const { name, phone, province, city, district, street, detail } = address
  const goods = lines.map(({ skuId, quantity }) => [skuId, quantity])
  const content: unknown[] = [goods, name, phone, province, city, district, street, detail]
  content.push(expectedTotalFen, note, fromCart)
  if (delivery !== undefined && delivery.method !== 'courier') content.push(delivery.method, delivery.pointId ?? null)
  return hash('sha256', JSON.stringify(content), 'base64url')
}

function outOfStock(order: NewOrder, refusal: Refusal): AppError {
  const line = order.lines.find((each) => each.allocations.some((part) => part.transferId === refusal.transferId))!
  return shortOf(line, refusal.available ?? 0)
}

function shortOf(
  { skuId, title, options }: { skuId: string; title: string; options: string },
  available: number,
): AppError {
  const name = options === '' ? title : `${title} ${options}`
  return new AppError('OUT_OF_STOCK', { values: { title: name, available }, data: { skuId, available } })
}
