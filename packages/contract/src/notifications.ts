import { z } from 'zod'
import { Id, Instant, PageQuery, page, text } from './common.ts'

/** What a buyer can be told in WeChat by a subscribe message 订阅消息. */
export const NoticeKind = z.enum(['order-shipped', 'refund-done', 'restock'])
export type NoticeKind = z.infer<typeof NoticeKind>

export const NOTICE_KINDS: Record<NoticeKind, { zh: string; en: string }> = {
  'order-shipped': { zh: '发货通知', en: 'Order shipped' },
  'refund-done': { zh: '退款通知', en: 'Refund done' },
  restock: { zh: '到货提醒', en: 'Back in stock' },
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

export const NoticeQuery = PageQuery.extend({ kind: NoticeKind.optional(), state: NoticeState.optional() })
export const NoticePage = page(Notice)
