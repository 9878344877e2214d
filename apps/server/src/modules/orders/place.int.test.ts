import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { raw, sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import {
  ADDRESS,
  buyerCaller,
  callRoute,
  createGoods,
  createTestWorld,
  openShop,
  placeInput,
  receive,
  type World,
} from './testing.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

test('ORD-01 an order is placed: stock reserved, everything frozen, event written, answer after commit', async () => {
  const { shopId, centralId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [1234, 500])
  const [cup, plate] = skuIds as [string, string]
  await receive(world, shopId, skuIds, 5)
  const buyerId = newId()
  const answer = await world.orders.placeOrder(
    placeInput(
      shopId,
      buyerId,
      [
        [cup, 2],
        [plate, 1],
      ],
      2968,
    ),
  )
  expect(answer.orderNo).toMatch(/^261111\d{9}$/)
  expect(answer).toMatchObject({ totalFen: 2968, payBefore: '2026-11-11T00:30:00.000Z' })
  await world.db.tx({ shopId }, async (tx) => {
    expect(await world.stock.available(tx, shopId, skuIds)).toEqual(
      new Map([
        [cup, 3],
        [plate, 4],
      ]),
    )
    const [order] = await tx.rows(sql`select * from orders where id = ${answer.orderId}`)
    expect(order).toMatchObject({
      state: 'awaiting-payment',
      phoneMasked: '138****5678',
      receiverMasked: '欧**明',
      goodsFen: 2968,
    })
    expect(JSON.stringify(order)).not.toContain('13812345678')
    expect(
      await tx.rows(
        sql`select reason, quantity, warehouse_id from stock_movements where order_id = ${answer.orderId} order by quantity`,
      ),
    ).toEqual([
      { reason: 'reserve', quantity: -2, warehouseId: centralId },
      { reason: 'reserve', quantity: -1, warehouseId: centralId },
    ])
    const events = await tx.rows<{ name: string }>(
      sql`select name from outbox_events where aggregate_id = ${answer.orderId}`,
    )
    expect(events.map((event) => event.name)).toEqual(['orders.order-placed'])
  })
})

const place = (...input: Parameters<typeof placeInput>) => world.orders.placeOrder(placeInput(...input))
const count = (shopId: string, table: 'orders' | 'stock_movements' | 'ledger_transfers') =>
  world.db.tx(
    { shopId },
    async (tx) => (await tx.rows(sql`select 1 from ${raw(table)} where shop_id = ${shopId}`)).length,
  )

test('ORD-02 a double click is one order with one answer; the same key for something else is refused', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [sku] = skuIds as [string]
  await receive(world, shopId, skuIds, 5)
  const input = placeInput(shopId, newId(), [[sku, 1]], 100)
  const other = await createTestWorld(database.appUrl)
  try {
    const answers = await Promise.all(
      [input, input, input].flatMap((each) => [world.orders.placeOrder(each), other.orders.placeOrder(each)]),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await world.orders.placeOrder(input)).toEqual(answers[0])
    expect(await count(shopId, 'orders')).toBe(1)
    const changed = { ...input, lines: [{ skuId: sku, quantity: 2 }], expectedTotalFen: 200 }
    await expect(world.orders.placeOrder(changed)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    const race = await Promise.allSettled([
      world.orders.placeOrder({ ...input, key: 'race-key' }),
      other.orders.placeOrder({ ...changed, key: 'race-key' }),
    ])
    expect(race.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    const refused = race.find((each) => each.status === 'rejected')!
    expect(refused.reason).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(await count(shopId, 'orders')).toBe(2)
    // The answer stays the same whatever becomes of price and stock.
    await world.db.tx({ shopId }, (tx) => tx.exec(sql`update skus set price_fen = 999 where id = ${sku}`))
    expect(await world.orders.placeOrder(input)).toEqual(answers[0])
  } finally {
    await other.close()
  }
})

test('ORD-01 an order is refused in words: price moved, sold out, off sale, not delivered there, unknown', async () => {
  const { shopId } = await openShop(world)
  const { productId, skuIds } = await createGoods(world, shopId, [100, 300], { title: '云雾茶' })
  const [sku, other] = skuIds as [string, string]
  await receive(world, shopId, skuIds, 2)
  const buyer = newId()
  await expect(place(shopId, buyer, [[sku, 1]], 90)).rejects.toMatchObject({
    code: 'PRICE_CHANGED',
    message: '价格已变动，应付 ¥1.00，请确认后重新提交',
    details: { data: { totalFen: 100 } },
  })
  await expect(
    place(
      shopId,
      buyer,
      [
        [sku, 1],
        [other, 3],
      ],
      1000,
    ),
  ).rejects.toMatchObject({
    code: 'OUT_OF_STOCK',
    message: '「云雾茶」库存不足，剩余 2 件',
    details: { data: { skuId: other, available: 2 } },
  })
  await expect(place(shopId, buyer, [[newId(), 1]], 100)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(
    place(
      shopId,
      buyer,
      [
        [sku, 9999],
        [sku, 1],
      ],
      100,
    ),
  ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  await world.db.tx({ shopId }, (tx) =>
    tx.exec(sql`
    update freight_templates set rules = ${JSON.stringify([
      { provinces: [], deliverable: true, firstUnits: 1, firstFen: 0, moreUnits: 1, moreFen: 0, freeFromFen: null },
      {
        provinces: ['广东'],
        deliverable: false,
        firstUnits: 1,
        firstFen: 0,
        moreUnits: 1,
        moreFen: 0,
        freeFromFen: null,
      },
    ])} where shop_id = ${shopId}`),
  )
  await expect(place(shopId, buyer, [[sku, 1]], 100)).rejects.toMatchObject({
    code: 'NOT_DELIVERABLE',
    message: '收货地址 广东省深圳市 暂不配送',
  })
  await world.db.tx({ shopId }, (tx) => tx.exec(sql`update products set state = 'off-sale' where id = ${productId}`))
  await expect(place(shopId, buyer, [[sku, 1]], 100)).rejects.toMatchObject({ code: 'PRODUCT_NOT_ON_SALE' })
  expect(await count(shopId, 'orders')).toBe(0)
})

test('SUP-01 an order that no warehouse holds alone is served from several, down to the last unit', async () => {
  const { shopId, centralId, frontId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100, 100])
  const [one, two] = skuIds as [string, string]
  await receive(world, shopId, [one], 3, centralId)
  await receive(world, shopId, [one], 2, frontId)
  await receive(world, shopId, [two], 1, frontId)
  const { orderId } = await place(
    shopId,
    newId(),
    [
      [one, 5],
      [two, 1],
    ],
    600,
  )
  const parts = await world.db.tx({ shopId }, (tx) =>
    tx.rows<{ warehouseId: string; quantity: number }>(sql`
      select warehouse_id, quantity from stock_movements where order_id = ${orderId} order by quantity`),
  )
  expect(parts).toEqual([
    { warehouseId: centralId, quantity: -3 },
    { warehouseId: frontId, quantity: -2 },
    { warehouseId: frontId, quantity: -1 },
  ])
  await expect(place(shopId, newId(), [[one, 1]], 100)).rejects.toMatchObject({ code: 'OUT_OF_STOCK' })
})

test('ORD-02 what is refused does not disturb others of its batch, and leaves nothing behind', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100, 100])
  const [plenty, rare] = skuIds as [string, string]
  await receive(world, shopId, [plenty], 100)
  await receive(world, shopId, [rare], 1)
  const before = await count(shopId, 'ledger_transfers')
  const done = await Promise.allSettled(
    Array.from({ length: 60 }, (_, i) =>
      place(
        shopId,
        newId(),
        i % 3 === 0
          ? [
              [plenty, 1],
              [rare, 1],
            ]
          : [[plenty, 1]],
        i % 3 === 0 ? 200 : 100,
      ),
    ),
  )
  expect(done.filter((each) => each.status === 'fulfilled')).toHaveLength(41)
  expect(await count(shopId, 'orders')).toBe(41)
  expect((await count(shopId, 'ledger_transfers')) - before).toBe(42)
  expect(await world.db.tx({ shopId }, (tx) => world.stock.available(tx, shopId, skuIds))).toEqual(
    new Map([
      [plenty, 59],
      [rare, 0],
    ]),
  )
})

