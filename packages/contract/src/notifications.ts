import { z } from 'zod'
import { Id, Instant, PageQuery, page, text } from './common.ts'

/** What a buyer can be told in WeChat by a subscribe message 订阅消息. */
export const NoticeKind = z.enum([
  'order-shipped',
  'parcel-news',
  'pick-up',
  'order-news',
  'refund-done',
  'aftersale',
  'review-wanted',
  'restock',
])
export type NoticeKind = z.infer<typeof NoticeKind>

export const NOTICE_KINDS: Record<NoticeKind, { zh: string; en: string }> = {
  'order-shipped': { zh: '发货通知', en: 'Order shipped' },
  'parcel-news': { zh: '物流动态', en: 'Parcel on its way' },
  'pick-up': { zh: '取货通知', en: 'Ready for pick-up' },
  'order-news': { zh: '订单进展', en: 'Order news' },
  'refund-done': { zh: '退款通知', en: 'Refund done' },
  aftersale: { zh: '售后进展', en: 'After-sale news' },
  'review-wanted': { zh: '评价提醒', en: 'Review wanted' },
  restock: { zh: '到货提醒', en: 'Back in stock' },
}

/** When a message of a kind is written, in the words of the screen that lists them. */
export const NOTICE_OCCASIONS: Record<NoticeKind, { zh: string; en: string }> = {
  'order-shipped': { zh: '每个包裹发出时', en: 'When a parcel leaves' },
  'parcel-news': {
    zh: '包裹派送、签收、停滞，骑手出发时',
    en: 'When a parcel is out for delivery, signed for or stalled, or a rider leaves',
  },
  'pick-up': {
    zh: '备好货、快到期、已到期时',
    en: 'When goods are ready at the point, and before and after time is up',
  },
  'order-news': {
    zh: '缺货要买家选择、改地址有结果时',
    en: 'When the buyer has to choose, or an address change is decided',
  },
  'refund-done': { zh: '退款到账时', en: 'When money is back' },
  aftersale: {
    zh: '售后有结果、要寄回、换货寄出、快到期时',
    en: 'When a case is decided, goods are to be sent back, a replacement leaves, or time is nearly up',
  },
  'review-wanted': { zh: '确认收货若干天后还没评价时', en: 'Some days after receipt, while there is no review' },
  restock: { zh: '买家等的规格到货时', en: 'When a SKU somebody waits for is back' },
}

/** What `wx.requestSubscribeMessage` must name to ask for a kind. */
export const NoticeTemplate = z.object({ kind: NoticeKind, templateId: z.string() }).meta({ id: 'NoticeTemplate' })
export type NoticeTemplate = z.infer<typeof NoticeTemplate>

/** WeChat's answer for one template; only `accept` allows one message. */
export const NoticeAnswer = z.object({
  templateId: text(64),
  answer: z.enum(['accept', 'reject', 'ban', 'filter']),
})

/**
 * - `waiting`: to be sent, or to be tried again
 * - `sent`: WeChat took it
 * - `not-allowed`: the buyer allows no message of this kind, or has no mini program
 * - `failed`: WeChat refused it for good; `error` says why
 */
export const NoticeState = z.enum(['waiting', 'sent', 'not-allowed', 'failed'])
export type NoticeState = z.infer<typeof NoticeState>

export const NOTICE_STATES: Record<NoticeState, { zh: string; en: string }> = {
  waiting: { zh: '待发送', en: 'Waiting' },
  sent: { zh: '已发送', en: 'Sent' },
  'not-allowed': { zh: '买家未订阅', en: 'Not subscribed' },
  failed: { zh: '发送失败', en: 'Failed' },
}

/** One message to one buyer, as staff see it. */
export const Notice = z
  .object({
    id: Id,
    kind: NoticeKind,
    /** What it is about: an order number, or a product. */
    subject: z.string(),
    buyerNickname: z.string(),
    state: NoticeState,
    error: z.string().nullable(),
    createdAt: Instant,
    sentAt: Instant.nullable(),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof Notice>

export const NoticeQuery = PageQuery.extend({
  kind: NoticeKind.optional(),
  state: NoticeState.optional(),
  /** Order number, or the beginning of a product's title. */
  q: text(64).optional(),
  buyerId: Id.optional(),
})
export const NoticePage = page(Notice)

/** One kind of message of a shop: what it is sent with, and what became of the last ones. */
export const NoticeKindView = z
  .object({
    kind: NoticeKind,
    /** Empty while the shop has chosen no template: buyers are not asked then, and nothing is sent. */
    templateId: z.string(),
    fields: z.string(),
    /** Messages of the last 30 days by what became of them. */
    counts: z.object({ waiting: z.int(), sent: z.int(), notAllowed: z.int(), failed: z.int() }),
  })
  .meta({ id: 'NoticeKindView' })
export type NoticeKindView = z.infer<typeof NoticeKindView>

export const NoticeKindList = z.object({
  /** Whether the installation is connected to a mini program at all. */
  connected: z.boolean(),
  items: z.array(NoticeKindView).max(20),
})
export type NoticeKindList = z.infer<typeof NoticeKindList>
