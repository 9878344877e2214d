import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Delivery } from '../delivery/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Stock } from '../stock/index.ts'
import type { CaseRow, LineRow } from './store.ts'

/**
 * What else an order brought, and its goods take with them when they go back: coupons, points, gifts, group and
 * campaign effects, growth of a member's level. Each goes by the rules it has frozen with the order. Called once for
 * each case, in the transaction that ends it, with the order locked.
 */
export interface Reversal {
  name: string
  /** What was done, for the case's timeline; undefined when nothing was to do. */
  reverse(tx: Tx, ended: { row: CaseRow; lines: readonly LineRow[] }): Promise<string | undefined>
}

export interface AftersaleDeps {
  db: Db
  clock: Clock
  settings: Settings
  orders: Pick<
    Orders,
    | 'lockOrder'
    | 'findOrder'
    | 'linesOf'
    | 'requestRefund'
    | 'removeUnits'
    | 'refundPart'
    | 'receiveAt'
    | 'requireRefundable'
    | 'isLargeRefund'
    | 'buyerOrder'
    | 'merchantOrder'
  >
  catalog: Pick<Catalog, 'skuIdsOf' | 'skusForSale'>
  stock: Pick<Stock, 'levels' | 'receive' | 'writeOff' | 'warehouseNames' | 'recordMovements'>
  delivery: Pick<Delivery, 'followParcel' | 'tracksById'>
  files: Pick<Files, 'pictures' | 'find' | 'upload'>
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  /** Shops by id, for their names. */
  shopsByIds(tx: Tx, shopIds: readonly string[]): Promise<Map<string, { name: string }>>
  /** Whether a payment was received by a code of the merchant's own, so that they send its money back by hand. */
  isByHand(tx: Tx, shopId: string, paymentId: string): Promise<boolean>
  reversals: readonly Reversal[]
}
