import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { unpaidTimeoutMinutes } from './settings.ts'
import {
  ADDRESS,
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
const staff = staffCaller(['orders.read', 'orders.write', 'orders.ship', 'orders.refund'])

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

/** An order of two SKUs, and everything one may do to it. */
async function story() {
  const { shopId, centralId, frontId } = await openShop(world)
  const { productId, skuIds } = await createGoods(world, shopId, [1000, 250])
  const [cup, plate] = skuIds as [string, string]
  await receive(world, shopId, [cup], 3, centralId)
  await receive(world, shopId, [plate], 3, frontId)
  const buyerId = newId()
  const caller = buyerCaller(buyerId)
  const { orderId, orderNo } = await world.orders.placeOrder(
    placeInput(
      shopId,
      buyerId,
      [
        [cup, 2],
        [plate, 2],
      ],
      2500,
    ),
  )
  const params = { shopId, orderId }
  const { handlers } = world.orders
  const paymentId = newId()
  return {
    ...{ shopId, centralId, frontId, cup, plate, productId, buyerId, orderId, orderNo, params, paymentId },
    pay: () =>
      world.db.tx({ shopId }, (tx) =>
        world.orders.markPaid(tx, { ...params, paidFen: 2500, paidAt: world.clock.instant(), paymentId }),
      ),
    refunded: () => world.db.tx({ shopId }, (tx) => world.orders.markRefunded(tx, { ...params, refundedFen: 2500 })),
    refundFailed: () =>
      world.db.tx({ shopId }, (tx) => world.orders.refundFailed(tx, { ...params, reason: '余额不足' })),
    get: (by = caller) => callRoute(handlers, 'orders.get', { caller: by, params }),
    cancel: (by = caller) => callRoute(handlers, 'orders.cancel', { caller: by, params, body: { reason: '拍错了' } }),
    confirm: (by = caller) => callRoute(handlers, 'orders.confirmReceipt', { caller: by, params }),
    askRefund: (by = caller, idempotencyKey = newId()) =>
      callRoute(handlers, 'orders.requestRefund', { caller: by, params, body: { reason: '不想要了' }, idempotencyKey }),
    ship: (lines?: { skuId: string; quantity: number }[], idempotencyKey = newId()) =>
      callRoute(handlers, 'console.shipOrder', {
        caller: staff,
        params,
        body: { carrierCode: 'SF', trackingNo: 'SF1234567890', lines },
        idempotencyKey,
      }),
    refund: () => callRoute(handlers, 'console.refundOrder', { caller: staff, params, body: { reason: '缺货' } }),
    merchantCancel: () =>
      callRoute(handlers, 'console.cancelOrder', { caller: staff, params, body: { reason: '无法联系' } }),
    stock: () =>
      world.db.read({ shopId }, async (tx) => {
        const rows = await tx.rows<Record<string, number | string>>(sql`
          select sku_id, sum(available)::int as available, sum(reserved)::int as reserved, sum(committed)::int as committed
          from stock_levels where shop_id = ${shopId} group by sku_id`)
        const moved = await tx.rows<{ skuId: string; moved: number }>(sql`
          select sku_id, sum(quantity)::int as moved from stock_movements where shop_id = ${shopId} group by sku_id`)
        for (const row of rows) expect(moved.find((each) => each.skuId === row.skuId)!.moved).toBe(row.available)
        return [cup, plate].map((skuId) => {
          const row = rows.find((each) => each.skuId === skuId)!
          return [row.available, row.reserved, row.committed]
        })
      }),
    events: () =>
      world.db.read({ shopId }, async (tx) => {
        const rows = await tx.rows<{ name: string; version: number }>(sql`
          select name, (payload->>'version')::int as version from outbox_events where aggregate_id = ${orderId} order by seq`)
        return rows.map((row) => `${row.version} ${row.name.replace('orders.', '')}`)
      }),
  }
}

test('ORD-01 from order to receipt: every step in the timeline and told as an event with its version', async () => {
  const order = await story()
  expect(await order.stock()).toEqual([
    [1, 2, 0],
    [1, 2, 0],
  ])
  expect(await order.pay()).toBe('paid')
  expect(await order.stock()).toEqual([
    [1, 0, 2],
    [1, 0, 2],
  ])
  const part = await order.ship([{ skuId: order.cup, quantity: 1 }])
  expect(part).toMatchObject({
    state: 'awaiting-shipment',
    shipments: [{ warehouseName: '中心仓', carrierName: '顺丰速运' }],
  })
  expect(part.lines.map((line) => line.shippedQuantity).sort()).toEqual([0, 1])
  await expect(order.ship([{ skuId: order.cup, quantity: 2 }])).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    message: '发货商品 填写有误：「青瓷杯」只剩 1 件未发',
  })
  await expect(order.askRefund()).rejects.toMatchObject({ code: 'ORDER_STATE' })
  const key = newId()
  const shipped = await order.ship(undefined, key)
  expect(await order.ship(undefined, key)).toEqual(shipped)
  expect(shipped).toMatchObject({ state: 'shipped', autoReceiveAt: '2026-11-21T00:00:00.000Z' })
  expect(shipped.shipments[0]!.warehouseName.split('、').sort()).toEqual(['中心仓', '前置仓'].sort())
  expect(await order.stock()).toEqual([
    [1, 0, 0],
    [1, 0, 0],
  ])
  const done = await order.confirm()
  expect(done).toMatchObject({ state: 'completed', address: ADDRESS, paidFen: 2500, autoReceiveAt: null })
  expect(done.timeline.map((entry) => `${entry.actor}：${entry.text}`)).toEqual([
    '买家：提交订单',
    '系统：付款成功',
    '商家：部分发货：顺丰速运 SF1234567890',
    '商家：已发货：顺丰速运 SF1234567890',
    '买家：买家确认收货',
  ])
  expect(await order.events()).toEqual([
    '1 order-placed',
    '2 order-paid',
    '3 order-shipped',
    '4 order-shipped',
    '5 order-completed',
  ])
})

