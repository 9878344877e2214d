export { plainProvince } from './freight.ts'
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
