import { z } from 'zod'
import { FenAmount, Id, Instant, MobilePhone, optionalText, PageQuery, Picture, page, Region, text } from './common.ts'
import { ParcelTrack } from './delivery.ts'

/** What the buyer wants: money alone, money for goods that come back, or other goods for those that come back. */
export const AftersaleType = z.enum(['refund', 'return', 'exchange'])
export type AftersaleType = z.infer<typeof AftersaleType>
export const AFTERSALE_TYPES: Record<AftersaleType, { zh: string; en: string }> = {
  refund: { zh: '仅退款', en: 'Refund only' },
  return: { zh: '退货退款', en: 'Return and refund' },
  exchange: { zh: '换货', en: 'Exchange' },
}

/** The life of a case; `modules/aftersale/rules.ts` has what leads where. */
export const AftersaleState = z.enum([
  'requested',
  'returning',
  'inspecting',
  'resending',
  'resent',
  'refunding',
  'rejected',
  'disputed',
  'done',
  'closed',
])
export type AftersaleState = z.infer<typeof AftersaleState>
export const AFTERSALE_STATES: Record<AftersaleState, { zh: string; en: string }> = {
  requested: { zh: '待商家处理', en: 'Waiting for the shop' },
  returning: { zh: '待买家寄回', en: 'To be sent back' },
  inspecting: { zh: '待商家验货', en: 'To be inspected' },
  resending: { zh: '待寄出换货', en: 'Replacement to be sent' },
  resent: { zh: '换货已寄出', en: 'Replacement sent' },
  refunding: { zh: '退款中', en: 'Refunding' },
  rejected: { zh: '商家已拒绝', en: 'Refused by the shop' },
  disputed: { zh: '平台介入中', en: 'With the platform' },
  done: { zh: '已完成', en: 'Done' },
  closed: { zh: '已关闭', en: 'Closed' },
}

/** Who has to act next. */
export const AftersaleTurn = z.enum(['merchant', 'buyer', 'platform', 'money', 'nobody'])
export type AftersaleTurn = z.infer<typeof AftersaleTurn>

/** Whose fault a reason names; freight goes by it. */
export const AftersaleFault = z.enum(['merchant', 'buyer', 'carrier'])
export type AftersaleFault = z.infer<typeof AftersaleFault>
export const AFTERSALE_FAULTS: Record<AftersaleFault, { zh: string; en: string }> = {
  merchant: { zh: '商家责任', en: 'The shop’s' },
  buyer: { zh: '买家原因', en: 'The buyer’s' },
  carrier: { zh: '物流责任', en: 'The carrier’s' },
}

export const MAX_EVIDENCE = 9
const ReasonCode = z.string().regex(/^[a-z0-9-]{1,40}$/)

export const AftersaleReason = z
  .object({
    code: ReasonCode,
    label: text(30),
    fault: AftersaleFault,
    /** Counts as a return for quality 品退: scores of shop, product and creator read it. */
    quality: z.boolean(),
    /** For which kinds it can be chosen. */
    types: z.array(AftersaleType).min(1).max(3),
    /** Whether pictures or a video are asked for. */
    evidence: z.boolean(),
  })
  .meta({ id: 'AftersaleReason' })
export type AftersaleReason = z.infer<typeof AftersaleReason>

export const ReturnAddress = z
  .object({
    id: Id,
    name: text(30),
    phone: MobilePhone,
    ...Region.shape,
    detail: text(120),
    isDefault: z.boolean(),
  })
  .meta({ id: 'ReturnAddress' })
export type ReturnAddress = z.infer<typeof ReturnAddress>

export const AftersalePolicy = z
  .object({
    version: z.int(),
    reasons: z.array(AftersaleReason).min(1).max(40),
    addresses: z.array(ReturnAddress).max(20),
  })
  .meta({ id: 'AftersalePolicy' })
export type AftersalePolicy = z.infer<typeof AftersalePolicy>

/** Units of order lines; `exchangeSkuId` names what comes instead, left out: the same again. */
export const AftersaleUnits = z
  .array(z.object({ line: z.int().min(0).max(999), quantity: z.int().min(1).max(9999), exchangeSkuId: Id.optional() }))
  .min(1)
  .max(50)

