import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import { membersBuyerPart } from './buyer-part.ts'
import { memberHandlers } from './routes.ts'
import { type LevelChange, setLevel } from './set-level.ts'
import { levelsOf, listLevels, moveMemberships, withLevel } from './store.ts'

export { memberLevelChanged } from './events.ts'
export type { LevelChange } from './set-level.ts'
export type { BuyerOfShop } from './store.ts'

export interface BuyerSeen {
  buyerId: string
  orderNo: string
  phoneMasked: string
}

export interface MembersDeps {
  db: Db
  clock: Clock
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  /** Buyers of a shop by order number or phone, latest first; the orders module answers it. */
  findBuyers(tx: Tx, shopId: string, q: string): Promise<BuyerSeen[]>
  /** Whether the buyer has ever ordered in the shop; the orders module answers it. */
  isBuyerOf(tx: Tx, shopId: string, buyerId: string): Promise<boolean>
  /** How many price rules name a level; the prices module answers it. */
  rulesOfLevel(tx: Tx, shopId: string, levelId: string): Promise<number>
}

/** Member levels of shops, and who has which. */
export function createMembers(deps: MembersDeps) {
  return {
    handlers: memberHandlers(deps),
    levelsOf,
    withLevel,
    listLevels,
    setLevel: (tx: Tx, change: LevelChange) => setLevel(tx, deps.clock, change),
    buyerPart: membersBuyerPart,
    /** Two buyers turned out to be one person. Scope `system`. */
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveMemberships(tx, move.fromBuyerId, move.buyerId),
  }
}

export type Members = ReturnType<typeof createMembers>
