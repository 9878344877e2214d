import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Orders } from '../orders/index.ts'
import type { CheckText } from './check-text.ts'

export interface ReviewsDeps {
  db: Db
  clock: Clock
  settings: Settings
  files: Files
  orders: Pick<Orders, 'findOrder' | 'ordersByIds' | 'summariesOf'>
  /** Nicknames by buyer id; scope `system`, or that of the one buyer. */
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  isShop(tx: Tx, shopId: string): Promise<boolean>
  /** What a machine says of a text; the built-in patterns unless a service is connected. */
  checkText?: CheckText
}
