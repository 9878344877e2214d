import { newId } from '../../apps/server/src/kernel/ids.ts'
import { leaveAccountTraces } from './accounts.ts'
import type { TestApp, TestBuyer, TestShop } from './app.ts'
import { noticeLayout } from './pages.ts'

/** A row in what buyers leave while they look around, in search settings, designed pages and channel accounts. */
export async function leaveStorefrontTraces(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<void> {
  const params = { shopId: shop.shopId }
  const soldOut = await app.product(shop, { stock: 0 })
  await buyer.call('buyer.remindOfRestock', { params: { ...params, skuId: soldOut.skuIds[0]! } })
  await buyer.call('store.share', { params, body: { page: 'home' } })
  await shop.owner.call('console.saveSearchSettings', {
    params,
    body: { synonyms: [['充电宝', '移动电源']], pinned: [], blocked: [] },
  })
  const slug = `m-${newId().slice(-12)}`
  const body = { slug, title: '活动', layout: noticeLayout('欢迎') }
  const { id: pageId } = await shop.owner.call('console.createPage', { params, body })
  await shop.owner.call('console.publishPage', { params: { ...params, pageId }, body: { revision: 1 } })
  await leaveAccountTraces(shop, buyer)
}
