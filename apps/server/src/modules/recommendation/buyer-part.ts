import type { BuyerPart } from '../../kernel/buyer-part.ts'
import type { Tx } from '../../kernel/db.ts'
import { forgetPurchases, movePurchases } from './store.ts'

/** What recommendation remembers of a buyer; it is no copy of its own, orders have it. */
export const recommendationBuyerPart: BuyerPart = { erase: forgetPurchases }

/** Two buyers turned out to be one person. Scope `system`. */
export const mergePurchases = (tx: Tx, move: { fromBuyerId: string; buyerId: string }): Promise<void> =>
  movePurchases(tx, move.fromBuyerId, move.buyerId)
