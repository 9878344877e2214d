import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { ApiError } from '../packages/contract/src/client.ts'
import { PIXEL } from './support/aftersale.ts'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { bookWrongs } from './support/books.ts'
import { runningClock } from './support/clock.ts'
import { type Visitor, visit } from './support/http.ts'
import { startServer } from './support/server.ts'

const ORDERS = 24
/** Answers after which the server is killed, one life after the other; the last one ends by itself. */
const LIVES = [9, 21, 17, 26, null]

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let orders: PlacedOrder[]
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, clock: runningClock() })
  shop = await app.openTestShop()
  const { skuIds } = await app.product(shop, { pricesFen: [4990], stock: ORDERS })
  const params = { shopId: shop.shopId }
  const setting = { params: { ...params, name: 'personal-code.enabled' }, body: { value: true, version: 0 } }
  await shop.owner.call('console.setSetting', setting)
  const { fileId } = await shop.owner.call('console.uploadPersonalCode', { params, ...picture() })
  const code = { scheme: 'personal' as const, label: '店主微信', payee: '*明', fileId, singleLimitFen: 200_000 }
  const codeId = crypto.randomUUID()
  const body = { ...code, active: true, version: 0 }
  await shop.owner.call('console.savePersonalCode', { params: { ...params, codeId }, body })
  buyer = await app.buyer()
  orders = []
  for (let n = 0; n < ORDERS; n++) orders.push(await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]]))
}, 120_000)
afterAll(() => app?.close())

const picture = () => ({ file: new Blob([PIXEL], { type: 'image/png' }), fileName: 'p.png' })

/** The same person at another server, with the same session. */
function at(url: string, person: Visitor): Visitor {
  const visitor = visit(url, person.headers)
  for (const [name, value] of person.cookies) visitor.cookies.set(name, value)
  return visitor
}

/** Undefined when nobody knows whether it was done; then it is done again. */
async function answered<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof ApiError && (error.status === 0 || error.status === 503 || error.code === 'NETWORK')) return
    throw error
  }
}

/** The next step of an order's life by code, as the screens would take it: answers whether there is another. */
async function step(who: { buyer: Visitor; owner: Visitor }, order: PlacedOrder): Promise<boolean> {
  const params = { shopId: shop.shopId, orderId: order.orderId }
  const { payment } = await who.buyer.call('personalCode.offer', { params })
  const { state, refundedFen } = await who.buyer.call('orders.get', { params })
  if (state === 'awaiting-payment' && payment === null) await who.buyer.call('personalCode.open', { params })
  else if (payment?.state === 'open')
    await who.buyer.call('personalCode.claim', { params, body: { fileIds: [], note: '已转' } })
  else if (payment?.state === 'waiting') await confirm(who.owner, payment.id, order)
  else if (state === 'awaiting-shipment') await refund(who.owner, order)
  else if (refundedFen < order.totalFen) return recordRefund(who.owner, order)
  else return false
  return true
}

const confirm = (owner: Visitor, personalPaymentId: string, order: PlacedOrder) =>
  owner.call('console.confirmPersonalPayment', {
    params: { shopId: shop.shopId, personalPaymentId },
    body: {
      ...{ receivedFen: order.totalFen, receivedAt: app.clock.instant(), transactionNo: `T${order.orderNo}` },
    },
  })

const refund = (owner: Visitor, { orderId }: PlacedOrder) =>
  owner.call('console.refundOrder', {
    params: { shopId: shop.shopId, orderId },
    idempotencyKey: `refund-${orderId}`,
    body: { reason: '没有货了' },
  })

async function recordRefund(owner: Visitor, { orderNo }: PlacedOrder): Promise<boolean> {
  const params = { shopId: shop.shopId }
  const { items } = await owner.call('console.personalRefunds', { params, query: { q: orderNo } })
  const owed = items.find((each) => each.state === 'owed')
  if (owed === undefined) return items.length === 0
  const { fileId } = await owner.call('console.uploadPersonalCode', { params, ...picture() })
  await owner.call('console.recordPersonalRefund', {
    params: { ...params, personalRefundId: owed.id },
    body: { transactionNo: `R${orderNo}`, paidAt: app.clock.instant(), fileIds: [fileId] },
  })
  return true
}

test('PAY-01 a server that is killed at any step of payments and refunds by code: each is received once, given back once, and the day counts both', {
  timeout: 180_000,
}, async () => {
  const done = new Set<PlacedOrder>()
  for (const killAfter of LIVES) {
    const server = await startServer(app.env)
    const who = { buyer: at(server.url, buyer), owner: at(server.url, shop.owner) }
    let answers = 0
    let isDown = false
    const live = async (order: PlacedOrder) => {
      // What waits for news (a paid order, a refund that is owed) waits for the worker of this server.
      for (let round = 0; round < 400 && !isDown; round++) {
        const goesOn = await answered(step(who, order))
        if (goesOn === false) return void done.add(order)
        if (goesOn && ++answers === killAfter) {
          isDown = true
          await server.kill()
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await Promise.all(orders.filter((order) => !done.has(order)).map(live))
    if (killAfter === null) await server.stop()
  }
  expect(done.size).toBe(ORDERS)

  const totalFen = orders.reduce((sum, order) => sum + order.totalFen, 0)
  const rows = await app.app.db.read('system', (tx) =>
    tx.rows<{ orderId: string; state: string; amountFen: number; refundedFen: number }>(sql`
      select p.order_id, p.state, p.amount_fen,
        (select coalesce(sum(r.amount_fen), 0) from personal_refunds r
          where r.shop_id = p.shop_id and r.order_id = p.order_id and r.state = 'recorded')::bigint as refunded_fen
      from personal_payments p where p.shop_id = ${shop.shopId}`),
  )
  expect(rows.map((row) => row.orderId).sort()).toEqual(orders.map((order) => order.orderId).sort())
  for (const row of rows) expect(row.refundedFen).toBe(row.amountFen)
  const params = { shopId: shop.shopId }
  expect((await shop.owner.call('console.personalCodes', { params })).today).toMatchObject({
    receivedFen: totalFen,
    reservedFen: 0,
  })
  const { items: days } = await shop.owner.call('console.personalDays', { params })
  expect(days.reduce((sum, day) => sum + day.refundedFen, 0)).toBe(totalFen)
  await app.settle()
  expect((await app.audit()).deviations).toEqual([])
  expect(await bookWrongs(app, shop)).toEqual([])
})
