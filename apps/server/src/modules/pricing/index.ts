export { plainProvince } from './freight.ts'
export {
  applyFormula,
  type ConsideredRule,
  considerRules,
  isOffer,
  type PriceContext,
  type PricedSku,
  type PriceFormula,
  type PriceKind,
  type PriceMethod,
  type PriceRounding,
  type PriceRule,
  type PriceRuleKind,
  type PriceVerdict,
  type ResolvedPrice,
  resolvePrice,
} from './price.ts'
export { quote } from './quote.ts'
export type {
  FreightRule,
  FreightTerms,
  Offer,
  Payer,
  PriceAdjustment,
  PricedLine,
  PriceQuote,
  QuotedLine,
  QuoteInput,
} from './types.ts'
