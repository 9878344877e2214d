import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestShop } from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'

const DAY_MS = 86_400_000
let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

const dayOf = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
const setCost = async (productId: string, costFen: number, more: object = {}) => {
  const product = await shop.owner.call('console.product', { params: { ...params, productId } })
  await shop.owner.call('console.updateProduct', {
    params: { ...params, productId },
    body: {
      title: product.title,
      version: product.version,
      categoryId: product.categoryId,
      options: product.options,
      pictureFileIds: product.pictures.map(({ fileId }) => fileId),
      skus: product.skus.map(({ id, code, priceFen, optionValues }) => ({ id, code, priceFen, optionValues, costFen })),
      ...more,
    } as never,
  })
}
const report = (from: string, to: string) => shop.owner.call('console.rolesReport', { params, query: { from, to } })

test('CAT-07 turnover, margin and refunds of each role come from orders, costs and stock of the period', async () => {
  const traffic = await app.product(shop, { pricesFen: [1_000], stock: 20 })
  const regular = await app.product(shop, { pricesFen: [5_000], stock: 100 })
  await setCost(traffic.productId, 880)
  expect(
    await shop.owner.call('console.assignRole', { params, body: { productIds: [traffic.productId], role: 'traffic' } }),
  ).toEqual({ changed: 1 })
  expect(
    await shop.owner.call('console.assignRole', { params, body: { productIds: [traffic.productId], role: 'traffic' } }),
  ).toEqual({ changed: 0 })
  const from = dayOf(app.clock.millis() + DAY_MS)
  await app.advance(DAY_MS)
  shop.owner = await app.signIn(shop.ownerAccount)
  const buyer = await app.buyer()
  const kept = await app.order(buyer, shop.shopId, [[traffic.skuIds[0]!, 10]])
  const back = await app.order(buyer, shop.shopId, [[regular.skuIds[0]!, 2]])
  const unpaid = await app.order(buyer, shop.shopId, [[regular.skuIds[0]!, 7]])
  for (const order of [kept, back]) await app.pay(buyer, order)
  await app.settle()
  await buyer.call('orders.requestRefund', {
    params: { ...params, orderId: back.orderId },
    idempotencyKey: newKey(),
    body: { reason: '不要了' },
  })
  await app.settle()
  expect(unpaid.orderId).not.toBe(kept.orderId)
  const { roles } = await report(from, from)
  const of = (role: string) => roles.find((each) => each.role === role)!
  expect(of('traffic')).toMatchObject({
    products: 1,
    soldUnits: 10,
    revenueFen: 10_000,
    marginBp: 1_200,
    costKnownBp: 10_000,
    refundRateBp: 0,
    averageStock: 15,
  })
  // Ten sold in a day of fifteen on average: twenty times a month.
  expect(of('traffic').turnoverPerMonthCenti).toBe(2_000)
  expect(of('regular')).toMatchObject({
    soldUnits: 2,
    revenueFen: 10_000,
    marginBp: null,
    costKnownBp: 0,
    refundedFen: 10_000,
    refundRateBp: 10_000,
  })
  expect(of('custom')).toMatchObject({ products: 0, soldUnits: 0, refundRateBp: null, turnoverPerMonthCenti: null })
  const before = dayOf(app.clock.millis() - 10 * DAY_MS)
  expect((await report(before, before)).roles.every(({ soldUnits }) => soldUnits === 0)).toBe(true)
  await expect(report(from, before)).rejects.toThrow(/结束日期早于开始日期/)
})

test('CAT-07 WeChat-exclusive goods are held against share and margin, goods of provinces are counted', async () => {
  const [good, poor] = [
    await app.product(shop, { pricesFen: [2_000] }),
    await app.product(shop, { pricesFen: [2_000] }),
  ]
  await setCost(good.productId, 800, { channelExclusive: true, exclusiveProvinces: ['广东省'] })
  await setCost(poor.productId, 1_500, { channelExclusive: true, role: 'exclusive' })
  const today = dayOf(app.clock.millis())
  const { channelExclusive, regionExclusive, roles } = await report(today, today)
  expect(channelExclusive).toMatchObject({
    onSale: 4,
    exclusive: 2,
    shareBp: 5_000,
    targetShareBp: 2_000,
    marginBp: 4_250,
    targetMarginBp: 5_000,
  })
  expect(channelExclusive.below).toMatchObject([{ productId: poor.productId, marginBp: 2_500 }])
  expect(regionExclusive).toEqual([{ province: '广东省', products: 1 }])
  expect(roles.find(({ role }) => role === 'exclusive')!.products).toBe(1)
})
