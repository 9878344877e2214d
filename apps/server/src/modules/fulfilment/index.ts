import type { FulfilmentDeps } from './deps.ts'
import { routingHandlers } from './routes-routing.ts'

export type { FulfilmentDeps } from './deps.ts'
export { createRouting, type Routing, type RoutingDeps } from './routers.ts'

/** How paid orders leave: routing, parcels, waves, printing, shipping by spreadsheet and by scan. */
export function createFulfilment(deps: FulfilmentDeps) {
  return { handlers: { ...routingHandlers(deps) } }
}

export type Fulfilment = ReturnType<typeof createFulfilment>
