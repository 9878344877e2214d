import { setTimeout as delay } from 'node:timers/promises'
import { ApiError } from '../../../packages/contract/src/client.ts'
import { ADDRESS, type TestApp, type TestBuyer, type TestShop } from '../app.ts'
import { newKey, visit } from '../http.ts'

const BUYERS = 48
const AT_ONCE = 16
const PLENTY = 100_000
const SCARCE = 60
const PICKS_SCARCE = 0.2
const PAYS = 0.25
const PAUSE_MS = 60
/** Answers that say "not now", as against "no". */
const NOT_NOW = new Set(['IN_PROGRESS', 'BUSY', 'UNAVAILABLE', 'RATE_LIMITED', 'TOO_MANY_REQUESTS'])

/** Nothing more will come of it: sold out, or its time to be paid is over by the clock of the shop. */
const ENDED = new Set(['OUT_OF_STOCK', 'ORDER_STATE', 'PAYMENT_REFUSED'])

export interface Goods {
  skuId: string
  units: number
  totalFen: number
}

export interface DrillWorld {
  app: TestApp
  shop: TestShop
  goods: Goods[]
  buyers: TestBuyer[]
}

/** One order that was acknowledged. */
interface Acknowledged {
  orderId: string
  at: number
  /** Of all its tries. */
  waitedMs: number
}

/** What buyers went through. Times are the machine's, of `performance.now()`. */
export interface Load {
  acknowledged: Acknowledged[]
  /** Polite refusals and broken connections, by code. */
  notNow: Map<string, number>
  /** The longest that a buyer waited for one answer of whatever kind. */
  longestAnswerMs: number
  /** Answers that should not have been given. */
  wrong: string[]
  /** Waits until so many more orders were acknowledged; answers when the first of them was. */
  more(orders: number, timeoutMs?: number): Promise<number>
  /** Every buyer finishes what has been begun, however often it takes. */
  stop(): Promise<void>
}

/** A shop with something plentiful and something scarce, and buyers who are signed in. */
export async function openWorld(app: TestApp): Promise<DrillWorld> {
  const shop = await app.openTestShop('演练店')
  const buyers: TestBuyer[] = []
  for (let i = 0; i < BUYERS; i++) buyers.push(await app.buyer())
  const goods: Goods[] = []
  for (const units of [PLENTY, SCARCE]) {
    const { skuIds } = await app.product(shop, { pricesFen: [4_990], stock: units })
    const lines = [{ skuId: skuIds[0]!, quantity: 1 }]
    const params = { shopId: shop.shopId }
    const quote = await buyers[0]!.call('store.quote', { params, body: { lines, province: ADDRESS.province } })
    goods.push({ skuId: skuIds[0]!, units, totalFen: quote.totalFen })
  }
  return { app, shop, goods, buyers }
}

/** Buyers at the program at `url`, one order after another until they are stopped; some pay. */
export function startLoad(world: DrillWorld, url: string): Load {
  const buyers = world.buyers.map((buyer) => ({ ...buyer, ...visit(url, buyer.headers) }))
  const load = { acknowledged: [] as Acknowledged[], notNow: new Map<string, number>(), longestAnswerMs: 0 }
  const wrong: string[] = []
  let isStopped = false

  const insist = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    for (;;) {
      const startedAt = performance.now()
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (ENDED.has(error.code)) return undefined
        const isPolite = error.status === 0 || NOT_NOW.has(error.code)
        const code = error.status === 0 ? 'no connection' : error.code
        load.notNow.set(code, (load.notNow.get(code) ?? 0) + 1)
        if (!isPolite) wrong.push(`${error.status} ${error.code} instead of an order or a polite refusal`)
        if (!isPolite && error.status < 500) return undefined
      } finally {
        load.longestAnswerMs = Math.max(load.longestAnswerMs, performance.now() - startedAt)
      }
      await delay(PAUSE_MS * (0.5 + Math.random()))
    }
  }
  const buyOne = async (buyer: TestBuyer) => {
    const { skuId, totalFen } = world.goods[Math.random() < PICKS_SCARCE ? 1 : 0]!
    const params = { shopId: world.shop.shopId }
    const body = { lines: [{ skuId, quantity: 1 }], address: ADDRESS, expectedTotalFen: totalFen }
    const idempotencyKey = newKey()
    const startedAt = performance.now()
    const order = await insist(() => buyer.call('orders.place', { params, idempotencyKey, body }))
    if (order === undefined) return
    const at = performance.now()
    load.acknowledged.push({ orderId: order.orderId, at, waitedMs: at - startedAt })
    if (Math.random() >= PAYS) return
    const till = await insist(() =>
      buyer.call('payments.start', { params: { ...params, orderId: order.orderId }, body: { method: 'mini' } }),
    )
    if (till?.jsapi) world.app.sim.pay({ request: till.jsapi, person: buyer.person, action: 'confirm' })
  }
  let next = 0
  const worker = async () => {
    while (!isStopped) {
      await buyOne(buyers[next++ % buyers.length]!)
      await delay(PAUSE_MS * Math.random())
    }
  }
  const workers = Promise.all(Array.from({ length: AT_ONCE }, worker))
  workers.catch(() => {})
  return {
    ...load,
    get longestAnswerMs() {
      return load.longestAnswerMs
    },
    wrong,
    async more(orders, timeoutMs = 60_000) {
      const before = load.acknowledged.length
      const until = performance.now() + timeoutMs
      while (load.acknowledged.length < before + orders) {
        if (performance.now() > until) throw new Error(`No ${orders} more orders within ${timeoutMs} ms`)
        await Promise.race([delay(10), workers.then(() => Promise.reject(new Error('The buyers have gone')))])
      }
      return load.acknowledged[before]!.at
    },
    async stop() {
      isStopped = true
      await workers
    },
  }
}
