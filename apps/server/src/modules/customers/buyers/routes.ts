import { staffOf } from '../../../kernel/http/caller.ts'
import type { Handlers } from '../../../kernel/http/mount.ts'
import type { CustomersDeps } from '../deps.ts'
import { buyerTimeline, listBuyers, readBuyer, revealBuyer } from './read-buyers.ts'

/** Buyers as staff see them (CRM-01). */
export function buyersHandlers(deps: CustomersDeps): Handlers {
  return {
    'console.buyers': ({ params, query }) => listBuyers(deps, params.shopId, query),
    'console.buyer': ({ params }) => readBuyer(deps, params),
    'console.buyerTimeline': ({ params, query, caller }) => buyerTimeline(deps, params, staffOf(caller), query),
    'console.revealBuyer': ({ params, caller, ip, requestId }) =>
      revealBuyer(deps, params, { caller: staffOf(caller), ip, requestId }),
  }
}