test('ORD-02 a full queue refuses at once with BUSY, and what was accepted is done', async () => {
  const narrow = await createTestWorld(database.appUrl, { lane: { maxQueue: 20, maxBatch: 5, concurrency: 1 } })
  try {
    const { shopId } = await openShop(narrow)
    const { skuIds } = await createGoods(narrow, shopId, [100])
    await receive(narrow, shopId, skuIds, 1000)
    const done = await Promise.allSettled(
      Array.from({ length: 200 }, () => narrow.orders.placeOrder(placeInput(shopId, newId(), [[skuIds[0]!, 1]], 100))),
    )
    const refused = done.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(refused.length).toBeGreaterThan(0)
    for (const reason of refused)
      expect(reason).toMatchObject({ code: 'BUSY', details: { retryAfterSeconds: expect.any(Number) } })
    expect(await count(shopId, 'orders')).toBe(200 - refused.length)
  } finally {
    await narrow.close()
  }
})

test('ORD-02 what is sold out is refused without being read again, then without the database; a key from before still answers its order, and units that come back are sold at once', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const sku = skuIds[0]!
  await receive(world, shopId, [sku], 1)
  const last = placeInput(shopId, newId(), [[sku, 1]], 100)
  const placed = await world.orders.placeOrder(last)
  const late = () => world.orders.placeOrder(placeInput(shopId, newId(), [[sku, 1]], 100))
  const refusals = await Promise.allSettled(Array.from({ length: 20 }, late))
  expect(refusals.every((each) => each.status === 'rejected' && each.reason.code === 'OUT_OF_STOCK')).toBe(true)
  // told again by the same words as by the first reading
  await expect(late()).rejects.toMatchObject({
    message: '「青瓷杯」库存不足，剩余 0 件',
    details: { data: { skuId: sku, available: 0 } },
  })
  // Who has units is known by now: the others are refused without a question to the database, until it may have changed.
  await vi.waitFor(async () => {
    await expect(late()).rejects.toMatchObject({ code: 'OUT_OF_STOCK' })
    const asked = vi.spyOn(world.db, 'tx')
    const more = await Promise.allSettled(Array.from({ length: 20 }, late)).finally(() => asked.mockRestore())
    expect(more.every((each) => each.status === 'rejected' && each.reason.code === 'OUT_OF_STOCK')).toBe(true)
    expect(asked).not.toHaveBeenCalled()
  }, 5_000)
  expect(await world.orders.placeOrder(last)).toEqual(placed)
  await expect(world.orders.placeOrder({ ...last, note: '另一张' })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  })
  world.clock.advance(31 * 60_000)
  expect(await world.orders.cancelDueOrders()).toBeGreaterThanOrEqual(1)
  expect((await late()).totalFen).toBe(100)
})

