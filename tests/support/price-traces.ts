import type { TestApp, TestBuyer, TestShop } from './app.ts'
import { newKey } from './http.ts'

/** A row in every table of prices, tax rates, members, related goods and bulk edits; the buyer has ordered in the shop. */
export async function leavePriceTraces(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<void> {
  const params = { shopId: shop.shopId }
  const { owner } = shop
  const [{ productId }, other] = [await app.product(shop), await app.product(shop)]
  const { items: levels } = await owner.call('console.memberLevels', { params })
  const level =
    levels[0] ?? (await owner.call('console.createMemberLevel', { params, body: { name: '金卡', rank: 1 } }))
  await owner.call('console.setMemberLevel', {
    params: { ...params, buyerId: buyer.buyerId },
    body: { levelId: level.id },
  })
  await owner.call('console.createPriceRule', {
    params,
    body: { kind: 'channel', label: '直播价', method: 'minus', value: 1, channels: ['live'], items: [{ productId }] },
  })
  await owner.call('console.setPriceDisplay', { params: { ...params, productId }, body: { display: 'drop' } })
  await owner.call('console.setTaxRate', { params, body: { fromDay: '2026-01-01', rateBp: 600 } })
  await owner.call('console.setRelatedProducts', {
    params: { ...params, productId },
    body: { kind: 'related', productIds: [other.productId] },
  })
  await owner.call('console.startBulkEdit', {
    params,
    idempotencyKey: newKey(),
    body: { target: { productIds: [productId] }, change: { field: 'tags', add: ['新品'] } },
  })
}
