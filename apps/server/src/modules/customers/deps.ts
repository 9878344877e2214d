import type { BuyerPart } from '../../kernel/buyer-part.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Sql, Tx } from '../../kernel/db.ts'
import type { Jobs } from '../../kernel/jobs.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Parties } from '../parties/index.ts'

export interface CustomersDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  jobs: Jobs
  catalog: Pick<Catalog, 'cardsOf' | 'productTitles'>
  parties: Pick<Parties, 'findShop'>
  identity: Pick<
    Identity,
    | 'briefs'
    | 'buyerWithPhone'
    | 'channelsOf'
    | 'closeBuyer'
    | 'endSessions'
    | 'inClear'
    | 'maskedAddresses'
    | 'reopenBuyer'
    | 'authenticator'
  >
  orders: Pick<Orders, 'buyersOf' | 'figuresOf' | 'findBuyers' | 'settledPlacing'>
  /** Member levels; the members module answers. */
  levelsOf(
    tx: Tx,
    buyers: readonly { shopId: string; buyerId: string }[],
  ): Promise<{ buyerId: string; levelId: string; levelName: string; since: string }[]>
  /** Condition on `shop_buyers`: having a level. */
  withLevel(levelId: string): Sql
  /** What every module keeps of buyers, this one's own aside. Asked late, when all modules are there. */
  parts(): readonly BuyerPart[]
  /** What recommendation computes from no longer has the buyer in it. Scope `system`. */
  forgetTaste(tx: Tx, buyerId: string): Promise<void>
  /** Has the event store forget who did what; does nothing where there is none. */
  forgetEvents(buyerId: string): Promise<void>
}
