import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { ApiError } from '../packages/contract/src/client.ts'
import { ADDRESS, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { runningClock } from './support/clock.ts'
import { newKey, visit } from './support/http.ts'
import { type ServerProcess, startServer } from './support/server.ts'

const BUYERS = 200
const UNITS = 120

let app: TestApp
let shop: TestShop
let buyers: TestBuyer[]
let skuId: string
let totalFen: number
beforeAll(async () => {
  app = await startTestApp({ clock: runningClock(), clickhouse: false })
  shop = await app.openTestShop()
  skuId = (await app.product(shop, { pricesFen: [9900], stock: UNITS })).skuIds[0]!
  buyers = await Promise.all(Array.from({ length: BUYERS }, () => app.buyer()))
  const quote = await buyers[0]!.call('store.quote', {
    params: { shopId: shop.shopId },
    body: { lines: [{ skuId, quantity: 1 }], province: ADDRESS.province },
  })
  totalFen = quote.totalFen
})
afterAll(() => app?.close())

type Outcome = { orderId: string } | 'sold-out' | 'no-answer'

async function place(server: ServerProcess, buyer: TestBuyer, idempotencyKey: string): Promise<Outcome> {
  const visitor = visit(server.url, buyer.headers)
  const body = { lines: [{ skuId, quantity: 1 }], address: ADDRESS, expectedTotalFen: totalFen }
  try {
    return await visitor.call('orders.place', { params: { shopId: shop.shopId }, idempotencyKey, body })
  } catch (error) {
    if (error instanceof ApiError && error.code === 'OUT_OF_STOCK') return 'sold-out'
    if (error instanceof ApiError && (error.status === 0 || error.status === 503)) return 'no-answer'
    throw error
  }
}

const ordersInBooks = () =>
  app.app.db.read('system', (tx) =>
    tx.rows<{ id: string; buyerId: string }>(sql`select id, buyer_id from orders where shop_id = ${shop.shopId}`),
  )

test('ORD-02 two hundred buyers race for 120 units while the server is killed twice: no acknowledged order is lost, none sold twice', {
  timeout: 120_000,
}, async () => {
  const keys = new Map(buyers.map((buyer) => [buyer, newKey()]))
  const acknowledged = new Map<TestBuyer, string>()
  const refused = new Set<TestBuyer>()
  for (const killAfter of [25, 30, null]) {
    const server = await startServer(app.env)
    const waiting = buyers.filter((buyer) => !acknowledged.has(buyer) && !refused.has(buyer))
    let answers = 0
    await Promise.all(
      waiting.map(async (buyer) => {
        const outcome = await place(server, buyer, keys.get(buyer)!)
        if (outcome === 'no-answer') return
        if (outcome === 'sold-out') return void refused.add(buyer)
        acknowledged.set(buyer, outcome.orderId)
        if (++answers === killAfter) await server.kill()
      }),
    )
    if (killAfter !== null) expect(answers).toBeLessThan(waiting.length)
    const stored = new Set((await ordersInBooks()).map((order) => order.id))
    for (const orderId of acknowledged.values()) expect(stored).toContain(orderId)
    await server.kill()
  }

  const stored = await ordersInBooks()
  expect(stored).toHaveLength(UNITS)
  expect(new Set(stored.map((order) => order.buyerId)).size).toBe(UNITS)
  expect(new Set(acknowledged.values())).toEqual(new Set(stored.map((order) => order.id)))
  expect([acknowledged.size, refused.size]).toEqual([UNITS, BUYERS - UNITS])
  const { items } = await shop.owner.call('console.stock', { params: { shopId: shop.shopId } })
  expect(items[0]).toMatchObject({ available: 0, reserved: UNITS, committed: 0 })
  expect((await app.audit()).deviations).toEqual([])
})

test('ORD-02 a double click, even ten at once and again after a restart, is one order', async () => {
  const { skuIds } = await app.product(shop, { stock: 50 })
  const buyer = await app.buyer()
  const params = { shopId: shop.shopId }
  const lines = [{ skuId: skuIds[0]!, quantity: 1 }]
  const quote = await buyer.call('store.quote', { params, body: { lines, province: ADDRESS.province } })
  const idempotencyKey = newKey()
  const click = () =>
    buyer.call('orders.place', {
      params,
      idempotencyKey,
      body: { lines, address: ADDRESS, expectedTotalFen: quote.totalFen },
    })
  const clicks = await Promise.allSettled(Array.from({ length: 10 }, click))
  const ids = clicks.flatMap((each) => (each.status === 'fulfilled' ? [each.value.orderId] : []))
  expect(new Set(ids).size).toBe(1)
  for (const each of clicks) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'IN_PROGRESS' })
  await app.restart()
  expect((await click()).orderId).toBe(ids[0])
  expect((await buyer.call('orders.list', { params })).items).toHaveLength(1)
  const other = { lines: [{ skuId: skuIds[0]!, quantity: 2 }], address: ADDRESS, expectedTotalFen: quote.totalFen }
  await expect(buyer.call('orders.place', { params, idempotencyKey, body: other })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  })
})
