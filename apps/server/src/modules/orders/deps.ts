import type { Payment, Picture, Refund, RoutingDecision, Shipment } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Parties } from '../parties/index.ts'
import type { Prices } from '../prices/index.ts'
import type { Stock } from '../stock/index.ts'
import type { Preference } from './plan.ts'

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

/** What an order is routed by. What is not known is left out: a condition on it does not hold. */
export interface RoutingFacts {
  province: string
  city: string
  district: string
  totalFen: number
  /** Whether an offer made it cheaper. */
  promotion: boolean
  /** The offers that applied, by source and by label. */
  campaigns: readonly string[]
  channel?: string
  buyerLevel?: string
  lines: readonly {
    skuCode: string
    categoryId: string | null
    tags: readonly string[]
    role?: string | null
    quantity: number
    weightGrams: number
  }[]
}

/** How an order is to be sent. */
export interface Routed extends Preference {
  /** The decision in words, to be frozen on the order, now that its units have been placed. */
  freeze(parts: readonly { warehouseId: string; quantity: number }[]): RoutingDecision
}

export type Router = (facts: RoutingFacts) => Routed

/** The routing rules, which stand above; read for all shops of a batch at once. */
export interface RoutingPort {
  routers(tx: Tx, shopIds: readonly string[]): Promise<ReadonlyMap<string, Router>>
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
  routing: RoutingPort
  prices: Pick<Prices, 'readPrices' | 'shopsWithRules' | 'displays'>
  /** How many products name each freight template. */
  productsByFreight(tx: Tx, shopId: string): Promise<Map<string, number>>
  files: { pictures(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<Map<string, Picture>> }
  /** How the lane in which orders are placed is cut. */
  lane?: { maxQueue?: number; maxBatch?: number; concurrency?: number; maxDelayMs?: number }
}
