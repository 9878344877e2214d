import { allocate, fen } from '@zhanggui/contract/money'
import { plainProvince } from './freight.ts'

/** `region` and `channel` say what the regular price is somewhere; `member` and `scheduled` take something off it. */
export type PriceRuleKind = 'region' | 'channel' | 'member' | 'scheduled'
export type PriceKind = 'base' | PriceRuleKind
/** `fixed`: value is fen. `percent`: value is basis points of the price below it. `minus`: value is fen taken off. */
export type PriceMethod = 'fixed' | 'percent' | 'minus'
/** To the fen, the jiao, the yuan (half up), or down to the next price that ends in 9 jiao. */
export type PriceRounding = 'fen' | 'jiao' | 'yuan' | 'nine'

/** What a rule makes of the price below it. */
export interface PriceFormula {
  method: PriceMethod
  value: number
  rounding: PriceRounding
}

/** A rule as it applies to one product, or to one SKU of it. Every condition that is set must be met. */
export interface PriceRule extends PriceFormula {
  ruleId: string
  productId: string
  /** Null: all SKUs of the product. */
  skuId: string | null
  kind: PriceRuleKind
  label: string
  /** Empty: everybody. */
  levelIds: readonly string[]
  /** Empty: everywhere. */
  provinces: readonly string[]
  /** Empty: in every channel. */
  channels: readonly string[]
  /** In force in [startsAt, endsAt); null: since ever, for ever. */
  startsAt: string | null
  endsAt: string | null
  /** From then until it starts it is announced; null: never. */
  warmFrom: string | null
}

/** Who buys, where, through what, and when. */
export interface PriceContext {
  /** An instant; the same for everything that one answer or one order shows. */
  at: string
  levelId: string | null
  channel: string
  /** Province of the address; null while it is not known: no region price applies. */
  province: string | null
}

export interface PricedSku {
  skuId: string
  productId: string
  priceFen: number
}

export type PriceVerdict =
  | 'taken'
  /** An offer that is not below the price that was taken. */
  | 'dearer'
  /** A regular price that gave way to a more specific one. */
  | 'outranked'
  | 'not-started'
  | 'over'
  | 'other-level'
  | 'other-province'
  | 'other-channel'

export interface ConsideredRule {
  rule: PriceRule
  verdict: PriceVerdict
  /** What it would come to; null when its conditions are not met. */
  priceFen: number | null
}

export interface ResolvedPrice {
  priceFen: number
  kind: PriceKind
  /** The rule that the price comes from; null for the base price. */
  rule: PriceRule | null
  /** The price here without any offer: base, region or channel price. */
  regularFen: number
  regularRule: PriceRule | null
  /** When the offer that is in force ends. */
  endsAt: string | null
  /** The next offer that is announced and below today's price. */
  upcoming: { rule: PriceRule; priceFen: number; startsAt: string } | null
  /** Until then (exclusive) this answer holds for the context; null: for ever. */
  nextChangeAt: string | null
}

const BASIS_POINTS = 10_000
const JIAO = 10
const YUAN = 100
const NINE_JIAO = 90
const MAX_PRICE_FEN = 10_000_000_00

/** The price that a formula makes of `belowFen`: never below 1 fen unless that was nothing already. */
export function applyFormula(belowFen: number, { method, value, rounding }: PriceFormula): number {
  const exact = method === 'fixed' ? value : method === 'minus' ? belowFen - value : percentOf(belowFen, value)
  const rounded = method === 'fixed' ? exact : roundTo(exact, rounding)
  const least = belowFen === 0 && method !== 'fixed' ? 0 : 1
  return Math.min(Math.max(rounded, method === 'fixed' ? 0 : least), MAX_PRICE_FEN)
}

function percentOf(amount: number, basisPoints: number): number {
  const whole = Math.floor(basisPoints / BASIS_POINTS)
  const rest = basisPoints % BASIS_POINTS
  return whole * amount + allocate(fen(amount), [rest, BASIS_POINTS - rest])[0]!
}

function roundTo(amount: number, rounding: PriceRounding): number {
  switch (rounding) {
    case 'fen':
      return amount
    case 'jiao':
      return amount - (amount % JIAO) + (amount % JIAO >= JIAO / 2 ? JIAO : 0)
    case 'yuan':
      return amount - (amount % YUAN) + (amount % YUAN >= YUAN / 2 ? YUAN : 0)
    case 'nine': {
      const over = (((amount - NINE_JIAO) % YUAN) + YUAN) % YUAN
      return amount >= NINE_JIAO ? amount - over : amount
    }
  }
}

/**
 * What a SKU costs in a context, and why (CAT-04). Pure and deterministic: the order of `rules` means nothing.
 *
 * 1. The regular price: of the region and channel rules that apply the most specific one, else the base price.
 *    More conditions before fewer, a SKU's rule before its product's, one with an end before one without, the later
 *    start before the earlier, then the greater rule id.
 * 2. The offer: of the member and scheduled rules that apply, each worked out on the regular price, the lowest. Offers
 *    are never added up, and one that is not below the regular price does not count. Of equals the scheduled one, then
 *    the same order as above.
 */
