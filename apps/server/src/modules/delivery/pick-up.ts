import type { PickUpOrder } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { emit } from '../../kernel/outbox.ts'
import type { DeliveryDeps } from './deps.ts'
import { deliveryMoved } from './events.ts'
import { codeHash } from './pick-up-code.ts'
import { codeTries, pickUpKeepDays, pickUpRemindHours } from './settings.ts'
import {
  countWrong,
  type DeliveryRow,
  type DeliveryStep,
  deliveryByCode,
  findDelivery,
  lockDelivery,
  moveDelivery,
  wrongTries,
} from './store.ts'
import { findPoint } from './store-places.ts'
import { tellBuyer } from './tell-buyer.ts'

const TRY_WINDOW_MS = 10 * MINUTE_MS

export interface Clerk {
  staffId: string
  actor: Actor
}

/** Moves a delivery and says so. @throws AppError CONFLICT when it moved meanwhile */
export async function step(tx: Tx, row: DeliveryRow, to: DeliveryStep, at: string, actor?: Actor): Promise<void> {
  if (!(await moveDelivery(tx, row, to))) throw new AppError('CONFLICT', { values: { what: `订单 ${row.orderNo}` } })
  const { shopId, orderId, orderNo, buyerId, method } = row
  await emit(tx, deliveryMoved, {
    shopId,
    aggregate: 'order',
    aggregateId: orderId,
    payload: { orderId, orderNo, buyerId, method, state: to.state, dueAt: to.dueAt ?? row.dueAt },
    occurredAt: at,
    ...(actor ? { actor } : {}),
  })
}

/** The delivery with its order locked before it. @throws AppError NOT_FOUND */
export async function lockBoth(tx: Tx, deps: DeliveryDeps, key: { shopId: string; orderId: string }) {
  const order = await deps.orders.lockOrder(tx, key)
  const row = await lockDelivery(tx, key.shopId, key.orderId)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '同城或自提订单' } })
  return { order, row }
}

export function wrongState(row: DeliveryRow, state: string, action: string): AppError {
  return new AppError('ORDER_STATE', { values: { orderNo: row.orderNo, state, action }, data: { state: row.state } })
}

/** The goods lie ready at the point: the buyer is told, and the clock of keeping starts. Doing it twice tells once. */
export async function markReady(
  tx: Tx,
  deps: DeliveryDeps,
  key: { shopId: string; orderId: string },
  actor: Actor,
): Promise<DeliveryRow> {
  const { shopId } = key
  const { order, row } = await lockBoth(tx, deps, key)
  if (row.method !== 'pick-up') throw wrongState(row, '同城配送', '标记备货完成')
  if (row.state === 'ready') return row
  if (row.state !== 'preparing' || order.state !== 'awaiting-shipment')
    throw wrongState(row, STATE_WORDS[row.state], '标记备货完成')
  const at = deps.clock.instant()
  const keepDays = await deps.settings.get(pickUpKeepDays, { shopId }, tx)
  const remindHours = await deps.settings.get(pickUpRemindHours, { shopId }, tx)
  const keepUntil = plusMs(at, keepDays * DAY_MS)
  const reminder = plusMs(keepUntil, -remindHours * HOUR_MS)
  const remindAt = reminder > at ? { remindAt: reminder } : {}
  await step(tx, row, { state: 'ready', readyAt: at, keepUntil, ...remindAt }, at, actor)
  const point = row.frozen.point!
  await tellBuyer(tx, deps, {
    ...{ shopId, orderId: row.orderId, buyerId: row.buyerId },
    topic: 'pick-up-ready',
    title: '商品已备好，可以取货了',
    text: `请凭取货码到「${point.name}」（${point.address}）取货，营业时间 ${row.frozen.opensAt}–${row.frozen.closesAt}，为你保留 ${keepDays} 天`,
  })
  return { ...row, state: 'ready' }
}

export const STATE_WORDS: Record<DeliveryRow['state'], string> = {
  'awaiting-payment': '待付款',
  preparing: '备货中',
  ready: '待自提',
  'on-the-way': '配送中',
  done: '已取货',
  expired: '逾期未取',
  ended: '已关闭',
}

/**
 * The order of a code, for whoever may hand over at its point. Wrong codes are counted in a transaction of their own,
 * so that the refusal does not undo the count. @throws AppError NOT_FOUND, TOO_MANY_REQUESTS, FORBIDDEN
 */
