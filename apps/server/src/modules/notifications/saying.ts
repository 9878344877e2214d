import { CARRIERS, type NoticeKind } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import type { Tx } from '../../kernel/db.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import { aftersaleTold } from '../aftersale/index.ts'
import { buyerTold } from '../delivery/index.ts'
import { orderRefunded, orderShipped } from '../orders/index.ts'
import { reviewWanted } from '../reviews/index.ts'
import { backInStock } from '../storefront/index.ts'
import type { NotificationsDeps } from './deps.ts'
import { goodsWords, kindOfTopic, PLACES, timeWords } from './rules.ts'

/** What happened that somebody may want to be told. */
export const TOLD_EVENTS = [orderShipped, orderRefunded, backInStock, buyerTold, reviewWanted, aftersaleTold].map(
  ({ name }) => name,
)

/** A message before it is known whether anybody wants it. */
export interface Saying {
  kind: NoticeKind
  buyerId: string
  /** What it is about: of one kind there is one message for each. */
  about: string
  subject: string
  page: string
  facts: Record<string, string>
}

/** What there is to say of an event; undefined when its order is gone. */
export async function sayingOf(deps: NotificationsDeps, tx: Tx, event: OutboxEvent): Promise<Saying | undefined> {
  const { shopId } = event
  const time = timeWords(event.occurredAt, await deps.timeZoneOf(tx, shopId))
  if (isEvent(orderShipped, event)) return shipped(event.payload, time)
  if (isEvent(orderRefunded, event)) return refunded(event.payload, time)
  if (isEvent(reviewWanted, event)) return wanted(event.payload, time)
  if (isEvent(backInStock, event)) return restocked(event.payload, event.id, time)
  if (isEvent(aftersaleTold, event)) {
    const order = await deps.orderOf(tx, shopId, event.payload.orderId)
    return order && aftersale(event.payload, event.id, order.titles, time)
  }
  if (!isEvent(buyerTold, event)) return undefined
  const { orderId, buyerId, noticeId, topic, title, text } = event.payload
  const order = await deps.orderOf(tx, shopId, orderId)
  if (order === undefined) return undefined
  return {
    ...{ kind: kindOfTopic(topic), buyerId, about: noticeId, subject: order.orderNo, page: PLACES.order(orderId) },
    facts: { 订单号: order.orderNo, 商品名称: goodsWords(order.titles), 状态: title, 说明: text, 时间: time },
  }
}

type Payload<E extends { payload: { parse(value: unknown): unknown } }> = ReturnType<E['payload']['parse']>

function shipped(parcel: Payload<typeof orderShipped>, time: string): Saying {
  const { orderId, orderNo, buyerId, shipmentId, carrierCode, trackingNo, lines, complete } = parcel
  return {
    ...{ kind: 'order-shipped', buyerId, about: shipmentId, subject: orderNo, page: PLACES.order(orderId) },
    facts: {
      订单号: orderNo,
      商品名称: goodsWords(lines.map(({ title }) => title)),
      件数: String(lines.reduce((sum, { quantity }) => sum + quantity, 0)),
      快递公司: CARRIERS[carrierCode as keyof typeof CARRIERS] ?? carrierCode,
      快递单号: trackingNo,
      发货时间: time,
      备注: complete ? '点击查看物流' : '分批发货，其余随后寄出',
    },
  }
}

function refunded(refund: Payload<typeof orderRefunded>, time: string): Saying {
  const { orderId, orderNo, buyerId, refundedFen, lines } = refund
  return {
    ...{ kind: 'refund-done', buyerId, about: orderId, subject: orderNo, page: PLACES.order(orderId) },
    facts: {
      订单号: orderNo,
      商品名称: goodsWords(lines.map(({ title }) => title)),
      退款金额: formatYuan(refundedFen),
      退款状态: '已退款',
      退款时间: time,
      备注: '款项已退回原支付账户',
    },
  }
}

/** Each step of a case is a message of its own: it is about the event. */
function aftersale(
  told: Payload<typeof aftersaleTold>,
  about: string,
  titles: readonly string[],
  time: string,
): Saying {
  const { caseId, caseNo, orderNo, buyerId, title, text, amountFen } = told
  return {
    ...{ kind: 'aftersale', buyerId, about, subject: orderNo, page: PLACES.aftersale(caseId) },
    facts: {
      订单号: orderNo,
      售后单号: caseNo,
      商品名称: goodsWords(titles),
      退款金额: formatYuan(amountFen),
      状态: title,
      说明: text,
      时间: time,
    },
  }
}

function wanted({ orderId, orderNo, buyerId, titles }: Payload<typeof reviewWanted>, time: string): Saying {
  return {
    ...{ kind: 'review-wanted', buyerId, about: orderId, subject: orderNo, page: PLACES.review(orderId) },
    facts: { 订单号: orderNo, 商品名称: goodsWords(titles), 备注: '用得怎么样？写几句给别人参考', 时间: time },
  }
}

/** Who waits a second time has the same reminder, and is told a second time: it is about the event. */
function restocked(back: Payload<typeof backInStock>, about: string, time: string): Saying {
  const { buyerId, productId, title, options, priceFen, available } = back
  return {
    ...{ kind: 'restock', buyerId, about, subject: title, page: PLACES.product(productId) },
    facts: {
      商品名称: title,
      规格: options,
      价格: formatYuan(priceFen),
      到货时间: time,
      备注: `${options === '' ? '' : `${options} `}现有 ${available} 件`,
    },
  }
}
