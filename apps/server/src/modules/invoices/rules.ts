import { allocate, fen } from '@zhanggui/contract/money'
import { taxOf } from '../books/index.ts'
import type { OrderRow } from '../orders/index.ts'

const SETTLED = ['awaiting-shipment', 'shipped', 'completed']

/**
 * What an invoice of an order says: what was paid for it and did not go back, freight included. Undefined while its
 * money is on the way back, so that nobody can say.
 */
export function worthOf(order: Pick<OrderRow, 'state' | 'paidFen' | 'partRefundFen'>): number | undefined {
  if (SETTLED.includes(order.state)) return order.paidFen - order.partRefundFen
  return order.state === 'refunding' ? undefined : 0
}

export interface TaxedGoods {
  rateBp: number
  title: string
  options: string
  quantity: number
  /** What was paid for them, less what went back. */
  weightFen: number
}

/**
 * The amount of an invoice by rate, the highest first: divided by what was paid for the goods of each, freight with
 * them, to the fen. Goods that were all given back stand on no invoice.
 */
export function linesByRate(amountFen: number, goods: readonly TaxedGoods[]) {
  const kept = goods.filter(({ weightFen }) => weightFen > 0)
  const rates = [...Map.groupBy(kept.length > 0 ? kept : goods, ({ rateBp }) => rateBp)].sort(([a], [b]) => b - a)
  const weights = rates.map(([, of]) => of.reduce((sum, { weightFen }) => sum + weightFen, 0))
  const shares = allocate(fen(amountFen), weights.some((weight) => weight > 0) ? weights : weights.map(() => 1))
  return rates.map(([rateBp, of], index) => ({
    rateBp,
    netFen: shares[index]!,
    taxFen: taxOf([shares[index]!], rateBp)[0]!,
    goods: of.map(({ title, options, quantity }) => ({ title, options, quantity })),
  }))
}
