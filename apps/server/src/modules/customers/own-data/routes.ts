import { BUYER_COOKIE, buyerOf } from '../../../kernel/http/caller.ts'
import type { Handlers } from '../../../kernel/http/mount.ts'
import { agreeToAll, consentsAsked, consentsWanted } from '../consents.ts'
import type { CustomersDeps } from '../deps.ts'
import { copyOwnData, fetchCopy, ownDataCopies } from './copy-own-data.ts'
import { deletionState, requestDeletion } from './delete-account.ts'

/** What a buyer may do with the own data (GOV-08): agree, have a copy, leave. */
export function ownDataHandlers(deps: CustomersDeps): Handlers {
  return {
    'store.consents': ({ params }) => consentsWanted(deps, params.shopId),
    'buyer.consentsAsked': ({ params, caller }) => consentsAsked(deps, { ...params, buyerId: buyerOf(caller) }),
    'buyer.agreeToAll': ({ params, body, caller }) =>
      agreeToAll(deps, { ...params, buyerId: buyerOf(caller) }, body.items),
    'buyer.ownDataCopies': ({ caller }) => ownDataCopies(deps, buyerOf(caller)),
    'buyer.copyOwnData': ({ caller }) => copyOwnData(deps, buyerOf(caller)),
    'store.ownData': async ({ params, query, reply }) => {
      const { name, content } = await fetchCopy(deps, params.copyId, query.key)
      reply
        .header('content-type', 'application/zip')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('cache-control', 'no-store')
      return content
    },
    'buyer.deletion': ({ caller }) => deletionState(deps, buyerOf(caller)),
    'buyer.requestDeletion': async ({ body, caller, reply }) => {
      const state = await requestDeletion(deps, buyerOf(caller), body.reason)
      reply.clearCookie(BUYER_COOKIE, { path: '/' })
      return state
    },
  }
}
