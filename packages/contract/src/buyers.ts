import { z } from 'zod'
import { FenAmount, Id, Instant, PageQuery, page, ShopParams, shopParams } from './common.ts'
import { Consent, PrivacyChoices } from './customers.ts'
import { routes } from './route.ts'

/** Through which door a buyer first came: mini program, or the shop in a browser. */
export const BuyerChannel = z.enum(['mini', 'mp', 'unknown'])
export type BuyerChannel = z.infer<typeof BuyerChannel>

export const BUYER_CHANNELS: Record<BuyerChannel, { zh: string; en: string }> = {
  mini: { zh: '小程序', en: 'Mini program' },
  mp: { zh: '公众号网页', en: 'Web shop' },
  unknown: { zh: '未知', en: 'Unknown' },
}

/** `leaving`: asked to be deleted, within the days in which that can be taken back; `gone`: personal data is erased. */
export const BuyerState = z.enum(['active', 'leaving', 'gone'])
export type BuyerState = z.infer<typeof BuyerState>

/** One buyer of a shop, as staff list them. */
export const BuyerRow = z
  .object({
    id: Id,
    nickname: z.string(),
    avatarUrl: z.string().nullable(),
    /** Masked; null when no phone is bound. */
    phoneMasked: z.string().nullable(),
    state: BuyerState,
    channel: BuyerChannel,
    levelId: Id.nullable(),
    levelName: z.string().nullable(),
    /** Orders that were paid. */
    orderCount: z.int(),
    /** What was paid, less what went back. */
    paidFen: FenAmount,
    lastOrderAt: Instant.nullable(),
    /** Since when the shop knows the buyer. */
    since: Instant,
  })
  .meta({ id: 'BuyerRow' })
export type BuyerRow = z.infer<typeof BuyerRow>

/** With `-` the greatest or newest first. */
export const BuyerSort = z.enum(['-since', 'since', '-last-order', 'last-order', '-paid', 'paid', '-orders', 'orders'])
export type BuyerSort = z.infer<typeof BuyerSort>

export const BuyersQuery = PageQuery.extend({
  /** A whole phone number, an order number, or a part of the nickname. */
  q: z.string().trim().max(60).optional(),
  levelId: Id.optional(),
  channel: BuyerChannel.optional(),
  /** How often they bought: never, once, more often. */
  orders: z.enum(['none', 'once', 'more']).optional(),
  /** Known since [from, to). */
  from: Instant.optional(),
  to: Instant.optional(),
  sort: BuyerSort.default('-since'),
})

/** An address of a buyer as staff see it: masked, or in clear to those who may. */
export const BuyerAddressShown = z
  .object({
    id: Id,
    name: z.string(),
    phone: z.string(),
    province: z.string(),
    city: z.string(),
    district: z.string(),
    street: z.string(),
    detail: z.string(),
    label: z.string(),
    isDefault: z.boolean(),
  })
  .meta({ id: 'BuyerAddressShown' })
export type BuyerAddressShown = z.infer<typeof BuyerAddressShown>

export const BuyerDetail = z
  .object({
    ...BuyerRow.shape,
    /** When the person first signed in, in whatever shop. */
    registeredAt: Instant,
    levelSince: Instant.nullable(),
    birthdayKnown: z.boolean(),
    privacy: PrivacyChoices,
    consents: z.array(Consent).max(200),
    addresses: z.array(BuyerAddressShown).max(20),
    counts: z.object({
      favourites: z.int(),
      /** Null: the buyer wants no history. */
      seen: z.int().nullable(),
      reviews: z.int(),
      messages: z.int(),
    }),
    /** When personal data will be erased, if the buyer has asked for it. */
    leavesAt: Instant.nullable(),
  })
  .meta({ id: 'BuyerDetail' })
export type BuyerDetail = z.infer<typeof BuyerDetail>

export const MomentKind = z.enum([
  'registered',
  'signed-in',
  'merged',
  'consent',
  'level',
  'viewed',
  'favourite',
  'order',
  'payment',
  'refund',
  'review',
  'message',
  'note',
])
export type MomentKind = z.infer<typeof MomentKind>

export const MOMENT_KINDS: Record<MomentKind, { zh: string; en: string }> = {
  registered: { zh: '注册', en: 'Registered' },
  'signed-in': { zh: '登录', en: 'Signed in' },
  merged: { zh: '合并', en: 'Merged' },
  consent: { zh: '同意协议', en: 'Agreed' },
  level: { zh: '会员等级', en: 'Member level' },
  viewed: { zh: '浏览', en: 'Viewed' },
  favourite: { zh: '收藏', en: 'Favourite' },
  order: { zh: '订单', en: 'Order' },
  payment: { zh: '支付', en: 'Payment' },
  refund: { zh: '退款', en: 'Refund' },
  review: { zh: '评价', en: 'Review' },
  message: { zh: '消息', en: 'Message' },
  note: { zh: '备注', en: 'Note' },
}

/** Something that happened with a buyer in a shop. */
export const BuyerMoment = z
  .object({
    id: z.string(),
    at: Instant,
    kind: MomentKind,
    text: z.string(),
    /** Where to look closer, behind `/console/s/<shop>/`. */
    to: z.string().nullable(),
  })
  .meta({ id: 'BuyerMoment' })
export type BuyerMoment = z.infer<typeof BuyerMoment>

const BuyerParams = shopParams({ buyerId: Id })

export const buyerRoutes = routes({
  'console.buyers': {
    method: 'GET',
    path: '/api/console/shops/:shopId/buyers',
    summary: "The shop's buyers; by phone, order number or nickname",
    access: { audience: 'staff', permission: 'customers.read' },
    params: ShopParams,
    query: BuyersQuery,
    response: page(BuyerRow),
  },
  'console.buyer': {
    method: 'GET',
    path: '/api/console/shops/:shopId/buyers/:buyerId',
    summary: 'One buyer of the shop, personal data masked',
    access: { audience: 'staff', permission: 'customers.read' },
    params: BuyerParams,
    response: BuyerDetail,
    errors: ['NOT_FOUND'],
  },
  'console.buyerTimeline': {
    method: 'GET',
    path: '/api/console/shops/:shopId/buyers/:buyerId/timeline',
    summary: 'What happened with a buyer, newest first; what the caller may not see is left out',
    access: { audience: 'staff', permission: 'customers.read' },
    params: BuyerParams,
    query: PageQuery.extend({ kind: MomentKind.optional() }),
    response: page(BuyerMoment),
    errors: ['NOT_FOUND'],
  },
  'console.revealBuyer': {
    method: 'POST',
    path: '/api/console/shops/:shopId/buyers/:buyerId/reveal',
    summary: 'Phone, birthday and addresses of a buyer in clear; who looked is on record',
    access: { audience: 'staff', permission: 'customers.personal-data' },
    stepUpAbove: 'personal-data',
    params: BuyerParams,
    response: z.object({
      phone: z.string().nullable(),
      birthday: z.iso.date().nullable(),
      addresses: z.array(BuyerAddressShown).max(20),
    }),
    errors: ['NOT_FOUND'],
  },
})