test('ORD-01 what is not allowed now is refused with the state in words, and changes nothing', async () => {
  const order = await story()
  for (const step of [order.ship, order.confirm, order.askRefund, order.refund])
    await expect(step()).rejects.toMatchObject({ code: 'ORDER_STATE', message: expect.stringContaining('待付款') })
  const before = await order.stock()
  await order.pay()
  for (const step of [order.cancel, order.confirm, order.merchantCancel])
    await expect(step()).rejects.toMatchObject({ code: 'ORDER_STATE', message: expect.stringContaining('待发货') })
  expect(before).toEqual([
    [1, 2, 0],
    [1, 2, 0],
  ])
  expect(await order.events()).toEqual(['1 order-placed', '2 order-paid'])
})

test('ORD-01 cancelled by the buyer or by the merchant: stock is free again, the reason stands', async () => {
  const one = await story()
  expect(await one.cancel()).toMatchObject({ state: 'cancelled', cancelReason: '拍错了', payBefore: null })
  expect(await one.stock()).toEqual([
    [3, 0, 0],
    [3, 0, 0],
  ])
  await expect(one.pay()).resolves.toBe('not-payable')
  const two = await story()
  expect(await two.merchantCancel()).toMatchObject({ state: 'cancelled', cancelReason: '无法联系' })
  expect(await two.events()).toEqual(['1 order-placed', '2 order-cancelled'])
})

