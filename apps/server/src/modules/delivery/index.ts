import type { Tx } from '../../kernel/db.ts'
import type { DeliveryPort, DeliveryWanted } from '../orders/index.ts'
import { deliveryBuyerPart } from './buyer-part.ts'
import type { DeliveryDeps } from './deps.ts'
import { isLate } from './follow-up.ts'
import { deliverySubscribers, endKeeping, remindBuyers } from './jobs.ts'
import { buyerHandlers, parcelHandlers, placeHandlers, workHandlers } from './routes.ts'
import { atRisk, type DeliveryRow, findDelivery, insertDeliveries, methodsOf, moveDeliveries } from './store.ts'
import { pointsOf } from './store-places.ts'
import { askSoon, stalledSince, tracksById } from './store-tracks.ts'
import { type BuyerMessage, tellBuyer } from './tell-buyer.ts'
import { deliveryTerms, withoutCourier } from './terms.ts'
import { followParcel, followParcels, parcelViews } from './tracking.ts'

export { buyerTold, deliveryMoved, parcelMoved } from './events.ts'
export type { DeliveryRow } from './store.ts'
export type { StalledRow } from './store-tracks.ts'
export type { BuyerMessage } from './tell-buyer.ts'

/** How orders reach their buyers: same-city, pick-up points with codes, and where parcels are. */
export function createDelivery(deps: DeliveryDeps) {
  /** What orders ask when they are quoted and placed. */
  const port: DeliveryPort = {
    terms: (tx: Tx, wanted: readonly DeliveryWanted[]) => deliveryTerms(tx, deps, wanted),
    withoutCourier: (tx, shopIds) => withoutCourier(tx, deps, shopIds),
    freeze: insertDeliveries,
    methodsOf,
  }
  return {
    handlers: { ...buyerHandlers(deps), ...parcelHandlers(deps), ...placeHandlers(deps), ...workHandlers(deps) },
    subscribers: deliverySubscribers(deps),
    port,
    /** Each does what is due and answers how much that was. */
    followParcels: () => followParcels(deps),
    remindBuyers: () => remindBuyers(deps),
    endKeeping: () => endKeeping(deps),

    tellBuyer: (tx: Tx, message: BuyerMessage) => tellBuyer(tx, deps, message),
    /** Follows a parcel that is no shipment of an order. */
    followParcel: (tx: Tx, parcel: Parameters<typeof followParcel>[2]) => followParcel(tx, deps, parcel),
    /** Where parcels are, as people see them. */
    tracksById: async (tx: Tx, shopId: string, shipmentIds: readonly string[]) =>
      parcelViews(tx, shopId, await tracksById(tx, shopId, shipmentIds)),
    stalledSince,
    atRisk,
    /** Has a parcel asked about with the next sweep. */
    askSoon: (tx: Tx, shopId: string, shipmentId: string) => askSoon(tx, shopId, shipmentId, deps.clock.instant()),
    findDelivery,
    isLate: (row: DeliveryRow) => isLate(row, deps.clock.instant()),
    pointNames: async (tx: Tx, shopId: string) =>
      (await pointsOf(tx, [shopId], { activeOnly: false })).map(({ id, name }) => ({ id, name })),
    buyerPart: deliveryBuyerPart,
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveDeliveries(tx, move.fromBuyerId, move.buyerId),
  }
}

export type Delivery = ReturnType<typeof createDelivery>
