import { CARRIERS, type CarrierCode } from '@zhanggui/contract'
import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderCancelled, orderCompleted, orderPaid, orderRefunded, orderShipped } from '../orders/index.ts'
import type { DeliveryDeps } from './deps.ts'
import { type ParcelMoved, parcelMoved } from './events.ts'
import { lockBoth, step } from './pick-up.ts'
import { drawCode } from './pick-up-code.ts'
import { pickUpExpiry, tellParcelNews } from './settings.ts'
import { clearReminder, findDelivery, lockDelivery, lockRemindable, overdue } from './store.ts'
import { insertTrack } from './store-tracks.ts'
import { tellBuyer } from './tell-buyer.ts'
import { promisedAt } from './terms.ts'
import { onSigned } from './tracking.ts'

const BATCH = 50

/** Events from before parcels came back say nothing. */
const isOutbound = ({ direction = 'out' }: ParcelMoved): boolean => direction === 'out'

/** What the delivery of an order does when the order moves. */
export function deliverySubscribers(deps: DeliveryDeps): Subscriber[] {
  return [
    {
      name: 'delivery.orders',
      events: [orderPaid, orderShipped, orderCancelled, orderRefunded, orderCompleted],
      batchSize: BATCH,
      async handle(tx, events) {
        for (const event of events) await onOrder(tx, deps, event)
      },
    },
    {
      name: 'delivery.signed',
      events: [parcelMoved],
      batchSize: BATCH,
      async handle(tx, events) {
        for (const event of events)
          if (isEvent(parcelMoved, event) && event.payload.state === 'signed' && isOutbound(event.payload))
            await onSigned(tx, deps, event.shopId, event.payload.orderId)
      },
    },
    {
      name: 'delivery.parcel-news',
      events: [parcelMoved],
      batchSize: BATCH,
      // whoever updates tells nobody of parcels that arrived long ago
      from: 'now',
      async handle(tx, events) {
        for (const event of events)
          if (isEvent(parcelMoved, event) && event.payload.direction !== 'return')
            await tellOfParcel(tx, deps, event.shopId, event.payload)
      },
    },
  ]
}

/** What a buyer wants to hear of a parcel by itself: that it comes today, and that it is there. */
const PARCEL_NEWS: Readonly<Record<string, { topic: string; title: string; advice: string }>> = {
  delivering: { topic: 'parcel-delivering', title: '包裹正在派送', advice: '请保持电话畅通' },
  signed: { topic: 'parcel-signed', title: '包裹已签收', advice: '有问题请尽快联系我们' },
}

async function tellOfParcel(tx: Tx, deps: DeliveryDeps, shopId: string, moved: ParcelMoved): Promise<void> {
  const { orderId, buyerId, carrierCode, trackingNo, state, before } = moved
  const news = PARCEL_NEWS[state]
  if (news === undefined || state === before) return
  if (!(await deps.settings.get(tellParcelNews, { shopId }, tx))) return
  const carrier = CARRIERS[carrierCode as CarrierCode] ?? carrierCode
  const text = `${carrier} ${trackingNo}，${news.advice}`
  await tellBuyer(tx, deps, { shopId, orderId, buyerId, topic: news.topic, title: news.title, text })
}

async function onOrder(tx: Tx, deps: DeliveryDeps, event: OutboxEvent): Promise<void> {
  const { shopId, aggregateId: orderId } = event
  if (isEvent(orderPaid, event)) return startPromise(tx, deps, shopId, orderId, event.payload.paidAt)
  if (isEvent(orderShipped, event)) {
    const shipped = event.payload
    if ((shipped.method ?? 'courier') !== 'courier') return
    const { shipmentId, buyerId, carrierCode, trackingNo, shippedAt } = shipped
    const following = deps.express ? 'asking' : 'off'
    const phoneTail = shipped.receiverPhoneMasked.slice(-4)
    const track = {
      shopId,
      shipmentId,
      orderId,
      buyerId,
      carrierCode,
      trackingNo,
      phoneTail,
      direction: 'out' as const,
      shippedAt,
    }
    await insertTrack(tx, { ...track, following, checkAt: deps.express ? deps.clock.instant() : null })
    // Sent by courier after all: nobody waits for it at the point any more.
    if (shipped.complete) await endDelivery(tx, deps, shopId, orderId, 'ended')
  } else if (isEvent(orderCompleted, event)) await endDelivery(tx, deps, shopId, orderId, 'done')
  else if (isEvent(orderCancelled, event) || isEvent(orderRefunded, event))
    await endDelivery(tx, deps, shopId, orderId, 'ended')
}

