import { ORDER_STATES, type OrderState } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'

/** What can be done to an order. */
export type OrderStep =
  | 'pay'
  | 'cancel'
  | 'ship-part'
  | 'ship-rest'
  | 'receive'
  | 'refund-part'
  | 'request-refund-buyer'
  | 'request-refund-merchant'
  | 'refund'
  | 'refund-failed'

interface Rule {
  from: readonly OrderState[]
  /** `same`: the state stays; `back`: where the refund came from. */
  to: OrderState | 'same' | 'back'
  /** Completes the sentence “the order is …; cannot …”. */
  words: { zh: string; en: string }
}

/** The whole life of an order. What is not here cannot happen. */
export const ORDER_RULES: Readonly<Record<OrderStep, Rule>> = {
  pay: { from: ['awaiting-payment'], to: 'awaiting-shipment', words: { zh: '付款', en: 'be paid' } },
  cancel: { from: ['awaiting-payment'], to: 'cancelled', words: { zh: '取消', en: 'be cancelled' } },
  'ship-part': { from: ['awaiting-shipment'], to: 'same', words: { zh: '发货', en: 'be shipped' } },
  'ship-rest': { from: ['awaiting-shipment'], to: 'shipped', words: { zh: '发货', en: 'be shipped' } },
  receive: { from: ['shipped'], to: 'completed', words: { zh: '确认收货', en: 'be received' } },
  'refund-part': {
    from: ['awaiting-shipment', 'shipped', 'completed'],
    to: 'same',
    words: { zh: '部分退款', en: 'be refunded in part' },
  },
  'request-refund-buyer': {
    from: ['awaiting-shipment'],
    to: 'refunding',
    words: { zh: '申请退款', en: 'be refunded by the buyer' },
  },
  'request-refund-merchant': {
    from: ['awaiting-shipment', 'shipped', 'completed'],
    to: 'refunding',
    words: { zh: '退款', en: 'be refunded' },
  },
  // Money that is back with the buyer decides, also when the refund had been thought to have failed.
  refund: {
    from: ['refunding', 'awaiting-shipment', 'shipped', 'completed'],
    to: 'refunded',
    words: { zh: '退款', en: 'be refunded' },
  },
  'refund-failed': { from: ['refunding'], to: 'back', words: { zh: '退回', en: 'be put back' } },
}

export const allows = (step: OrderStep, state: OrderState): boolean => ORDER_RULES[step].from.includes(state)

/** The state after a step. @throws AppError ORDER_STATE when the step is not allowed. */
export function nextState(
  step: OrderStep,
  order: { orderNo: string; state: OrderState; refundFrom?: OrderState | null },
): OrderState {
  const rule = ORDER_RULES[step]
  if (!rule.from.includes(order.state)) throw notAllowed(step, order)
  if (rule.to === 'same') return order.state
  if (rule.to !== 'back') return rule.to
  if (!order.refundFrom) throw notAllowed(step, order)
  return order.refundFrom
}

export function notAllowed(step: OrderStep, order: { orderNo: string; state: OrderState }): AppError {
  const { orderNo, state } = order
  return new AppError('ORDER_STATE', {
    values: { orderNo, state: ORDER_STATES[state].zh, action: ORDER_RULES[step].words.zh },
    data: { state },
  })
}

/** Amounts of single units as runs, so that 9,999 equal units are one pair: `[[fen, units], …]`. */
export function toRuns(amounts: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const amount of amounts) {
    const last = runs.at(-1)
    if (last !== undefined && last[0] === amount) last[1]++
    else runs.push([amount, 1])
  }
  return runs
}

export const fromRuns = (runs: readonly (readonly [number, number])[]): number[] =>
  runs.flatMap(([amount, units]) => new Array<number>(units).fill(amount))

/** What of a line's units is still where, now that parts of them have left. Warehouses in the order of the allocations. */
export function leftToShip(
  allocations: readonly { warehouseId: string; quantity: number }[],
  shipped: readonly { warehouseId: string; quantity: number }[],
): { warehouseId: string; quantity: number }[] {
  const left = new Map<string, number>()
  for (const part of allocations) left.set(part.warehouseId, (left.get(part.warehouseId) ?? 0) + part.quantity)
  for (const part of shipped) left.set(part.warehouseId, (left.get(part.warehouseId) ?? 0) - part.quantity)
  return [...left].flatMap(([warehouseId, quantity]) => (quantity > 0 ? [{ warehouseId, quantity }] : []))
}

/** Units a line still has to ship, taken from where they were reserved, in that order. */
export function takeFromAllocations<A extends { warehouseId: string; quantity: number }>(
  allocations: readonly A[],
  shipped: number,
  quantity: number,
): { warehouseId: string; quantity: number }[] {
  const taken: { warehouseId: string; quantity: number }[] = []
  let skip = shipped
  let left = quantity
  for (const allocation of allocations) {
    const free = Math.max(0, allocation.quantity - skip)
    skip = Math.max(0, skip - allocation.quantity)
    const part = Math.min(free, left)
    if (part > 0) taken.push({ warehouseId: allocation.warehouseId, quantity: part })
    left -= part
  }
  if (left > 0) throw new RangeError(`${left} more units than were reserved`)
  return taken
}
