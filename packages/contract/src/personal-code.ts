import { z } from 'zod'
import { MAX_EVIDENCE } from './aftersale.ts'
import { FenAmount, Id, Instant, optionalText, PageQuery, page, text } from './common.ts'

/** What kind of code a merchant shows: WeChat sets limits for each. */
export const PersonalScheme = z.enum(['personal', 'business', 'reward'])
export type PersonalScheme = z.infer<typeof PersonalScheme>
export const PERSONAL_SCHEMES: Record<PersonalScheme, { zh: string; en: string }> = {
  personal: { zh: '个人收款码', en: 'Personal code' },
  business: { zh: '个人经营收款码', en: 'Personal business code' },
  reward: { zh: '赞赏码', en: 'Reward code' },
}

/** A code that was uploaded, and how much one payment by it may be. */
export const PersonalCode = z
  .object({
    id: Id,
    scheme: PersonalScheme,
    label: z.string(),
    /** Whom WeChat names when the code is scanned. */
    payee: z.string(),
    fileId: Id,
    url: z.string(),
    singleLimitFen: FenAmount,
    active: z.boolean(),
    version: z.int(),
    changedAt: Instant,
    changedBy: z.string(),
  })
  .meta({ id: 'PersonalCode' })
export type PersonalCode = z.infer<typeof PersonalCode>

export const PersonalCodeInput = z.object({
  scheme: PersonalScheme,
  label: text(30),
  payee: text(30),
  fileId: Id,
  singleLimitFen: z.int().min(1).max(5_000_000),
  active: z.boolean(),
  /** 0 for a code that is new. */
  version: z.int().min(0),
})

/** One day's money by codes: received, promised to buyers who are paying or were paid and wait, and what is left. */
export const PersonalToday = z.object({
  day: z.string(),
  receivedFen: FenAmount,
  reservedFen: FenAmount,
  limitFen: FenAmount,
})

export const PersonalCodes = z
  .object({ enabled: z.boolean(), items: z.array(PersonalCode).max(20), today: PersonalToday })
  .meta({ id: 'PersonalCodes' })
export type PersonalCodes = z.infer<typeof PersonalCodes>

/**
 * - `open`: the buyer is shown the code; `waiting`: says that it is paid, staff have to look
 * - `confirmed`: staff have seen the money; `refused`: there was none; `closed`: the order went another way
 */
export const PersonalPaymentState = z.enum(['open', 'waiting', 'confirmed', 'refused', 'closed'])
export type PersonalPaymentState = z.infer<typeof PersonalPaymentState>
export const PERSONAL_PAYMENT_STATES: Record<PersonalPaymentState, { zh: string; en: string }> = {
  open: { zh: '待付款', en: 'To be paid' },
  waiting: { zh: '待核对', en: 'To be checked' },
  confirmed: { zh: '已到账', en: 'Received' },
  refused: { zh: '未到账', en: 'Not received' },
  closed: { zh: '已关闭', en: 'Closed' },
}

const Evidence = z.array(z.object({ fileId: Id, url: z.string() })).max(MAX_EVIDENCE)
const files = z.array(Id).max(MAX_EVIDENCE).default([])
/** WeChat's number of a transfer as its bill shows it, or the last digits that a person can read off. */
export const TransactionNo = z
  .string()
  .trim()
  .regex(/^[0-9A-Za-z]{4,40}$/)

/** One attempt to pay by a code, as its buyer sees it. */
export const PersonalPayment = z
  .object({
    id: Id,
    state: PersonalPaymentState,
    amountFen: FenAmount,
    /** To be written beside the transfer. */
    remark: z.string(),
    scheme: PersonalScheme,
    payee: z.string(),
    codeUrl: z.string(),
    payBefore: Instant,
    claimedAt: Instant.nullable(),
    /** Until when staff mean to have looked. */
    checkBefore: Instant.nullable(),
    refuseReason: z.string(),
    evidence: Evidence,
  })
  .meta({ id: 'PersonalPayment' })
export type PersonalPayment = z.infer<typeof PersonalPayment>