/** It is paid: from now on the promise runs, and a pick-up order has its code. */
async function startPromise(
  tx: Tx,
  deps: DeliveryDeps,
  shopId: string,
  orderId: string,
  paidAt: string,
): Promise<void> {
  const row = await lockDelivery(tx, shopId, orderId)
  if (row === undefined || row.state !== 'awaiting-payment') return
  const { timeZone } = await deps.shopOf(tx, shopId)
  const dueAt = promisedAt(row, paidAt, timeZone)
  const code = row.method === 'pick-up' ? await drawCode(tx, deps.vault, row) : {}
  await step(tx, row, { state: 'preparing', paidAt, dueAt, ...code }, deps.clock.instant())
}

async function endDelivery(
  tx: Tx,
  deps: DeliveryDeps,
  shopId: string,
  orderId: string,
  state: 'done' | 'ended',
): Promise<void> {
  const row = await lockDelivery(tx, shopId, orderId)
  if (row === undefined || row.state === 'done' || row.state === 'ended') return
  const at = deps.clock.instant()
  await step(tx, row, { state, ...(state === 'done' ? { doneAt: at } : {}) }, at)
}

/** Reminds buyers of what waits for them. Exactly once, however many processes sweep. Answers how many. */
export async function remindBuyers(deps: DeliveryDeps): Promise<number> {
  return deps.db.tx('system', async (tx) => {
    const due = await lockRemindable(tx, deps.clock.instant(), BATCH)
    for (const row of due) {
      await clearReminder(tx, row)
      const { shopId, orderId, buyerId, frozen, keepUntil } = row
      const { timeZone } = await deps.shopOf(tx, shopId)
      await tellBuyer(tx, deps, {
        ...{ shopId, orderId, buyerId },
        topic: 'pick-up-reminder',
        title: '别忘了取货',
        text: `你的商品在「${frozen.point?.name ?? '自提点'}」等你，保留到 ${localTime(keepUntil!, timeZone)}`,
      })
    }
    return due.length
  })
}

/** Ends the keeping of what nobody fetched, by the shop's rule. Answers how many. */
export async function endKeeping(deps: DeliveryDeps): Promise<number> {
  const due = await deps.db.read('system', (tx) => overdue(tx, deps.clock.instant(), BATCH))
  for (const { shopId, orderId } of due)
    await deps.db.tx({ shopId }, async (tx) => {
      const { order } = await lockBoth(tx, deps, { shopId, orderId })
      const row = await findDelivery(tx, shopId, orderId)
      const at = deps.clock.instant()
      if (row === undefined || row.state !== 'ready' || row.keepUntil! > at) return
      await step(tx, row, { state: 'expired' }, at)
      const rule = await deps.settings.get(pickUpExpiry, { shopId }, tx)
      const refunds = rule === 'refund' && order.state === 'awaiting-shipment'
      if (refunds) await refundUnfetched(tx, deps, { shopId, orderId })
      await tellBuyer(tx, deps, {
        ...{ shopId, orderId, buyerId: row.buyerId },
        topic: 'pick-up-expired',
        title: refunds ? '逾期未取，已为你退款' : '商品已超过保留时间',
        text: refunds
          ? `商品在「${row.frozen.point!.name}」超过保留时间，订单已发起退款，款项原路退回`
          : `商品在「${row.frozen.point!.name}」超过保留时间，请尽快取货或联系商家 ${row.frozen.point!.phone}`,
      })
    })
  return due.length
}

async function refundUnfetched(tx: Tx, deps: DeliveryDeps, key: { shopId: string; orderId: string }): Promise<void> {
  try {
    await deps.orders.requestRefund(tx, key, { by: 'merchant', reason: '逾期未取', actor: SYSTEM_ACTOR })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'ORDER_STATE')) throw error
  }
}

const localTime = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at))
