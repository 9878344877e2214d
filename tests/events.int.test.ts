import { createClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../apps/server/src/kernel/ids.ts'
import type { EventBatch, Overview } from '../packages/contract/src/index.ts'
import { createTracker } from '../packages/tracker/src/index.ts'
import { startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { hasClickHouse } from './support/database.ts'
import type { Visitor } from './support/http.ts'

const overviewOf = (shop: TestShop): Promise<Overview> =>
  shop.owner.call('console.overview', { params: { shopId: shop.shopId } })

describe.skipIf(!hasClickHouse())('with the event store', () => {
  let app: TestApp
  let shop: TestShop
  let visitor: Visitor
  beforeAll(async () => {
    app = await startTestApp()
  })
  afterAll(() => app?.close())

  const batchOf = (events: unknown[], more: Partial<EventBatch> = {}): EventBatch => ({
    shopId: shop.shopId,
    deviceId: newId(),
    sessionId: newId(),
    platform: 'h5',
    sentAt: app.clock.millis(),
    events,
    ...more,
  })
  const send = (batch: EventBatch) => visitor.call('events.send', { body: batch })
  const page = (more: object = {}) => ({ name: 'page', id: newId(), at: app.clock.millis(), page: 'home', ...more })

  async function newShop(): Promise<void> {
    shop = await app.openTestShop()
    visitor = app.visitor()
  }

  test('DAT-01 what the storefront’s tracker sends, and what happens to orders, is on the overview', async () => {
    await newShop()
    const { productId, skuIds } = await app.product(shop, { pricesFen: [2500] })
    const kept = new Map<string, string>()
    const tracker = createTracker({
      shopId: shop.shopId,
      platform: 'h5',
      storage: { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value) },
      now: () => app.clock.millis(),
      schedule: () => () => {},
      transport: async (batch) => (await send(batch)).refused.length === 0,
    })
    tracker.track({ name: 'page', page: 'home' })
    tracker.track({ name: 'exposure', page: 'home', productId, position: 0, list: 'home' })
    tracker.track({ name: 'click', page: 'home', target: 'card', productId })
    tracker.track({ name: 'page', page: 'detail', productId })
    tracker.track({ name: 'cart_add', productId, skuId: skuIds[0]!, quantity: 3 })
    await tracker.flush()
    const buyer = await app.buyer()
    const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 3]])
    await app.pay(buyer, order)
    await app.settle()
    const { analytics, today } = await overviewOf(shop)
    expect(analytics).toMatchObject({
      available: true,
      reason: null,
      visitors: 1,
      pageViews: 2,
      addedToCart: 1,
      ordersPlaced: 1,
      ordersPaid: 1,
      lagSeconds: 0,
    })
    expect(analytics.topProducts).toEqual([
      { productId, title: expect.any(String), views: 1, addedToCart: 1, soldUnits: 3 },
    ])
    // Midnight in UTC is eight in the morning in the shop.
    expect(analytics.hours.filter((hour) => hour.pageViews > 0)).toEqual([
      { hour: 8, pageViews: 2, visitors: 1, ordersPaid: 1, paidFen: order.totalFen },
    ])
    expect(today).toMatchObject({ paidFen: order.totalFen, paidOrders: 1, buyers: 1 })
  })

  test('DAT-01 an event that is sent again counts once, in the same batch, another one, and across the hour', async () => {
    await newShop()
    app.clock.advance(3_600_000 - (app.clock.millis() % 3_600_000) - 500)
    const event = page()
    const batch = batchOf([event, event])
    await send(batch)
    await send(batch)
    await app.settle()
    app.clock.advance(1_000)
    // The same batch again: this time it was longer on its way, so that the event seems to be later.
    await send(batch)
    await send(batchOf([event], { sentAt: app.clock.millis() }))
    await app.settle()
    expect((await overviewOf(shop)).analytics.pageViews).toBe(1)
  })

  test('DAT-01 bad events are named and the others kept', async () => {
    await newShop()
    const answer = await send(
      batchOf([
        page(),
        { ...page(), name: 'explode' },
        { ...page(), id: 'no id' },
        { ...page(), page: 'x'.repeat(61) },
        'nonsense',
        null,
        page({ at: 0 }),
        page(),
      ]),
    )
    expect(answer.accepted).toBe(2)
    expect(answer.refused.map((each) => each.index)).toEqual([1, 2, 3, 4, 5, 6])
    expect(answer.refused.every((each) => each.reason.length > 0)).toBe(true)
    await app.settle()
    expect((await overviewOf(shop)).analytics.pageViews).toBe(2)
  })

  test('DAT-01 a client whose clock is wrong by a day is put right', async () => {
    await newShop()
    const ahead = app.clock.millis() + 86_400_000
    await send(batchOf([page({ at: ahead - 60_000 })], { sentAt: ahead }))
    await app.settle()
    expect((await overviewOf(shop)).analytics.pageViews).toBe(1)
  })

  test('DAT-01 no shop sees another’s events', async () => {
    await newShop()
    await send(batchOf([page()]))
    const other = await app.openTestShop()
    await app.settle()
    expect((await overviewOf(other)).analytics.pageViews).toBe(0)
    expect((await overviewOf(shop)).analytics.pageViews).toBe(1)
  })

  test('DAT-01 GOV-08 every domain event is stored once, in order, with nothing personal in it', async () => {
    await newShop()
    const { skuIds } = await app.product(shop)
    const buyer = await app.buyer()
    await app.pay(buyer, await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]]))
    await app.settle()
    const store = app.app.engines.eventStore
    const read = () =>
      store.query<{ name: string; payload: string }>(
        'SELECT name, payload FROM raw_domain_events FINAL WHERE shop_id = {shop:UUID} ORDER BY occurred_at, event_id',
        { shop: shop.shopId },
      )
    const events = await read()
    expect(events.map((event) => event.name)).toEqual(
      expect.arrayContaining(['orders.order-placed', 'orders.order-paid', 'payments.payment-received']),
    )
    expect(JSON.stringify(events)).not.toMatch(/13812345678|欧阳小明|科苑路/)
    await app.restart()
    shop.owner = await app.signIn(shop.ownerAccount)
    await app.settle()
    expect(
      await app.app.engines.eventStore.query(
        'SELECT count() AS n FROM raw_domain_events FINAL WHERE shop_id = {shop:UUID}',
        { shop: shop.shopId },
      ),
    ).toEqual([{ n: expect.toSatisfy((n) => Number(n) >= events.length) }])
    const names = (
      await app.app.engines.eventStore.query<{ event_id: string }>(
        'SELECT event_id FROM raw_domain_events WHERE shop_id = {shop:UUID}',
        { shop: shop.shopId },
      )
    ).map((row) => row.event_id)
    expect(new Set(names).size).toBe(names.length)
  })

  test('DAT-01 a store that goes away while the shop sells is caught up with later', async () => {
    await newShop()
    const { skuIds } = await app.product(shop)
    await app.settle()
    const url = app.app.config.CLICKHOUSE_URL!
    const admin = createClient({ url })
    const name = app.app.config.CLICKHOUSE_DATABASE
    try {
      await admin.command({ query: `RENAME TABLE ${name}.raw_domain_events TO ${name}.elsewhere` })
      const buyer = await app.buyer()
      const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
      await app.pay(buyer, order)
      await app.sim.settle()
      expect((await buyer.call('orders.get', { params: { shopId: shop.shopId, orderId: order.orderId } })).state).toBe(
        'awaiting-shipment',
      )
      await app.app.relay.drain().catch(() => {})
      const down = await overviewOf(shop)
      expect(down.analytics).toMatchObject({ available: false, reason: expect.stringContaining('分析引擎') })
      expect(down.today.paidOrders).toBe(1)
      await admin.command({ query: `RENAME TABLE ${name}.elsewhere TO ${name}.raw_domain_events` })
    } finally {
      await admin.close()
    }
    await app.advance(60_000)
    expect((await overviewOf(shop)).analytics).toMatchObject({ available: true, ordersPlaced: 1, ordersPaid: 1 })
  })
})

describe('without the event store', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ clickhouse: false })
  })
  afterAll(() => app?.close())

  test('DAT-01 SYS-01 the shop sells, and the overview says what to set', async () => {
    const shop = await app.openTestShop()
    const { skuIds } = await app.product(shop)
    const buyer = await app.buyer()
    const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    await app.pay(buyer, order)
    await app.settle()
    const overview = await overviewOf(shop)
    expect(overview.today).toMatchObject({ paidFen: order.totalFen, paidOrders: 1 })
    expect(overview.recentOrders.map((each) => each.id)).toEqual([order.orderId])
    expect(overview.analytics).toMatchObject({
      available: false,
      reason: expect.stringContaining('CLICKHOUSE_URL'),
      pageViews: 0,
    })
    const event = { name: 'page', id: newId(), at: app.clock.millis(), page: 'home' }
    const body = {
      shopId: shop.shopId,
      deviceId: newId(),
      sessionId: newId(),
      platform: 'h5' as const,
      sentAt: app.clock.millis(),
      events: [event],
    }
    expect(await app.visitor().call('events.send', { body })).toEqual({ accepted: 0, refused: [] })
  })
})
