import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ADDRESS, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey, type Visitor } from './support/http.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PRICE_FEN = 4990
const POINT = {
  ...{ name: '科苑店', province: '广东省', city: '深圳市', district: '南山区', address: '科苑路 15 号一层' },
  ...{ phone: '0755-88886666', location: { latitude: 22.5431, longitude: 113.9519 } },
}
const AREA = {
  ...{ province: '广东省', city: '深圳市', location: { latitude: 22.5431, longitude: 113.9519 } },
  zones: [
    { name: '三公里内', maxMeters: 3000, feeFen: 500, freeFromFen: 9900 },
    { name: '南山区', districts: ['南山区'], feeFen: 900, minGoodsFen: 3000 },
  ],
}

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let frontId: string
const at = () => ({ shopId: shop.shopId })

beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())
beforeEach(async () => {
  shop = await app.openTestShop()
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [PRICE_FEN], stock: 10 })).skuIds[0]!
  const { items } = await shop.owner.call('console.warehouses', { params: at() })
  frontId = items.find((each) => each.kind === 'front')!.id
})
afterEach(async () => {
  await app.settle()
  expect((await app.audit()).deviations).toEqual([])
})

const turnOn = (name: string, value: unknown = true) =>
  shop.owner.call('console.setSetting', { params: { ...at(), name }, body: { value, version: 0 } })
const newPoint = (more: object = {}) =>
  shop.owner.call('console.createPickUpPoint', { params: at(), body: { ...POINT, ...more } })
const stockFront = (quantity: number) =>
  shop.owner.call('console.adjustStock', {
    params: at(),
    idempotencyKey: newKey(),
    body: { warehouseId: frontId, reason: 'purchase', lines: [{ skuId, quantity }] },
  })
const options = (more: object = {}, quantity = 1, by: Visitor = buyer) =>
  by.call('store.deliveryOptions', {
    params: at(),
    body: {
      lines: [{ skuId, quantity }],
      province: ADDRESS.province,
      city: ADDRESS.city,
      district: ADDRESS.district,
      ...more,
    },
  })
const followUp = (orderId: string) => buyer.call('orders.followUp', { params: { ...at(), orderId } })
const orderNow = (orderId: string) => buyer.call('orders.get', { params: { ...at(), orderId } })

/** A paid order that is to be fetched at a point. */
async function pickUpOrder(more: object = {}) {
  await turnOn('delivery.pick-up')
  const point = await newPoint(more)
  const order = await app.order(buyer, shop.shopId, [[skuId, 2]], {
    delivery: { method: 'pick-up', pointId: point.id },
  })
  await app.pay(buyer, order)
  await app.settle()
  const { delivery } = await followUp(order.orderId)
  return { ...order, point, delivery: delivery!, code: delivery!.code! }
}
const handOver = (code: string, by: Visitor = shop.owner) =>
  by.call('console.handOver', { params: at(), body: { code } })

test('ORD-04 a buyer is offered every way the shop has, with fee and promise, and is told why one is not open', async () => {
  expect(await options()).toMatchObject({ options: [{ method: 'courier', available: true, feeFen: 0 }], points: [] })
  await turnOn('delivery.same-city')
  await turnOn('delivery.pick-up')
  expect((await options()).options).toMatchObject([
    { method: 'courier' },
    { method: 'same-city', available: false, reason: '本店未开通' },
  ])
  await shop.owner.call('console.saveSameCity', { params: at(), body: { ...AREA, version: 0 } })
  const point = await newPoint()
  const offered = await options({ location: { latitude: 22.55, longitude: 113.95 } })
  // Eight in the morning in Shanghai: two hours from opening at nine.
  expect(offered.options).toMatchObject([
    { method: 'courier', available: true },
    {
      method: 'same-city',
      available: true,
      feeFen: 500,
      promise: '付款后 2 小时内送达',
      promisedAt: '2026-11-11T03:00:00.000Z',
    },
    {
      method: 'pick-up',
      available: true,
      feeFen: 0,
      promise: '付款后 24 小时内可取',
      promisedAt: '2026-11-12T00:00:00.000Z',
    },
  ])
  expect(offered.points).toMatchObject([{ id: point.id, name: '科苑店', distanceMeters: expect.any(Number) }])
  // by distance it would cost less, but nobody has said where that is
  expect((await options({}, 1)).options[1]).toMatchObject({ available: true, feeFen: 900, needsPlace: true })
  expect(offered.options[1]).toMatchObject({ needsPlace: false })
  expect((await options({ city: '广州市', district: '天河区' })).options[1]).toMatchObject({
    available: false,
    reason: '只在深圳市内配送',
  })
  expect((await options({ location: { latitude: 22.55, longitude: 113.95 } }, 2)).options[1]).toMatchObject({
    feeFen: 0,
  })
})

