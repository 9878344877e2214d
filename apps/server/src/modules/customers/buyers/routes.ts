import { staffOf } from '../../../kernel/http/caller.ts'
import type { Handlers } from '../../../kernel/http/mount.ts'
import type { CustomersDeps } from '../deps.ts'
import { buyerTimeline, hasLookedOften, listBuyers, readBuyer, revealBuyer } from './read-buyers.ts'

/** Buyers as staff see them (CRM-01). */
export function buyersHandlers(deps: CustomersDeps): Handlers {
  return {
    'console.buyers': ({ params, query }) => listBuyers(deps, params.shopId, query),
    'console.buyer': ({ params }) => readBuyer(deps, params),
    'console.buyerTimeline': ({ params, query, caller }) => buyerTimeline(deps, params, staffOf(caller), query),
    'console.revealBuyer': async ({ params, caller, ip, requestId, stepUp }) => {
      if (await hasLookedOften(deps, params.shopId, staffOf(caller).staffId)) await stepUp()
      return revealBuyer(deps, params, { caller: staffOf(caller), ip, requestId })
    },
  }
}
