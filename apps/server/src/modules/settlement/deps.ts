import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Parties } from '../parties/index.ts'

export interface SettlementDeps {
  db: Db
  clock: Clock
  settings: Settings
  parties: Pick<Parties, 'requireShop' | 'listShops' | 'shopsByIds'>
  /** Order numbers by id. */
  orderNos(tx: Tx, shopId: string, orderIds: readonly string[]): Promise<Map<string, string>>
  /** Money on its way back to buyers. */
  refundsInFlight(tx: Tx, shopId: string): Promise<{ count: number; amountFen: number }>
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}
