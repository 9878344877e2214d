import type { OrderState } from '@zhanggui/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { sql } from '../../kernel/db.ts'
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
  staffCaller,
  type World,
} from './testing.ts'

let database: TestDatabase
let world: World
const staff = staffCaller(['orders.read', 'orders.ship', 'orders.write'])

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await world?.close()
  await database?.drop()
})

async function shopWithGoods() {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  await receive(world, shopId, skuIds, 1000)
  const place = (buyerId: string, more: Parameters<typeof placeInput>[4] = {}) =>
    world.orders.placeOrder(placeInput(shopId, buyerId, [[skuIds[0]!, 1]], 100, more))
  const pay = (orderId: string) =>
    world.db.tx({ shopId }, (tx) =>
      world.orders.markPaid(tx, { shopId, orderId, paidFen: 100, paidAt: world.clock.instant(), paymentId: newId() }),
    )
  const ship = (orderId: string, trackingNo: string) =>
    callRoute(world.orders.handlers, 'console.shipOrder', {
      caller: staff,
      params: { shopId, orderId },
      body: { carrierCode: 'ZTO', trackingNo },
    })
  const console = (query: object = {}) =>
    callRoute(world.orders.handlers, 'console.orders', { caller: staff, params: { shopId }, query })
  return { shopId, place, pay, ship, console }
}

