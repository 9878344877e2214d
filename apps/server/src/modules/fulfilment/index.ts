import type { FulfilmentDeps } from './deps.ts'
import { fulfilmentSchedules, fulfilmentSubscribers, planMissing } from './jobs.ts'
import { parcelHandlers, waveHandlers } from './routes-parcels.ts'
import { routingHandlers } from './routes-routing.ts'
import { shippingHandlers } from './routes-shipping.ts'
import { handOverDue } from './ship-parcel.ts'
import { countParcels } from './store-parcels.ts'

export type { FulfilmentDeps } from './deps.ts'
export { orderAssigned, parcelShipped, routingChanged, waveCreated } from './events.ts'
export { orderColumns, orderConditions } from './order-list.ts'
export { createRouting, type Routing, type RoutingDeps } from './routers.ts'

/** How paid orders leave: routing, parcels, waves, printing, shipping by spreadsheet and by scan. */
export function createFulfilment(deps: FulfilmentDeps) {
  return {
    handlers: {
      ...routingHandlers(deps),
      ...parcelHandlers(deps),
      ...waveHandlers(deps),
      ...shippingHandlers(deps),
    },
    subscribers: fulfilmentSubscribers(deps),
    schedules: fulfilmentSchedules(deps),
    /** Hands over the packed parcels whose time to undo is over. Answers how many left. */
    handOverDue: () => handOverDue(deps),
    countParcels,
    planMissing: () => planMissing(deps),
  }
}

export type Fulfilment = ReturnType<typeof createFulfilment>
