import type { OrderState } from '@zhanggui/contract'
import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { emitMany } from '../../kernel/outbox.ts'
import { applyTransfers, refusalError } from '../../ledger/index.ts'
import { postCommands } from '../stock/index.ts'
import type { OrdersDeps } from './deps.ts'
import { orderPaid } from './events.ts'
import { countedOf, keepCounted } from './purchase-limit.ts'
import { allows } from './rules.ts'
import { eventHead, eventLines, orderNotFound, stepped } from './steps.ts'
import { findOrder, type LineRow, linesOf, lockOrders, type OrderRow, type StepRow, takeSteps } from './store-orders.ts'

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
 * amount): the caller then pays it back. Nothing is written in either case. @throws AppError NOT_FOUND
 */
export async function markPaid(tx: Tx, deps: Pick<OrdersDeps, 'clock'>, paid: Paid): Promise<PaidAnswer> {
  return (await markAllPaid(tx, deps, [paid]))[0]!
}

/** The same of many orders, each named once: one answer for each, in their order, in as many statements as for one. */
export async function markAllPaid(
  tx: Tx,
  deps: Pick<OrdersDeps, 'clock'>,
  all: readonly Paid[],
): Promise<PaidAnswer[]> {
  const orders = new Map((await lockOrders(tx, all)).map((order) => [order.id, order]))
  const payable: { paid: Paid; order: OrderRow }[] = []
  const answers = all.map((paid): PaidAnswer => {
    const order = orders.get(paid.orderId)
    if (order === undefined) throw orderNotFound()
    const { state, paymentId, totalFen } = order
    if (!allows('pay', state))
      return paymentId !== null && paymentId === paid.paymentId ? 'already-paid' : 'not-payable'
    if (paid.paidFen !== totalFen) return 'not-payable'
    payable.push({ paid, order })
    return 'paid'
  })
  const late = await sell(tx, deps, payable)
  return answers.map((answer, index) => (late.has(all[index]!.orderId) ? 'not-payable' : answer))
}

/** Answers the orders whose time was over. */
async function sell(
  tx: Tx,
  { clock }: Pick<OrdersDeps, 'clock'>,
  payable: readonly { paid: Paid; order: OrderRow }[],
): Promise<ReadonlySet<string>> {
  if (payable.length === 0) return new Set()
  const orders = payable.map(({ order }) => order)
  const [lines, counted] = await Promise.all([linesOf(tx, orders), countedOf(tx, orders)])
  const groups = orders.map(({ shopId, id }) => {
    const allocations = lines.get(id)!.flatMap((line) => line.allocations)
    return {
      shopId,
      transfers: [...postCommands(allocations, { type: 'order', id }), ...keepCounted(counted.get(id))],
    }
  })
  const results = await applyTransfers(tx, clock, groups)
  const late = new Set<string>()
  for (const [index, result] of results.entries()) {
    if (result.ok) continue
    if (result.refusal.reason !== 'expired') throw refusalError(result.refusal)
    late.add(orders[index]!.id)
  }
  const sold = payable.filter(({ order }) => !late.has(order.id))
  if (sold.length > 0) await writeSold(tx, sold, lines, clock.instant())
  return late
}

async function writeSold(
  tx: Tx,
  sold: readonly { paid: Paid; order: OrderRow }[],
  lines: ReadonlyMap<string, LineRow[]>,
  at: string,
): Promise<void> {
  const steps = sold.map(({ order, paid: { paidFen, paidAt, paymentId } }): StepRow => {
    const set = { paidFen, paidAt, paymentId }
    return { order, to: 'awaiting-shipment', event: 'paid', text: '付款成功', actor: SYSTEM_ACTOR, set }
  })
  const emissions = sold.map(({ order, paid: { paymentId, paidAt } }) => {
    const after = stepped(order, 'awaiting-shipment')
    return {
      ...{ shopId: order.shopId, aggregate: 'order', aggregateId: order.id, occurredAt: at },
      actor: { kind: 'buyer', id: order.buyerId },
      payload: {
        ...eventHead(after),
        totalFen: after.totalFen,
        paymentId,
        paidAt,
        lines: eventLines(lines.get(order.id)!),
      },
    }
  })
  await Promise.all([takeSteps(tx, steps, at), emitMany(tx, orderPaid, emissions)])
}