/** Whether a buyer may pay this order by a code, and what they did so far. */
export const PersonalOffer = z
  .object({ offered: z.boolean(), payment: PersonalPayment.nullable() })
  .meta({ id: 'PersonalOffer' })
export type PersonalOffer = z.infer<typeof PersonalOffer>

export const PersonalClaim = z.object({ fileIds: files, note: optionalText(100) })

export const PersonalPaymentRow = z
  .object({
    id: Id,
    orderId: Id,
    orderNo: z.string(),
    buyerId: Id,
    buyerNickname: z.string(),
    state: PersonalPaymentState,
    scheme: PersonalScheme,
    codeLabel: z.string(),
    amountFen: FenAmount,
    note: z.string(),
    evidence: Evidence,
    openedAt: Instant,
    claimedAt: Instant.nullable(),
    receivedFen: FenAmount.nullable(),
    receivedAt: Instant.nullable(),
    transactionNo: z.string().nullable(),
    /** False for money that the order could not take: it is to be given back by hand. */
    taken: z.boolean().nullable(),
    checkedAt: Instant.nullable(),
    checkedBy: z.string(),
    refuseReason: z.string(),
    staffEvidence: Evidence,
  })
  .meta({ id: 'PersonalPaymentRow' })
export type PersonalPaymentRow = z.infer<typeof PersonalPaymentRow>

const Day = z.iso.date()
export const PersonalPaymentQuery = PageQuery.extend({
  state: PersonalPaymentState.optional(),
  /** The day the money is counted for. */
  day: Day.optional(),
  /** An order's number, or a transaction number. */
  q: z.string().trim().max(40).optional(),
})
export const PersonalPaymentPage = page(PersonalPaymentRow)

export const PersonalConfirmation = z.object({
  receivedFen: z.int().min(1).max(100_000_000),
  receivedAt: Instant,
  transactionNo: TransactionNo,
  fileIds: files,
  /** The order cannot take it (cancelled, paid otherwise, another amount): it is booked, and owed back by hand. */
  giveBack: z.boolean().default(false),
})

export const PersonalRefundState = z.enum(['owed', 'recorded'])
export type PersonalRefundState = z.infer<typeof PersonalRefundState>
export const PERSONAL_REFUND_STATES: Record<PersonalRefundState, { zh: string; en: string }> = {
  owed: { zh: '待手工退款', en: 'To be paid back' },
  recorded: { zh: '已退', en: 'Paid back' },
}

export const PersonalRefundRow = z
  .object({
    id: Id,
    orderId: Id,
    orderNo: z.string(),
    buyerId: Id,
    buyerNickname: z.string(),
    state: PersonalRefundState,
    amountFen: FenAmount,
    reason: z.string(),
    /** Number of the payment that it goes back of. */
    paymentNo: z.string(),
    createdAt: Instant,
    transactionNo: z.string().nullable(),
    paidAt: Instant.nullable(),
    recordedAt: Instant.nullable(),
    recordedBy: z.string(),
    evidence: Evidence,
  })
  .meta({ id: 'PersonalRefundRow' })
export type PersonalRefundRow = z.infer<typeof PersonalRefundRow>

export const PersonalRefundQuery = PageQuery.extend({
  state: PersonalRefundState.optional(),
  q: z.string().trim().max(40).optional(),
})
export const PersonalRefundPage = page(PersonalRefundRow)
export const PersonalRefundRecord = z.object({
  transactionNo: TransactionNo,
  paidAt: Instant,
  fileIds: z.array(Id).min(1).max(MAX_EVIDENCE),
})

/** One day: what was confirmed by whom, and what went back. */
export const PersonalDay = z
  .object({
    day: Day,
    count: z.int(),
    receivedFen: FenAmount,
    refundedFen: FenAmount,
    /** What the ledger counted towards the day's limit; equal to `receivedFen`, or something is wrong. */
    ledgerFen: FenAmount,
    by: z.array(z.object({ name: z.string(), count: z.int(), receivedFen: FenAmount })).max(50),
  })
  .meta({ id: 'PersonalDay' })
export type PersonalDay = z.infer<typeof PersonalDay>
export const PersonalDayQuery = PageQuery
export const PersonalDayPage = page(PersonalDay)
