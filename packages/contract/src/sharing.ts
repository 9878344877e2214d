import { z } from 'zod'
import { FenAmount, Id, Instant, Ok, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import { ContractInput, PARTY_KINDS, PAY_WAYS } from './parties.ts'
import { routes } from './route.ts'

/** frozen: not received yet; settled: in its holding period; due: being paid out; closed: done. */
export const MONEY_STATES = ['frozen', 'settled', 'due', 'closed'] as const
export type MoneyState = (typeof MONEY_STATES)[number]

/** What of an order's money is whose. */
export const OrderMoney = z
  .object({
    orderId: Id,
    orderNo: z.string(),
    state: z.enum(MONEY_STATES),
    placedAt: Instant,
    settledAt: Instant.nullable(),
    holdUntil: Instant.nullable(),
    /** Whether WeChat keeps the money until it is split or unfrozen. */
    profitSharing: z.boolean(),
    paidFen: FenAmount.nullable(),
    feeFen: FenAmount,
    merchantFen: FenAmount,
    /** What the parties have after refunds; before receipt, what they were promised. */
    sharesFen: FenAmount,
    splitFen: FenAmount,
    /** Owed by parties after refunds. */
    owedFen: FenAmount,
    /** Whether somebody should look: a receiver was refused, or something is owed. */
    trouble: z.boolean(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'OrderMoney' })
export type OrderMoney = z.infer<typeof OrderMoney>

export const ExplainedShare = z.object({
  line: z.int(),
  title: z.string(),
  partyId: Id,
  partyName: z.string(),
  partyKind: z.enum(PARTY_KINDS),
  contractId: Id,
  contractName: z.string(),
  payBy: z.enum(PAY_WAYS),
  shareFen: FenAmount,
  explained: z.string(),
  explainedEn: z.string(),
})
export type ExplainedShare = z.infer<typeof ExplainedShare>

/** What one party has of one order, and where it is. */
export const PartyShare = z
  .object({
    orderId: Id,
    orderNo: z.string(),
    partyId: Id,
    partyName: z.string(),
    payBy: z.enum(PAY_WAYS),
    /** Before the order is settled only `shareFen` says what may come; `over`: nothing comes of it. */
    stage: z.enum(['unpaid', 'paid', 'settled', 'over']),
    shareFen: FenAmount,
    nowFen: FenAmount,
    pendingFen: FenAmount,
    dueFen: FenAmount,
    flyingFen: FenAmount,
    splitFen: FenAmount,
    /** Of what became due: kept against what the party owed. */
    repaidFen: FenAmount,
    owedFen: FenAmount,
    holdUntil: Instant.nullable(),
    note: z.string(),
    explained: z.array(z.object({ zh: z.string(), en: z.string() })).max(100),
  })
  .meta({ id: 'PartyShare' })
export type PartyShare = z.infer<typeof PartyShare>

export const SplitView = z.object({
  id: Id,
  kind: z.enum(['split', 'unfreeze']),
  state: z.enum(['created', 'processing', 'finished', 'refused']),
  outOrderNo: z.string(),
  amountFen: FenAmount,
  lastError: z.string().nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
  receivers: z.array(
    z.object({
      partyId: Id,
      partyName: z.string(),
      accountKind: z.enum(['openid', 'mchid']),
      accountMasked: z.string(),
      amountFen: FenAmount,
      state: z.enum(['pending', 'success', 'failed']),
      failReason: z.string().nullable(),
      finishedAt: Instant.nullable(),
    }),
  ),
})

export const SplitReturnView = z.object({
  id: Id,
  partyId: Id,
  partyName: z.string(),
  outReturnNo: z.string(),
  amountFen: FenAmount,
  state: z.enum(['created', 'processing', 'succeeded', 'failed']),
  lastError: z.string().nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
})

export const OrderSharing = z
  .object({
    money: OrderMoney.nullable(),
    shares: z.array(ExplainedShare).max(500),
    parties: z.array(PartyShare).max(100),
    splits: z.array(SplitView).max(50),
    returns: z.array(SplitReturnView).max(500),
  })
  .meta({ id: 'OrderSharing' })
export type OrderSharing = z.infer<typeof OrderSharing>

/** What a party earns, by where it is. */
export const Earnings = z
  .object({
    pendingFen: FenAmount,
    /** Due; of it, what waits for the split of its order, and what may be withdrawn. */
    payableFen: FenAmount,
    dueBySplitFen: FenAmount,
    flyingFen: FenAmount,
    frozenFen: FenAmount,
    negativeFen: FenAmount,
    splitFen: FenAmount,
    withdrawnFen: FenAmount,
    freeze: z.object({ reason: z.string(), at: Instant, by: z.string() }).nullable(),
  })
  .meta({ id: 'Earnings' })
export type Earnings = z.infer<typeof Earnings>

export const SharePreview = z.object({
  shares: z.array(ExplainedShare).max(500),
  paidFen: FenAmount,
  feeFen: FenAmount,
  merchantFen: FenAmount,
})

const PartyParams = shopParams({ partyId: Id })
const OrderParams = shopParams({ orderId: Id })
const Reason = z.object({ reason: text(200) })

export const sharingRoutes = routes({
  'console.shares': {
    method: 'GET',
    path: '/api/console/shops/:shopId/shares',
    summary: 'Orders whose money is shared or settled, newest first',
    access: { audience: 'staff', permission: 'money.read' },
    params: ShopParams,
    query: PageQuery.extend({
      state: z.enum(MONEY_STATES).optional(),
      partyId: Id.optional(),
      trouble: z.enum(['true']).optional(),
      q: z.string().trim().max(40).optional(),
    }),
    response: page(OrderMoney),
  },
  'console.orderShares': {
    method: 'GET',
    path: '/api/console/shops/:shopId/orders/:orderId/shares',
    summary: 'What of an order is whose, how each share came about, and what WeChat has done with it',
    access: { audience: 'staff', permission: 'money.read' },
    params: OrderParams,
    response: OrderSharing,
    errors: ['NOT_FOUND'],
  },
  'console.retrySplit': {
    method: 'POST',
    path: '/api/console/shops/:shopId/orders/:orderId/shares/retry',
    summary: 'Try receivers anew that were refused',
    access: { audience: 'staff', permission: 'money.write' },
    params: OrderParams,
    response: Ok,
    errors: ['NOT_FOUND'],
  },
  'console.previewShares': {
    method: 'POST',
    path: '/api/console/shops/:shopId/shares/preview',
    summary: 'What an order would share now, with a contract that is being written if one is given',
    access: { audience: 'staff', permission: 'parties.read' },
    params: ShopParams,
    body: z.object({
      productId: Id,
      quantity: z.int().min(1).max(9999).default(1),
      payTotalFen: z.int().min(0).max(1_000_000_000),
      accountId: Id.nullable().default(null),
      contract: ContractInput.optional(),
      /** The one it takes the place of. */
      contractId: Id.optional(),
    }),
    response: SharePreview,
    errors: ['NOT_FOUND'],
  },
  'console.partyEarnings': {
    method: 'GET',
    path: '/api/console/shops/:shopId/parties/:partyId/earnings',
    summary: 'What a party earns, by where it is',
    access: { audience: 'staff', permission: 'money.read' },
    params: PartyParams,
    response: Earnings,
    errors: ['NOT_FOUND'],
  },
  'console.partyShares': {
    method: 'GET',
    path: '/api/console/shops/:shopId/parties/:partyId/shares',
    summary: 'A party’s shares by order, newest first, each explained',
    access: { audience: 'staff', permission: 'money.read' },
    params: PartyParams,
    query: PageQuery,
    response: page(PartyShare),
    errors: ['NOT_FOUND'],
  },
  'console.freezeShares': {
    method: 'POST',
    path: '/api/console/shops/:shopId/parties/:partyId/freeze',
    summary: 'Pay nothing of a party’s shares out until they are released',
    access: { audience: 'staff', permission: 'money.write' },
    params: PartyParams,
    body: Reason,
    response: Earnings,
    errors: ['NOT_FOUND', 'SHARES_FROZEN'],
  },
  'console.releaseShares': {
    method: 'POST',
    path: '/api/console/shops/:shopId/parties/:partyId/release',
    summary: 'Pay a party’s shares out again',
    access: { audience: 'staff', permission: 'money.write' },
    params: PartyParams,
    body: Reason,
    response: Earnings,
    errors: ['NOT_FOUND'],
  },
  'buyer.earnings': {
    method: 'GET',
    path: '/api/buyer/earnings',
    summary: 'What the signed-in person earns as a party of shops, by their WeChat account or phone',
    access: { audience: 'buyer' },
    response: z.object({
      items: z
        .array(z.object({ shopId: Id, shopName: z.string(), partyId: Id, partyName: z.string(), earnings: Earnings }))
        .max(100),
    }),
  },
  'buyer.earningShares': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/earnings/:partyId',
    summary: 'The shares of a party that the signed-in person is, by order, newest first, each explained',
    access: { audience: 'buyer' },
    params: PartyParams,
    query: PageQuery,
    response: page(PartyShare),
    errors: ['NOT_FOUND'],
  },
})
