import { z } from 'zod'
import {
  BookMovement,
  RevenueEntry,
  RevenueEntryKind,
  RevenueRow,
  RevenueStep,
  RevenueTotals,
  StockBookColumn,
  StockBookGroup,
  StockBookRow,
  StockBookTotals,
} from './books.ts'
import { BusinessDay, Id, PageQuery, page, ShopParams } from './common.ts'
import { ChannelName } from './price-tag.ts'
import { routes } from './route.ts'
import { TaxRateBp } from './tax-rates.ts'

const STOCK = { audience: 'staff', permission: 'stock.read' } as const
const MONEY = { audience: 'staff', permission: 'money.read' } as const
const ROOT = '/api/console/shops/:shopId/books'

/** First and last business day, both inside; this month without them. */
const Period = z.object({ from: BusinessDay.optional(), to: BusinessDay.optional() })
const StockFilter = Period.extend({ warehouseId: Id.optional(), q: z.string().trim().max(60).optional() })
const RevenueFilter = Period.extend({ channel: ChannelName.optional(), accountId: Id.optional() })
const OneRate = z.object({ rateBp: z.coerce.number().pipe(TaxRateBp).optional() })
/** A page, and behind the last row of all the sums where they were asked for. */
const withSums = <Row extends z.ZodType>(row: Row) => page(row).extend({ items: z.array(row).max(101) })
/** A last row with the sums, for files. */
const WithTotal = z.object({ totalRow: z.stringbool().default(false) })

export const bookRoutes = routes({
  'console.stockBook': {
    method: 'GET',
    path: `${ROOT}/stock`,
    summary: 'Purchase, sale and stock of a period: opening, what came and left, closing',
    access: STOCK,
    params: ShopParams,
    query: PageQuery.extend({ ...StockFilter.shape, ...WithTotal.shape, by: StockBookGroup.default('sku') }),
    response: withSums(StockBookRow),
    errors: ['INVALID_CURSOR', 'VALIDATION_FAILED'],
  },
  'console.stockBookTotals': {
    method: 'GET',
    path: `${ROOT}/stock/totals`,
    summary: 'Sums of the stock book, and whether its closing is what stock reports',
    access: STOCK,
    params: ShopParams,
    query: StockFilter,
    response: StockBookTotals,
    errors: ['VALIDATION_FAILED'],
  },
  'console.bookMovements': {
    method: 'GET',
    path: `${ROOT}/stock/movements`,
    summary: 'The movements behind a number of the stock book, the latest first',
    access: STOCK,
    params: ShopParams,
    query: PageQuery.extend({
      ...StockFilter.shape,
      skuId: Id.optional(),
      productId: Id.optional(),
      /** Goods that stand in this very category; `none` for goods of no category. */
      categoryId: z.union([Id, z.literal('none')]).optional(),
      column: StockBookColumn.optional(),
    }),
    response: page(BookMovement),
    errors: ['INVALID_CURSOR', 'VALIDATION_FAILED'],
  },
  'console.revenueBook': {
    method: 'GET',
    path: `${ROOT}/revenue`,
    summary: 'Revenue by period, tax rate and channel, the earliest first',
    access: MONEY,
    params: ShopParams,
    query: PageQuery.extend({
      ...RevenueFilter.shape,
      ...OneRate.shape,
      ...WithTotal.shape,
      step: RevenueStep.default('month'),
    }),
    response: withSums(RevenueRow),
    errors: ['INVALID_CURSOR', 'VALIDATION_FAILED'],
  },
  'console.revenueBookTotals': {
    method: 'GET',
    path: `${ROOT}/revenue/totals`,
    summary: 'Sums of the revenue book, by rate, and beside the ledger',
    access: MONEY,
    params: ShopParams,
    query: RevenueFilter.extend({ ...OneRate.shape, step: RevenueStep.default('month') }),
    response: RevenueTotals,
    errors: ['VALIDATION_FAILED'],
  },
  'console.revenueEntries': {
    method: 'GET',
    path: `${ROOT}/revenue/entries`,
    summary: 'The payments, refunds, fees and shares behind a number of the revenue book, the latest first',
    access: MONEY,
    params: ShopParams,
    query: PageQuery.extend({
      ...RevenueFilter.shape,
      ...OneRate.shape,
      kind: RevenueEntryKind.optional(),
      /** Brought by no account. */
      direct: z.stringbool().optional(),
    }),
    response: page(RevenueEntry),
    errors: ['INVALID_CURSOR', 'VALIDATION_FAILED'],
  },
})
