import type { Fen } from '@zhanggui/contract/money'

/** Who bears a discount. */
export type Payer = 'merchant' | 'platform' | 'creator'

export interface FreightRule {
  /** Names of provinces; an empty list is everywhere that no other rule names. */
  provinces: readonly string[]
  deliverable: boolean
  /** Pieces or grams covered by `firstFen`. */
  firstUnits: number
  firstFen: number
  /** Each further started `moreUnits` costs `moreFen`. */
  moreUnits: number
  moreFen: number
  /** Free from this amount of goods (after discounts) on; null is never. */
  freeFromFen: number | null
}

export interface FreightTerms {
  id: string
  name: string
  basis: 'piece' | 'weight'
  rules: readonly FreightRule[]
}

export interface PricedLine {
  skuId: string
  quantity: number
  unitPriceFen: number
  weightGrams: number
  /** Null: delivered free of charge. */
  freightTemplateId: string | null
}

/** A discount to be applied, in the order of the list. */
export interface Offer {
  /** Stable name of where it comes from, e.g. `coupon:<id>`. */
  source: string
  label: string
  payer: Payer
  /** The SKUs it is for; null for all. */
  skuIds: readonly string[] | null
  /** Applies only when those goods still cost at least this much. */
  fromFen: number
  offFen: number
}

export interface QuoteInput {
  /** Each SKU at most once. */
  lines: readonly PricedLine[]
  /** Null when the address is not known yet. */
  province: string | null
  freight: readonly FreightTerms[]
  offers: readonly Offer[]
}

/** One step from list price to what is paid; `fen` is negative for a discount. */
export interface PriceAdjustment {
  source: string
  label: string
  payer: Payer
  /** Index of the line; null for freight. */
  line: number | null
  fen: Fen
  /** The share of each unit of the line; adds up to `fen`. */
  unitFen: Fen[]
}

export interface QuotedLine {
  skuId: string
  quantity: number
  unitPriceFen: Fen
  listTotalFen: Fen
  payTotalFen: Fen
  /** What each unit costs after all adjustments; adds up to `payTotalFen`. */
  unitPayFen: Fen[]
}

export interface PriceQuote {
  /** In the order of the input. */
  lines: QuotedLine[]
  adjustments: PriceAdjustment[]
  /** Offers that did not apply, and why, in words. */
  refusals: { source: string; reason: string }[]
  goodsFen: Fen
  /** Not positive. */
  discountFen: Fen
  freightFen: Fen
  /** How the freight came about, for people. */
  freightNote: string
  totalFen: Fen
  /** Null when no province was given. */
  deliverable: boolean | null
}
