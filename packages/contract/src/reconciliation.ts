import { z } from 'zod'
import { BusinessDay, FenAmount, Id, Instant } from './common.ts'

type Words = { zh: string; en: string }

/** How a difference looks, seen from here; “there” is what stands nearer to the channel. */
export const DifferenceClass = z.enum(['missing-here', 'missing-there', 'amount', 'state', 'time-shift'])
export type DifferenceClass = z.infer<typeof DifferenceClass>
export const DIFFERENCE_CLASSES: Record<DifferenceClass, Words> = {
  'missing-here': { zh: '我方缺', en: 'Missing here' },
  'missing-there': { zh: '对方缺', en: 'Missing there' },
  amount: { zh: '金额不符', en: 'Amount differs' },
  state: { zh: '状态不符', en: 'State differs' },
  'time-shift': { zh: '跨零点', en: 'Over midnight' },
}

/** What was compared with what: “there” first. */
export const DifferencePair = z.enum([
  'payment',
  'refund',
  'split',
  'flow',
  'transfer',
  'ledger-payment',
  'ledger-refund',
  'ledger-split',
  'order',
  'order-refund',
  'voucher',
  'fee',
])
export type DifferencePair = z.infer<typeof DifferencePair>
export const DIFFERENCE_PAIRS: Record<DifferencePair, Words & { there: Words; here: Words }> = {
  payment: {
    ...{ zh: '交易账单 ↔ 收款', en: 'Trade bill ↔ payment' },
    ...{ there: { zh: '微信交易账单', en: 'WeChat’s trade bill' }, here: { zh: '收款记录', en: 'the payment' } },
  },
  refund: {
    ...{ zh: '交易账单 ↔ 退款', en: 'Trade bill ↔ refund' },
    ...{ there: { zh: '微信交易账单', en: 'WeChat’s trade bill' }, here: { zh: '退款记录', en: 'the refund' } },
  },
  split: {
    ...{ zh: '分账账单 ↔ 分账', en: 'Split bill ↔ split' },
    ...{ there: { zh: '微信分账账单', en: 'WeChat’s split bill' }, here: { zh: '分账记录', en: 'the split' } },
  },
  flow: {
    ...{ zh: '资金账单 ↔ 交易账单', en: 'Fund-flow bill ↔ trade bill' },
    ...{ there: { zh: '微信资金账单', en: 'WeChat’s fund-flow bill' }, here: { zh: '交易账单', en: 'the trade bill' } },
  },
  transfer: {
    ...{ zh: '资金账单 ↔ 其他业务', en: 'Fund-flow bill ↔ anything else' },
    ...{ there: { zh: '微信资金账单', en: 'WeChat’s fund-flow bill' }, here: { zh: '业务记录', en: 'our records' } },
  },
  'ledger-payment': {
    ...{ zh: '收款 ↔ 账本', en: 'Payment ↔ ledger' },
    ...{ there: { zh: '收款记录', en: 'the payment' }, here: { zh: '账本', en: 'the ledger' } },
  },
  'ledger-refund': {
    ...{ zh: '退款 ↔ 账本', en: 'Refunds ↔ ledger' },
    ...{ there: { zh: '退款记录', en: 'the refunds' }, here: { zh: '账本', en: 'the ledger' } },
  },
  'ledger-split': {
    ...{ zh: '分账 ↔ 账本', en: 'Splits ↔ ledger' },
    ...{ there: { zh: '分账记录', en: 'the splits' }, here: { zh: '账本', en: 'the ledger' } },
  },
  order: {
    ...{ zh: '收款 ↔ 订单', en: 'Payment ↔ order' },
    ...{ there: { zh: '收款记录', en: 'the payment' }, here: { zh: '订单', en: 'the order' } },
  },
  'order-refund': {
    ...{ zh: '退款 ↔ 订单', en: 'Refunds ↔ order' },
    ...{ there: { zh: '退款记录', en: 'the refunds' }, here: { zh: '订单', en: 'the order' } },
  },
  voucher: {
    ...{ zh: '凭证 ↔ 结算', en: 'Voucher ↔ settlement' },
    ...{ there: { zh: '账单凭证', en: 'the bill' }, here: { zh: '结算明细', en: 'the settlement line' } },
  },
  fee: {
    ...{ zh: '手续费 ↔ 结算', en: 'Fee ↔ settlement' },
    ...{ there: { zh: '账单手续费', en: 'the fee of the bill' }, here: { zh: '结算手续费', en: 'the fee settled' } },
  },
}

/** Of these a posting between the channel’s account and `adjustment` puts the books right. */
export const ADJUSTABLE: Partial<Record<DifferencePair, 1 | -1>> = {
  ...{ payment: 1, transfer: 1, 'ledger-payment': 1, refund: -1, split: -1, 'ledger-refund': -1, 'ledger-split': -1 },
}

export const CloseHow = z.enum(['resolved', 'accepted', 'adjusted'])
export type CloseHow = z.infer<typeof CloseHow>
export const CLOSE_HOWS: Record<CloseHow, Words> = {
  resolved: { zh: '已自行对平', en: 'Agrees now' },
  accepted: { zh: '已确认无误', en: 'Accepted' },
  adjusted: { zh: '已调账', en: 'Adjusted' },
}

export const DayState = z.enum(['waiting', 'failed', 'done'])
export type DayState = z.infer<typeof DayState>
export const DAY_STATES: Record<DayState, Words> = {
  waiting: { zh: '等账单', en: 'Waiting for the bill' },
  failed: { zh: '没对成', en: 'Failed' },
  done: { zh: '已对账', en: 'Compared' },
}

