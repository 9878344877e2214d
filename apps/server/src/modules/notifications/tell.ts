import { CARRIERS, type NoticeKind } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import type { OutboxEvent } from '../../kernel/outbox.ts'
import { orderRefunded, orderShipped } from '../orders/index.ts'
import { backInStock } from '../storefront/index.ts'
import type { NotificationsDeps } from './deps.ts'
import { goodsWords, PLACES, timeWords } from './rules.ts'
import { TEMPLATES } from './settings.ts'
import { insertNotice, makeDue, useGrant } from './store.ts'

/** What happened that somebody may want to be told. */
export const TOLD_EVENTS = [orderShipped.name, orderRefunded.name, backInStock.name]

interface Saying {
  kind: NoticeKind
  buyerId: string
  about: string
  subject: string
  page: string
  facts: Record<string, string>
}

/**
 * Writes the message about an event and, if the buyer allows one, has it sent. In the relay's transaction: an event
 * that is handed over again changes nothing. Answers whether there is something to send.
 */
export async function tell(deps: NotificationsDeps, tx: Tx, event: OutboxEvent): Promise<boolean> {
  const { shopId } = event
  const saying = sayingOf(event, await deps.timeZoneOf(tx, shopId))
  const templateId = await deps.settings.get(TEMPLATES[saying.kind].templateId, { shopId }, tx)
  if (templateId === '') return false
  const [id, at] = [newId(), deps.clock.instant()]
  if (!(await insertNotice(tx, { shopId, id, at, templateId, ...saying }))) return false
  if (!(await useGrant(tx, { shopId, buyerId: saying.buyerId, templateId }, at))) return false
  await makeDue(tx, shopId, id, at)
  return true
}

function sayingOf(event: OutboxEvent, timeZone: string): Saying {
  const time = timeWords(event.occurredAt, timeZone)
  if (event.name === orderShipped.name) {
    const { orderId, orderNo, buyerId, shipmentId, carrierCode, trackingNo, lines, complete } =
      orderShipped.payload.parse(event.payload)
    return {
      kind: 'order-shipped',
      buyerId,
      about: shipmentId,
      subject: orderNo,
      page: PLACES.order(orderId),
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
  if (event.name === orderRefunded.name) {
    const { orderId, orderNo, buyerId, refundedFen, lines } = orderRefunded.payload.parse(event.payload)
    return {
      kind: 'refund-done',
      buyerId,
      about: orderId,
      subject: orderNo,
      page: PLACES.order(orderId),
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
  const { buyerId, productId, title, options, priceFen, available } = backInStock.payload.parse(event.payload)
  return {
    kind: 'restock',
    buyerId,
    // who waits a second time has the same reminder, and is told a second time
    about: event.id,
    subject: title,
    page: PLACES.product(productId),
    facts: {
      商品名称: title,
      规格: options,
      价格: formatYuan(priceFen),
      到货时间: time,
      备注: `${options === '' ? '' : `${options} `}现有 ${available} 件`,
    },
  }
}