test('ORD-01 a refund before shipping gives the stock back when the money is back; asked twice it is one', async () => {
  const order = await story()
  await order.pay()
  const key = newId()
  expect(await order.askRefund(undefined, key)).toMatchObject({ state: 'refunding' })
  expect(await order.askRefund(undefined, key)).toMatchObject({ state: 'refunding' })
  await expect(order.ship()).rejects.toMatchObject({ code: 'ORDER_STATE' })
  expect(await order.stock()).toEqual([
    [1, 0, 2],
    [1, 0, 2],
  ])
  expect(await order.refunded()).toBe('refunded')
  expect(await order.refunded()).toBe('already-refunded')
  expect(await order.stock()).toEqual([
    [3, 0, 0],
    [3, 0, 0],
  ])
  expect(await order.get()).toMatchObject({ state: 'refunded', refundedFen: 2500 })
  expect(await order.events()).toEqual(['1 order-placed', '2 order-paid', '3 refund-requested', '4 order-refunded'])
  const [asked] = await world.db.read({ shopId: order.shopId }, (tx) =>
    tx.rows(
      sql`select payload from outbox_events where aggregate_id = ${order.orderId} and name = 'orders.refund-requested'`,
    ),
  )
  expect(asked).toMatchObject({
    payload: { paymentId: order.paymentId, amountFen: 2500, by: 'buyer', fromState: 'awaiting-shipment' },
  })
})

test('ORD-01 a refund that fails puts the order back where it was; it can then ship, be asked again, and be refunded', async () => {
  const order = await story()
  await order.pay()
  await order.refund()
  await order.refundFailed()
  expect(await order.get()).toMatchObject({ state: 'awaiting-shipment' })
  await order.ship([{ skuId: order.cup, quantity: 2 }])
  await order.refund()
  await order.refundFailed()
  await order.ship()
  await order.refund()
  expect(await order.get()).toMatchObject({ state: 'refunding' })
  await order.refundFailed()
  expect(await order.get()).toMatchObject({ state: 'shipped', autoReceiveAt: '2026-11-21T00:00:00.000Z' })
  await order.refund()
  expect(await order.refunded()).toBe('refunded')
  // What has left the house does not come back by a refund.
  expect(await order.stock()).toEqual([
    [1, 0, 0],
    [1, 0, 0],
  ])
})

test('ORD-01 the merchant refunds an order of which a part has left: only the rest is for sale again', async () => {
  const order = await story()
  await order.pay()
  await order.ship([{ skuId: order.cup, quantity: 1 }])
  await order.refund()
  await order.refunded()
  expect(await order.stock()).toEqual([
    [2, 0, 0],
    [3, 0, 0],
  ])
})

test('ORD-01 unpaid orders are cancelled when their time is over, shipped ones are received, by the moved clock', async () => {
  await world.orders.cancelDueOrders()
  const quick = await openShop(world)
  await world.db.tx({ shopId: quick.shopId }, (tx) =>
    world.settings.set(tx, unpaidTimeoutMinutes, { shopId: quick.shopId }, 5, { kind: 'staff' }),
  )
  const { skuIds } = await createGoods(world, quick.shopId, [100])
  await receive(world, quick.shopId, skuIds, 10)
  const slow = await story()
  const fast = await world.orders.placeOrder(placeInput(quick.shopId, newId(), [[skuIds[0]!, 1]], 100))
  expect(Date.parse(fast.payBefore) - world.clock.millis()).toBe(5 * MINUTE_MS)
  world.clock.advance(5 * MINUTE_MS)
  expect(await world.orders.cancelDueOrders()).toBe(1)
  expect((await slow.get()).state).toBe('awaiting-payment')
  world.clock.advance(25 * MINUTE_MS - 1)
  expect(await slow.pay()).toBe('paid')
  await slow.ship()
  world.clock.advance(10 * DAY_MS - 1)
  expect(await world.orders.receiveDueOrders()).toBe(0)
  world.clock.advance(1)
  expect(await Promise.all([world.orders.receiveDueOrders(), world.orders.receiveDueOrders()])).toContain(1)
  expect(await slow.get()).toMatchObject({
    state: 'completed',
    timeline: expect.arrayContaining([expect.objectContaining({ text: '超时自动确认收货', actor: '系统' })]),
  })
  expect((await slow.events()).at(-1)).toBe('4 order-completed')
})

