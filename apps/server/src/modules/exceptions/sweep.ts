import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { deliveryMoved, parcelMoved } from '../delivery/index.ts'
import { orderCancelled, orderCompleted, orderRefunded, orderShipped } from '../orders/index.ts'
import type { ExceptionDeps } from './deps.ts'
import { releaseHold } from './hold.ts'
import { open, resolve } from './life.ts'
import { decideHours, riskMinutes, shipHours, stalledHours } from './settings.ts'
import { shortageOver } from './shortage.ts'
import { dueExceptions, type ExceptionRow, openOf } from './store.ts'

const BATCH = 50
/** The least that a shop may set: what is older than this may be due by some shop's rule. */
const LEAST = { stalledHours: 6, shipHours: 1 }

/** Looks for what has gone wrong, and does what is due by itself. Each happening is opened once, ever. Answers how many. */
export async function sweepExceptions(deps: ExceptionDeps): Promise<number> {
  const done = await Promise.all([openStalled(deps), openLate(deps), openAtRisk(deps), dueByClock(deps)])
  return done.reduce((sum, each) => sum + each, 0)
}

/** Parcels of which nothing is heard: the buyer is told by itself, and the carrier asked. */
async function openStalled(deps: ExceptionDeps): Promise<number> {
  const now = deps.clock.instant()
  const before = plusMs(now, -LEAST.stalledHours * HOUR_MS)
  const found = await deps.db.read('system', (tx) => deps.delivery.stalledSince(tx, before, BATCH * 4))
  let opened = 0
  for (const parcel of found)
    await deps.db.tx({ shopId: parcel.shopId }, async (tx) => {
      const { shopId, orderId, buyerId, shipmentId, trackingNo, since } = parcel
      const hours = await deps.settings.get(stalledHours, { shopId }, tx)
      if (Date.parse(now) - Date.parse(since) < hours * HOUR_MS) return
      const order = await deps.orders.lockOrder(tx, { shopId, orderId })
      const decide = await deps.settings.get(decideHours, { shopId }, tx)
      const exception = await open(
        tx,
        deps,
        {
          ...{ shopId, orderId, buyerId: order.buyerId, orderNo: order.orderNo, kind: 'stalled-parcel', state: 'open' },
          ...{ subject: shipmentId, mark: since, title: `物流 ${hours} 小时没有更新` },
          ...{
            detail: `运单 ${trackingNo}`,
            data: { trackingNo, shipmentId, since },
            dueAt: plusMs(now, decide * HOUR_MS),
          },
        },
        '已自动告知买家，并向快递查询',
        SYSTEM_ACTOR,
      )
      if (exception === undefined) return
      opened++
      await deps.delivery.askSoon(tx, shopId, shipmentId)
      await deps.delivery.tellBuyer(tx, {
        ...{ shopId, orderId, buyerId, topic: 'parcel-stalled' },
        title: '包裹有段时间没有动静了',
        text: `运单 ${trackingNo} 已超过 ${hours} 小时没有更新，我们正在催促快递核实，有进展会马上告诉你`,
      })
    })
  return opened
}

async function openLate(deps: ExceptionDeps): Promise<number> {
  const now = deps.clock.instant()
  const before = plusMs(now, -LEAST.shipHours * HOUR_MS)
  const found = await deps.db.read('system', (tx) => deps.orders.unshippedSince(tx, before, BATCH * 4))
  let opened = 0
  for (const { shopId, id: orderId, buyerId, orderNo, paidAt } of found)
    await deps.db.tx({ shopId }, async (tx) => {
      const hours = await deps.settings.get(shipHours, { shopId }, tx)
      if (Date.parse(now) - Date.parse(paidAt) < hours * HOUR_MS) return
      if ((await deps.delivery.findDelivery(tx, shopId, orderId)) !== undefined) return
      const exception = await open(
        tx,
        deps,
        {
          ...{ shopId, orderId, buyerId, orderNo, kind: 'late-shipment', state: 'open', subject: orderId, mark: '' },
          title: `付款 ${hours} 小时还没发货`,
          ...{ detail: '', data: {}, dueAt: plusMs(paidAt, hours * HOUR_MS) },
        },
        '超过承诺发货时间',
        SYSTEM_ACTOR,
      )
      if (exception !== undefined) opened++
    })
  return opened
}

async function openAtRisk(deps: ExceptionDeps): Promise<number> {
  const now = deps.clock.instant()
  const found = await deps.db.read('system', (tx) => deps.delivery.atRisk(tx, plusMs(now, 4 * HOUR_MS), BATCH * 4))
  let opened = 0
  for (const { shopId, orderId, buyerId, orderNo, dueAt } of found)
    await deps.db.tx({ shopId }, async (tx) => {
      const minutes = await deps.settings.get(riskMinutes, { shopId }, tx)
      if (Date.parse(dueAt!) - Date.parse(now) > minutes * MINUTE_MS) return
      const exception = await open(
        tx,
        deps,
        {
          ...{ shopId, orderId, buyerId, orderNo, kind: 'promise-risk', state: 'open', subject: orderId, mark: '' },
          ...{ title: '同城配送即将超时', detail: '', data: {}, dueAt },
        },
        `距承诺送达不到 ${minutes} 分钟`,
        SYSTEM_ACTOR,
      )
      if (exception !== undefined) opened++
    })
  return opened
}

