import { newId } from '../../apps/server/src/kernel/ids.ts'
import type { RouteId } from '../../packages/contract/src/index.ts'
import type { PlacedOrder, TestApp, TestBuyer, TestShop } from './app.ts'
import { newKey } from './http.ts'

/** Bodies that pass the schemas of the routes of reviews. */
export const reviewBodies = (): Partial<Record<RouteId, unknown>> => ({
  'buyer.reviewOrder': { lines: [{ line: 1, goodsStars: 5 }] },
  'buyer.addToReview': { text: '用了一周还不错' },
  'buyer.reportReview': { reason: '广告' },
  'console.moderateReviews': { reviewIds: [newId()], decision: 'approve' },
  'console.replyReview': { text: '' },
  'console.pinReview': { pinned: false },
  'store.readAddress': { text: '广东深圳南山' },
  'buyer.setPrivacy': { marketing: false, personalised: true, keepsHistory: true },
  'buyer.agree': { kind: 'privacy', version: 0 },
  'console.publishLegalText': { kind: 'licence', title: '证照', body: '统一社会信用代码', version: 0 },
})

/** An order that was paid, shipped whole and received. */
export async function receivedOrder(
  app: TestApp,
  shop: TestShop,
  buyer: TestBuyer,
  goods: [skuId: string, quantity: number][],
): Promise<PlacedOrder> {
  const placed = await app.order(buyer, shop.shopId, goods)
  await app.pay(buyer, placed)
  await app.settle()
  const params = { shopId: shop.shopId, orderId: placed.orderId }
  await shop.owner.call('console.shipOrder', {
    params,
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo: `SF${newKey().replace(/\D/g, '').padEnd(13, '0').slice(0, 13)}` },
  })
  await buyer.call('orders.confirmReceipt', { params })
  await app.settle()
  return placed
}

/** A row in every table of reviews: written by the buyer, voted for and reported by another one. */
export async function leaveReviewTraces(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<string> {
  const params = { shopId: shop.shopId }
  const { skuIds, productId } = await app.product(shop)
  await buyer.call('buyer.addFavourite', { params: { ...params, productId } })
  await buyer.call('buyer.saw', { params: { ...params, productId } })
  await buyer.call('buyer.agree', { params, body: { kind: 'privacy', version: 0 } })
  await buyer.call('buyer.setPrivacy', { body: { marketing: false, personalised: true, keepsHistory: true } })
  const licence = (await shop.owner.call('console.legalTexts', { params })).items.find(
    ({ kind }) => kind === 'licence',
  )!
  if (licence.version === 0)
    await shop.owner.call('console.publishLegalText', {
      params,
      body: { kind: 'licence', title: '证照', body: '统一社会信用代码', version: 0 },
    })
  const { orderId } = await receivedOrder(app, shop, buyer, [[skuIds[0]!, 1]])
  const before = await buyer.call('buyer.orderReviews', { params: { ...params, orderId } })
  const after = await buyer.call('buyer.reviewOrder', {
    params: { ...params, orderId },
    body: { lines: [{ line: before.lines[0]!.line, goodsStars: 5, text: '口感不错，物流很快' }] },
  })
  const reviewId = after.lines[0]!.review!.id
  const reader = await app.buyer()
  await reader.call('buyer.voteReview', { params: { ...params, reviewId } })
  await reader.call('buyer.reportReview', { params: { ...params, reviewId }, body: { reason: '广告' } })
  return reviewId
}
