import { newId } from '../../apps/server/src/kernel/ids.ts'
import type { RouteId } from '../../packages/contract/src/index.ts'
import type { TestApp, TestBuyer, TestShop } from './app.ts'
import { newKey } from './http.ts'

/** Bodies that fit the routes of routing and fulfilment, for the access matrix. */
export function fulfilmentBodies(ids: Record<string, string>): Partial<Record<RouteId, unknown>> {
  const trial = { province: '广东省', city: '深圳市', district: '', lines: [{ skuId: ids.skuId, quantity: 1 }] }
  return {
    'console.splitParcel': { version: 1, lines: [{ orderId: ids.orderId, line: 0, quantity: 1 }] },
    'console.mergeParcels': { parcelIds: [newId(), newId()] },
    'console.packParcel': { trackingNo: 'SF1234567890' },
    'console.handOverParcels': { parcelIds: [newId()] },
    'console.assignOrders': { orderIds: [ids.orderId], carrierCode: 'SF' },
    'console.createWave': { orderIds: [ids.orderId] },
    'console.leaveWave': { parcelIds: [newId()] },
    'console.print': { kind: 'slip', orderIds: [ids.orderId] },
    'console.setBins': { warehouseId: ids.warehouseId, bins: [{ skuId: ids.skuId, bin: 'A-1' }] },
    'console.applyShipFile': {},
    'console.saveRoutingRules': { version: 9999, rules: [] },
    'console.tryRouting': { trial },
    'console.dryRunRouting': { rules: [], last: 10 },
  }
}

/** Leaves a row in each table of fulfilment. */
export async function leaveFulfilmentTraces({ shopId, owner }: TestShop, orderIds: string[]): Promise<void> {
  const params = { shopId }
  const { version, rules } = await owner.call('console.routingRules', { params })
  await owner.call('console.saveRoutingRules', { params, body: { version, rules, note: '' } })
  const made = await owner.call('console.createWave', { params, idempotencyKey: newKey(), body: { orderIds } })
  const { warehouseId, id: waveId } = made.waves[0]!
  const printed = await owner.call('console.print', { params, body: { kind: 'slip', waveId } })
  const [line] = printed.parcels[0]!.parcel.lines
  await owner.call('console.setBins', { params, body: { warehouseId, bins: [{ skuId: line!.skuId, bin: 'A-1' }] } })
  const file = new Blob([`订单号,运单号\n${line!.orderNo},短\n`])
  await owner.call('console.uploadShipFile', { params, file, fileName: '发货.csv' })
}

/** Ids of a parcel, a wave and an uploaded spreadsheet, for the access matrix. */
export async function fulfilmentObjects(
  app: TestApp,
  shop: TestShop,
  buyer: TestBuyer,
  skuId: string,
): Promise<{ parcelId: string; waveId: string; fileId: string }> {
  const params = { shopId: shop.shopId }
  const { owner } = shop
  const order = await app.order(buyer, shop.shopId, [[skuId, 1]])
  await app.pay(buyer, order)
  await app.settle()
  const { waves } = await owner.call('console.createWave', {
    params,
    idempotencyKey: newKey(),
    body: { orderIds: [order.orderId], name: '' },
  })
  const { parcels } = await owner.call('console.orderFulfilment', { params: { ...params, orderId: order.orderId } })
  const file = new Blob([`订单号,运单号\n${order.orderNo},短\n`])
  const { id: fileId } = await owner.call('console.uploadShipFile', { params, file, fileName: '发货.csv' })
  return { parcelId: parcels[0]!.id, waveId: waves[0]!.id, fileId }
}
