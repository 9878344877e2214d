import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Order, PaymentStart } from '../../packages/contract/src/index.ts'
import { type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './app.ts'
import { newKey, type Visitor } from './http.ts'
import { type Letter, type Postman, startPostman } from './postman.ts'

export const PRICE_FEN = 4990
export const STOCK = 50
export const MINUTE_MS = 60_000

/** Before each test: a shop with one product and an order of two of it, not paid yet. After each: the books balance. */
export interface PayingScene {
  app: TestApp
  postman: Postman
  shop: TestShop
  buyer: TestBuyer
  skuId: string
  order: PlacedOrder
  at: { shopId: string; orderId: string }
  orderNow(): Promise<Order>
  start(method: 'mini' | 'jsapi' | 'h5' | 'native', by?: Visitor): Promise<PaymentStart>
  /** Notifications of payments so far, as they came. */
  payNotices(): Letter[]
  stockNow(): Promise<{ available: number; reserved: number; committed: number }>
  /** What was paid for the order and not given back. */
  moneyNow(): Promise<number>
  ship(): Promise<void>
  requestRefund(): Promise<Order>
}

/** Registers the hooks; its members are those of the test that runs. */
export function payingScene(): PayingScene {
  const scene = {} as PayingScene
  beforeAll(async () => {
    scene.postman = await startPostman()
    scene.app = await startTestApp({ env: { PUBLIC_URL: scene.postman.url } })
    scene.postman.target = scene.app.url
  })
  afterAll(async () => {
    await scene.app?.close()
    await scene.postman?.close()
  })
  beforeEach(async () => {
    const { app, postman } = scene
    postman.letters.length = 0
    const shop = await app.openTestShop()
    const buyer = await app.buyer()
    const skuId = (await app.product(shop, { pricesFen: [PRICE_FEN], stock: STOCK })).skuIds[0]!
    const order = await app.order(buyer, shop.shopId, [[skuId, 2]])
    Object.assign(scene, { shop, buyer, skuId, order, at: { shopId: shop.shopId, orderId: order.orderId } })
  })
  afterEach(async () => {
    const { app, postman } = scene
    postman.isLosing = false
    app.sim.clearFaults()
    app.sim.settings({ refund_delay_ms: 0, signature_probes: 0 })
    await app.settle()
    expect((await app.audit()).deviations).toEqual([])
  })
  return Object.assign(scene, {
    orderNow: () => scene.buyer.call('orders.get', { params: scene.at }),
    start: (method: 'mini' | 'jsapi' | 'h5' | 'native', by: Visitor = scene.buyer) =>
      by.call('payments.start', { params: scene.at, body: { method } }),
    payNotices: () => scene.postman.letters.filter((letter) => letter.path.endsWith('/notify')),
    async stockNow() {
      const { items } = await scene.shop.owner.call('console.stock', { params: { shopId: scene.shop.shopId } })
      const { available, reserved, committed } = items.find((each) => each.skuId === scene.skuId)!
      return { available, reserved, committed }
    },
    async moneyNow() {
      const { paidFen, refundedFen } = await scene.orderNow()
      return paidFen - refundedFen
    },
    async ship() {
      const body = { carrierCode: 'ZTO', trackingNo: `ZT${Date.now()}` } as const
      await scene.shop.owner.call('console.shipOrder', { params: scene.at, idempotencyKey: newKey(), body })
    },
    requestRefund: () =>
      scene.buyer.call('orders.requestRefund', {
        params: scene.at,
        idempotencyKey: newKey(),
        body: { reason: '不想要了' },
      }),
  })
}
