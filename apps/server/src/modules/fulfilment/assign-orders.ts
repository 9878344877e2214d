import { CARRIERS, type CarrierCode } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { emit } from '../../kernel/outbox.ts'
import type { FulfilmentDeps } from './deps.ts'
import { orderAssigned } from './events.ts'
import { syncParcels } from './plan-parcels.ts'
import { parcelNotFound, parcelState } from './ship-parcel.ts'
import { actorOf, record, type StaffCall } from './staff.ts'
import { lockParcels, OPEN_STATES, parcelIdsOfOrders, saveParcel } from './store-parcels.ts'

/**
 * Another warehouse, or another carrier, for what of an order is not packed yet; its parcels follow.
 * @throws AppError NOT_FOUND, ORDER_STATE, OUT_OF_STOCK, PARCEL_STATE
 */
export async function assignOrder(
  tx: Tx,
  deps: Pick<FulfilmentDeps, 'clock' | 'settings' | 'orders' | 'stock'>,
  call: StaffCall,
  input: { orderId: string; warehouseId?: string | undefined; carrierCode?: CarrierCode | undefined },
): Promise<void> {
  const { shopId } = call.params
  const { orderId, warehouseId, carrierCode } = input
  const actor = actorOf(call)
  const [order] = await deps.orders.ordersToPack(tx, shopId, [orderId], 'lock')
  await syncParcels(tx, deps, shopId, [orderId])
  const ids = await parcelIdsOfOrders(tx, shopId, [orderId], OPEN_STATES)
  const open = await lockParcels(tx, shopId, ids)
  if (order === undefined || open.length === 0) throw parcelNotFound()
  for (const parcel of open) {
    if (parcel.state === 'packed') throw parcelState(parcel, '改派')
    if (warehouseId !== undefined && parcel.lines.some((line) => line.orderId !== orderId))
      throw parcelState(parcel, '改仓（里面还有别的订单，请先取消合并）')
  }
  if (carrierCode !== undefined) for (const parcel of open) await saveParcel(tx, { ...parcel, carrierCode })
  if (warehouseId !== undefined) {
    await deps.orders.moveOrder(tx, { shopId, orderId, warehouseId, actor })
    await syncParcels(tx, deps, shopId, [orderId])
  }
  await emit(tx, orderAssigned, {
    shopId,
    aggregate: 'order',
    aggregateId: orderId,
    payload: { orderId, warehouseId: warehouseId ?? null, carrierCode: carrierCode ?? null },
    occurredAt: deps.clock.instant(),
    actor,
  })
  const what = [
    warehouseId === undefined ? '' : `仓库改为「${(await deps.stock.warehouseNames(tx, shopId)).get(warehouseId)}」`,
    carrierCode === undefined ? '' : `快递改为${CARRIERS[carrierCode]}`,
  ].filter(Boolean)
  await record(tx, deps.clock, call, {
    action: 'fulfilment.assign',
    entity: 'order',
    entityId: orderId,
    summary: `订单 ${order.orderNo} ${what.join('，')}`,
  })
}
