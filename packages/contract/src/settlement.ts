import { z } from 'zod'
import { BusinessDay, FenAmount, Id, Instant } from './common.ts'

/** What a shop is to the platform; the higher, the sooner its money is its own. */
export const MerchantLevel = z.enum(['new', 'steady', 'trusted'])
export type MerchantLevel = z.infer<typeof MerchantLevel>
export const MERCHANT_LEVELS: Record<MerchantLevel, { zh: string; en: string }> = {
  new: { zh: '新商家', en: 'New merchant' },
  steady: { zh: '成长商家', en: 'Steady merchant' },
  trusted: { zh: '信赖商家', en: 'Trusted merchant' },
}

export const SettlementItemState = z.enum(['waiting', 'frozen', 'released'])
export type SettlementItemState = z.infer<typeof SettlementItemState>
export const SETTLEMENT_ITEM_STATES: Record<SettlementItemState, { zh: string; en: string }> = {
  waiting: { zh: '待结算', en: 'Waiting' },
  frozen: { zh: '已冻结', en: 'Frozen' },
  released: { zh: '已结算', en: 'Settled' },
}

/** The merchant's part of one order on its way to being available. */
export const SettlementItem = z
  .object({
    orderId: Id,
    orderNo: z.string(),
    channel: z.enum(['wechat', 'personal-code']),
    level: MerchantLevel,
    /** N of T+N, as it was when the order was settled. */
    cycleDays: z.int(),
    settledAt: Instant,
    dueAt: Instant,
    state: SettlementItemState,
    amountFen: FenAmount,
    sharesFen: FenAmount,
    /** What was left of it on its day, after refunds. */
    releasedFen: FenAmount.nullable(),
    releasedAt: Instant.nullable(),
  })
  .meta({ id: 'SettlementItem' })
export type SettlementItem = z.infer<typeof SettlementItem>

/** Where the shop's money is. */
export const Balances = z
  .object({
    at: Instant,
    level: MerchantLevel,
    cycleDays: z.int(),
    holdingDays: z.int(),
    /** Buyers' money of orders that are not complete. */
    unsettledFen: FenAmount,
    /** Settled, waiting for its day. */
    pendingFen: FenAmount,
    /** May be withdrawn; what is being withdrawn is not in it. */
    availableFen: FenAmount,
    frozenFen: FenAmount,
    /** What the shop owes back; later earnings repay it first. */
    negativeFen: FenAmount,
    depositFen: FenAmount,
    depositRequiredFen: FenAmount,
    /** Creators', agencies', suppliers' and the platform's, not paid out yet. */
    sharesFen: FenAmount,
    sharesNegativeFen: FenAmount,
    feesFen: FenAmount,
    /** What WeChat holds for the shop. */
    atWechatFen: FenAmount,
    /** Received by the merchant's own code and not settled yet. */
    personalCodeFen: FenAmount,
    refundsInFlight: z.object({ count: z.int(), amountFen: FenAmount }),
    withdrawalsInFlightFen: FenAmount,
    releases: z.array(z.object({ day: BusinessDay, dueAt: Instant, orders: z.int(), amountFen: FenAmount })).max(30),
  })
  .meta({ id: 'Balances' })
export type Balances = z.infer<typeof Balances>

export const MerchantTerms = z
  .object({
    shopId: Id,
    name: z.string(),
    level: MerchantLevel,
    note: z.string(),
    version: z.int(),
    changedAt: Instant.nullable(),
    changedBy: z.string(),
  })
  .meta({ id: 'MerchantTerms' })
export type MerchantTerms = z.infer<typeof MerchantTerms>

export const StatementLineKind = z.enum(['order', 'withdrawal', 'freeze', 'deposit', 'adjustment'])
export type StatementLineKind = z.infer<typeof StatementLineKind>
export const STATEMENT_LINE_KINDS: Record<StatementLineKind, { zh: string; en: string }> = {
  order: { zh: '订单', en: 'Order' },
  withdrawal: { zh: '提现', en: 'Withdrawal' },
  freeze: { zh: '冻结', en: 'Freeze' },
  deposit: { zh: '保证金', en: 'Deposit' },
  adjustment: { zh: '调整', en: 'Adjustment' },
}

/** An amount for each account of the merchant; what is owed is below zero. */
export const AccountAmounts = z
  .object({
    'merchant.pending': FenAmount,
    'merchant.available': FenAmount,
    'merchant.frozen': FenAmount,
    'merchant.negative': FenAmount,
    'deposit.held': FenAmount,
  })
  .meta({ id: 'AccountAmounts' })
export type AccountAmounts = z.infer<typeof AccountAmounts>
export const MERCHANT_ACCOUNTS: Record<keyof AccountAmounts, { zh: string; en: string }> = {
  'merchant.pending': { zh: '待结算', en: 'Pending' },
  'merchant.available': { zh: '可提现', en: 'Available' },
  'merchant.frozen': { zh: '冻结', en: 'Frozen' },
  'merchant.negative': { zh: '欠款', en: 'Owed' },
  'deposit.held': { zh: '保证金', en: 'Deposit' },
}

/** gross − fee − shares − refunds + other = net, on each line and in all; opening + net = closing. */
const LineSums = {
  grossFen: FenAmount,
  feeFen: FenAmount,
  sharesFen: FenAmount,
  refundsFen: FenAmount,
  otherFen: FenAmount,
  netFen: FenAmount,
}

export const Statement = z
  .object({
    id: Id,
    number: z.string(),
    firstDay: BusinessDay,
    lastDay: BusinessDay,
    periodFrom: Instant,
    periodTo: Instant,
    opening: AccountAmounts,
    closing: AccountAmounts,
    orders: z.int(),
    lines: z.int(),
    ...LineSums,
    createdAt: Instant,
  })
  .meta({ id: 'Statement' })
export type Statement = z.infer<typeof Statement>

export const StatementLine = z
  .object({
    line: z.int(),
    kind: StatementLineKind,
    orderId: Id.nullable(),
    referenceType: z.string(),
    referenceId: z.string(),
    /** The order number, or what else a person knows it by. */
    label: z.string(),
    happenedAt: Instant,
    ...LineSums,
    changes: AccountAmounts,
    transferIds: z.array(Id),
  })
  .meta({ id: 'StatementLine' })
export type StatementLine = z.infer<typeof StatementLine>

/** One movement in the ledger: from which account to which. */
export const MoneyMovement = z
  .object({
    id: Id,
    code: z.string(),
    fromAccount: z.string(),
    toAccount: z.string(),
    amountFen: FenAmount,
    at: Instant,
  })
  .meta({ id: 'MoneyMovement' })
export type MoneyMovement = z.infer<typeof MoneyMovement>
