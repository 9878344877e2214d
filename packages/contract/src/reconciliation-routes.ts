import { z } from 'zod'
import { BusinessDay, Id, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import {
  BillLine,
  Difference,
  DifferenceClass,
  DifferencePair,
  LedgerAccount,
  LedgerTransfer,
  ReconciliationDay,
} from './reconciliation.ts'
import { routes } from './route.ts'
import { MoneyMovement } from './settlement.ts'

const READ = { audience: 'staff', permission: 'money.read' } as const
const WRITE = { audience: 'staff', permission: 'money.write' } as const
const ROOT = '/api/console/shops/:shopId/reconciliation'
const DifferenceParams = shopParams({ differenceId: Id })

const Filter = z.object({
  state: z.enum(['open', 'closed']).optional(),
  class: DifferenceClass.optional(),
  pair: DifferencePair.optional(),
  from: BusinessDay.optional(),
  to: BusinessDay.optional(),
  /** A member of staff, or `none` for what nobody looks after. */
  owner: z.union([Id, z.literal('none')]).optional(),
  q: z.string().trim().max(64).optional(),
})
const ByPerson = z.object({ reason: text(300), version: z.int().min(1) })

export const reconciliationRoutes = routes({
  'console.reconciliationDays': {
    method: 'GET',
    path: `${ROOT}/days`,
    summary: 'Days of bills with sums of both sides and how many differences, the latest first',
    access: READ,
    params: ShopParams,
    query: PageQuery.extend({ from: BusinessDay.optional(), to: BusinessDay.optional() }),
    response: page(ReconciliationDay),
  },
  'console.reconcileDay': {
    method: 'POST',
    path: `${ROOT}/run`,
    summary: 'Fetch a day’s bills again and compare; a day that is over',
    access: WRITE,
    params: ShopParams,
    body: z.object({ day: BusinessDay }),
    response: ReconciliationDay,
    errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],
  },
  'console.differences': {
    method: 'GET',
    path: `${ROOT}/differences`,
    summary: 'What does not agree, the latest day first',
    access: READ,
    params: ShopParams,
    query: PageQuery.extend(Filter.shape),
    response: page(Difference),
  },
  'console.difference': {
    method: 'GET',
    path: `${ROOT}/differences/:differenceId`,
    summary: 'One difference with the bill lines and ledger transfers about it',
    access: READ,
    params: DifferenceParams,
    response: Difference.extend({ vouchers: z.array(BillLine).max(200), movements: z.array(MoneyMovement).max(2000) }),
    errors: ['NOT_FOUND'],
  },
  'console.setDifferenceOwner': {
    method: 'PUT',
    path: `${ROOT}/differences/:differenceId/owner`,
    summary: 'Who of the staff looks after a difference',
    access: WRITE,
    params: DifferenceParams,
    body: z.object({ staffId: Id.nullable(), version: z.int().min(1) }),
    response: Difference,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.acceptDifference': {
    method: 'POST',
    path: `${ROOT}/differences/:differenceId/accept`,
    summary: 'Close a difference with a reason and without a posting',
    access: WRITE,
    params: DifferenceParams,
    body: ByPerson,
    response: Difference,
    errors: ['NOT_FOUND', 'CONFLICT', 'DIFFERENCE_CLOSED'],
  },
  'console.adjustDifference': {
    method: 'POST',
    path: `${ROOT}/differences/:differenceId/adjust`,
    summary: 'Close a difference with an audited posting between the channel’s account and the adjustments',
    access: WRITE,
    stepUp: 'adjustment',
    params: DifferenceParams,
    body: ByPerson,
    response: Difference,
    errors: ['NOT_FOUND', 'CONFLICT', 'DIFFERENCE_CLOSED', 'DIFFERENCE_NOT_ADJUSTABLE'],
  },
  'console.askDifference': {
    method: 'POST',
    path: `${ROOT}/differences/:differenceId/ask`,
    summary: 'Ask WeChat about the payment or refund, take what it says, and compare its day again',
    access: WRITE,
    params: DifferenceParams,
    response: Difference,
    errors: ['NOT_FOUND', 'UNAVAILABLE'],
  },
  'console.differencesFile': {
    method: 'GET',
    path: `${ROOT}/differences.csv`,
    summary: 'Differences as a spreadsheet, by the same filter',
    access: READ,
    params: ShopParams,
    query: Filter,
    produces: 'csv',
  },
  'console.orderMoney': {
    method: 'GET',
    path: '/api/console/shops/:shopId/orders/:orderId/money',
    summary: 'All postings of an order, and the bill lines about it',
    access: READ,
    params: shopParams({ orderId: Id }),
    response: z.object({
      orderNo: z.string(),
      movements: z.array(MoneyMovement).max(2000),
      vouchers: z.array(BillLine).max(200),
    }),
    errors: ['NOT_FOUND'],
  },
  'console.ledgerAccounts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/ledger/accounts',
    summary: 'The money accounts of the shop with their balances; those of single orders are on the orders',
    access: READ,
    params: ShopParams,
    query: PageQuery.extend({ q: z.string().trim().max(64).optional() }),
    response: page(LedgerAccount),
  },
  'console.ledgerTransfers': {
    method: 'GET',
    path: '/api/console/shops/:shopId/ledger/accounts/:ledgerAccountId/transfers',
    summary: 'What moved on an account, the latest first',
    access: READ,
    params: shopParams({ ledgerAccountId: Id }),
    query: PageQuery,
    response: page(LedgerTransfer),
    errors: ['INVALID_CURSOR'],
  },
})
