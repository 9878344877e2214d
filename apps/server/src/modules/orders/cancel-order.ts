import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { applyTransfers, refusalError } from '../../ledger/index.ts'
import { voidCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { orderCancelled } from './events.ts'
import { countedOf, dropCounted } from './purchase-limit.ts'
import { nextState } from './rules.ts'
import { eventHead, recordMovements, requireOrder, stepped, tell } from './steps.ts'
import { linesOf, type OrderKey, type OrderRow, takeSteps } from './store-orders.ts'

type CancelDeps = Pick<OrdersDeps, 'clock' | 'stock'>

export interface Cancellation {
  by: 'buyer' | 'merchant' | 'timeout'
  reason: string
  actor: Actor
}

const WORDS = { buyer: '买家取消订单', merchant: '商家取消订单', timeout: '超时未付款，自动取消' }

/** Cancels one unpaid order. @throws AppError NOT_FOUND, ORDER_STATE */
export async function cancelOrder(tx: Tx, deps: CancelDeps, key: OrderKey, how: Cancellation): Promise<OrderRow> {
  const order = await requireOrder(tx, key)
  await cancelLocked(tx, deps, [order], how)
  return order
}

/**
 * Cancels orders that the caller has locked: state, released stock, movements and events in one transaction. A
 * reservation that the ledger has expired by itself counts as released; it is recorded here, once.
 */
export async function cancelLocked(
  tx: Tx,
  { clock, stock }: CancelDeps,
  orders: readonly OrderRow[],
  { by, reason, actor }: Cancellation,
): Promise<void> {
  if (orders.length === 0) return
  for (const order of orders) nextState('cancel', order)
  const [lines, counted] = await Promise.all([linesOf(tx, orders), countedOf(tx, orders)])
  const held = orders.flatMap((order) =>
    lines.get(order.id)!.flatMap((line) => line.allocations.map((part) => ({ order, part }))),
  )
  const groups = held.map(({ order, part }) => {
    return { shopId: order.shopId, transfers: voidCommands([part], { type: 'order', id: order.id }) }
  })
  for (const rows of counted.values()) groups.push({ shopId: rows[0]!.shopId, transfers: dropCounted(rows) })
  for (const result of await applyTransfers(tx, clock, groups))
    if (!result.ok && result.refusal.reason !== 'expired') throw refusalError(result.refusal)
  const at = clock.instant()
  const text = reason === '' || by === 'timeout' ? WORDS[by] : `${WORDS[by]}：${reason}`
  const set = { cancelReason: reason === '' ? WORDS[by] : reason, cancelledAt: at }
  await takeSteps(
    tx,
    orders.map((order) => ({ order, to: 'cancelled', event: 'cancelled', text, actor, set })),
    at,
  )
  await recordMovements(
    tx,
    stock,
    at,
    actor,
    held.map(({ order, part: { skuId, warehouseId, quantity } }) => {
      return { order, skuId, warehouseId, quantity, reason: 'release', note: WORDS[by] }
    }),
  )
  await tell(
    tx,
    orderCancelled,
    orders.map((order) => stepped(order, 'cancelled')),
    { occurredAt: at, actor, payload: (order) => ({ ...eventHead(order), by, reason: set.cancelReason }) },
  )
}