export const AftersaleWish = z.object({ type: AftersaleType, lines: AftersaleUnits, reasonCode: ReasonCode })

/** Units that the shop gives money back for without being asked. */
export const RefundUnitsWish = z.object({
  lines: z
    .array(z.object({ line: z.int().min(0).max(999), quantity: z.int().min(1).max(9999) }))
    .min(1)
    .max(50),
  reasonCode: ReasonCode,
})
export const RefundUnitsInput = RefundUnitsWish.extend({
  /** Left out: all that these units have left. */
  amountFen: FenAmount.optional(),
  note: optionalText(200),
  evidenceFileIds: z.array(Id).max(MAX_EVIDENCE).default([]),
})

export const AftersaleInput = AftersaleWish.extend({
  /** Left out: all that can be given back. */
  amountFen: FenAmount.optional(),
  note: optionalText(300),
  evidenceFileIds: z.array(Id).max(MAX_EVIDENCE).default([]),
})
export type AftersaleInput = z.input<typeof AftersaleInput>

/** How much goes back at most, and why, line by line. */
export const AftersaleQuote = z
  .object({
    ceilingFen: FenAmount,
    unitsFen: FenAmount,
    freightFen: FenAmount,
    /** Who pays for sending the goods back. */
    freightBy: z.enum(['merchant', 'buyer', 'nobody']),
    explanation: z.array(z.object({ label: z.string(), fen: FenAmount.nullable() })).max(60),
  })
  .meta({ id: 'AftersaleQuote' })
export type AftersaleQuote = z.infer<typeof AftersaleQuote>

const Goods = z.object({
  line: z.int(),
  skuId: Id,
  productId: Id,
  title: z.string(),
  options: z.string(),
  picture: Picture.nullable(),
})

/** What a buyer can ask for of an order. */
export const AftersaleOptions = z
  .object({
    orderNo: z.string(),
    /** Why nothing can be asked for; null when something can. */
    closedReason: z.string().nullable(),
    lines: z
      .array(
        Goods.extend({
          /** Units of which money can come back before they leave. */
          unshipped: z.int(),
          /** Units with the buyer. */
          shipped: z.int(),
          /** Of the same product at no higher price: what an exchange can bring. */
          exchanges: z.array(z.object({ skuId: Id, options: z.string(), available: z.int() })).max(100),
        }),
      )
      .max(50),
    reasons: z.array(AftersaleReason).max(40),
    /** Until when something can be asked for; null while the order is on its way. */
    until: Instant.nullable(),
    cases: z.array(z.object({ id: Id, caseNo: z.string(), type: AftersaleType, state: AftersaleState })).max(50),
  })
  .meta({ id: 'AftersaleOptions' })
export type AftersaleOptions = z.infer<typeof AftersaleOptions>

/** The same for staff who refund of their own accord. */
export const RefundUnitsOptions = AftersaleOptions.pick({ orderNo: true, reasons: true })
  .extend({
    lines: z.array(Goods.extend({ unshipped: z.int(), shipped: z.int() })).max(50),
    /** What of the whole order can still go back. */
    leftFen: FenAmount,
  })
  .meta({ id: 'RefundUnitsOptions' })
export type RefundUnitsOptions = z.infer<typeof RefundUnitsOptions>

const Evidence = z.object({ fileId: Id, url: z.string(), kind: z.enum(['image', 'video']) })
export type AftersaleEvidence = z.infer<typeof Evidence>

const Entry = z.object({
  at: Instant,
  /** `step`: something was done; `message`: written to the other side; `internal`: among staff. */
  kind: z.enum(['step', 'message', 'internal']),
  text: z.string(),
  actor: z.string(),
  files: z.array(Evidence).max(MAX_EVIDENCE),
})

export const AftersaleAction = z.enum([
  'cancel',
  'send-back',
  'dispute',
  'confirm',
  'message',
  'approve',
  'reject',
  'inspect',
  'count',
  'resend',
  'rule',
])
export type AftersaleAction = z.infer<typeof AftersaleAction>

