import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import type { OrdersDeps } from './deps.ts'
import { orderCompleted } from './events.ts'
import { nextState } from './rules.ts'
import { eventHead, requireOrder, stepped, tell } from './steps.ts'
import { type OrderKey, type OrderRow, setAutoReceive, takeSteps } from './store-orders.ts'

/** The buyer has the goods. @throws AppError NOT_FOUND, ORDER_STATE */
export async function confirmReceipt(
  tx: Tx,
  deps: Pick<OrdersDeps, 'clock'>,
  key: OrderKey,
  actor: Actor,
  by: 'buyer' | 'hand-over' = 'buyer',
): Promise<OrderRow> {
  const order = await requireOrder(tx, key)
  await receiveLocked(tx, deps, [order], by, actor)
  return order
}

/** Receipt is confirmed by itself at `at`, if that is sooner. Answers whether anything has changed. */
export async function receiveBy(tx: Tx, key: OrderKey, at: string): Promise<boolean> {
  const order = await requireOrder(tx, key)
  if (order.state !== 'shipped' || (order.autoReceiveAt !== null && order.autoReceiveAt <= at)) return false
  await setAutoReceive(tx, key, at)
  return true
}

/** Receipt is confirmed by itself at `at`, sooner or later; nothing for an order that is not on its way. */
export async function receiveAt(tx: Tx, key: OrderKey, at: string): Promise<void> {
  const order = await requireOrder(tx, key)
  if (order.state === 'shipped') await setAutoReceive(tx, key, at)
}

const RECEIVED = { buyer: '买家确认收货', timeout: '超时自动确认收货', 'hand-over': '买家到店取货，已核销' }

/** Completes orders that the caller has locked. */
export async function receiveLocked(
  tx: Tx,
  { clock }: Pick<OrdersDeps, 'clock'>,
  orders: readonly OrderRow[],
  by: 'buyer' | 'timeout' | 'hand-over',
  actor: Actor,
): Promise<void> {
  if (orders.length === 0) return
  const at = clock.instant()
  const text = RECEIVED[by]
  await takeSteps(
    tx,
    orders.map((order) => {
      return { order, to: nextState('receive', order), event: 'completed', text, actor, set: { completedAt: at } }
    }),
    at,
  )
  await tell(
    tx,
    orderCompleted,
    orders.map((order) => stepped(order, 'completed')),
    {
      occurredAt: at,
      actor,
      payload: (order) => ({ ...eventHead(order), totalFen: order.totalFen, by, completedAt: at }),
    },
  )
}