/** Counts and sums of one side of a day. */
export const DaySide = z
  .object({
    payments: z.int(),
    paidFen: FenAmount,
    refunds: z.int(),
    refundedFen: FenAmount,
    splits: z.int(),
    splitFen: FenAmount,
    /** What WeChat kept; not known here before orders are settled. */
    feeFen: FenAmount.nullable(),
  })
  .meta({ id: 'DaySide' })
export type DaySide = z.infer<typeof DaySide>

export const ReconciliationDay = z
  .object({
    day: BusinessDay,
    state: DayState,
    there: DaySide.nullable(),
    here: DaySide.nullable(),
    open: z.int(),
    closed: z.int(),
    tries: z.int(),
    lastError: z.string().nullable(),
    ranAt: Instant.nullable(),
  })
  .meta({ id: 'ReconciliationDay' })
export type ReconciliationDay = z.infer<typeof ReconciliationDay>

/** How either side of a difference stands, in words; WeChat's states are in capitals. */
const SIDE_STATES: Readonly<Record<string, { zh: string; en: string }>> = {
  SUCCESS: { zh: '成功', en: 'done' },
  REFUND: { zh: '已转入退款', en: 'refunded' },
  PROCESSING: { zh: '处理中', en: 'under way' },
  CLOSED: { zh: '已关闭', en: 'closed' },
  REVOKED: { zh: '已撤销', en: 'revoked' },
  ABNORMAL: { zh: '异常', en: 'abnormal' },
  paid: { zh: '已到账', en: 'paid' },
  pending: { zh: '待确认', en: 'pending' },
  created: { zh: '已提交', en: 'created' },
  processing: { zh: '处理中', en: 'under way' },
  succeeded: { zh: '成功', en: 'done' },
  success: { zh: '成功', en: 'done' },
  closed: { zh: '已关闭', en: 'closed' },
  failed: { zh: '失败', en: 'failed' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  waiting: { zh: '等待确认', en: 'waiting' },
  finished: { zh: '已完成', en: 'finished' },
  'awaiting-payment': { zh: '待付款', en: 'to be paid' },
  'awaiting-shipment': { zh: '待发货', en: 'to be shipped' },
  shipped: { zh: '已发货', en: 'shipped' },
  completed: { zh: '已完成', en: 'completed' },
  refunding: { zh: '退款中', en: 'refunding' },
  refunded: { zh: '已退款', en: 'refunded' },
}
/** A state in words; what is none (a number of WeChat's) stays as it is. */
export const sideState = (state: string): { zh: string; en: string } => SIDE_STATES[state] ?? { zh: state, en: state }

export const Difference = z
  .object({
    id: Id,
    day: BusinessDay,
    pair: DifferencePair,
    class: DifferenceClass,
    state: z.enum(['open', 'closed']),
    number: z.string(),
    orderId: Id.nullable(),
    happenedAt: Instant.nullable(),
    thereFen: FenAmount.nullable(),
    hereFen: FenAmount.nullable(),
    thereState: z.string().nullable(),
    hereState: z.string().nullable(),
    explanation: z.object({ zh: z.string(), en: z.string() }),
    /** What an adjustment would book on the channel’s account; null where none puts it right. */
    adjustFen: FenAmount.nullable(),
    /** Whether WeChat can be asked about it. */
    mayAsk: z.boolean(),
    ownerId: Id.nullable(),
    ownerName: z.string().nullable(),
    closedHow: CloseHow.nullable(),
    closedAt: Instant.nullable(),
    closedBy: z.string().nullable(),
    closeReason: z.string().nullable(),
    transferId: Id.nullable(),
    foundAt: Instant,
    version: z.int(),
  })
  .meta({ id: 'Difference' })
export type Difference = z.infer<typeof Difference>

/** A line of a bill: the voucher of what moved at the channel. */
export const BillLine = z
  .object({
    day: BusinessDay,
    bill: z.enum(['trade', 'flow', 'split']),
    kind: z.enum(['payment', 'refund', 'split', 'return', 'flow']),
    number: z.string(),
    channelId: z.string(),
    happenedAt: Instant,
    state: z.string(),
    amountFen: FenAmount,
    feeFen: FenAmount,
    title: z.string(),
  })
  .meta({ id: 'BillLine' })
export type BillLine = z.infer<typeof BillLine>

/** An account of the shop's money in the ledger. */
export const LedgerAccount = z
  .object({
    id: Id,
    code: z.string(),
    /** The party it belongs to, where it is not the shop's. */
    owner: z.string(),
    balanceFen: FenAmount,
    /** Reserved: on its way out, and on its way in. */
    pendingOutFen: FenAmount,
    pendingInFen: FenAmount,
  })
  .meta({ id: 'LedgerAccount' })
export type LedgerAccount = z.infer<typeof LedgerAccount>

/** A transfer as it stands in the ledger, reservations and their ends included. */
export const LedgerTransfer = z
  .object({
    id: Id,
    code: z.string(),
    kind: z.enum(['posted', 'pending', 'post', 'void', 'expire']),
    fromAccount: z.string(),
    toAccount: z.string(),
    amountFen: FenAmount,
    /** Whether it came to this account. */
    isIn: z.boolean(),
    orderId: Id.nullable(),
    orderNo: z.string().nullable(),
    /** Transfers that happened together carry the same. */
    linkId: Id.nullable(),
    at: Instant,
  })
  .meta({ id: 'LedgerTransfer' })
export type LedgerTransfer = z.infer<typeof LedgerTransfer>