async function byCode(deps: DeliveryDeps, shopId: string, code: string, { staffId }: Clerk): Promise<DeliveryRow> {
  const at = deps.clock.instant()
  const found = await deps.db.tx({ shopId }, async (tx) => {
    const tries = await wrongTries(tx, shopId, staffId, at)
    if (tries !== undefined && tries.wrong >= (await deps.settings.get(codeTries, { shopId }, tx))) {
      const seconds = Math.max(1, Math.ceil((Date.parse(tries.windowEndsAt) - Date.parse(at)) / 1000))
      throw new AppError('TOO_MANY_REQUESTS', { values: { seconds }, retryAfterSeconds: seconds })
    }
    const row = await deliveryByCode(tx, shopId, codeHash(deps.vault, shopId, code))
    if (row === undefined) await countWrong(tx, shopId, staffId, at, plusMs(at, TRY_WINDOW_MS))
    return row
  })
  if (found === undefined)
    throw new AppError('NOT_FOUND', { values: { what: `取货码 ${code}，请买家打开订单再看一次` } })
  await deps.db.read({ shopId }, async (tx) => {
    const point = found.pointId === null ? undefined : await findPoint(tx, shopId, found.pointId)
    if (point && point.staffIds.length > 0 && !point.staffIds.includes(staffId))
      throw new AppError('FORBIDDEN', { values: { permission: `只有「${point.name}」的店员可以核销` } })
  })
  return found
}

/** What staff see before they hand over. @throws AppError NOT_FOUND, TOO_MANY_REQUESTS, FORBIDDEN */
export async function findPickUp(deps: DeliveryDeps, shopId: string, code: string, clerk: Clerk): Promise<PickUpOrder> {
  const row = await byCode(deps, shopId, code, clerk)
  return deps.db.read({ shopId }, (tx) => pickUpOrder(tx, deps, row.shopId, row.orderId))
}

/**
 * Hands the goods over: what is left leaves the stock, the order is completed, the code is used up. Whoever comes
 * second, with the same code at the same moment, is told that it was done.
 * @throws AppError NOT_FOUND, TOO_MANY_REQUESTS, FORBIDDEN, ORDER_STATE, ORDER_HELD
 */
export async function handOver(deps: DeliveryDeps, shopId: string, code: string, clerk: Clerk): Promise<PickUpOrder> {
  const { orderId } = await byCode(deps, shopId, code, clerk)
  return deps.db.tx({ shopId }, async (tx) => {
    const { row } = await lockBoth(tx, deps, { shopId, orderId })
    if (!['preparing', 'ready', 'expired'].includes(row.state))
      throw wrongState(row, STATE_WORDS[row.state], '再次核销')
    const { actor } = clerk
    const at = deps.clock.instant()
    await deps.orders.ship(tx, {
      ...{ shopId, orderId, actor, method: 'pick-up', carrierCode: 'OTHER' },
      trackingNo: `ZT${row.orderNo}`,
    })
    await deps.orders.handedOver(tx, { shopId, orderId }, actor)
    await step(tx, row, { state: 'done', doneAt: at, doneBy: actor.name ?? '' }, at, actor)
    return pickUpOrder(tx, deps, shopId, orderId)
  })
}

async function pickUpOrder(tx: Tx, deps: DeliveryDeps, shopId: string, orderId: string): Promise<PickUpOrder> {
  const order = (await deps.orders.findOrder(tx, { shopId, orderId }))!
  const row = (await findDelivery(tx, shopId, orderId))!
  const [summary] = await deps.orders.summariesOf(tx, [order])
  return {
    ...{ orderId, orderNo: order.orderNo, state: row.state, buyerNote: order.buyerNote },
    receiver: order.receiverMasked,
    receiverPhone: order.phoneMasked,
    pointId: row.pointId!,
    pointName: row.frozen.point!.name,
    ...{ paidAt: row.paidAt, promisedAt: row.dueAt, readyAt: row.readyAt, keepUntil: row.keepUntil },
    doneAt: row.doneAt,
    totalFen: order.totalFen as PickUpOrder['totalFen'],
    problem: problemOf(row, order.state),
    lines: summary!.lines.map(({ skuId, title, options, picture, quantity }) => {
      return { skuId, title, options, picture: picture ?? null, quantity }
    }),
  }
}

function problemOf(row: DeliveryRow, orderState: string): string | null {
  if (row.state === 'done') return '这个取货码已经用过，商品已取走'
  if (row.state === 'ended') return '订单已退款或改发快递，不能取货'
  if (orderState === 'refunding') return '买家正在退款，请先不要交货'
  return orderState === 'awaiting-shipment' ? null : '订单当前不能取货'
}
