import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { parcelMoved } from '../delivery/index.ts'
import { orderChanged, orderRefunded, refundRequested, refundReturned } from '../orders/index.ts'
import { refundSucceeded } from '../payments/index.ts'
import type { AftersaleDeps } from './deps.ts'
import { releaseReplacement } from './exchange.ts'
import { toCount } from './goods.ts'
import { lockBoth, note, settle, takeStep } from './life.ts'
import { allows, isOver } from './rules.ts'
import { confirmDays, inspectHours } from './settings.ts'
import { type CaseRow, casesOfOrder, changeCase, linesOfCases } from './store.ts'

const BATCH = 50
const RETRY_MS = 10 * MINUTE_MS
const PURPOSE = /^aftersale:([0-9a-f-]{36})/

/** What other modules tell: money that is back, orders that end, parcels that arrive. */
export function aftersaleSubscribers(deps: AftersaleDeps): Subscriber[] {
  return [
    {
      name: 'aftersale.follow',
      events: [refundSucceeded, orderRefunded, refundReturned, refundRequested, orderChanged, parcelMoved],
      batchSize: BATCH,
      async handle(tx, events) {
        for (const event of events) await follow(tx, deps, event)
      },
    },
  ]
}

async function follow(tx: Tx, deps: AftersaleDeps, event: OutboxEvent): Promise<void> {
  const { shopId, aggregateId } = event
  if (isEvent(refundSucceeded, event)) {
    const caseId = PURPOSE.exec(event.payload.purpose ?? '')?.[1]
    if (caseId !== undefined) await partIsBack(tx, deps, { shopId, caseId }, event.payload.amountFen)
  } else if (isEvent(orderRefunded, event)) await orderIsBack(tx, deps, shopId, aggregateId)
  else if (isEvent(refundReturned, event)) await goesAgain(tx, deps, shopId, aggregateId)
  else if (isEvent(refundRequested, event)) await overtake(tx, deps, shopId, aggregateId, '订单已整单退款')
  else if (isEvent(orderChanged, event)) await unitsAreGone(tx, deps, shopId, aggregateId)
  else if (isEvent(parcelMoved, event) && event.payload.state === 'signed')
    await arrived(tx, deps, shopId, event.payload)
}

const IS_BACK = { title: '售后退款已到账', text: '款项已退回，请留意账户' }

async function partIsBack(
  tx: Tx,
  deps: AftersaleDeps,
  key: { shopId: string; caseId: string },
  amountFen: number,
): Promise<void> {
  const { row } = await lockBoth(tx, deps, key)
  if (!allows('paid', row.state)) return
  const refundedFen = Math.min(row.amountFen, row.refundedFen + amountFen)
  if (refundedFen < row.amountFen) {
    await changeCase(tx, row, { refundedFen })
    return
  }
  const set = { refundedFen }
  await settle(tx, deps, row, 'paid', { text: '退款已到账，售后完成', actor: SYSTEM_ACTOR, set, tell: IS_BACK })
}

/** Cases of an order that are not over, locked after their order. */
async function openOf(tx: Tx, deps: AftersaleDeps, shopId: string, orderId: string): Promise<CaseRow[]> {
  await deps.orders.lockOrder(tx, { shopId, orderId })
  return (await casesOfOrder(tx, shopId, orderId)).filter(({ state }) => !isOver(state))
}

async function orderIsBack(tx: Tx, deps: AftersaleDeps, shopId: string, orderId: string): Promise<void> {
  const open = await openOf(tx, deps, shopId, orderId)
  // A refund that WeChat had closed may have been asked for anew: the last one has paid.
  const paying = open.filter((row) => row.state === 'refunding' && row.whole).at(-1)
  for (const row of open)
    if (row === paying) {
      const set = { refundedFen: row.amountFen }
      await settle(tx, deps, row, 'paid', { text: '退款已到账，售后完成', actor: SYSTEM_ACTOR, set })
    } else if (row.state === 'refunding' && row.whole)
      await takeStep(tx, deps, row, 'superseded', { text: '已由后来的退款完成', actor: SYSTEM_ACTOR })
    else await close(tx, deps, row, '订单已整单退款')
}