async function dueByClock(deps: ExceptionDeps): Promise<number> {
  const due = await deps.db.read('system', (tx) => dueExceptions(tx, deps.clock.instant(), BATCH))
  for (const row of due)
    await deps.db.tx({ shopId: row.shopId }, (tx) =>
      row.kind === 'hold' ? releaseHold(tx, deps, row, SYSTEM_ACTOR) : shortageOver(tx, deps, row, SYSTEM_ACTOR),
    )
  return due.length
}

/** What other modules tell: parcels that move again or come back, orders that end. */
export function exceptionSubscribers(deps: ExceptionDeps): Subscriber[] {
  return [
    {
      name: 'exceptions.follow',
      events: [parcelMoved, deliveryMoved, orderShipped, orderCompleted, orderRefunded, orderCancelled],
      batchSize: BATCH,
      async handle(tx, events) {
        for (const event of events) await follow(tx, deps, event)
      },
    },
  ]
}

async function follow(tx: Tx, deps: ExceptionDeps, event: OutboxEvent): Promise<void> {
  const { shopId, aggregateId } = event
  if (isEvent(parcelMoved, event))
    // What goes back, or replaces it, is the after-sale's own.
    return (event.payload.direction ?? 'out') === 'out' ? onParcel(tx, deps, shopId, event.payload) : undefined
  if (isEvent(deliveryMoved, event)) {
    const { state, orderId } = event.payload
    if (state === 'expired') return onOverdue(tx, deps, shopId, event.payload)
    if (state === 'done') await close(tx, deps, shopId, orderId, '已完成', ['promise-risk', 'overdue-pick-up'])
  } else if (isEvent(orderShipped, event)) {
    if (event.payload.complete)
      await close(tx, deps, shopId, aggregateId, '已发货', ['late-shipment', 'shortage', 'hold'])
  } else if (isEvent(orderCompleted, event)) await close(tx, deps, shopId, aggregateId, '订单已完成')
  else if (isEvent(orderRefunded, event) || isEvent(orderCancelled, event))
    await close(tx, deps, shopId, aggregateId, '订单已退款或取消')
}

interface Parcel {
  orderId: string
  shipmentId: string
  trackingNo: string
  state: string
  text: string
  at: string
}

async function onParcel(tx: Tx, deps: ExceptionDeps, shopId: string, parcel: Parcel): Promise<void> {
  const { orderId, shipmentId, trackingNo, state, text } = parcel
  const order = await deps.orders.lockOrder(tx, { shopId, orderId })
  const isTrouble = state === 'problem' || state === 'returned'
  for (const row of await openOf(tx, shopId, orderId)) {
    if (row.subject !== shipmentId || (row.kind !== 'stalled-parcel' && row.kind !== 'problem-parcel')) continue
    if (row.kind === 'problem-parcel' && isTrouble) continue
    // News of what was before the silence do not end it, however late they are heard.
    const { since } = row.data
    if (row.kind === 'stalled-parcel' && since && Date.parse(parcel.at) <= Date.parse(since)) continue
    await resolve(tx, deps, row, `物流有更新：${text}`, SYSTEM_ACTOR)
  }
  if (!isTrouble) return
  const decide = await deps.settings.get(decideHours, { shopId }, tx)
  await open(
    tx,
    deps,
    {
      ...{ shopId, orderId, buyerId: order.buyerId, orderNo: order.orderNo, kind: 'problem-parcel', state: 'open' },
      ...{ subject: shipmentId, mark: parcel.at, title: state === 'returned' ? '包裹被退回' : '快递报告疑难件' },
      detail: `运单 ${trackingNo}：${text}`.slice(0, 300),
      ...{ data: { trackingNo, shipmentId }, dueAt: plusMs(deps.clock.instant(), decide * HOUR_MS) },
    },
    text,
    SYSTEM_ACTOR,
  )
}

async function onOverdue(
  tx: Tx,
  deps: ExceptionDeps,
  shopId: string,
  { orderId, orderNo, buyerId }: { orderId: string; orderNo: string; buyerId: string },
): Promise<void> {
  const decide = await deps.settings.get(decideHours, { shopId }, tx)
  await open(
    tx,
    deps,
    {
      ...{ shopId, orderId, buyerId, orderNo, kind: 'overdue-pick-up', state: 'open', subject: orderId, mark: '' },
      ...{ title: '自提超过保留时间', detail: '', data: {} },
      dueAt: plusMs(deps.clock.instant(), decide * HOUR_MS),
    },
    '已告知买家',
    SYSTEM_ACTOR,
  )
}

async function close(
  tx: Tx,
  deps: ExceptionDeps,
  shopId: string,
  orderId: string,
  text: string,
  kinds?: readonly ExceptionRow['kind'][],
): Promise<void> {
  await deps.orders.lockOrder(tx, { shopId, orderId })
  for (const row of await openOf(tx, shopId, orderId))
    if (kinds === undefined || kinds.includes(row.kind)) await resolve(tx, deps, row, text, SYSTEM_ACTOR)
}
