import { formatMoney } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OrdersDeps } from './deps.ts'
import { partRefundRequested } from './events.ts'
import { nextState } from './rules.ts'
import { eventHead, requireOrder, stepped, tell } from './steps.ts'
import { resizeOrder } from './store-change.ts'
import { type OrderKey, takeSteps } from './store-orders.ts'

export interface PartRefund {
  amountFen: number
  /** What it is for: the same key is one refund. */
  key: string
  reason: string
  /** What the order's timeline says. */
  text: string
  actor: Actor
}

/**
 * A part of what was paid goes back while the order goes on; never more than is left of it.
 * @throws AppError NOT_FOUND, ORDER_STATE, REFUND_TOO_LARGE
 */
export async function refundPart(
  tx: Tx,
  { clock }: Pick<OrdersDeps, 'clock'>,
  key: OrderKey,
  { amountFen, key: name, reason, text, actor }: PartRefund,
): Promise<void> {
  const order = await requireOrder(tx, key)
  const { paymentId } = order
  const to = nextState('refund-part', order)
  const leftFen = order.paidFen - order.partRefundFen
  if (amountFen > leftFen || paymentId === null)
    throw new AppError('REFUND_TOO_LARGE', { values: { limit: formatMoney(fen(leftFen)) } })
  await resizeOrder(tx, order, { units: 0, partRefundFen: amountFen })
  const at = clock.instant()
  await takeSteps(tx, [{ order, to, event: 'part-refund', text, actor }], at)
  await tell(tx, partRefundRequested, [stepped(order, to)], {
    occurredAt: at,
    actor,
    payload: (after) => ({ ...eventHead(after), paymentId, amountFen, reason, key: name }),
  })
}
