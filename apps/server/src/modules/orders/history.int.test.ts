import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts'
import { sql } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { auditLedger } from '../../ledger/index.ts'
import {
  buyerCaller,
  callRoute,
  createGoods,
  createTestWorld,
  openShop,
  placeInput,
  receive,
  staffCaller,
  type World,
} from './testing.ts'

let database: TestDatabase
let world: World
const staff = staffCaller()

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

const verb = fc.constantFrom(
  'pay',
  'cancel',
  'ship',
  'ship-one',
  'receive',
  'ask-refund',
  'refund',
  'refunded',
  'refund-failed',
)
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      units: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }),
    }),
  },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('do' as const), verb, which: fc.nat({ max: 20 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(10 * MINUTE_MS, 31 * MINUTE_MS, 11 * DAY_MS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restock' as const),
      sku: fc.integer({ min: 0, max: 2 }),
      front: fc.boolean(),
    }),
  },
)

test('ORD-01 whatever happens to orders, side by side and in any order, the books balance and the movements add up to the stock', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 8, maxLength: 16 }),
      runHistory,
    ),
    { numRuns: 20 },
  )
  const report = await world.db.tx('system', auditLedger)
  expect(report.deviations).toEqual([])
  expect(report.transfers).toBeGreaterThan(100)
}, 120_000)

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function runHistory(rounds: Step[][]): Promise<void> {
  const { shopId, centralId, frontId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100, 200, 300])
  await receive(world, shopId, skuIds, 4, centralId)
  await receive(world, shopId, skuIds, 2, frontId)
  const orders: { orderId: string; buyerId: string }[] = []
  const received = new Map(skuIds.map((skuId) => [skuId, 6]))
  const take = async (each: Step): Promise<void> => {
    if (each.kind === 'wait') {
      world.clock.advance(each.ms)
      await Promise.all([world.orders.cancelDueOrders(), world.orders.receiveDueOrders()])
    } else if (each.kind === 'restock') {
      const skuId = skuIds[each.sku]!
      await receive(world, shopId, [skuId], 1, each.front ? frontId : centralId)
      received.set(skuId, received.get(skuId)! + 1)
    } else if (each.kind === 'place') {
      const lines = skuIds.flatMap((skuId, index) =>
        each.units[index]! > 0 ? [[skuId, each.units[index]!] as const] : [],
      )
      if (lines.length === 0) return
      const total = lines.reduce((sum, [skuId, quantity]) => sum + (skuIds.indexOf(skuId) + 1) * 100 * quantity, 0)
      const buyerId = newId()
      orders.push({
        orderId: (await world.orders.placeOrder(placeInput(shopId, buyerId, lines, total))).orderId,
        buyerId,
      })
    } else if (orders.length > 0) await act(shopId, orders[each.which % orders.length]!, each.verb)
  }
  for (const round of rounds)
    for (const done of await Promise.allSettled(round.map(take)))
      if (done.status === 'rejected' && !isExpected(done.reason)) throw done.reason
  await checkBooks(shopId, received)
}

/** What a person may be told (BUSY when the clock leaps while they wait). The ledger's own words would be a defect. */
const isExpected = (error: unknown): boolean =>
  error instanceof AppError && ['ORDER_STATE', 'OUT_OF_STOCK', 'VALIDATION_FAILED', 'BUSY'].includes(error.code)

async function act(
  shopId: string,
  { orderId, buyerId }: { orderId: string; buyerId: string },
  what: string,
): Promise<void> {
  const params = { shopId, orderId }
  const { handlers } = world.orders
  const caller = buyerCaller(buyerId)
  const reason = { reason: '测试' }
  const parcel = { carrierCode: 'SF' as const, trackingNo: 'SF00000001' }
  if (what === 'cancel') await callRoute(handlers, 'orders.cancel', { caller, params, body: reason })
  else if (what === 'receive') await callRoute(handlers, 'orders.confirmReceipt', { caller, params })
  else if (what === 'ask-refund') await callRoute(handlers, 'orders.requestRefund', { caller, params, body: reason })
  else if (what === 'refund') await callRoute(handlers, 'console.refundOrder', { caller: staff, params, body: reason })
  else if (what === 'ship') await callRoute(handlers, 'console.shipOrder', { caller: staff, params, body: parcel })
  else if (what === 'ship-one') {
    const { lines } = await callRoute(handlers, 'console.order', { caller: staff, params })
    await callRoute(handlers, 'console.shipOrder', {
      caller: staff,
      params,
      body: { ...parcel, lines: [{ skuId: lines[0]!.skuId, quantity: 1 }] },
    })
  } else
    await world.db.tx({ shopId }, async (tx) => {
      const { amountFen } = await world.orders.orderForPayment(tx, shopId, orderId)
      if (what === 'pay')
        await world.orders.markPaid(tx, {
          ...params,
          paidFen: amountFen,
          paidAt: world.clock.instant(),
          paymentId: newId(),
        })
      else if (what === 'refunded') await world.orders.markRefunded(tx, { ...params, refundedFen: amountFen })
      else await world.orders.refundFailed(tx, { ...params, reason: '测试' })
    })
}

/** Every unit that came in is available, held by an unpaid order, waits to be shipped, or has left: as the orders say. */
async function checkBooks(shopId: string, received: ReadonlyMap<string, number>): Promise<void> {
  const rows = await world.db.read({ shopId }, (tx) =>
    tx.rows<{
      skuId: string
      available: number
      reserved: number
      committed: number
      moved: number
      held: number
      waiting: number
      left: number
    }>(sql`
      select l.sku_id, sum(l.available)::int as available, sum(l.reserved)::int as reserved, sum(l.committed)::int as committed,
        (select sum(quantity)::int from stock_movements m where m.shop_id = l.shop_id and m.sku_id = l.sku_id) as moved,
        (select coalesce(sum(n.quantity), 0)::int from order_lines n join orders o on o.shop_id = n.shop_id and o.id = n.order_id
          where n.shop_id = l.shop_id and n.sku_id = l.sku_id and o.state = 'awaiting-payment') as held,
        (select coalesce(sum(n.quantity - n.shipped_quantity), 0)::int from order_lines n
          join orders o on o.shop_id = n.shop_id and o.id = n.order_id
          where n.shop_id = l.shop_id and n.sku_id = l.sku_id and o.state in ('awaiting-shipment', 'refunding')) as waiting,
        (select coalesce(sum(n.shipped_quantity), 0)::int from order_lines n
          where n.shop_id = l.shop_id and n.sku_id = l.sku_id) as left
      from stock_levels l where l.shop_id = ${shopId} group by l.shop_id, l.sku_id`),
  )
  expect(rows).toHaveLength(3)
  for (const row of rows) {
    expect(row.moved).toBe(row.available)
    expect(row.reserved).toBe(row.held)
    expect(row.committed).toBe(row.waiting)
    expect(row.available + row.held + row.waiting + row.left).toBe(received.get(row.skuId))
  }
  const steps = await world.db.read({ shopId }, (tx) =>
    tx.rows(sql`select o.id from orders o where o.shop_id = ${shopId}
      and o.version <> (select count(*) from order_steps t where t.shop_id = o.shop_id and t.order_id = o.id)`),
  )
  expect(steps).toEqual([])
}