test('ORD-04 fee, warehouse and promise of a same-city order are frozen, and its clock runs from payment', async () => {
  await turnOn('delivery.same-city')
  await stockFront(3)
  await shop.owner.call('console.saveSameCity', {
    params: at(),
    body: { ...AREA, warehouseId: frontId, version: 0 },
  })
  const choice = { method: 'same-city' as const }
  const body = {
    lines: [{ skuId, quantity: 1 }],
    province: '广东省',
    city: '深圳市',
    district: '南山区',
    delivery: choice,
  }
  const quote = await buyer.call('store.quote', { params: at(), body })
  expect(quote).toMatchObject({ freightFen: 900, totalFen: PRICE_FEN + 900, deliverable: true })
  const order = await app.order(buyer, shop.shopId, [[skuId, 1]], {
    delivery: choice,
    expectedTotalFen: quote.totalFen,
  })
  await shop.owner.call('console.saveSameCity', {
    params: at(),
    body: { ...AREA, zones: [{ name: '全城', districts: ['南山区'], feeFen: 1 }], version: 1 },
  })
  expect(await followUp(order.orderId)).toMatchObject({
    delivery: { state: 'awaiting-payment', promisedAt: null, feeFen: 900 },
  })
  await app.pay(buyer, order)
  await app.settle()
  expect(await followUp(order.orderId)).toMatchObject({
    delivery: {
      method: 'same-city',
      state: 'preparing',
      promisedAt: '2026-11-11T03:00:00.000Z',
      late: false,
      code: null,
    },
  })
  const { items } = await shop.owner.call('console.movements', { params: at() })
  expect(items.find((each) => each.reason === 'reserve')).toMatchObject({ warehouseId: frontId })
  await app.advance(3 * HOUR_MS + 60_000)
  expect(await followUp(order.orderId)).toMatchObject({ delivery: { late: true } })
  const late = await shop.owner.call('console.localOrders', { params: at(), query: { late: 'true' } })
  expect(late.items).toMatchObject([{ orderId: order.orderId, late: true }])

  const rider = { riderName: '小李', riderPhone: '13800001111' }
  const go = () =>
    shop.owner.call('console.dispatchOrder', {
      params: { ...at(), orderId: order.orderId },
      body: rider,
      idempotencyKey: newKey(),
    })
  const left = await Promise.allSettled([go(), go(), go()])
  expect(left.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  await app.settle()
  expect(await orderNow(order.orderId)).toMatchObject({
    state: 'shipped',
    deliveryMethod: 'same-city',
    shipments: [{ method: 'same-city', carrierName: '同城配送', reportedToWechat: 'accepted' }],
  })
  expect(await followUp(order.orderId)).toMatchObject({
    delivery: { state: 'on-the-way', rider: { name: '小李' } },
    notices: [{ title: '骑手已出发' }],
  })
  await shop.owner.call('console.deliveredOrder', { params: { ...at(), orderId: order.orderId } })
  await buyer.call('orders.confirmReceipt', { params: { ...at(), orderId: order.orderId } })
  expect(await followUp(order.orderId)).toMatchObject({ delivery: { state: 'done', late: false } })
})

test('ORD-04 what is not offered cannot be ordered: outside the area, below the least amount, not on, no stock there', async () => {
  const place = (delivery: object, more: object = {}) =>
    app.order(buyer, shop.shopId, [[skuId, 1]], { delivery, ...more })
  await expect(place({ method: 'pick-up' })).rejects.toMatchObject({ code: 'DELIVERY_UNAVAILABLE' })
  await turnOn('delivery.same-city')
  await shop.owner.call('console.saveSameCity', {
    params: at(),
    body: { ...AREA, warehouseId: frontId, zones: [{ ...AREA.zones[1]!, minGoodsFen: 6000 }], version: 0 },
  })
  await expect(place({ method: 'same-city' })).rejects.toMatchObject({
    code: 'DELIVERY_UNAVAILABLE',
    message: '同城配送暂不可用：满 ¥60.00 起送，还差 ¥10.10',
  })
  const far = { ...ADDRESS, district: '福田区' }
  await expect(place({ method: 'same-city' }, { address: far })).rejects.toMatchObject({ code: 'DELIVERY_UNAVAILABLE' })
  await expect(
    app.order(buyer, shop.shopId, [[skuId, 2]], {
      delivery: { method: 'same-city' },
      expectedTotalFen: 2 * PRICE_FEN + 900,
    }),
  ).rejects.toMatchObject({ code: 'OUT_OF_STOCK' })
  await turnOn('delivery.courier', false)
  await expect(place({ method: 'courier' })).rejects.toMatchObject({ code: 'DELIVERY_UNAVAILABLE' })
  expect((await options()).options.map((option) => option.method)).toEqual(['same-city'])
})

test('ORD-04 an order is fetched with its code: ready, shown, handed over once, completed, told to WeChat', async () => {
  const { orderId, orderNo, code, delivery, point } = await pickUpOrder()
  expect(code).toMatch(/^\d{8}$/)
  const promisedAt = new Date(app.clock.millis() + DAY_MS).toISOString()
  expect(delivery).toMatchObject({ state: 'preparing', promisedAt, codeQrSvg: expect.stringContaining('<svg') })
  expect(await orderNow(orderId)).toMatchObject({
    deliveryMethod: 'pick-up',
    freightFen: 0,
    address: { name: ADDRESS.name, city: '深圳市', detail: '科苑路 15 号一层（科苑店）' },
  })
  expect(await shop.owner.call('console.orderFollowUp', { params: { ...at(), orderId } })).not.toHaveProperty(
    'delivery.code',
  )
  const params = { ...at(), orderId }
  await shop.owner.call('console.readyForPickUp', { params })
  await shop.owner.call('console.readyForPickUp', { params })
  expect(await followUp(orderId)).toMatchObject({
    delivery: { state: 'ready' },
    notices: [{ title: '商品已备好，可以取货了' }],
  })
  const found = await shop.owner.call('console.findPickUp', {
    params: at(),
    body: { code: `${code.slice(0, 4)} ${code.slice(4)}` },
  })
  expect(found).toMatchObject({
    orderNo,
    receiver: '欧**明',
    problem: null,
    pointId: point.id,
    lines: [{ quantity: 2 }],
  })

  const both = await Promise.allSettled([handOver(code), handOver(code), handOver(code), handOver(code)])
  expect(both.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  for (const each of both) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ORDER_STATE' })
  await app.settle()
  const order = await orderNow(orderId)
  expect(order).toMatchObject({ state: 'completed', shipments: [{ method: 'pick-up', reportedToWechat: 'accepted' }] })
  expect(order.shipments).toHaveLength(1)
  expect(order.timeline.map((entry) => entry.text)).toContain('买家到店取货，已核销')
  expect(await followUp(orderId)).toMatchObject({ delivery: { state: 'done', code: null, codeQrSvg: null } })
  const again = await shop.owner.call('console.findPickUp', { params: at(), body: { code } })
  expect(again.problem).toContain('已经用过')
  const { items } = await shop.owner.call('console.stock', { params: at() })
  expect(items.find((each) => each.skuId === skuId)).toMatchObject({ available: 8, committed: 0 })
})

test('ORD-04 codes are not found by trying, and only the staff of a point hand over there', async () => {
  const clerk = await app.staffWith(shop, ['orders.pick-up'])
  const other = await app.staffWith(shop, ['orders.pick-up'])
  const { code } = await pickUpOrder({ staffIds: [clerk.staffId] })
  await expect(handOver(code, other)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringContaining('科苑店'),
  })
  await turnOn('delivery.pick-up-code-tries', 3)
  const wrong = String((Number(code) + 1) % 100_000_000).padStart(8, '0')
  for (let i = 0; i < 3; i++) await expect(handOver(wrong, clerk)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(handOver(code, clerk)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  await app.advance(11 * 60_000)
  expect(await handOver(code, clerk)).toMatchObject({ state: 'done' })
  const stranger = await app.openTestShop()
  await expect(
    stranger.owner.call('console.findPickUp', { params: { shopId: stranger.shopId }, body: { code } }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('ORD-04 what nobody fetches: reminded once, kept for its days, then by the rule of the shop', async () => {
  await turnOn('delivery.pick-up-expiry', 'refund')
  const { orderId } = await pickUpOrder()
  await shop.owner.call('console.readyForPickUp', { params: { ...at(), orderId } })
  await app.advance(5 * DAY_MS + HOUR_MS)
  await app.advance(HOUR_MS)
  const titles = async () => (await followUp(orderId)).notices.map((notice) => notice.title)
  expect(await titles()).toEqual(['别忘了取货', '商品已备好，可以取货了'])
  await app.advance(2 * DAY_MS)
  expect((await titles())[0]).toBe('逾期未取，已为你退款')
  expect(await orderNow(orderId)).toMatchObject({ state: 'refunded', refundedFen: 2 * PRICE_FEN })
  expect(await followUp(orderId)).toMatchObject({ delivery: { state: 'ended', code: null } })
})

test('ORD-04 handing over and refunding at the same moment: one of them, never both', async () => {
  const { orderId, code } = await pickUpOrder()
  const [given, asked] = await Promise.allSettled([
    handOver(code),
    buyer.call('orders.requestRefund', {
      params: { ...at(), orderId },
      body: { reason: '不要了' },
      idempotencyKey: newKey(),
    }),
  ])
  expect([given, asked].filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  await app.settle()
  expect((await orderNow(orderId)).state).toBe(given.status === 'fulfilled' ? 'completed' : 'refunded')
})

test('ORD-04 points are kept: names once, versions compared, none removed while something waits there', async () => {
  const { point } = await pickUpOrder()
  const params = { ...at(), pointId: point.id }
  await expect(newPoint()).rejects.toMatchObject({ code: 'DUPLICATE' })
  await expect(shop.owner.call('console.removePickUpPoint', { params })).rejects.toMatchObject({ code: 'CONFLICT' })
  const changed = await shop.owner.call('console.updatePickUpPoint', {
    params,
    body: { ...POINT, active: false, version: 1 },
  })
  expect(changed).toMatchObject({ active: false, version: 2, waitingOrders: 1 })
  await expect(
    shop.owner.call('console.updatePickUpPoint', { params, body: { ...POINT, version: 1 } }),
  ).rejects.toMatchObject({ code: 'CONFLICT' })
  expect((await options()).points).toEqual([])
  await expect(
    app.order(buyer, shop.shopId, [[skuId, 1]], { delivery: { method: 'pick-up', pointId: point.id } }),
  ).rejects.toMatchObject({ code: 'DELIVERY_UNAVAILABLE' })
})
