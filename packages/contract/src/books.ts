import { z } from 'zod'
import { BusinessDay, FenAmount, Id, Instant } from './common.ts'
import { ChannelName } from './price-tag.ts'
import { Movement, type MovementReason } from './stock.ts'
import { TaxRateBp } from './tax-rates.ts'

/** What a row of the stock book stands for. */
export const STOCK_BOOK_GROUPS = {
  sku: { zh: '按规格', en: 'By SKU' },
  product: { zh: '按商品', en: 'By product' },
  category: { zh: '按类目', en: 'By category' },
  warehouse: { zh: '按仓库', en: 'By warehouse' },
} as const
export type StockBookGroup = keyof typeof STOCK_BOOK_GROUPS
export const StockBookGroup = z.enum(Object.keys(STOCK_BOOK_GROUPS) as [StockBookGroup, ...StockBookGroup[]])

/**
 * The columns of the stock book between opening and closing, and the reasons of movements behind each. What an order
 * reserves stays in the warehouse, so that reservations are no movement of the book.
 */
export const STOCK_BOOK_COLUMNS = {
  received: { zh: '采购入库', en: 'Received', reasons: ['purchase', 'import'] },
  returned: { zh: '退货入库', en: 'Returned', reasons: ['return'] },
  sold: { zh: '销售出库', en: 'Sold', reasons: ['sale'] },
  scrapped: { zh: '报损', en: 'Scrapped', reasons: ['damage'] },
  given: { zh: '赠送领用', en: 'Given away', reasons: ['gift'] },
  adjusted: { zh: '盘点与更正', en: 'Adjusted', reasons: ['count', 'correction'] },
  transferredIn: { zh: '调入', en: 'Transferred in', reasons: ['transfer'] },
  transferredOut: { zh: '调出', en: 'Transferred out', reasons: ['transfer'] },
} as const satisfies Record<string, { zh: string; en: string; reasons: readonly MovementReason[] }>
export type StockBookColumn = keyof typeof STOCK_BOOK_COLUMNS
export const StockBookColumn = z.enum(Object.keys(STOCK_BOOK_COLUMNS) as [StockBookColumn, ...StockBookColumn[]])

const figures = {
  opening: z.int(),
  received: z.int(),
  returned: z.int(),
  /** Of what leaves, as positive numbers. */
  sold: z.int(),
  scrapped: z.int(),
  given: z.int(),
  /** Signed. */
  adjusted: z.int(),
  transferredIn: z.int(),
  transferredOut: z.int(),
  /** opening + received + returned + adjusted + transferredIn − sold − scrapped − given − transferredOut */
  closing: z.int(),
  /** Pieces at the present cost price of their SKUs, of those that have one. */
  openingCostFen: FenAmount,
  receivedCostFen: FenAmount,
  soldCostFen: FenAmount,
  closingCostFen: FenAmount,
  /** SKUs with figures here that have no cost price: the amounts leave them out. */
  withoutCost: z.int(),
}

export const StockBookRow = z
  .object({
    /** Of the SKU, product, category or warehouse; null: goods of no category. */
    id: Id.nullable(),
    code: z.string(),
    title: z.string(),
    options: z.string(),
    category: z.string(),
    ...figures,
  })
  .meta({ id: 'StockBookRow' })
export type StockBookRow = z.infer<typeof StockBookRow>

export const StockBookTotals = z
  .object({
    from: BusinessDay,
    to: BusinessDay,
    ...figures,
    skus: z.int(),
    /** Where the period reaches into now: how many SKUs in warehouses differ from what stock reports; else null. */
    differing: z.int().nullable(),
  })
  .meta({ id: 'StockBookTotals' })
export type StockBookTotals = z.infer<typeof StockBookTotals>

/** A movement behind a number of the stock book. */
export const BookMovement = Movement.omit({ warehouseId: true }).meta({ id: 'BookMovement' })
export type BookMovement = z.infer<typeof BookMovement>

