import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { ExceptionDeps } from './deps.ts'
import { open, resolve } from './life.ts'
import { type ExceptionRow, heldBy, lockException } from './store.ts'

/** Keeps an order back. @throws AppError NOT_FOUND, ORDER_STATE, DUPLICATE when it is held already */
export async function holdOrder(
  tx: Tx,
  deps: ExceptionDeps,
  key: { shopId: string; orderId: string },
  hold: { reason: string; until: string | null; actor: Actor },
): Promise<ExceptionRow> {
  const { reason, until, actor } = hold
  const order = await deps.orders.lockOrder(tx, key)
  if (order.state !== 'awaiting-shipment')
    throw new AppError('ORDER_STATE', { values: { orderNo: order.orderNo, state: '不在待发货', action: '暂缓发货' } })
  if (until !== null && until <= deps.clock.instant())
    throw new AppError('VALIDATION_FAILED', { values: { field: '暂缓到', reason: '要晚于现在' }, field: 'until' })
  const id = newId()
  const opened = await open(
    tx,
    deps,
    {
      ...{ ...key, id, buyerId: order.buyerId, orderNo: order.orderNo, kind: 'hold', state: 'open' },
      ...{ subject: key.orderId, mark: id, title: '暂缓发货', detail: reason, data: {}, dueAt: until },
    },
    `暂缓发货：${reason}`,
    actor,
  )
  if (opened === undefined) throw new AppError('DUPLICATE', { values: { what: '暂缓发货', value: order.orderNo } })
  return opened
}

/** Called with the order locked, before anything of it ships: a hold that was written before is seen. @throws AppError ORDER_HELD */
export async function mayShip(tx: Tx, order: { shopId: string; orderId: string; orderNo: string }): Promise<void> {
  const hold = await heldBy(tx, order.shopId, order.orderId)
  if (hold !== undefined) throw new AppError('ORDER_HELD', { values: { orderNo: order.orderNo, reason: hold.detail } })
}

/** The time of a hold is over. */
export async function releaseHold(tx: Tx, deps: ExceptionDeps, due: ExceptionRow, actor: Actor): Promise<void> {
  await deps.orders.lockOrder(tx, due)
  const row = await lockException(tx, due.shopId, due.id)
  if (row === undefined || row.state === 'resolved' || row.dueAt === null || row.dueAt > deps.clock.instant()) return
  await resolve(tx, deps, row, '到期自动恢复发货', actor)
}
