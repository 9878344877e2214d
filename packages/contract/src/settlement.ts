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

export const WithdrawalState = z.enum(['created', 'processing', 'waiting', 'cancelling', 'paid', 'failed', 'cancelled'])
export type WithdrawalState = z.infer<typeof WithdrawalState>
export const WITHDRAWAL_STATES: Record<WithdrawalState, { zh: string; en: string }> = {
  created: { zh: '提交中', en: 'Being sent' },
  processing: { zh: '转账中', en: 'Under way' },
  waiting: { zh: '等收款人确认', en: 'Waits for the receiver' },
  cancelling: { zh: '撤销中', en: 'Being called off' },
  paid: { zh: '已到账', en: 'Paid' },
  failed: { zh: '未成功，已退回', en: 'Failed, money is back' },
  cancelled: { zh: '已撤销，已退回', en: 'Called off, money is back' },
}

export const Withdrawal = z
  .object({
    id: Id,
    number: z.string(),
    ownerKind: z.enum(['shop', 'party']),
    ownerId: Id,
    ownerName: z.string(),
    state: WithdrawalState,
    amountFen: FenAmount,
    feeFen: FenAmount,
    realNameMasked: z.string(),
    transferBillNo: z.string().nullable(),
    requestedBy: z.string(),
    createdAt: Instant,
    confirmBefore: Instant.nullable(),
    finishedAt: Instant.nullable(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'Withdrawal' })
export type Withdrawal = z.infer<typeof Withdrawal>

/** What may be withdrawn now. */
export const WithdrawalLimits = z
  .object({
    minFen: FenAmount,
    maxFen: FenAmount,
    dayFen: FenAmount,
    feeBp: z.int(),
    usedTodayFen: FenAmount,
    availableFen: FenAmount,
    owedFen: FenAmount,
    depositMissingFen: FenAmount,
    /** The most that one withdrawal can be now; 0 when none is possible. */
    mostFen: FenAmount,
  })
  .meta({ id: 'WithdrawalLimits' })
export type WithdrawalLimits = z.infer<typeof WithdrawalLimits>

/** Where the shop's withdrawals go. */
export const PayoutAccount = z
  .object({
    buyerId: Id,
    nickname: z.string(),
    app: z.enum(['mini', 'mp']),
    realNameMasked: z.string(),
    version: z.int(),
    setAt: Instant,
    setBy: z.string(),
    usableFrom: Instant,
  })
  .meta({ id: 'PayoutAccount' })
export type PayoutAccount = z.infer<typeof PayoutAccount>

/** A withdrawal as its receiver sees it, with what the phone opens to confirm it. */
export const Payout = z
  .object({
    id: Id,
    shopId: Id,
    shopName: z.string(),
    number: z.string(),
    state: WithdrawalState,
    amountFen: FenAmount,
    feeFen: FenAmount,
    createdAt: Instant,
    confirmBefore: Instant.nullable(),
    finishedAt: Instant.nullable(),
    lastError: z.string().nullable(),
    client: z.object({ mchId: z.string(), appId: z.string(), package: z.string() }).nullable(),
  })
  .meta({ id: 'Payout' })
export type Payout = z.infer<typeof Payout>

export const FreezeCase = z.enum(['routine', 'serious'])
export type FreezeCase = z.infer<typeof FreezeCase>
export const FREEZE_CASES: Record<FreezeCase, { zh: string; en: string }> = {
  routine: { zh: '一般案件', en: 'Routine' },
  serious: { zh: '严重案件', en: 'Serious' },
}
export const FreezeState = z.enum(['active', 'released'])
export type FreezeState = z.infer<typeof FreezeState>
export const FREEZE_STATES: Record<FreezeState, { zh: string; en: string }> = {
  active: { zh: '冻结中', en: 'Frozen' },
  released: { zh: '已解冻', en: 'Released' },
}

export const Freeze = z
  .object({
    id: Id,
    shopId: Id,
    shopName: z.string(),
    number: z.string(),
    kind: z.enum(['amount', 'period']),
    caseKind: FreezeCase,
    state: FreezeState,
    reason: z.string(),
    amountFen: FenAmount,
    periodFrom: Instant.nullable(),
    periodTo: Instant.nullable(),
    version: z.int(),
    openedAt: Instant,
    openedBy: z.string(),
    dueAt: Instant,
    prolonged: z.int(),
    releasedAt: Instant.nullable(),
    releasedBy: z.string().nullable(),
    releaseReason: z.string().nullable(),
  })
  .meta({ id: 'Freeze' })
export type Freeze = z.infer<typeof Freeze>

const FreezeEvent = z.object({
  number: z.int(),
  kind: z.enum(['opened', 'prolonged', 'document', 'reminded', 'released']),
  text: z.string(),
  actorKind: z.enum(['platform', 'merchant', 'system']),
  actorName: z.string(),
  fileId: Id.nullable(),
  fileName: z.string().nullable(),
  at: Instant,
})

export const FreezeDetail = Freeze.extend({
  parts: z
    .array(
      z.object({
        part: z.int(),
        orderId: Id.nullable(),
        orderNo: z.string(),
        source: z.enum(['pending', 'available']),
        amountFen: FenAmount,
      }),
    )
    .max(1000),
  events: z.array(FreezeEvent).max(500),
  /** How often it may still be prolonged. */
  prolongationsLeft: z.int(),
}).meta({ id: 'FreezeDetail' })
export type FreezeDetail = z.infer<typeof FreezeDetail>

/** An amount of what is available and waits, or everything that was settled in a period and is still there. */
export const FreezeInput = z.object({
  what: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('amount'), amountFen: z.int().min(1).max(1_000_000_000_00) }),
    z.object({ kind: z.literal('period'), from: Instant, to: Instant }),
  ]),
  caseKind: FreezeCase,
  reason: z.string().trim().min(2).max(300),
})
export type FreezeInput = z.infer<typeof FreezeInput>

export const DepositEntry = z
  .object({
    id: Id,
    kind: z.enum(['paid-in', 'taken-out', 'deducted']),
    amountFen: FenAmount,
    reason: z.string(),
    byName: z.string(),
    at: Instant,
  })
  .meta({ id: 'DepositEntry' })
export type DepositEntry = z.infer<typeof DepositEntry>
export const DEPOSIT_KINDS: Record<DepositEntry['kind'], { zh: string; en: string }> = {
  'paid-in': { zh: '缴纳', en: 'Paid in' },
  'taken-out': { zh: '退回', en: 'Taken out' },
  deducted: { zh: '扣除', en: 'Deducted' },
}
