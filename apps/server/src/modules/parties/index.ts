import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { ContractsDeps } from './deps.ts'
import { accountHash, openAccount, realNameOf } from './manage-parties.ts'
import { partyHandlers } from './routes.ts'
import { findShop, findShops, insertShop, listShops, oldestShop, type Shop, shopsByIds } from './store.ts'
import { type ContractInForce, contractsInForce, shopsEverWith } from './store-contracts.ts'
import { findParty, type PartyRow, partiesByIds, partiesOfPerson } from './store-parties.ts'

export { maxShareBp } from './settings.ts'
export type { ContractInForce, PartyRow, Shop }

export interface OpenShopInput {
  id?: string
  slug: string
  name: string
  notice?: string
}

/** Shops: who trades here. */
export function createParties(deps: { clock: Clock }) {
  return {
    findShop,
    findShops,
    shopsByIds,
    listShops,
    /** The shop that the storefront shows at `/`: the oldest open one. */
    defaultShop: oldestShop,
    /** Opens a shop. Scope `system`. @throws AppError DUPLICATE when the slug is taken. */
    async openShop(tx: Tx, input: OpenShopInput): Promise<Shop> {
      const shop = {
        id: input.id ?? newId(),
        slug: input.slug,
        name: input.name,
        notice: input.notice ?? '',
        createdAt: deps.clock.instant(),
      }
      if (!(await insertShop(tx, shop)))
        throw new AppError('DUPLICATE', { values: { what: '店铺', value: input.slug }, field: 'slug' })
      return (await findShop(tx, shop.id))!
    },
    /** @throws AppError NOT_FOUND */
    async requireShop(tx: Tx, idOrSlug: string): Promise<Shop> {
      const shop = await findShop(tx, idOrSlug)
      if (!shop) throw new AppError('NOT_FOUND', { values: { what: `店铺 ${idOrSlug}` } })
      return shop
    },
  }
}

export type Parties = ReturnType<typeof createParties>

/**
 * Whom a shop shares with and under which terms. What an order shares is computed from `contractsInForce` by the
 * sharing module; creators and agencies find themselves by `partiesOfPerson`.
 */
export function createContracts(deps: ContractsDeps) {
  const { vault } = deps
  return {
    handlers: partyHandlers(deps),
    contractsInForce,
    shopsEverWith,
    findParty,
    partiesByIds,
    /** A party's account, and the name it is checked against, in clear: for the call to WeChat alone. */
    openAccount: (sealed: { shopId: string; partyId: string; accountSealed: string }) => openAccount(vault, sealed),
    realNameOf: (party: PartyRow) => realNameOf(vault, party),
    /** Parties of all shops that are this person, by WeChat user or phone. Scope `system`. */
    partiesOfPerson: (tx: Tx, person: { openids: readonly string[]; phoneHash: string | null }) =>
      partiesOfPerson(tx, {
        accountHashes: person.openids.map((openid) => accountHash(vault, 'openid', openid)),
        phoneHash: person.phoneHash,
      }),
  }
}

export type Contracts = ReturnType<typeof createContracts>
