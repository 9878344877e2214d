import { buyerOf, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { viewerOf } from '../prices/index.ts'
import { buyersHandlers } from './buyers/routes.ts'
import type { CustomersDeps } from './deps.ts'
import { namesBelow } from './divisions.ts'
import { addFavourite, favourites, saw, seenProducts } from './favourites.ts'
import { agree, legalText, legalTexts, publishText } from './legal.ts'
import { ownDataHandlers } from './own-data/routes.ts'
import { readAddress } from './read-address.ts'
import { choicesOf, clearSeen, consentsOf, deleteFavourite, isFavourite, writeChoices } from './store.ts'

/** Places change once a year. */
const DIVISIONS_CACHE = 'public, max-age=86400'

export function customerHandlers(deps: CustomersDeps, forgetChoice: (buyerId: string) => void): Handlers {
  const { db, clock } = deps
  const ok = { ok: true as const }
  return {
    'store.divisions': async ({ query: { province, city, district }, reply }) => {
      reply.header('cache-control', DIVISIONS_CACHE)
      return { items: await namesBelow([province, city, district].filter((name) => name !== undefined)) }
    },
    'store.readAddress': ({ body }) => readAddress(body.text),
    'buyer.favourites': ({ params, query, caller }) =>
      favourites(deps, { ...params, buyerId: buyerOf(caller) }, query, viewerOf(caller)),
    'store.favourite': async ({ params: { shopId, productId }, caller }) => {
      if (caller.kind !== 'buyer') return { isFavourite: false, isSignedIn: false }
      const key = { shopId, buyerId: caller.buyerId }
      return { isFavourite: await db.read(key, (tx) => isFavourite(tx, key, productId)), isSignedIn: true }
    },
    'buyer.addFavourite': async ({ params: { shopId, productId }, caller }) => {
      await addFavourite(deps, { shopId, buyerId: buyerOf(caller) }, productId, viewerOf(caller))
      return ok
    },
    'buyer.removeFavourite': async ({ params: { shopId, productId }, caller }) => {
      const key = { shopId, buyerId: buyerOf(caller) }
      await db.tx(key, (tx) => deleteFavourite(tx, key, productId))
      return ok
    },
    'buyer.seenProducts': ({ params, query, caller }) =>
      seenProducts(deps, { ...params, buyerId: buyerOf(caller) }, query, viewerOf(caller)),
    'buyer.saw': async ({ params: { shopId, productId }, caller }) => {
      await saw(deps, { shopId, buyerId: buyerOf(caller) }, productId)
      return ok
    },
    'buyer.forgetSeen': async ({ params: { shopId }, caller }) => {
      const key = { shopId, buyerId: buyerOf(caller) }
      await db.tx(key, (tx) => clearSeen(tx, key.buyerId, shopId))
      return ok
    },
    'buyer.privacy': ({ caller }) => {
      const buyerId = buyerOf(caller)
      return db.read({ buyerId }, (tx) => choicesOf(tx, buyerId))
    },
    'buyer.setPrivacy': async ({ body, caller }) => {
      const buyerId = buyerOf(caller)
      // the history stands in every shop, which only the system sees at once
      await db.tx('system', async (tx) => {
        await writeChoices(tx, buyerId, body, clock.instant())
        if (!body.keepsHistory) await clearSeen(tx, buyerId)
        if (!body.personalised) await deps.forgetTaste(tx, buyerId)
        tx.afterCommit(() => forgetChoice(buyerId))
      })
      return body
    },
    'buyer.consents': async ({ params, caller }) => {
      const key = { ...params, buyerId: buyerOf(caller) }
      return { items: await db.read(key, (tx) => consentsOf(tx, key)) }
    },
    ...buyersHandlers(deps),
    ...ownDataHandlers(deps),
    'buyer.agree': ({ params, body, caller }) => agree(deps, { ...params, buyerId: buyerOf(caller) }, body),
    'store.legalText': ({ params }) => legalText(deps, params.shopId, params.kind),
    'console.legalTexts': async ({ params }) => ({ items: await legalTexts(deps, params.shopId) }),
    'console.publishLegalText': ({ params: { shopId }, body, caller, ip, requestId }) => {
      const { staffId, name } = staffOf(caller)
      return publishText(deps, { shopId, actor: { kind: 'staff', id: staffId, name }, ip, requestId }, body)
    },
  }
}
