import type { Tx } from '../../kernel/db.ts'
import type { OrderToPack } from '../orders/index.ts'
import type { FulfilmentDeps } from './deps.ts'
import { orderIdsOf } from './ship-parcel.ts'
import { listParcels, type ParcelRow, unpackedParcelsOfBuyer } from './store-parcels.ts'

const MAX_SUGGESTIONS = 20

/**
 * Unpacked parcels of other orders that could go into one box with one of `own`: the same buyer, the same receiver and
 * address to the letter, the same warehouse, the same wave or none.
 */
export async function mergeableWith(
  tx: Tx,
  deps: Pick<FulfilmentDeps, 'orders'>,
  shopId: string,
  order: OrderToPack,
  own: readonly ParcelRow[],
): Promise<ParcelRow[]> {
  const unpacked = own.filter((parcel) => parcel.state === 'awaiting' || parcel.state === 'picking')
  if (unpacked.length === 0 || order.state !== 'awaiting-shipment') return []
  const ids = await unpackedParcelsOfBuyer(tx, shopId, order.buyerId, MAX_SUGGESTIONS + own.length)
  const others = (await listParcels(tx, shopId, { ids, limit: MAX_SUGGESTIONS + own.length })).filter(
    (parcel) =>
      !own.some((each) => each.id === parcel.id) &&
      unpacked.some((each) => each.warehouseId === parcel.warehouseId && each.waveId === parcel.waveId),
  )
  const orderIds = [order.id, ...others.flatMap(orderIdsOf)]
  const receivers = await deps.orders.receiversOf(tx, shopId, orderIds)
  const place = (id: string) => JSON.stringify(Object.entries(receivers.get(id) ?? {}).sort())
  const mine = place(order.id)
  return others.filter((parcel) => orderIdsOf(parcel).every((id) => place(id) === mine)).slice(0, MAX_SUGGESTIONS)
}
