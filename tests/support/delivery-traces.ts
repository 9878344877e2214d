import type { TestApp, TestBuyer, TestShop } from './app.ts'
import { newKey } from './http.ts'

/** A row in each table of delivery and exceptions: a point, an area, an order that waits there, one that is held. */
export async function leaveDeliveryTraces(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<void> {
  const params = { shopId: shop.shopId }
  const place = { province: '广东省', city: '深圳市' }
  const settings = (await shop.owner.call('console.settings', { params })).items
  const name = 'delivery.pick-up'
  const { version } = settings.find((item) => item.name === name)!
  await shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value: true, version } })
  const { area } = await shop.owner.call('console.sameCity', { params })
  const zones = [{ name: '全城', districts: ['南山区'], feeFen: 500 }]
  await shop.owner.call('console.saveSameCity', { params, body: { ...place, zones, version: area?.version ?? 0 } })
  const point = await shop.owner.call('console.createPickUpPoint', {
    params,
    body: { ...place, name: `自提点 ${newKey().slice(0, 8)}`, address: '科苑路 1 号', phone: '0755-88888888' },
  })
  const { skuIds } = await app.product(shop)
  const delivery = { method: 'pick-up', pointId: point.id }
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]], { delivery })
  await app.pay(buyer, order)
  await app.settle()
  await shop.owner.call('console.readyForPickUp', { params: { ...params, orderId: order.orderId } })
  const waiting = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  await app.pay(buyer, waiting)
  await app.settle()
  const held = { params: { ...params, orderId: waiting.orderId }, body: { reason: '核实地址' } }
  await shop.owner.call('console.holdOrder', held)
  const wrong = shop.owner.call('console.findPickUp', { params, body: { code: '00000000' } })
  await wrong.catch((error: { code?: string }) => {
    if (error.code !== 'NOT_FOUND') throw error
  })
}
