import type { Express } from '../../adapters/express/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Orders } from '../orders/index.ts'

export interface DeliveryDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  orders: Pick<
    Orders,
    'priceGoods' | 'ship' | 'handedOver' | 'receiveBy' | 'requestRefund' | 'lockOrder' | 'findOrder' | 'summariesOf'
  >
  warehouseNames(tx: Tx, shopId: string): Promise<Map<string, string>>
  /** Slug and time zone of a shop. */
  shopOf(tx: Tx, shopId: string): Promise<{ slug: string; timeZone: string }>
  /** Absent when no carrier aggregator is configured: parcels then show what the shop itself wrote. */
  express: Express | undefined
  publicUrl: string
  log: { warn(fields: object, message: string): void }
}