/** How long a row of the revenue book is. */
export const REVENUE_STEPS = {
  day: { zh: '按日', en: 'By day' },
  week: { zh: '按周', en: 'By week' },
  month: { zh: '按月', en: 'By month' },
  quarter: { zh: '按季', en: 'By quarter' },
  year: { zh: '按年', en: 'By year' },
} as const
export type RevenueStep = keyof typeof REVENUE_STEPS
export const RevenueStep = z.enum(Object.keys(REVENUE_STEPS) as [RevenueStep, ...RevenueStep[]])

const amounts = {
  /** Payments; an order of goods with two rates counts in both rows. */
  orders: z.int(),
  goodsFen: FenAmount,
  /** What was taken off, by who bears it; negative. */
  merchantDiscountFen: FenAmount,
  platformDiscountFen: FenAmount,
  creatorDiscountFen: FenAmount,
  freightFen: FenAmount,
  /** goods + discounts + freight: what buyers paid. */
  paidFen: FenAmount,
  refundedFen: FenAmount,
  /** paid − refunded, tax included. */
  netFen: FenAmount,
  /** net × rate ÷ (1 + rate) */
  taxFen: FenAmount,
  beforeTaxFen: FenAmount,
  /** Kept by the channel, and shared with others, of what was settled in the period, less what came back. */
  feeFen: FenAmount,
  sharesFen: FenAmount,
}

export const RevenueRow = z
  .object({
    /** The day that the row’s period begins with. Period, rate and channel are null in a row of sums. */
    period: BusinessDay.nullable(),
    /** The days of it that the book has, both inside. */
    firstDay: BusinessDay,
    lastDay: BusinessDay,
    rateBp: TaxRateBp.nullable(),
    /** In words: `13%`. */
    rate: z.string(),
    channel: ChannelName.nullable(),
    /** The channel account that brought the buyer. */
    accountId: Id.nullable(),
    accountName: z.string(),
    ...amounts,
  })
  .meta({ id: 'RevenueRow' })
export type RevenueRow = z.infer<typeof RevenueRow>

/** What the ledger says of the same period, beside the book. */
export const LedgerCheck = z.object({
  what: z.enum(['received', 'refunded', 'fee', 'shares']),
  ledgerFen: FenAmount,
  bookFen: FenAmount,
  /** Money that no order took, and its way back; fees that belong to no order. No revenue. */
  otherFen: FenAmount,
  differenceFen: FenAmount,
})
export type LedgerCheck = z.infer<typeof LedgerCheck>

export const RevenueTotals = z
  .object({
    from: BusinessDay,
    to: BusinessDay,
    ...amounts,
    byRate: z.array(z.object({ rateBp: TaxRateBp, netFen: FenAmount, taxFen: FenAmount })).max(500),
    /** Null for staff who see a part of the orders only. */
    ledger: z.array(LedgerCheck).max(4).nullable(),
  })
  .meta({ id: 'RevenueTotals' })
export type RevenueTotals = z.infer<typeof RevenueTotals>

export const REVENUE_ENTRIES = {
  sale: { zh: '收款', en: 'Paid' },
  refund: { zh: '退款', en: 'Refunded' },
  fee: { zh: '手续费', en: 'Fee' },
  share: { zh: '分账', en: 'Shared' },
} as const
export type RevenueEntryKind = keyof typeof REVENUE_ENTRIES
export const RevenueEntryKind = z.enum(Object.keys(REVENUE_ENTRIES) as [RevenueEntryKind, ...RevenueEntryKind[]])

/** A transfer behind a number of the revenue book. */
export const RevenueEntry = z
  .object({
    id: Id,
    at: Instant,
    kind: RevenueEntryKind,
    orderId: Id,
    orderNo: z.string(),
    channel: ChannelName,
    /** Of the whole transfer; and the part of it whose goods have the rate asked for. */
    wholeFen: FenAmount,
    amountFen: FenAmount,
  })
  .meta({ id: 'RevenueEntry' })
export type RevenueEntry = z.infer<typeof RevenueEntry>
