import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Orders } from '../orders/index.ts'

export interface InvoicesDeps {
  db: Db
  clock: Clock
  settings: Settings
  files: Pick<Files, 'find' | 'upload'>
  orders: Pick<Orders, 'lockOrder' | 'findOrder' | 'ordersByIds' | 'linesOf'>
  /** @throws AppError NOT_FOUND for a shop that is not there */
  timeZoneOf(tx: Tx, shopId: string): Promise<string>
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  /** Tax rates of products on a day, in basis points. */
  taxRatesOf(tx: Tx, shopId: string, day: string, productIds: readonly string[]): Promise<Map<string, number>>
  /** What went back for goods that the buyer had received, by line of the order. */
  givenBack(tx: Tx, shopId: string, orderId: string): Promise<Map<number, number>>
}
