import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'

const HOUR_MS = 3_600_000

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let count = 0
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, express: true })
})
afterAll(() => app?.close())
beforeEach(async () => {
  shop = await app.openTestShop()
  buyer = await app.buyer()
  skuId = (await app.product(shop, { pricesFen: [4990], stock: 10 })).skuIds[0]!
})
afterEach(async () => {
  await app.settle()
  expect((await app.audit()).deviations).toEqual([])
})

const at = () => ({ shopId: shop.shopId })
const nextNumber = () => `SF17${String(++count).padStart(11, '0')}`

/** A paid order whose parcel has left. */
async function shipped(trackingNo = nextNumber()) {
  const order = await app.order(buyer, shop.shopId, [[skuId, 1]])
  await app.pay(buyer, order)
  await app.settle()
  const params = { ...at(), orderId: order.orderId }
  await shop.owner.call('console.shipOrder', {
    params,
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo },
  })
  await app.settle()
  const followUp = () => buyer.call('orders.followUp', { params })
  return { ...order, params, trackingNo, followUp, parcel: async () => (await followUp()).parcels[0]! }
}
/** Time passes for everybody, in steps a carrier would notice. */
async function travel(hours: number): Promise<void> {
  for (let passed = 0; passed < hours; passed += 4) await app.advance(4 * HOUR_MS)
}
/** As somebody who has just signed in sees it: sessions end while time passes. */
const exceptionsOf = async (orderId: string) =>
  (await (await app.signIn(shop.ownerAccount)).call('console.exceptions', { params: at(), query: { orderId } })).items

test('ORD-04 a parcel that left is followed by itself: each move reaches the order, its buyer is told of delivery and arrival', async () => {
  const order = await shipped()
  expect(await order.parcel()).toMatchObject({ following: 'following', state: 'waiting', events: [] })
  await travel(12)
  expect((await order.parcel()).state).toBe('in-transit')
  await travel(36)
  const parcel = await order.parcel()
  expect(parcel).toMatchObject({ state: 'signed', following: 'ended', signedAt: expect.any(String) })
  expect(parcel.events.map(({ state }) => state)).toEqual([
    ...['signed', 'delivering', 'in-transit', 'in-transit', 'in-transit', 'in-transit', 'collected'],
  ])
  expect((await order.followUp()).notices.map(({ title }) => title)).toEqual(['包裹已签收', '包裹正在派送'])
  // seven days after the signature, sooner than ten days after it left
  await app.advance(7 * 24 * HOUR_MS)
  const { state } = await buyer.call('orders.get', { params: order.params })
  expect(state).toBe('completed')
})

test('ORD-05 a parcel that stalls is told to its buyer once and stands on the board until it moves', async () => {
  const trackingNo = nextNumber()
  app.sim.parcels.plan({ number: trackingNo, course: 'stalled', from: '杭州市', to: '深圳市', ageHours: 60 })
  const order = await shipped(trackingNo)
  expect((await order.parcel()).events).toHaveLength(3)
  await Promise.all(Array.from({ length: 5 }, () => app.app.exceptions.sweep()))
  await app.settle()
  expect(await exceptionsOf(order.orderId)).toMatchObject([{ kind: 'stalled-parcel', state: 'open' }])
  expect((await order.followUp()).notices).toMatchObject([{ title: '包裹有段时间没有动静了' }])
  app.sim.parcels.steer(trackingNo, 'delivered')
  app.sim.parcels.move(trackingNo)
  await app.settle()
  expect(await exceptionsOf(order.orderId)).toMatchObject([{ kind: 'stalled-parcel', state: 'resolved' }])
})

test('ORD-05 a parcel that is refused, and comes back, is a problem for the shop', async () => {
  const order = await shipped()
  app.sim.parcels.steer(order.trackingNo, 'refused')
  await travel(44)
  expect((await order.parcel()).state).toBe('problem')
  expect(await exceptionsOf(order.orderId)).toMatchObject([{ kind: 'problem-parcel', state: 'open' }])
  await travel(32)
  expect(await order.parcel()).toMatchObject({ state: 'returned', following: 'ended' })
  expect((await exceptionsOf(order.orderId)).filter(({ state }) => state === 'open')).toHaveLength(1)
})

test('ORD-04 pushes that are lost, repeated or forged, and questions beside them, leave one truth', async () => {
  const order = await shipped()
  for (let stop = 0; stop < 6; stop++) {
    await app.advance(1000)
    app.sim.parcels.move(order.trackingNo)
  }
  const { shipmentId } = await order.parcel()
  const url = `${app.url}/api/express/kuaidi100/shops/${shop.shopId}/parcels/${shipmentId}`
  const forged = await fetch(url, { method: 'POST', body: new URLSearchParams({ sign: 'X', param: '{}' }) })
  expect(forged.status).toBe(401)
  const ask = () => shop.owner.call('console.refreshParcel', { params: { ...at(), shipmentId } })
  await Promise.all([ask(), ask(), app.sim.settle(), ask()])
  await app.settle()
  const parcel = await order.parcel()
  expect(parcel.state).toBe('delivering')
  expect(parcel.events).toHaveLength(6)
  expect((await order.followUp()).notices.map(({ title }) => title)).toEqual(['包裹正在派送'])
})

test('ORD-04 a carrier service that is away is asked again, and the parcel is followed in the end', async () => {
  app.sim.fault({ path: '/poll', method: 'POST', kind: 'drop', times: 1 })
  const order = await shipped()
  expect((await order.parcel()).following).toBe('asking')
  await app.advance(5 * 60_000)
  expect((await order.parcel()).following).toBe('following')
})

test('ORD-04 whether buyers are told of delivery is the shop’s choice', async () => {
  const name = 'delivery.tell-parcel-news'
  await shop.owner.call('console.setSetting', { params: { ...at(), name }, body: { value: false, version: 0 } })
  const order = await shipped()
  await travel(48)
  expect((await order.parcel()).state).toBe('signed')
  expect((await order.followUp()).notices).toEqual([])
})
