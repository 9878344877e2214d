import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { AccountSpec, TransferCommand } from '../../ledger/index.ts'
import type { Orders } from '../orders/index.ts'

export interface PersonalCodeDeps {
  db: Db
  clock: Clock
  settings: Settings
  files: Pick<Files, 'find' | 'upload'>
  orders: Pick<
    Orders,
    'lockOrder' | 'findOrder' | 'markPaid' | 'markRefunded' | 'partRefunded' | 'waitForPayment' | 'isLargeRefund'
  >
  /** @throws AppError NOT_FOUND for a shop that is not there */
  timeZoneOf(tx: Tx, shopId: string): Promise<string>
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  /** Brings money of an order that was settled back to `order.paid`, before the hold of its refund; sharing answers it. */
  bringBack(
    tx: Tx,
    refund: { shopId: string; orderId: string; amountFen: number },
  ): Promise<{ accounts: AccountSpec[]; transfers: TransferCommand[] }>
}
