import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import type { OrdersDeps } from './deps.ts'
import { orderCompleted } from './events.ts'
import { nextState } from './rules.ts'
import { eventHead, requireOrder, stepped, tell } from './steps.ts'
import { type OrderKey, type OrderRow, takeSteps } from './store-orders.ts'

/** The buyer has the goods. @throws AppError NOT_FOUND, ORDER_STATE */
export async function confirmReceipt(
  tx: Tx,
  deps: Pick<OrdersDeps, 'clock'>,
  key: OrderKey,
  actor: Actor,
): Promise<OrderRow> {
  const order = await requireOrder(tx, key)
  await receiveLocked(tx, deps, [order], 'buyer', actor)
  return order
}

/** Completes orders that the caller has locked. */
export async function receiveLocked(
  tx: Tx,
  { clock }: Pick<OrdersDeps, 'clock'>,
  orders: readonly OrderRow[],
  by: 'buyer' | 'timeout',
  actor: Actor,
): Promise<void> {
  if (orders.length === 0) return
  const at = clock.instant()
  const text = by === 'buyer' ? '买家确认收货' : '超时自动确认收货'
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