export const AftersaleRow = z
  .object({
    id: Id,
    caseNo: z.string(),
    shopId: Id,
    orderId: Id,
    orderNo: z.string(),
    type: AftersaleType,
    state: AftersaleState,
    turn: AftersaleTurn,
    openedBy: z.enum(['buyer', 'merchant']),
    reason: z.string(),
    fault: AftersaleFault,
    quality: z.boolean(),
    amountFen: FenAmount,
    refundedFen: FenAmount,
    lines: z
      .array(
        Goods.extend({
          quantity: z.int(),
          amountFen: FenAmount,
          exchangeOptions: z.string().nullable(),
          restocked: z.int(),
          scrapped: z.int(),
        }),
      )
      .max(50),
    openedAt: Instant,
    /** When something happens by itself, or should have been done. */
    dueAt: Instant.nullable(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'AftersaleRow' })
export type AftersaleRow = z.infer<typeof AftersaleRow>

const Parcel = z.object({
  carrierName: z.string(),
  trackingNo: z.string(),
  at: Instant,
  track: ParcelTrack.nullable(),
})

/** One case whole, as its buyer sees it. */
export const Aftersale = z
  .object({
    ...AftersaleRow.shape,
    note: z.string(),
    evidence: z.array(Evidence).max(MAX_EVIDENCE),
    freightFen: FenAmount,
    freightBy: z.enum(['merchant', 'buyer', 'nobody']),
    /** What happens next by itself, in a sentence. */
    hint: z.string(),
    rejectReason: z.string(),
    returnAddress: ReturnAddress.omit({ id: true, isDefault: true }).nullable(),
    returnParcel: Parcel.nullable(),
    resendParcel: Parcel.nullable(),
    timeline: z.array(Entry).max(200),
    actions: z.array(AftersaleAction).max(10),
    version: z.int(),
  })
  .meta({ id: 'Aftersale' })
export type Aftersale = z.infer<typeof Aftersale>

/** The same for staff: who it is, what has been given back of the order already, and how far it may go. */
export const MerchantAftersale = z
  .object({
    ...Aftersale.shape,
    shopName: z.string(),
    buyerId: Id,
    buyerNickname: z.string(),
    /** Since when goods that came back wait to be counted; null when none do. */
    toCountAt: Instant.nullable(),
    money: AftersaleQuote.omit({ freightBy: true }),
    order: z.object({ paidFen: FenAmount, backFen: FenAmount, state: z.string() }),
    warehouses: z.array(z.object({ id: Id, name: z.string() })).max(200),
  })
  .meta({ id: 'MerchantAftersale' })
export type MerchantAftersale = z.infer<typeof MerchantAftersale>

export const AftersaleListRow = z
  .object({ ...AftersaleRow.shape, buyerNickname: z.string(), shopName: z.string(), toCountAt: Instant.nullable() })
  .meta({ id: 'AftersaleListRow' })
export type AftersaleListRow = z.infer<typeof AftersaleListRow>

export const AftersaleQuery = PageQuery.extend({
  state: AftersaleState.optional(),
  type: AftersaleType.optional(),
  turn: AftersaleTurn.optional(),
  overdue: z.stringbool().optional(),
  quality: z.stringbool().optional(),
  /** Goods that came back and wait to be counted. */
  toCount: z.stringbool().optional(),
  orderId: Id.optional(),
  /** A case, order or parcel number. */
  q: z.string().trim().max(40).optional(),
})
export const AftersaleListPage = page(AftersaleListRow)

export const AftersaleCounts = z.object({
  merchant: z.int(),
  overdue: z.int(),
  disputed: z.int(),
  /** Cases whose goods wait to be counted. */
  toCount: z.int(),
  /** Open cases by state. */
  states: z.array(z.object({ state: AftersaleState, count: z.int() })).max(20),
})

export const RulingOutcome = z.enum(['refund', 'return', 'reject'])
export type RulingOutcome = z.infer<typeof RulingOutcome>
export const RULING_OUTCOMES: Record<RulingOutcome, { zh: string; en: string }> = {
  refund: { zh: '支持买家：直接退款', en: 'For the buyer: refund' },
  return: { zh: '支持买家：退货后退款', en: 'For the buyer: refund after return' },
  reject: { zh: '支持商家：关闭售后', en: 'For the shop: close' },
}
