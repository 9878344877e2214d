import { z } from 'zod'
import { BusinessDay, FenAmount, Id, Instant, optionalText, PageQuery, Picture, page, text } from './common.ts'
import { isCreditCode, MOST_TITLE } from './invoice-head.ts'

export * from './invoice-head.ts'

type Words = Record<'zh' | 'en', string>

/** Whose invoice it is: a company's, with its tax number, or a person's. */
export const InvoiceTitleKind = z.enum(['company', 'person'])
export type InvoiceTitleKind = z.infer<typeof InvoiceTitleKind>
export const INVOICE_TITLE_KINDS: Record<InvoiceTitleKind, Words> = {
  company: { zh: '企业', en: 'Company' },
  person: { zh: '个人', en: 'Person' },
}

/** 普票 and 专票: only a company can deduct the tax of the second. */
export const InvoiceType = z.enum(['ordinary', 'special'])
export type InvoiceType = z.infer<typeof InvoiceType>
export const INVOICE_TYPES: Record<InvoiceType, Words> = {
  ordinary: { zh: '电子普通发票', en: 'Ordinary' },
  special: { zh: '电子专用发票', en: 'Special (VAT)' },
}

/**
 * - `asked`: the shop is to make it; `withdrawn`: by the buyer, or because everything was refunded
 * - `issued`, `refused`: by the shop; `reversed`: taken back by a red invoice 红冲
 */
export const InvoiceState = z.enum(['asked', 'issued', 'refused', 'withdrawn', 'reversed'])
export type InvoiceState = z.infer<typeof InvoiceState>
export const INVOICE_STATES: Record<InvoiceState, Words> = {
  asked: { zh: '待开票', en: 'To be issued' },
  issued: { zh: '已开票', en: 'Issued' },
  refused: { zh: '未开票', en: 'Refused' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  reversed: { zh: '已红冲', en: 'Reversed' },
}

/** Spaces and small letters are how people type and paste it. */
export const CreditCode = z
  .string()
  .transform((code) => code.replace(/\s/g, '').toUpperCase())
  .refine(isCreditCode, '税号不对：应是 18 位统一社会信用代码，请核对每一位')

/** What stands at the head of an invoice. */
export const InvoiceTitle = z
  .object({ kind: InvoiceTitleKind, title: z.string(), taxNo: z.string() })
  .meta({ id: 'InvoiceTitle' })
export type InvoiceTitle = z.infer<typeof InvoiceTitle>

export const InvoiceWish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('company'), type: InvoiceType, title: text(MOST_TITLE, 2), taxNo: CreditCode }),
  z.object({ kind: z.literal('person'), type: z.literal('ordinary'), title: text(MOST_TITLE) }),
])
export type InvoiceWish = z.infer<typeof InvoiceWish>

/** One request for an invoice, as its buyer sees it. */
export const Invoice = z
  .object({
    id: Id,
    state: InvoiceState,
    kind: InvoiceTitleKind,
    type: InvoiceType,
    title: z.string(),
    taxNo: z.string(),
    /** While it is asked for: what the order is worth now. Once issued: what the invoice says. */
    amountFen: FenAmount,
    /** Money went back after it was issued: the shop has to reverse it. */
    mustReverse: z.boolean(),
    number: z.string().nullable(),
    issuedOn: BusinessDay.nullable(),
    /** Where the tax bureau's service shows it. */
    link: z.string().nullable(),
    pictures: z.array(Picture).max(3),
    /** Why it was refused or withdrawn. */
    reason: z.string(),
    reversedBy: z.string().nullable(),
    askedAt: Instant,
    changedAt: Instant,
  })
  .meta({ id: 'Invoice' })
export type Invoice = z.infer<typeof Invoice>

/** What a buyer may do about invoices of an order. */
export const InvoiceOffer = z
  .object({
    mayAsk: z.boolean(),
    /** Why not, for the buyer to read. */
    reason: z.string(),
    amountFen: FenAmount,
    /** Until when it may be asked for; null while the order is under way. */
    until: BusinessDay.nullable(),
    maySpecial: z.boolean(),
    note: z.string(),
    /** The newest first. */
    invoices: z.array(Invoice).max(20),
    /** Heads that this buyer used before in this shop, the last one first. */
    titles: z.array(InvoiceTitle).max(5),
  })
  .meta({ id: 'InvoiceOffer' })
export type InvoiceOffer = z.infer<typeof InvoiceOffer>

export const InvoiceRow = Invoice.extend({
  orderId: Id,
  orderNo: z.string(),
  buyerNickname: z.string(),
  by: z.string(),
}).meta({ id: 'InvoiceRow' })
export type InvoiceRow = z.infer<typeof InvoiceRow>

export const InvoicePage = page(InvoiceRow)

export const InvoiceQuery = PageQuery.extend({
  state: InvoiceState.optional(),
  /** Only those that have to be reversed. */
  mustReverse: z.stringbool().optional(),
  /** Order number, head, tax number or number of the invoice. */
  q: z.string().trim().max(100).optional(),
})

/** The amount of an invoice by tax rate; amounts include the tax. */
export const InvoiceLine = z.object({
  rateBp: z.int(),
  netFen: FenAmount,
  taxFen: FenAmount,
  goods: z.array(z.object({ title: z.string(), options: z.string(), quantity: z.int() })),
})
export const InvoiceDetail = InvoiceRow.extend({ lines: z.array(InvoiceLine) }).meta({ id: 'InvoiceDetail' })
export type InvoiceDetail = z.infer<typeof InvoiceDetail>

/** 20 digits since invoices are fully digital 数电票, 8 to 12 before. */
export const InvoiceNumber = z
  .string()
  .trim()
  .regex(/^\d{8,20}$/, '发票号码是 8 到 20 位数字')

const link = z.url({ protocol: /^https?$/, error: '链接要以 http:// 或 https:// 开头' }).max(500)

export const InvoiceIssue = z
  .object({
    number: InvoiceNumber,
    issuedOn: z.iso.date(),
    /** What the invoice says: has to be what the order is worth, so that a refund meanwhile is noticed. */
    amountFen: z.int().min(1),
    link: z.union([z.literal(''), link]).default(''),
    fileIds: z.array(Id).max(3).default([]),
  })
  .refine(({ link: at, fileIds }) => at !== '' || fileIds.length > 0, {
    message: '请填发票链接，或上传发票图片，买家才能看到',
    path: ['link'],
  })
export type InvoiceIssue = z.infer<typeof InvoiceIssue>

export const InvoiceRefusal = z.object({ reason: text(100) })
export const InvoiceReversal = z.object({ number: InvoiceNumber, reason: optionalText(100) })