export function resolvePrice(sku: PricedSku, rules: readonly PriceRule[], context: PriceContext): ResolvedPrice {
  const own = rules.filter(
    (rule) => rule.productId === sku.productId && (rule.skuId === null || rule.skuId === sku.skuId),
  )
  const meant = own.filter((rule) => whyNotFor(rule, context) === null)
  const now = meant.filter((rule) => timeOf(rule, context.at) === null)
  const { regularFen, regularRule } = regularOf(sku, now)
  const best = bestOffer(regularFen, now)
  const priceFen = best?.priceFen ?? regularFen
  const rule = best?.rule ?? regularRule
  return {
    priceFen,
    kind: rule?.kind ?? 'base',
    rule,
    regularFen,
    regularRule,
    endsAt: best?.rule.endsAt ?? null,
    upcoming: upcomingOf(sku, meant, context, priceFen),
    nextChangeAt: nextChange(meant, context.at),
  }
}

/** Every rule of the SKU's product with what came of it, in the order of precedence: for explaining a price. */
export function considerRules(sku: PricedSku, rules: readonly PriceRule[], context: PriceContext): ConsideredRule[] {
  const resolved = resolvePrice(sku, rules, context)
  return rules
    .filter((rule) => rule.productId === sku.productId && (rule.skuId === null || rule.skuId === sku.skuId))
    .sort((a, b) => Number(isOffer(b)) - Number(isOffer(a)) || precedence(a, b))
    .map((rule) => {
      const reason = whyNotFor(rule, context) ?? timeOf(rule, context.at)
      if (reason !== null) return { rule, verdict: reason, priceFen: null }
      const priceFen = applyFormula(isOffer(rule) ? resolved.regularFen : sku.priceFen, rule)
      if (rule === resolved.rule || rule === resolved.regularRule) return { rule, verdict: 'taken', priceFen }
      return { rule, verdict: isOffer(rule) ? 'dearer' : 'outranked', priceFen }
    })
}

export const isOffer = ({ kind }: { kind: PriceRuleKind }): boolean => kind === 'member' || kind === 'scheduled'

function regularOf(sku: PricedSku, rules: readonly PriceRule[]) {
  const [regularRule] = rules.filter((rule) => !isOffer(rule)).sort(precedence)
  if (regularRule === undefined) return { regularFen: sku.priceFen, regularRule: null }
  return { regularFen: applyFormula(sku.priceFen, regularRule), regularRule }
}

function bestOffer(regularFen: number, rules: readonly PriceRule[]): { rule: PriceRule; priceFen: number } | undefined {
  const [best] = rules
    .filter(isOffer)
    .map((rule) => ({ rule, priceFen: applyFormula(regularFen, rule) }))
    .filter(({ priceFen }) => priceFen < regularFen)
    .sort((a, b) => a.priceFen - b.priceFen || offerRank(a.rule) - offerRank(b.rule) || precedence(a.rule, b.rule))
  return best
}

const offerRank = (rule: PriceRule): number => (rule.kind === 'scheduled' ? 0 : 1)

function precedence(a: PriceRule, b: PriceRule): number {
  return (
    conditionsOf(b) - conditionsOf(a) ||
    Number(b.skuId !== null) - Number(a.skuId !== null) ||
    Number(b.endsAt !== null) - Number(a.endsAt !== null) ||
    compare(b.startsAt ?? '', a.startsAt ?? '') ||
    compare(b.ruleId, a.ruleId)
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const conditionsOf = ({ levelIds, provinces, channels }: PriceRule): number =>
  Number(levelIds.length > 0) + Number(provinces.length > 0) + Number(channels.length > 0)

/** Why the rule is not for this buyer, place and channel; null when it is. */
function whyNotFor(rule: PriceRule, context: PriceContext): PriceVerdict | null {
  if (rule.levelIds.length > 0 && (context.levelId === null || !rule.levelIds.includes(context.levelId)))
    return 'other-level'
  if (rule.channels.length > 0 && !rule.channels.includes(context.channel)) return 'other-channel'
  if (rule.provinces.length === 0) return null
  if (context.province === null) return 'other-province'
  const wanted = plainProvince(context.province)
  return rule.provinces.some((each) => plainProvince(each) === wanted) ? null : 'other-province'
}

function timeOf({ startsAt, endsAt }: PriceRule, at: string): PriceVerdict | null {
  if (startsAt !== null && at < startsAt) return 'not-started'
  return endsAt !== null && at >= endsAt ? 'over' : null
}

/** The first announced offer that will be below today's price when it starts, as things are known now. */
function upcomingOf(sku: PricedSku, meant: readonly PriceRule[], { at }: PriceContext, todayFen: number) {
  const announced = meant.flatMap((rule) => {
    const { startsAt, warmFrom } = rule
    if (!isOffer(rule) || startsAt === null || startsAt <= at || warmFrom === null || warmFrom > at) return []
    const then = meant.filter((each) => timeOf(each, startsAt) === null)
    const best = bestOffer(regularOf(sku, then).regularFen, then)
    return best?.rule === rule && best.priceFen < todayFen ? [{ rule, priceFen: best.priceFen, startsAt }] : []
  })
  const [next] = announced.sort((a, b) => compare(a.startsAt, b.startsAt) || a.priceFen - b.priceFen)
  return next ?? null
}

/** The first instant after `at` at which anything about these rules changes. */
function nextChange(rules: readonly PriceRule[], at: string): string | null {
  let next: string | null = null
  for (const { startsAt, endsAt, warmFrom } of rules)
    for (const instant of [startsAt, endsAt, warmFrom])
      if (instant !== null && instant > at && (next === null || instant < next)) next = instant
  return next
}
