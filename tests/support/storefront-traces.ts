import type { TestApp, TestBuyer, TestShop } from './app.ts'

/** A row in what buyers leave while they look around, and in the shop's search settings. */
export async function leaveStorefrontTraces(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<void> {
  const params = { shopId: shop.shopId }
  const soldOut = await app.product(shop, { stock: 0 })
  await buyer.call('buyer.remindOfRestock', { params: { ...params, skuId: soldOut.skuIds[0]! } })
  await buyer.call('store.share', { params, body: { page: 'home' } })
  await shop.owner.call('console.saveSearchSettings', {
    params,
    body: { synonyms: [['充电宝', '移动电源']], pinned: [], blocked: [] },
  })
}
