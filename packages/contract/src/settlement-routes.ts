import { z } from 'zod'
import { Id, Instant, optionalText, PageQuery, page, ShopParams, shopParams } from './common.ts'
import { routes } from './route.ts'
import {
  Balances,
  MerchantLevel,
  MerchantTerms,
  MoneyMovement,
  SettlementItem,
  SettlementItemState,
  Statement,
  StatementLine,
  StatementLineKind,
} from './settlement.ts'

const READ = { audience: 'staff', permission: 'money.read' } as const
const StatementParams = shopParams({ statementId: Id })
const PLATFORM = { audience: 'platform', permission: 'platform.money' } as const

export const settlementRoutes = routes({
  'console.balances': {
    method: 'GET',
    path: '/api/console/shops/:shopId/balances',
    summary: 'Where the shop’s money is: unsettled, pending, available, frozen, owed, on its way',
    access: READ,
    params: ShopParams,
    response: Balances,
  },
  'console.settlementItems': {
    method: 'GET',
    path: '/api/console/shops/:shopId/settlement-items',
    summary: 'Settled orders and when their money becomes available, newest first',
    access: READ,
    params: ShopParams,
    query: PageQuery.extend({
      state: SettlementItemState.optional(),
      q: z.string().trim().max(40).optional(),
      from: Instant.optional(),
      to: Instant.optional(),
    }),
    response: page(SettlementItem),
  },
  'console.statements': {
    method: 'GET',
    path: '/api/console/shops/:shopId/statements',
    summary: 'Statements of closed periods, the latest first',
    access: READ,
    params: ShopParams,
    query: PageQuery.extend({ from: Instant.optional(), to: Instant.optional() }),
    response: page(Statement),
  },
  'console.statement': {
    method: 'GET',
    path: '/api/console/shops/:shopId/statements/:statementId',
    summary: 'One statement: opening and closing balances and sums',
    access: READ,
    params: StatementParams,
    response: Statement.extend({ shopName: z.string() }),
    errors: ['NOT_FOUND'],
  },
  'console.statementLines': {
    method: 'GET',
    path: '/api/console/shops/:shopId/statements/:statementId/lines',
    summary: 'The lines of a statement in the order in which they happened',
    access: READ,
    params: StatementParams,
    query: PageQuery.extend({ kind: StatementLineKind.optional(), q: z.string().trim().max(40).optional() }),
    response: page(StatementLine),
    errors: ['NOT_FOUND'],
  },
  'console.statementLine': {
    method: 'GET',
    path: '/api/console/shops/:shopId/statements/:statementId/lines/:line',
    summary: 'The ledger transfers that a line of a statement is made of',
    access: READ,
    params: StatementParams.extend({ line: z.coerce.number().int().min(1) }),
    response: StatementLine.extend({ movements: z.array(MoneyMovement).max(2000) }),
    errors: ['NOT_FOUND'],
  },
  'console.statementFile': {
    method: 'GET',
    path: '/api/console/shops/:shopId/statements/:statementId/statement.csv',
    summary: 'A statement with all its lines as a spreadsheet',
    access: READ,
    params: StatementParams,
    produces: 'csv',
    errors: ['NOT_FOUND'],
  },
  'platform.merchants': {
    method: 'GET',
    path: '/api/platform/merchants',
    summary: 'Shops with the level that decides their settlement cycle and deposit',
    access: PLATFORM,
    query: PageQuery.extend({ q: z.string().max(60).optional() }),
    response: page(MerchantTerms),
  },
  'platform.setMerchantLevel': {
    method: 'PUT',
    path: '/api/platform/merchants/:shopId',
    summary: 'Set a shop’s level; counts for orders settled from now on',
    access: PLATFORM,
    params: z.object({ shopId: Id }),
    body: z.object({ level: MerchantLevel, note: optionalText(200), version: z.int().min(0) }),
    response: MerchantTerms,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
})
