import type {
  CarrierCode,
  DeliveryChoice,
  DeliveryMethod,
  MerchantOrderRow,
  Payment,
  Picture,
  Refund,
  ServiceLevel,
  Shipment,
} from '@zhanggui/contract'
import type { z } from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Sql, Tx } from '../../kernel/db.ts'
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
  channel?: string | undefined
  /** Name of the buyer's level; `NO_BUYER_LEVEL` for one who has none. */
  buyerLevel?: string | undefined
  /** Whose order it is: rules may look at the buyer's level. */
  buyerId?: string
  lines: readonly {
    skuCode: string
    categoryId: string | null
    tags: readonly string[]
    role?: string | null
    quantity: number
    weightGrams: number
  }[]
}

/** A routing decision as it is kept with its order; `unpackRouting` of the fulfilment module makes it whole again. */
export interface PackedRouting {
  /** Version of the rules; their ids and names are kept there. */
  v: number
  channel?: string
  level?: string
  warehouses?: string[]
  split?: 'by-warehouse'
  carrier?: CarrierCode
  service?: ServiceLevel
  prePack?: true
  notes?: string[]
  /** Of each rule, in its order: the outcome's number, why, and what was overruled if anything was. */
  rules: ([number, string] | [number, string, string[]])[]
  /** Ids of the rules that matched. */
  hit?: string[]
  /** Warehouses and units. */
  parts: [string, number][]
  said: string[]
}

/** How an order is to be sent. */
export interface Routed extends Preference {
  /** The decision with its reasons, to be frozen on the order, now that its units have been placed. */
  freeze(parts: readonly { warehouseId: string; quantity: number }[]): PackedRouting
}

export type Router = (facts: RoutingFacts) => Routed

/** The routing rules, which stand above; read for all shops of a batch at once. */
export interface RoutingPort {
  routers(
    tx: Tx,
    shopIds: readonly string[],
    buyers: readonly { shopId: string; buyerId: string }[],
  ): Promise<ReadonlyMap<string, Router>>
}

/** A wish to have an order brought otherwise than by courier. */
export interface DeliveryWanted {
  shopId: string
  choice: DeliveryChoice
  province: string
  city: string
  district: string
}

/** What an order that does not go by courier is promised; frozen with the order. */
export interface DeliveryTerms {
  method: Exclude<DeliveryMethod, 'courier'>
  feeFen: number
  /** Free from this amount of goods on; null is never. */
  freeFromFen: number | null
  /** Goods for at least this much. */
  minGoodsFen: number
  /** How the fee came about, for people. */
  note: string
  promiseMinutes: number
  /** Served from this warehouse alone; null: from whichever has the goods. */
  warehouseId: string | null
  pointId: string | null
  /** Where the goods go instead of the buyer's address. */
  place: { province: string; city: string; district: string; detail: string } | null
  /** Opening hours and the point as they were promised. */
  frozen: Record<string, unknown>
}

/** An order as it is placed, with what its delivery was promised. */
export interface DeliveredOrder {
  shopId: string
  orderId: string
  buyerId: string
  orderNo: string
  feeFen: number
  itemCount: number
  receiverMasked: string
  phoneMasked: string
  province: string
  city: string
  district: string
  terms: DeliveryTerms
}

/** What the delivery module, which stands above, decides and keeps. `compose.ts` passes it in. */
export interface DeliveryPort {
  /** The terms of each wish, in order; an AppError where it cannot be had. */
  terms(tx: Tx, wanted: readonly DeliveryWanted[]): Promise<(DeliveryTerms | Error)[]>
  /** Those of the shops that send nothing by courier. */
  withoutCourier(tx: Tx, shopIds: readonly string[]): Promise<ReadonlySet<string>>
  /** Keeps the terms of orders in the transaction that places them. */
  freeze(tx: Tx, orders: readonly DeliveredOrder[], at: string): Promise<void>
  /** How orders go; one that is absent goes by courier. */
  methodsOf(tx: Tx, shopId: string, orderIds: readonly string[]): Promise<Map<string, DeliveryMethod>>
}

/** What lists of orders are narrowed by beside what orders know themselves. */
export interface FulfilmentFilter {
  warehouseId?: string | undefined
  carrierCode?: string | undefined
  prePack?: boolean | undefined
  waveId?: string | undefined
  ruleId?: string | undefined
}

export type FulfilmentColumns = NonNullable<z.input<typeof MerchantOrderRow>['fulfilment']>

/** The parcels of orders, which the fulfilment module above keeps. */
export interface FulfilmentPort {
  /** Conditions on `orders o`. */
  conditions(shopId: string, filter: FulfilmentFilter): Sql[]
  /** What lists say of the parcels of orders; an order without any is absent. */
  columns(tx: Tx, shopId: string, orderIds: readonly string[]): Promise<Map<string, FulfilmentColumns>>
}

export interface OrdersDeps extends PaymentPorts {
  fulfilment: FulfilmentPort
  delivery: DeliveryPort
  /** Called with the order locked, before anything of it leaves. @throws AppError ORDER_HELD */
  mayShip(tx: Tx, order: { shopId: string; orderId: string; orderNo: string }): Promise<void>
  /** After-sale cases of a buyer that are not at an end. */
  openCasesOf(tx: Tx, shopId: string, buyerId: string): Promise<number>
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  parties: Pick<Parties, 'shopsByIds'>
  identity: Pick<Identity, 'nicknames' | 'closedAmong'>
  catalog: Pick<Catalog, 'skusForSale' | 'addSold'>
  stock: Stock
  routing: RoutingPort
  prices: Pick<Prices, 'readPrices' | 'shopsWithRules' | 'displays'>
  /** The channel account that each buyer came through, by `shopId/buyerId`; absent for who came by none. */
  sourcesOf(tx: Tx, buyers: readonly { shopId: string; buyerId: string }[]): Promise<Map<string, string>>
  /** Shops that know a buyer. Scope `system`. */
  shopsOfBuyer(tx: Tx, buyerId: string): Promise<string[]>
  /** Names of channel accounts by id. */
  accountNames(tx: Tx, shopId: string): Promise<{ id: string; name: string }[]>
  /** How many products name each freight template. */
  productsByFreight(tx: Tx, shopId: string): Promise<Map<string, number>>
  files: { pictures(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<Map<string, Picture>> }
  /** How the lane in which orders are placed is cut. */
  lane?: { maxQueue?: number; maxBatch?: number; concurrency?: number; maxDelayMs?: number }
}
