import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import type { DeliveryDeps } from './deps.ts'
import { lockBoth, STATE_WORDS, step, wrongState } from './pick-up.ts'
import { tellBuyer } from './tell-buyer.ts'

interface Key {
  shopId: string
  orderId: string
}

/** A rider takes everything that is left of the order along. @throws AppError ORDER_STATE, ORDER_HELD, NOT_FOUND */
export async function dispatch(
  tx: Tx,
  deps: DeliveryDeps,
  key: Key,
  rider: { riderName: string; riderPhone: string; actor: Actor },
): Promise<void> {
  const { riderName, riderPhone, actor } = rider
  const { row } = await lockBoth(tx, deps, key)
  if (row.method !== 'same-city' || row.state !== 'preparing') throw wrongState(row, STATE_WORDS[row.state], '交给骑手')
  const at = deps.clock.instant()
  await deps.orders.ship(tx, {
    ...{ ...key, actor, method: 'same-city', carrierCode: 'OTHER' },
    trackingNo: `TC${row.orderNo}`,
  })
  await step(tx, row, { state: 'on-the-way', riderName, riderPhone }, at, actor)
  await tellBuyer(tx, deps, {
    ...{ shopId: row.shopId, orderId: row.orderId, buyerId: row.buyerId },
    topic: 'rider-left',
    title: '骑手已出发',
    text: `${riderName}正在为你配送，电话 ${riderPhone}，请保持手机畅通`,
  })
}

/** The rider has handed over. The buyer confirms, or the clock does. @throws AppError ORDER_STATE, NOT_FOUND */
export async function delivered(tx: Tx, deps: DeliveryDeps, key: Key, actor: Actor): Promise<void> {
  const { row } = await lockBoth(tx, deps, key)
  if (row.state === 'done') return
  if (row.method !== 'same-city' || row.state !== 'on-the-way')
    throw wrongState(row, STATE_WORDS[row.state], '标记送达')
  const at = deps.clock.instant()
  await step(tx, row, { state: 'done', doneAt: at, doneBy: actor.name ?? '' }, at, actor)
}
