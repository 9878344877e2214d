import type { Payment, Picture, Refund, Shipment } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Parties } from '../parties/index.ts'
import type { Stock } from '../stock/index.ts'

export type PaymentView = z.input<typeof Payment>
export type RefundView = z.input<typeof Refund>
export type ReportState = z.input<typeof Shipment>['reportedToWechat']

/** What the payments module, which stands above, tells of an order. `app.ts` passes the functions in. */
export interface PaymentPorts {
  paymentsOf(tx: Tx, shopId: string, orderId: string): Promise<PaymentView[]>
  refundsOf(tx: Tx, shopId: string, orderId: string): Promise<RefundView[]>
  /** Whether WeChat has accepted the shipping information; a shipment that is absent needs no report. */
  shipmentReportState(tx: Tx, shopId: string, shipmentIds: readonly string[]): Promise<Map<string, ReportState>>
}

export interface OrdersDeps extends PaymentPorts {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  parties: Pick<Parties, 'shopsByIds'>
  identity: Pick<Identity, 'nicknames'>
  catalog: Pick<Catalog, 'skusForSale' | 'addSold'>
  stock: Stock
  /** How many products name each freight template. */
  productsByFreight(tx: Tx, shopId: string): Promise<Map<string, number>>
  files: { pictures(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<Map<string, Picture>> }
  /** How the lane in which orders are placed is cut. */
  lane?: { maxQueue?: number; maxBatch?: number; concurrency?: number; maxDelayMs?: number }
}
