import type { OrderState } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { uncommitCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { orderRefunded, refundRequested, refundReturned } from './events.ts'
import { giveBackCounted } from './purchase-limit.ts'
import { leftToShip, nextState, notAllowed } from './rules.ts'
import { eventHead, eventLines, recordMovements, requireOrder, stepped, tell } from './steps.ts'
import { type LineRow, linesOf, type OrderKey, type OrderRow, takeSteps } from './store-orders.ts'
import { shippedParts } from './store-shipments.ts'

type RefundDeps = Pick<OrdersDeps, 'clock' | 'stock'>

/**
 * The whole order is to be paid back: the buyer may ask before anything ships, the merchant until the order is
 * refunded. The payments module hears of it by the event. An order that cost nothing is refunded at once.
 * @throws AppError NOT_FOUND, ORDER_STATE
 */
export async function requestRefund(
  tx: Tx,
  deps: RefundDeps,
  key: OrderKey,
  request: { by: 'buyer' | 'merchant'; reason: string; actor: Actor },
): Promise<OrderRow> {
  const { by, reason, actor } = request
  const order = await requireOrder(tx, key)
  const lines = (await linesOf(tx, [order])).get(order.id)!
  const to = requireRefundable(order, by, lines)
  const at = deps.clock.instant()
  const text = `${by === 'buyer' ? '买家申请退款' : '商家发起退款'}：${reason}`
  const set = { refundReason: reason, refundFrom: order.state }
  await takeSteps(tx, [{ order, to, event: 'refund-requested', text, actor, set }], at)
  const after = { ...stepped(order, to), refundFrom: order.state }
  await tell(tx, refundRequested, [after], {
    occurredAt: at,
    actor,
    payload: () => {
      const { paymentId } = order
      const amountFen = order.paidFen - order.partRefundFen
      return { ...eventHead(after), paymentId, amountFen, reason, by, fromState: order.state }
    },
  })
  if (order.paidFen === order.partRefundFen) await refundLocked(tx, deps, after, lines, 0)
  return order
}

/** The state of a whole order that is to be paid back. @throws AppError ORDER_STATE when it cannot be asked for */
export function requireRefundable(
  order: OrderRow,
  by: 'buyer' | 'merchant',
  lines: readonly Pick<LineRow, 'shippedQuantity'>[],
): OrderState {
  const step = `request-refund-${by}` as const
  const to = nextState(step, order)
  if (by === 'buyer' && lines.some((line) => line.shippedQuantity > 0)) throw notAllowed(step, order)
  return to
}

/**
 * The money is back with the buyer. What had not been shipped becomes available again.
 * @throws AppError NOT_FOUND, ORDER_STATE
 */
export async function markRefunded(
  tx: Tx,
  deps: RefundDeps,
  refunded: { shopId: string; orderId: string; refundedFen: number },
): Promise<'refunded' | 'already-refunded'> {
  const order = await requireOrder(tx, refunded)
  if (order.state === 'refunded') return 'already-refunded'
  const lines = (await linesOf(tx, [order])).get(order.id)!
  await refundLocked(tx, deps, order, lines, refunded.refundedFen)
  return 'refunded'
}

/** The money could not be paid back: the order is where it was. @throws AppError NOT_FOUND, ORDER_STATE */
export async function refundFailed(
  tx: Tx,
  { clock }: Pick<OrdersDeps, 'clock'>,
  failed: { shopId: string; orderId: string; reason: string },
): Promise<void> {
  const { reason } = failed
  const order = await requireOrder(tx, failed)
  const to = nextState('refund-failed', order)
  const at = clock.instant()
  const actor = SYSTEM_ACTOR
  await takeSteps(tx, [{ order, to, event: 'refund-failed', text: `退款失败：${reason}`, actor }], at)
  await tell(tx, refundReturned, [stepped(order, to)], {
    occurredAt: at,
    actor,
    payload: (after) => ({ ...eventHead(after), reason, toState: to }),
  })
}

async function refundLocked(
  tx: Tx,
  { clock, stock }: RefundDeps,
  order: OrderRow,
  lines: readonly LineRow[],
  refundedFen: number,
): Promise<void> {
  const to = nextState('refund', order)
  const { shopId } = order
  const at = clock.instant()
  const actor = SYSTEM_ACTOR
  const shipped = lines.some((line) => line.shippedQuantity > 0) ? await shippedParts(tx, shopId, [order.id]) : []
  const back = lines.flatMap(({ line, skuId, allocations }) => {
    const mine = shipped.filter((part) => part.line === line)
    return leftToShip(allocations, mine).map((part) => ({ skuId, ...part }))
  })
  const reference = { type: 'order', id: order.id }
  const transfers = [
    ...uncommitCommands(back, { key: order.id, reference }),
    ...(await giveBackCounted(tx, order, order.id)),
  ]
  if (transfers.length > 0) await transferOrThrow(tx, clock, { shopId, transfers })
  await takeSteps(
    tx,
    [
      {
        order,
        to,
        event: 'refunded',
        text: '退款完成',
        actor,
        set: { refundedFen: order.partRefundFen + refundedFen },
      },
    ],
    at,
  )
  await recordMovements(
    tx,
    stock,
    at,
    actor,
    back.map((part) => ({ order, ...part, reason: 'release', note: '未发货退款' })),
  )
  await tell(tx, orderRefunded, [stepped(order, to)], {
    occurredAt: at,
    actor,
    payload: (after) => ({ ...eventHead(after), refundedFen, lines: eventLines(lines) }),
  })
}
