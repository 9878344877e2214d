import { PRODUCT_ROLES, type ProductRole } from '@zhanggui/contract'

/** A SKU with what was sold of it in a period and what lay there. Money in fen. */
export interface SkuFigures {
  role: ProductRole
  productId: string
  soldUnits: number
  revenueFen: number
  refundedFen: number
  costFen: number | null
  stockAtStart: number
  stockAtEnd: number
}

export interface RoleSums {
  role: ProductRole
  soldUnits: number
  revenueFen: number
  marginBp: number | null
  costKnownBp: number
  refundedFen: number
  refundRateBp: number | null
  averageStock: number
  turnoverPerMonthCenti: number | null
}

const DAYS_OF_MONTH = 30

/**
 * Turnover, margin and refunds by role (CAT-07). Margin is reckoned over the SKUs whose cost is known, on what buyers
 * paid; turnover is units sold per 30 days for each unit that lay there on average of beginning and end. Pure.
 */
export function sumByRole(skus: readonly SkuFigures[], days: number): RoleSums[] {
  return PRODUCT_ROLES.map((role) => {
    const own = skus.filter((sku) => sku.role === role)
    const sum = (of: (sku: SkuFigures) => number) => own.reduce((total, sku) => total + of(sku), 0)
    const revenueFen = sum((sku) => sku.revenueFen)
    const soldUnits = sum((sku) => sku.soldUnits)
    const refundedFen = sum((sku) => sku.refundedFen)
    const knownFen = sum((sku) => (sku.costFen === null ? 0 : sku.revenueFen))
    const costFen = sum((sku) => (sku.costFen ?? 0) * sku.soldUnits)
    const averageStock = Math.round(sum((sku) => Math.max(sku.stockAtStart, 0) + Math.max(sku.stockAtEnd, 0)) / 2)
    return {
      role,
      soldUnits,
      revenueFen,
      marginBp: ratioBp(knownFen - costFen, knownFen),
      costKnownBp: ratioBp(knownFen, revenueFen) ?? 0,
      refundedFen,
      refundRateBp: ratioBp(refundedFen, revenueFen),
      averageStock,
      turnoverPerMonthCenti:
        averageStock === 0 || days <= 0 ? null : Math.round((soldUnits * 100 * DAYS_OF_MONTH) / days / averageStock),
    }
  })
}

/** A share in 1/100 %; null of nothing. */
export const ratioBp = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole)
