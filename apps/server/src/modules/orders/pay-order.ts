import type { OrderState } from '@zhanggui/contract'
import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { applyTransfers, refusalError } from '../../ledger/index.ts'
import { postCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { orderPaid } from './events.ts'
import { countedOf, keepCounted } from './purchase-limit.ts'
import { allows } from './rules.ts'
import { eventHead, eventLines, orderNotFound, requireOrder, stepped, tell } from './steps.ts'
import { findOrder, linesOf, takeSteps } from './store-orders.ts'

/** What the payments module needs to know of an order. */
export interface OrderForPayment {
  shopId: string
  orderId: string
  buyerId: string
  orderNo: string
  state: OrderState
  amountFen: number
  /** Shown by WeChat; at most 60 characters. */
  description: string
  payBefore: string
  /** The payment that paid the order. */
  paymentId: string | null
}

export interface Paid {
  shopId: string
  orderId: string
  paidFen: number
  paidAt: string
  /** Null for an order that costs nothing. */
  paymentId: string | null
}

export type PaidAnswer = 'paid' | 'already-paid' | 'not-payable'

const MAX_DESCRIPTION = 60

/** @throws AppError NOT_FOUND, also when it is not that buyer's */
export async function orderForPayment(
  tx: Tx,
  shopId: string,
  orderId: string,
  buyerId?: string,
): Promise<OrderForPayment> {
  const order = await findOrder(tx, { shopId, orderId, buyerId })
  if (order === undefined) throw orderNotFound()
  const lines = (await linesOf(tx, [order])).get(order.id)!
  const more = lines.length > 1 ? ` 等 ${order.itemCount} 件` : ''
  const title = [...lines[0]!.title].slice(0, MAX_DESCRIPTION - more.length).join('')
  return {
    shopId,
    orderId,
    buyerId: order.buyerId,
    orderNo: order.orderNo,
    state: order.state,
    amountFen: order.totalFen,
    description: title + more,
    payBefore: order.payBefore,
    paymentId: order.paymentId,
  }
}

/**
 * The money has come: the reservation becomes a sale, in the caller's transaction. `already-paid` for the same payment
 * told again; `not-payable` when the order cannot take it (cancelled, its time over, paid by another payment, another
 * amount): the caller then pays it back. Nothing is written in either case.
 */
export async function markPaid(tx: Tx, deps: Pick<OrdersDeps, 'clock'>, paid: Paid): Promise<PaidAnswer> {
  const { shopId, paidFen, paidAt, paymentId } = paid
  const order = await requireOrder(tx, paid)
  if (!allows('pay', order.state))
    return order.paymentId !== null && order.paymentId === paymentId ? 'already-paid' : 'not-payable'
  if (paidFen !== order.totalFen) return 'not-payable'
  const [all, counted] = await Promise.all([linesOf(tx, [order]), countedOf(tx, [order])])
  const lines = all.get(order.id)!
  const reference = { type: 'order', id: order.id }
  const allocations = lines.flatMap((line) => line.allocations)
  const transfers = [...postCommands(allocations, reference), ...keepCounted(counted.get(order.id))]
  const [result] = await applyTransfers(tx, deps.clock, [{ shopId, transfers }])
  if (!result!.ok) {
    if (result!.refusal.reason === 'expired') return 'not-payable'
    throw refusalError(result!.refusal)
  }
  const at = deps.clock.instant()
  const set = { paidFen, paidAt, paymentId }
  const actor = SYSTEM_ACTOR
  await Promise.all([
    takeSteps(tx, [{ order, to: 'awaiting-shipment', event: 'paid', text: '付款成功', actor, set }], at),
    tell(tx, orderPaid, [stepped(order, 'awaiting-shipment')], {
      occurredAt: at,
      actor: { kind: 'buyer', id: order.buyerId },
      payload: (after) => ({
        ...eventHead(after),
        totalFen: after.totalFen,
        paymentId,
        paidAt,
        lines: eventLines(lines),
      }),
    }),
  ])
  return 'paid'
}