/** WeChat could not pay it back: asked for again a little later. */
async function goesAgain(tx: Tx, deps: AftersaleDeps, shopId: string, orderId: string): Promise<void> {
  for (const row of await openOf(tx, deps, shopId, orderId)) {
    if (row.state !== 'refunding' || !row.whole) continue
    await note(tx, deps, row, { kind: 'step', text: '微信支付没有完成退款，稍后自动再退', actor: SYSTEM_ACTOR })
    await changeCase(tx, row, { dueAt: plusMs(deps.clock.instant(), RETRY_MS) })
  }
}

async function overtake(tx: Tx, deps: AftersaleDeps, shopId: string, orderId: string, text: string): Promise<void> {
  for (const row of await openOf(tx, deps, shopId, orderId)) await close(tx, deps, row, text)
}

async function close(tx: Tx, deps: AftersaleDeps, row: CaseRow, text: string): Promise<void> {
  if (!allows('overtaken', row.state)) return
  await releaseReplacement(tx, deps, row, SYSTEM_ACTOR)
  const set = await toCount(tx, deps, row)
  await takeStep(tx, deps, row, 'overtaken', { text: `${text}，售后关闭`, actor: SYSTEM_ACTOR, set })
}

/** Units that a case waits for were taken out of the order by another way. */
async function unitsAreGone(tx: Tx, deps: AftersaleDeps, shopId: string, orderId: string): Promise<void> {
  const waiting = (await openOf(tx, deps, shopId, orderId)).filter(
    (row) => row.stage === 'unshipped' && allows('overtaken', row.state),
  )
  if (waiting.length === 0) return
  const order = await deps.orders.findOrder(tx, { shopId, orderId })
  const left = new Map(
    (await deps.orders.linesOf(tx, order!)).map((line) => [line.skuId, line.quantity - line.shippedQuantity]),
  )
  const lines = await linesOfCases(tx, waiting)
  for (const row of waiting)
    for (const { skuId, quantity } of lines.get(row.id)!) {
      const rest = (left.get(skuId) ?? 0) - quantity
      if (rest < 0) {
        await close(tx, deps, row, '商品已从订单中退掉')
        break
      }
      left.set(skuId, rest)
    }
}

/** A parcel of a case is there: the goods are to be looked at, or the exchange is about over. */
async function arrived(
  tx: Tx,
  deps: AftersaleDeps,
  shopId: string,
  parcel: { orderId: string; shipmentId: string; at: string },
): Promise<void> {
  for (const row of await openOf(tx, deps, shopId, parcel.orderId)) {
    const isReturn = row.state === 'inspecting' && row.returnParcel?.id === parcel.shipmentId
    const isResend = row.state === 'resent' && row.resendParcel?.id === parcel.shipmentId
    if (!isReturn && !isResend) continue
    const mine = isReturn ? row.returnParcel! : row.resendParcel!
    if (mine.signedAt !== undefined) continue
    const text = isReturn ? '退货包裹已签收，等待商家验货' : '换货包裹已签收'
    await note(tx, deps, row, { kind: 'step', text, actor: SYSTEM_ACTOR })
    const inspectMs = (await deps.settings.get(inspectHours, { shopId }, tx)) * HOUR_MS
    const confirmMs = (await deps.settings.get(confirmDays, { shopId }, tx)) * DAY_MS
    const dueAt = plusMs(deps.clock.instant(), isReturn ? inspectMs : confirmMs)
    const signed = { ...mine, signedAt: parcel.at }
    await changeCase(tx, row, isReturn ? { returnParcel: signed, dueAt } : { resendParcel: signed, dueAt })
  }
}
