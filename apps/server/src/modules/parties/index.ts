import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { findShop, findShops, insertShop, listShops, oldestShop, type Shop, shopsByIds } from './store.ts'

export type { Shop }

export interface OpenShopInput {
  id?: string
  slug: string
  name: string
  notice?: string
}

/** Shops: who trades here. Creators, agencies and contracts will stand beside them. */
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
