import { hash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { emitMany } from '../../kernel/outbox.ts'
import {
  createLane,
  createLedgerLane,
  type LedgerCommand,
  type Refusal,
  type RefusalReason,
  refusalError,
} from '../../ledger/index.ts'
import { reserveCommands } from '../stock/index.ts'
import type { DeliveredOrder, OrdersDeps } from './deps.ts'
import { orderPlaced } from './events.ts'
import { GoneGoods, shortOf } from './gone-goods.ts'
import { OrderNumbers } from './order-no.ts'
import {
  type PlaceAnswer,
  type PlaceInput,
  type Prepared,
  placedKey,
  prepareBatch,
  type Request,
} from './prepare-orders.ts'
import { countCommands, insertCounted, limitAccounts, limitRefusal } from './purchase-limit.ts'
import { mergeLines, type WantedLine } from './quote-order.ts'
import { removeOrdered } from './store-cart.ts'
import { findPlaced, insertOrders, type NewOrder, type PlacedOrder, sharePlacing } from './store-place.ts'

/** Where the units of every SKU are counted. */
const STOCK_TABLE = 'ledger_accounts'
/** Orders of one moment share accounts: a second batch beside the first would only wait for its locks. */
const DEFAULT_LANE = { maxQueue: 5000, maxBatch: 400, concurrency: 1 }
/** What is read takes no locks, so one reader after another is enough, and what gathers meanwhile goes together. */
const PREPARING = { concurrency: 1, maxDelayMs: 2 }
/**
 * Who is refused from memory is answered with all others of the same millisecond: one by one, every answer would wake this
 * process and whoever waits for it, which costs more than the answer.
 */
const TOGETHER_MS = 1
/** How often an order is planned when somebody else was faster: had the last units, or placed it under the same key. */
const PLANS = 2
/** How long a buyer may wait for an answer, of which BUSY is one; what is begun by then is finished. */
export const PLACING_MS = 8_000
const AGAIN: ReadonlySet<string> = new Set<RefusalReason>(['limit', 'expired', 'conflict'])

/**
 * Placing orders. Two queues after one another, so that a thousand buyers cost a few statements: the first reads goods,
 * stock and freight for everybody who is waiting and decides price and warehouses; the second is the ledger's lane, which
 * reserves the stock and writes the orders in one transaction. An answer is given after that has committed.
 */
export function createPlacing(deps: OrdersDeps) {
  const numbers = new OrderNumbers(deps.vault.hmac('orders.order-no', ''))
  const lane = { ...DEFAULT_LANE, ...deps.lane }
  const gone = new GoneGoods()
  const unhang = deps.db.onWritten((tables) => tables.has(STOCK_TABLE) && gone.changed())
  const waiting = new Map<string, { digest: string; answer: Promise<PlaceAnswer> }>()
  let refused: Promise<void> | undefined
  const together = (): Promise<void> => {
    refused ??= pause(TOGETHER_MS).then(() => {
      refused = undefined
    })
    return refused
  }
  const preparing = createLane<Request, Prepared | PlacedOrder>({
    ...lane,
    ...PREPARING,
    name: 'orders.prepare',
    clock: deps.clock,
    tenantOf: (request) => request.shopId,
    process: (batch) => deps.db.tx('system', (tx) => prepareBatch(tx, { ...deps, numbers, gone }, batch)),
  })
  const placing = createLedgerLane<Prepared, PlaceAnswer>({
    ...lane,
    name: 'orders.place',
    db: deps.db,
    clock: deps.clock,
    newIds: true,
    find: (tx, commands, raced) => findEarlier(tx, deps, commands, raced),
    write: (tx, accepted, now) => writeBatch(tx, deps, accepted, now),
  })

  const run = async (request: Request): Promise<PlaceAnswer> => {
    const deadline = deps.clock.ticks() + (request.withinMs ?? PLACING_MS)
    const rest = () => ({ maxWaitMs: Math.max(0, deadline - deps.clock.ticks()) })
    for (let plan = 1; ; plan++) {
      const prepared = await preparing.submit(request, rest())
      if ('orderId' in prepared) return sameRequest(prepared, request.digest)
      const result = await placing.submit(toCommand(prepared), rest())
      if (result.ok) return result.answer
      const { refusal } = result
      if (!AGAIN.has(refusal.reason)) throw refusalError(refusal)
      if (plan < PLANS) continue
      if (refusal.reason !== 'limit') throw refusalError(refusal)
      throw limitRefusal(prepared.order, prepared.counted, refusal) ?? outOfStock(prepared.order, refusal)
    }
  }

  return {
    /**
     * Places an order, once for a key of a buyer in a shop: the same request again has the same answer.
     * @throws AppError OUT_OF_STOCK, PURCHASE_LIMIT, PRICE_CHANGED, NOT_DELIVERABLE, REGION_EXCLUSIVE, PRODUCT_NOT_ON_SALE, NOT_FOUND, BUSY,
     * IDEMPOTENCY_KEY_REUSED
     */
    async place(input: PlaceInput): Promise<PlaceAnswer> {
      const refusal = gone.finalRefusalOf(input.shopId, input.buyerId, input.lines)
      if (refusal) {
        await together()
        throw refusal
      }
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
      unhang()
    },
  }
}

function toCommand(prepared: Prepared): LedgerCommand<Prepared> {
  const { order, counted } = prepared
  const allocations = order.lines.flatMap((line) => line.allocations)
  const reference = { type: 'order', id: order.id }
  return {
    shopId: order.shopId,
    idempotencyKey: `${order.buyerId}/${order.idempotencyKey}`,
    payload: prepared,
    transfers: [
      ...reserveCommands(allocations, { expiresAt: order.payBefore, reference }),
      ...countCommands(order, counted),
    ],
    accounts: limitAccounts(order, counted),
  }
}

/**
 * Buyers whose accounts are being deleted, and orders that were placed under the same keys before: they were looked for
 * when the orders were prepared, so only another process can have placed them since, and then the key is not unique.
 * The lock is shared by all that place; whoever closes an account waits for it alone, so that no order is on its way
 * past the closing.
 */
async function findEarlier(
  tx: Tx,
  deps: Pick<OrdersDeps, 'identity'>,
  commands: readonly LedgerCommand<Prepared>[],
  raced: boolean,
): Promise<Map<string, PlaceAnswer | Error>> {
  const keys = commands.map(({ payload: { order } }) => {
    return { shopId: order.shopId, buyerId: order.buyerId, key: order.idempotencyKey }
  })
  const answers = new Map<string, PlaceAnswer | Error>()
  // Sent together; the second sees everything that was committed before the first had its lock.
  const [, closed, placedBefore] = await Promise.all([
    sharePlacing(tx),
    deps.identity.closedAmong(tx, [...new Set(keys.map(({ buyerId }) => buyerId))]),
    raced ? findPlaced(tx, keys) : [],
  ])
  for (const { payload } of commands)
    if (closed.has(payload.order.buyerId)) answers.set(placedKey(payload.order), new AppError('ACCOUNT_CLOSED'))
  if (placedBefore.length === 0) return answers
  const digests = new Map(commands.map(({ payload: { order } }) => [placedKey(order), order.requestDigest]))
  for (const placed of placedBefore) {
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
    insertCounted(tx, accepted.flatMap(withLimits)),
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

const withLimits = ({ payload: { order, counted } }: LedgerCommand<Prepared>) =>
  counted.map((units) => ({ order, units }))

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
