import { type Fen, fen } from '@zhanggui/contract/money'

/** What moved of one SKU in one warehouse; what leaves is positive, adjustments are signed. */
export interface Moved {
  skuId: string
  warehouseId: string
  productId: string
  categoryId: string | null
  /** The SKU's present cost price. */
  costFen: number | null
  opening: number
  received: number
  returned: number
  sold: number
  scrapped: number
  given: number
  adjusted: number
  transferredIn: number
  transferredOut: number
  closing: number
}

const UNITS = [
  ...(['opening', 'received', 'returned', 'sold', 'scrapped', 'given', 'adjusted'] as const),
  ...(['transferredIn', 'transferredOut', 'closing'] as const),
] as const
type Units = Record<(typeof UNITS)[number], number>

const COSTS = {
  openingCostFen: 'opening',
  receivedCostFen: 'received',
  soldCostFen: 'sold',
  closingCostFen: 'closing',
} as const

export type Figures = Units & Record<keyof typeof COSTS, Fen> & { withoutCost: number }

/** Sums of rows; amounts are at cost prices and leave SKUs without one out, which `withoutCost` counts. */
export function figuresOf(rows: readonly Moved[]): Figures {
  const units = Object.fromEntries(
    UNITS.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]),
  ) as unknown as Units
  const costs = Object.fromEntries(
    Object.entries(COSTS).map(([name, of]) => [
      name,
      fen(rows.reduce((sum, row) => sum + (row.costFen ?? 0) * row[of], 0)),
    ]),
  ) as unknown as Record<keyof typeof COSTS, Fen>
  const uncosted = rows.filter((row) => row.costFen === null && UNITS.some((name) => row[name] !== 0))
  return { ...units, ...costs, withoutCost: new Set(uncosted.map(({ skuId }) => skuId)).size }
}