test('ORD-01 pages of orders have no gaps and no repeats while orders are placed between them', async () => {
  const { shopId, place, console } = await shopWithGoods()
  const buyerId = newId()
  const old: string[] = []
  for (let i = 0; i < 5; i++) {
    old.push(...(await Promise.all(Array.from({ length: 9 }, () => place(buyerId)))).map((order) => order.orderId))
    world.clock.advance(1000)
  }
  const walk = async (
    next: (cursor?: string) => Promise<{ items: { id: string; placedAt: string }[]; nextCursor: string | null }>,
  ) => {
    const seen: { id: string; placedAt: string }[] = []
    let cursor: string | undefined
    do {
      const page = await next(cursor)
      seen.push(...page.items)
      await Promise.all([place(buyerId), place(newId())])
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(new Set(seen.map((row) => row.id)).size).toBe(seen.length)
    expect(old.filter((id) => !seen.some((row) => row.id === id))).toEqual([])
    expect(seen.map((row) => row.placedAt)).toEqual(
      seen
        .map((row) => row.placedAt)
        .sort()
        .reverse(),
    )
  }
  await walk((cursor) => console({ cursor, limit: 7 }))
  await walk((cursor) =>
    callRoute(world.orders.handlers, 'orders.list', {
      caller: buyerCaller(buyerId),
      params: { shopId },
      query: { cursor, limit: 7 },
    }),
  )
  await expect(console({ cursor: 'rubbish!' })).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
})

test('ORD-01 a buyer sees the own orders by state, a merchant all of the shop, by state and period', async () => {
  const { shopId, place, pay, console } = await shopWithGoods()
  const [me, other] = [newId(), newId()]
  const mine = await place(me)
  await pay(mine.orderId)
  const from = world.clock.instant()
  world.clock.advance(1000)
  const second = await place(me)
  const theirs = await place(other)
  const list = async (state?: OrderState) =>
    (
      await callRoute(world.orders.handlers, 'orders.list', {
        caller: buyerCaller(me),
        params: { shopId },
        query: { state },
      })
    ).items.map((order) => order.orderNo)
  expect(await list()).toEqual([second.orderNo, mine.orderNo])
  expect(await list('awaiting-shipment')).toEqual([mine.orderNo])
  expect((await console({ state: 'awaiting-payment' })).items.map((order) => order.id).sort()).toEqual(
    [second.orderId, theirs.orderId].sort(),
  )
  const early = await console({ from, to: world.clock.instant() })
  expect(early.items.map((order) => order.orderNo)).toEqual([mine.orderNo])
})

test('ORD-01 the merchant finds orders by order number, tracking number and phone, and parcels by both numbers', async () => {
  const { shopId, place, pay, ship, console } = await shopWithGoods()
  const [one, two] = [await place(newId()), await place(newId(), { address: { ...ADDRESS, phone: '13900001111' } })]
  await pay(one.orderId)
  await ship(one.orderId, 'ZTO7788990011')
  const found = async (q: string) => (await console({ q })).items.map((order) => order.orderNo)
  expect(await found(one.orderNo)).toEqual([one.orderNo])
  expect(await found('ZTO7788990011')).toEqual([one.orderNo])
  expect(await found('139 0000 1111')).toEqual([two.orderNo])
  expect(await found('13900002222')).toEqual([])
  const parcels = async (q?: string) =>
    (await callRoute(world.orders.handlers, 'console.shipments', { caller: staff, params: { shopId }, query: { q } }))
      .items
  expect(await parcels(one.orderNo)).toMatchObject([
    {
      trackingNo: 'ZTO7788990011',
      carrierName: '中通快递',
      lines: [{ title: '青瓷杯', quantity: 1 }],
      reportedToWechat: 'not-needed',
    },
  ])
  expect(await parcels('ZTO7788990011')).toHaveLength(1)
  expect(await parcels()).toHaveLength(1)
  expect(await parcels('nothing')).toEqual([])
})

test('GOV-08 personal data is sealed at rest and masked for staff; who reveals it needs the permission and is recorded', async () => {
  const { shopId, place, console } = await shopWithGoods()
  const { orderId, orderNo } = await place(newId())
  const params = { shopId, orderId }
  expect((await console()).items[0]).toMatchObject({
    receiver: '欧**明',
    receiverPhone: '138****5678',
    region: '广东省 深圳市 南山区',
  })
  const masked = await callRoute(world.orders.handlers, 'console.order', { caller: staff, params })
  expect(masked).toMatchObject({
    personalDataShown: false,
    address: { name: '欧**明', phone: '138****5678', street: '', detail: '****' },
  })
  expect(JSON.stringify(masked)).not.toMatch(/13812345678|科技园|欧阳小明/)
  const query = { reveal: 'true' as never }
  await expect(
    callRoute(world.orders.handlers, 'console.order', { caller: staff, params, query }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const trusted = staffCaller(['orders.read', 'customers.personal-data'])
  expect(await callRoute(world.orders.handlers, 'console.order', { caller: trusted, params, query })).toMatchObject({
    personalDataShown: true,
    address: ADDRESS,
  })
  await world.db.read({ shopId }, async (tx) => {
    const looked = await tx.rows(
      sql`select action, actor_id, summary from audit_log where shop_id = ${shopId} and entity_id = ${orderId}`,
    )
    expect(looked).toEqual([
      { action: 'orders.reveal-personal-data', actorId: trusted.staffId, summary: `查看订单 ${orderNo} 的收货人信息` },
    ])
    for (const table of ['orders', 'order_lines', 'order_timeline', 'outbox_events', 'audit_log', 'stock_movements']) {
      const rows = await tx.rows({ text: `select * from ${table} where shop_id = $1`, values: [shopId] } as never)
      expect(JSON.stringify(rows)).not.toMatch(/13812345678|科技园|欧阳小明/)
    }
  })
})

test('ORD-01 the merchant note is the merchant’s own: kept, audited, not shown to the buyer', async () => {
  const { shopId, place } = await shopWithGoods()
  const buyerId = newId()
  const { orderId } = await place(buyerId)
  const params = { shopId, orderId }
  const noted = await callRoute(world.orders.handlers, 'console.noteOrder', {
    caller: staff,
    params,
    body: { note: '易碎，加泡沫' },
  })
  expect(noted.merchantNote).toBe('易碎，加泡沫')
  const seen = await callRoute(world.orders.handlers, 'orders.get', { caller: buyerCaller(buyerId), params })
  expect(JSON.stringify(seen)).not.toContain('泡沫')
})
