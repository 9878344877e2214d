import type { Db, Tx } from './kernel/db.ts'
import { PLATFORM_SHOP_ID } from './kernel/ids.ts'
import type { Identity } from './modules/identity/index.ts'
import type { Orders } from './modules/orders/index.ts'
import type { Parties } from './modules/parties/index.ts'
import type { Stock } from './modules/stock/index.ts'

export interface OpenShopInput {
  name: string
  slug: string
  notice?: string
  owner: { account: string; name: string; password: string }
}

interface Parts {
  db: Db
  parties: Parties
  identity: Identity
  stock: Stock
  orders: Orders
}

/**
 * Opens a shop with everything it needs to trade: its owner and roles, a central and a front warehouse, and a freight
 * template. One transaction. Answers the shop's id. @throws AppError DUPLICATE for a slug or an account that is taken
 */
export async function openShop(parts: Parts, input: OpenShopInput): Promise<string> {
  const passwordHash = await parts.identity.hashPassword(input.owner.password)
  return parts.db.tx('system', async (tx: Tx) => {
    const shop = await parts.parties.openShop(tx, { name: input.name, slug: input.slug, notice: input.notice ?? '' })
    const ownerRoleId = await parts.identity.createBuiltInRoles(tx, shop.id)
    await parts.identity.addMember(tx, shop.id, ownerRoleId, {
      account: input.owner.account,
      name: input.owner.name,
      passwordHash,
    })
    await parts.stock.createDefaultWarehouses(tx, shop.id)
    await parts.orders.createDefaultFreight(tx, shop.id)
    return shop.id
  })
}

/**
 * Makes somebody an administrator of the platform, unless the account is there already. One transaction. Answers
 * whether it was made.
 */
export async function ensurePlatformStaff(
  parts: Pick<Parts, 'db' | 'identity'>,
  staff: { account: string; name: string; password: string },
): Promise<boolean> {
  const passwordHash = await parts.identity.hashPassword(staff.password)
  return parts.db.tx('system', async (tx) => {
    if (await parts.identity.accountExists(tx, staff.account)) return false
    const roleId = await parts.identity.platformRole(tx)
    await parts.identity.addMember(tx, PLATFORM_SHOP_ID, roleId, { ...staff, passwordHash })
    return true
  })
}
