import type { PricePreview, PricePreviewRow, PriceRuleInput } from '@zhanggui/contract'
import { type Fen, formatMoney } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { isOffer, type PriceContext, type PriceRule, resolvePrice } from '../pricing/index.ts'
import { checkRule, meantSkus } from './check-rule.ts'
import type { PriceGoods, PricesDeps } from './deps.ts'
import { rulesOfProducts } from './store-read.ts'
import { windowText } from './words.ts'

const SHOWN_ROWS = 200
const SHOWN_CONFLICTS = 50

/**
 * What a rule would do, seen as somebody it is meant for when it begins. Changes nothing.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function previewRule(
  tx: Tx,
  deps: PricesDeps,
  shopId: string,
  input: PriceRuleInput & { ruleId?: string | undefined },
): Promise<PricePreview> {
  const now = deps.clock.instant()
  checkRule(input, now)
  const productIds = [...new Set(input.items.map(({ productId }) => productId))]
  const skus = meantSkus(input, await deps.goodsOf(tx, shopId, productIds))
  const others = (
    await rulesOfProducts(
      tx,
      productIds.map((productId) => ({ shopId, productId })),
      now,
    )
  ).filter(({ ruleId }) => ruleId !== input.ruleId)
  const own = asRules(input, input.ruleId ?? newId())
  const context = meantFor(input, now)
  const rows = skus.map((sku) => previewRow(sku, own, others, context, isOffer(input)))
  const before = rows.map(({ beforeFen }) => beforeFen)
  const after = rows.map(({ afterFen }) => afterFen)
  return {
    productCount: productIds.length,
    skuCount: skus.length,
    minBeforeFen: least(before),
    maxBeforeFen: most(before),
    minAfterFen: least(after),
    maxAfterFen: most(after),
    belowCost: skus.filter((sku, index) => sku.costFen !== null && after[index]! < sku.costFen).length,
    rows: [...rows].sort((a, b) => Number(b.warning !== null) - Number(a.warning !== null)).slice(0, SHOWN_ROWS),
    conflicts: conflictsOf(own, others).slice(0, SHOWN_CONFLICTS),
  }
}

const least = (amounts: readonly number[]): Fen => (amounts.length === 0 ? 0 : Math.min(...amounts)) as Fen
const most = (amounts: readonly number[]): Fen => (amounts.length === 0 ? 0 : Math.max(...amounts)) as Fen

/** A rule that is not stored yet, as it would apply to each of its items. */
function asRules(input: PriceRuleInput, ruleId: string): PriceRule[] {
  const { kind, label, levelIds, provinces, channels, startsAt, endsAt, rounding } = input
  return input.items.map(({ productId, skuId, priceFen }) => ({
    ...{ ruleId, kind, label, levelIds, provinces, channels, rounding, productId, skuId },
    startsAt: normal(startsAt),
    endsAt: normal(endsAt),
    warmFrom: null,
    method: priceFen === null ? input.method : 'fixed',
    value: priceFen ?? input.value,
  }))
}

/** Instants are compared as text: all in UTC with milliseconds. */
export const normal = (instant: string | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()

function meantFor(input: PriceRuleInput, now: string): PriceContext {
  const startsAt = normal(input.startsAt)
  return {
    at: startsAt !== null && startsAt > now ? startsAt : now,
    levelId: input.levelIds[0] ?? null,
    channel: input.channels[0] ?? 'h5',
    province: input.provinces[0] ?? null,
  }
}

function previewRow(
  sku: PriceGoods,
  own: readonly PriceRule[],
  others: readonly PriceRule[],
  context: PriceContext,
  offer: boolean,
): PricePreviewRow {
  const { productId, title, skuId, code, options, costFen } = sku
  const before = resolvePrice(sku, others, context)
  const after = resolvePrice(sku, [...others, ...own], context)
  const isTaken = own.includes(after.rule!) || (!offer && own.includes(after.regularRule!))
  return {
    ...{ productId, title, skuId, code, options },
    beforeFen: before.priceFen as Fen,
    afterFen: after.priceFen as Fen,
    warning: warningOf(after.priceFen, before.priceFen, costFen, isTaken ? null : (after.rule?.label ?? '售价'), offer),
  }
}

function warningOf(
  afterFen: number,
  beforeFen: number,
  costFen: number | null,
  winner: string | null,
  offer: boolean,
): string | null {
  if (winner !== null)
    return offer ? `不会生效：「${winner}」更低或相同，优惠只取最低的一个` : `不会生效：「${winner}」的条件更具体`
  if (costFen !== null && afterFen < costFen) return `低于成本 ${formatMoney(costFen)}`
  return afterFen > beforeFen ? `比现在贵 ${formatMoney(afterFen - beforeFen)}` : null
}

/** Rules that may meet another one for the same SKU, buyer, place and instant, with what then counts. */
export function conflictsOf(
  own: readonly PriceRule[],
  others: readonly PriceRule[],
): { ruleId: string; label: string; words: string }[] {
  const found = new Map<string, { ruleId: string; label: string; words: string }>()
  for (const one of own)
    for (const other of others) {
      if (found.has(other.ruleId) || one.ruleId === other.ruleId || !canMeet(one, other)) continue
      const { ruleId, label } = other
      const when = windowText(other) === '' ? '长期' : windowText(other)
      found.set(ruleId, { ruleId, label, words: `与「${label}」（${when}）重叠：${outcomeText(one, other)}` })
    }
  return [...found.values()]
}

function canMeet(a: PriceRule, b: PriceRule): boolean {
  const sameGoods = a.productId === b.productId && (a.skuId === null || b.skuId === null || a.skuId === b.skuId)
  const sameTime =
    (a.endsAt === null || (b.startsAt ?? '') < a.endsAt) && (b.endsAt === null || (a.startsAt ?? '') < b.endsAt)
  const share = (x: readonly string[], y: readonly string[]) =>
    x.length === 0 || y.length === 0 || x.some((each) => y.includes(each))
  return (
    sameGoods &&
    sameTime &&
    share(a.levelIds, b.levelIds) &&
    share(a.provinces, b.provinces) &&
    share(a.channels, b.channels)
  )
}

function outcomeText(a: PriceRule, b: PriceRule): string {
  if (isOffer(a) && isOffer(b)) return '两个优惠不叠加，取更低的一个'
  if (!isOffer(a) && !isOffer(b)) return '条件更具体的一条作为售价'
  return '先按地区或渠道定价，再在其上计算优惠'
}
