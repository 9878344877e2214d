import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import type { OrderRow } from '../orders/index.ts'
import { open } from './apply.ts'
import { approve } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { type OrderNow, orderNow, type Plan, sharesOf } from './quote.ts'
import { sumOf } from './rules.ts'
import { autoUnshipped } from './settings.ts'

interface WholeWish {
  by: 'buyer' | 'merchant'
  reason: string
  actor: Actor
}

/**
 * Everything that is left of an order is to go back: a buyer asks before anything ships, the shop until it is refunded.
 * Written as one case like any other. @throws AppError NOT_FOUND, ORDER_STATE
 */
export async function refundWhole(
  tx: Tx,
  deps: AftersaleDeps,
  key: { shopId: string; orderId: string; buyerId?: string },
  { by, reason, actor }: WholeWish,
): Promise<OrderRow> {
  const order = await deps.orders.lockOrder(tx, key)
  const now = await orderNow(tx, deps, order)
  deps.orders.requireRefundable(
    order,
    by,
    now.lines.map(({ line }) => line),
  )
  const plan = wholePlan(now, by, reason)
  const wish = { type: 'refund', reasonCode: plan.reason.code, lines: [], note: '', evidenceFileIds: [] } as const
  const row = await open(tx, deps, now, plan, { ...wish, amountFen: plan.ceilingFen, openedBy: by }, actor)
  const isAsked = by === 'buyer' && !(await deps.settings.get(autoUnshipped, { shopId: order.shopId }, tx))
  if (!isAsked) await approve(tx, deps, { order, row }, { actor, note: '', isAutomatic: by === 'buyer' })
  return order
}

function wholePlan({ order, lines }: OrderNow, by: 'buyer' | 'merchant', reason: string): Plan {
  const isUnshipped = lines.every(({ line }) => line.shippedQuantity === 0)
  const all = lines.flatMap((now) => {
    const { line, free } = now
    const quantity = line.quantity - line.shippedQuantity + free.length
    const unshippedFen = sharesOf(line)
      .slice(line.shippedQuantity)
      .reduce((sum, each) => sum + each, 0)
    const wish = { line: line.line, quantity }
    return quantity === 0 ? [] : [{ now, wish, units: isUnshipped ? [] : free, fen: unshippedFen + sumOf(free) }]
  })
  const ceilingFen = order.paidFen - order.partRefundFen
  const unitsFen = Math.min(
    ceilingFen,
    all.reduce((sum, each) => sum + each.fen, 0),
  )
  const fault = by === 'buyer' ? ('buyer' as const) : ('merchant' as const)
  return {
    stage: isUnshipped ? 'unshipped' : 'shipped',
    reason: { code: 'stated', label: reason, fault, quality: false, types: ['refund'], evidence: false },
    ...{ lines: all, unitsFen, freightFen: ceilingFen - unitsFen, ceilingFen, freightBy: 'nobody' },
  }
}