test('ORD-02 who had the last unit in another process, and asks this one again, is told of their order and not that all is gone', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const sku = skuIds[0]!
  await receive(world, shopId, [sku], 1)
  const other = await createTestWorld(database.appUrl)
  try {
    const last = placeInput(shopId, newId(), [[sku, 1]], 100)
    const late = () =>
      world.orders.placeOrder(placeInput(shopId, newId(), [[sku, 1]], 100)).catch((error) => error.code)
    const placed = await other.orders.placeOrder(last)
    for (let i = 0; i < 5; i++) expect(await late()).toBe('OUT_OF_STOCK')
    expect(await world.orders.placeOrder(last)).toEqual(placed)
    // It comes back there and somebody else has it there: the reading of before says nothing of them.
    other.clock.advance(31 * 60_000)
    expect(await other.orders.cancelDueOrders()).toBeGreaterThanOrEqual(1)
    const next = placeInput(shopId, newId(), [[sku, 1]], 100)
    const again = await other.orders.placeOrder(next)
    await vi.waitFor(async () => expect(await world.orders.placeOrder(next)).toEqual(again), { timeout: 5_000 })
    for (let i = 0; i < 5; i++) expect(await late()).toBe('OUT_OF_STOCK')
    expect(await world.orders.placeOrder(next)).toEqual(again)
  } finally {
    await other.close()
  }
})

test('ORD-01 an order that costs nothing is paid as it is placed', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [0])
  await receive(world, shopId, skuIds, 1)
  const caller = buyerCaller(newId())
  const body = { lines: [{ skuId: skuIds[0]!, quantity: 1 }], address: ADDRESS, expectedTotalFen: 0 }
  const { orderId } = await callRoute(world.orders.handlers, 'orders.place', { caller, params: { shopId }, body })
  const order = await callRoute(world.orders.handlers, 'orders.get', { caller, params: { shopId, orderId } })
  expect(order.state).toBe('awaiting-shipment')
  const refund = { caller, params: { shopId, orderId }, body: { reason: '不想要了' } }
  expect(await callRoute(world.orders.handlers, 'orders.requestRefund', refund)).toMatchObject({ state: 'refunded' })
  expect(await world.db.tx({ shopId }, (tx) => world.stock.available(tx, shopId, skuIds))).toEqual(
    new Map([[skuIds[0], 1]]),
  )
})

test('ORD-02 an order whose units somebody else took after it was planned is planned again from what is there now', async () => {
  const { shopId, centralId, frontId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [sku] = skuIds as [string]
  await receive(world, shopId, skuIds, 1, centralId)
  await receive(world, shopId, skuIds, 1, frontId)
  const other = await createTestWorld(database.appUrl)
  const waiting = () =>
    world.db.tx('system', async (tx) => {
      const rows = await tx.rows(sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
      return rows.length
    })
  try {
    const both = await world.db.tx('system', async (tx) => {
      // Whoever plans now plans on the central warehouse; nobody can take from it before both have planned.
      await tx.rows(sql`select 1 from ledger_accounts where shop_id = ${shopId} order by id for update`)
      const placing = [world, other].map((by) => by.orders.placeOrder(placeInput(shopId, newId(), [[sku, 1]], 100)))
      await expect.poll(waiting, { timeout: 20_000 }).toBe(2)
      return { placing }
    })
    await Promise.all(both.placing)
    const taken = await world.db.read({ shopId }, (tx) =>
      tx.rows<{ warehouseId: string }>(sql`
        select warehouse_id from stock_movements where shop_id = ${shopId} and reason = 'reserve'`),
    )
    expect(taken.map((row) => row.warehouseId).sort()).toEqual([centralId, frontId].sort())
    await expect(place(shopId, newId(), [[sku, 1]], 100)).rejects.toMatchObject({ code: 'OUT_OF_STOCK' })
  } finally {
    await other.close()
  }
})
