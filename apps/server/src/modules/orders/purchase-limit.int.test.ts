import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { MINUTE_MS } from '../../kernel/clock.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { auditLedger } from '../../ledger/index.ts'
import { cancelOrder } from './cancel-order.ts'
import { createGoods, createTestWorld, openShop, placeInput, receive, type World } from './testing.ts'

let database: TestDatabase
let world: World
let other: World
let shopId: string

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
  other = await createTestWorld(database.appUrl)
  shopId = (await openShop(world)).shopId
})
afterAll(async () => {
  expect((await world.db.tx('system', auditLedger)).deviations).toEqual([])
  await Promise.all([world?.close(), other?.close()])
  await database?.drop()
})

async function goods(purchaseLimit: number | undefined, skus = 1) {
  const made = await createGoods(
    world,
    shopId,
    new Array(skus).fill(100),
    purchaseLimit === undefined ? {} : { purchaseLimit },
  )
  await receive(world, shopId, made.skuIds, 1000)
  return made
}

const buy = (buyerId: string, lines: readonly (readonly [string, number])[], by = world, key: string = newId()) =>
  by.orders.placeOrder(
    placeInput(
      shopId,
      buyerId,
      lines,
      lines.reduce((sum, [, each]) => sum + each * 100, 0),
      { key },
    ),
  )

const setLimit = (productId: string, limit: number | null) =>
  world.db.tx({ shopId }, (tx) =>
    tx.exec(sql`update products set purchase_limit = ${limit} where shop_id = ${shopId} and id = ${productId}`),
  )

const pay = (orderId: string, paidFen: number) =>
  world.db.tx({ shopId }, (tx) =>
    world.orders.markPaid(tx, { shopId, orderId, paidFen, paidAt: world.clock.instant(), paymentId: newId() }),
  )

test('MKT-03 one buyer orders a hundred times at once in two processes, over two SKUs: the limit is what they get', async () => {
  const { skuIds } = await goods(3, 2)
  for (let round = 0; round < 3; round++) {
    const buyerId = newId()
    const race = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) => buy(buyerId, [[skuIds[i % 2]!, 1]], i % 3 === 0 ? other : world)),
    )
    expect(race.filter((each) => each.status === 'fulfilled')).toHaveLength(3)
    for (const each of race)
      if (each.status === 'rejected')
        expect(each.reason).toMatchObject({ code: 'PURCHASE_LIMIT', details: { values: { limit: 3, left: 0 } } })
  }
  // Others are not concerned.
  await buy(newId(), [[skuIds[0]!, 3]])
})

test('MKT-03 too many in one order is refused by name with what is left, before and after a purchase', async () => {
  const { skuIds } = await goods(4, 2)
  const [a, b] = skuIds as [string, string]
  const buyerId = newId()
  await expect(
    buy(buyerId, [
      [a, 3],
      [b, 2],
    ]),
  ).rejects.toThrow('「青瓷杯」每人限购 4 件，您还可以买 4 件')
  const { orderId } = await buy(buyerId, [
    [a, 2],
    [b, 1],
  ])
  await pay(orderId, 300)
  await expect(buy(buyerId, [[a, 2]])).rejects.toThrow('您还可以买 1 件')
  await buy(buyerId, [[b, 1]])
})

test('MKT-03 the same key again is the same order, though the buyer may have no more', async () => {
  const { skuIds } = await goods(1)
  const [buyerId, key] = [newId(), newId()]
  const both = await Promise.all([
    buy(buyerId, [[skuIds[0]!, 1]], world, key),
    buy(buyerId, [[skuIds[0]!, 1]], other, key),
  ])
  expect(both[0].orderId).toBe(both[1].orderId)
  expect((await buy(buyerId, [[skuIds[0]!, 1]], other, key)).orderId).toBe(both[0].orderId)
})

test('MKT-03 what is cancelled, not paid in time or refunded, a part too, the buyer may have again', async () => {
  const { skuIds } = await goods(2)
  const sku = skuIds[0]!
  const buyerId = newId()
  const cancelled = await buy(buyerId, [[sku, 2]])
  const actor = { kind: 'buyer' as const, id: buyerId }
  await world.db.tx({ shopId }, (tx) =>
    cancelOrder(tx, world, { shopId, orderId: cancelled.orderId }, { by: 'buyer', reason: '', actor }),
  )
  await buy(buyerId, [[sku, 2]])
  await expect(buy(buyerId, [[sku, 1]])).rejects.toMatchObject({ code: 'PURCHASE_LIMIT' })
  world.clock.advance(31 * MINUTE_MS)
  expect(await world.orders.cancelDueOrders()).toBeGreaterThanOrEqual(1)

  const { orderId } = await buy(buyerId, [[sku, 2]])
  await pay(orderId, 200)
  await expect(buy(buyerId, [[sku, 1]])).rejects.toMatchObject({ code: 'PURCHASE_LIMIT' })
  const wish = { skuId: sku, quantity: 1, key: newId(), reason: '缺货', actor }
  await world.db.tx({ shopId }, (tx) => world.orders.removeUnits(tx, { shopId, orderId }, wish))
  await pay((await buy(buyerId, [[sku, 1]])).orderId, 100)
  await expect(buy(buyerId, [[sku, 1]])).rejects.toMatchObject({ code: 'PURCHASE_LIMIT' })
  await world.db.tx({ shopId }, (tx) =>
    world.orders.requestRefund(tx, { shopId, orderId }, { by: 'merchant', reason: '协商', actor }),
  )
  await world.db.tx({ shopId }, (tx) => world.orders.markRefunded(tx, { shopId, orderId, refundedFen: 100 }))
  await buy(buyerId, [[sku, 1]])
  await expect(buy(buyerId, [[sku, 1]])).rejects.toMatchObject({ code: 'PURCHASE_LIMIT' })
})

test('MKT-03 another limit holds from the next order on; without one nobody is counted', async () => {
  const { productId, skuIds } = await goods(2)
  const sku = skuIds[0]!
  const buyerId = newId()
  await buy(buyerId, [[sku, 2]])
  await setLimit(productId, 5)
  await buy(buyerId, [[sku, 3]])
  await setLimit(productId, 1)
  await expect(buy(buyerId, [[sku, 1]])).rejects.toThrow('每人限购 1 件，您还可以买 0 件')
  await setLimit(productId, null)
  await buy(buyerId, [[sku, 9]])
  const free = await goods(undefined)
  const { orderId } = await buy(buyerId, [[free.skuIds[0]!, 50]])
  const { rows } = await world.db.read('system', (tx) =>
    tx.one<{ rows: number }>(sql`select count(*) as rows from order_purchase_limits where order_id = ${orderId}`),
  )
  expect(rows).toBe(0)
})