test('ORD-01 what a buyer paid and got back is counted as sold in the catalogue, once', async () => {
  const order = await story()
  await order.pay()
  await order.refund()
  await order.refunded()
  const events = await world.db.read({ shopId: order.shopId }, (tx) =>
    tx.rows<{ name: string; payload: unknown }>(
      sql`select name, payload from outbox_events where aggregate_id = ${order.orderId} order by seq`,
    ),
  )
  const [subscriber] = world.orders.subscribers
  const hand = (names: string[]) =>
    world.db.tx('system', (tx) =>
      subscriber!.handle(
        tx,
        events
          .filter((event) => names.includes(event.name))
          .map((event) => ({ ...event, shopId: order.shopId })) as never,
      ),
    )
  const sold = () =>
    world.db.read(
      { shopId: order.shopId },
      async (tx) =>
        (await tx.one<{ n: number }>(sql`select sold_count as n from products where id = ${order.productId}`)).n,
    )
  await hand(['orders.order-placed', 'orders.order-paid'])
  expect(await sold()).toBe(4)
  await hand(['orders.order-refunded'])
  expect(await sold()).toBe(0)
})

test('ORD-01 nobody sees or moves the order of another buyer or another shop', async () => {
  const order = await story()
  const stranger = buyerCaller(newId())
  for (const step of [order.get, order.cancel, order.confirm, order.askRefund])
    await expect(step(stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const elsewhere = await openShop(world)
  const params = { shopId: elsewhere.shopId, orderId: order.orderId }
  await expect(callRoute(world.orders.handlers, 'console.order', { caller: staff, params })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(
    callRoute(world.orders.handlers, 'console.cancelOrder', { caller: staff, params, body: { reason: '试试' } }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(
    world.db.tx({ shopId: elsewhere.shopId }, (tx) =>
      world.orders.markPaid(tx, { ...params, paidFen: 2500, paidAt: world.clock.instant(), paymentId: null }),
    ),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const tables = ['orders', 'order_lines', 'order_timeline', 'order_adjustments', 'shipments', 'shipment_lines']
  await order.pay()
  await order.ship()
  for (const scope of [
    { shopId: elsewhere.shopId },
    { shopId: order.shopId, buyerId: newId() },
    { buyerId: order.buyerId },
  ]) {
    const found = await world.db.read(scope, async (tx) => {
      const counts = []
      for (const table of tables)
        counts.push((await tx.rows({ text: `select 1 from ${table}`, values: [] } as never)).length)
      return counts
    })
    expect(found).toEqual(tables.map(() => 0))
  }
})

test('ACC-03 two buyers who are one person: orders and carts go over', async () => {
  const order = await story()
  const buyerId = newId()
  await world.db.tx('system', (tx) => world.orders.mergeBuyers(tx, { fromBuyerId: order.buyerId, buyerId }))
  await expect(order.get()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await order.get(buyerCaller(buyerId))).toMatchObject({
    orderNo: order.orderNo,
    lines: [{}, {}],
    timeline: [{}],
  })
  expect(await order.cancel(buyerCaller(buyerId))).toMatchObject({ state: 'cancelled' })
})

test('PAY-01 what the payments module is told of an order', async () => {
  const order = await story()
  const told = await world.db.read({ shopId: order.shopId }, (tx) =>
    world.orders.orderForPayment(tx, order.shopId, order.orderId, order.buyerId),
  )
  expect(told).toEqual({
    shopId: order.shopId,
    orderId: order.orderId,
    buyerId: order.buyerId,
    orderNo: order.orderNo,
    state: 'awaiting-payment',
    amountFen: 2500,
    description: '青瓷杯 等 4 件',
    payBefore: expect.any(String),
    paymentId: null,
  })
  await expect(
    world.db.read({ shopId: order.shopId }, (tx) =>
      world.orders.orderForPayment(tx, order.shopId, order.orderId, newId()),
    ),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const short = world.db.tx({ shopId: order.shopId }, (tx) =>
    world.orders.markPaid(tx, { ...order.params, paidFen: 2499, paidAt: world.clock.instant(), paymentId: newId() }),
  )
  await expect(short).resolves.toBe('not-payable')
})
