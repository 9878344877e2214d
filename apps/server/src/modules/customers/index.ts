import type { Tx } from '../../kernel/db.ts'
import type { CustomersDeps } from './deps.ts'
import { forgetOldSeen } from './favourites.ts'
import { customerHandlers } from './routes.ts'
import { choicesOf, moveCustomer, textsInForce } from './store.ts'

export type { CustomersDeps } from './deps.ts'

/** What belongs to a buyer beside orders: favourites, what was looked at, choices, consents; and the texts agreed to. */
export function createCustomers(deps: CustomersDeps) {
  return {
    handlers: customerHandlers(deps),
    /** Whether the shop has published a text of its own. */
    hasOwnLegalText: async (tx: Tx, shopId: string): Promise<boolean> => (await textsInForce(tx, shopId)).length > 0,
    forgetOldSeen: () => forgetOldSeen(deps),
    /** What the buyer allows; whoever recommends or advertises asks first. Scope of the buyer, or `system`. */
    choicesOf,
    /** Two buyers turned out to be one person. Scope `system`. */
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveCustomer(tx, move.fromBuyerId, move.buyerId),
  }
}
