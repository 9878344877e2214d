import {
  type Fen,
  formatMoney,
  PRICE_KINDS,
  type PriceRuleDetail,
  type PriceRuleRow,
  type ProductPrices,
} from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import {
  type ConsideredRule,
  considerRules,
  isOffer,
  type PriceContext,
  type PriceRule,
  type ResolvedPrice,
  resolvePrice,
} from '../pricing/index.ts'
import type { PriceGoods, PricesDeps } from './deps.ts'
import { conflictsOf } from './preview-rule.ts'
import { requireRule } from './save-rule.ts'
import { priceDisplay } from './settings.ts'
import { displaysOf, rulesOfProducts } from './store-read.ts'
import { itemsOf, type RuleRow, rulesOver } from './store-rules.ts'
import { ruleText, sinceText, untilText } from './words.ts'

const MAX_RULES_SHOWN = 200
const MAX_CONFLICTS_SHOWN = 50

type LevelNames = ReadonlyMap<string, string>

export async function levelNames(tx: Tx, deps: PricesDeps, shopId: string): Promise<LevelNames> {
  return new Map((await deps.members.listLevels(tx, shopId)).map(({ id, name }) => [id, name]))
}

export function ruleView(rule: RuleRow, names: LevelNames, at: string): PriceRuleRow {
  const { stopped, createdBy, ...row } = rule
  return { ...row, state: stateOf(rule, at), words: ruleText(rule, names), createdBy: createdBy.name ?? '系统' }
}

function stateOf({ stopped, startsAt, endsAt }: RuleRow, at: string): PriceRuleRow['state'] {
  if (stopped) return 'stopped'
  if (endsAt !== null && endsAt <= at) return 'ended'
  return startsAt !== null && startsAt > at ? 'upcoming' : 'running'
}

/** One rule with its goods by name. @throws AppError NOT_FOUND */
export async function ruleDetail(tx: Tx, deps: PricesDeps, shopId: string, ruleId: string): Promise<PriceRuleDetail> {
  const rule = await requireRule(tx, shopId, ruleId)
  const items = await itemsOf(tx, shopId, ruleId)
  const goods = await deps.goodsOf(tx, shopId, [...new Set(items.map(({ productId }) => productId))])
  return {
    ...ruleView(rule, await levelNames(tx, deps, shopId), deps.clock.instant()),
    items: items.map(({ productId, skuId, priceFen }) => {
      const skus = goods.get(productId) ?? []
      const sku = skus.find((each) => each.skuId === skuId)
      const code = skuId === null ? (skus[0]?.productCode ?? productId) : (sku?.code ?? '')
      const title = skus[0]?.title ?? ''
      return { productId, skuId, priceFen: priceFen as Fen | null, title, options: sku?.options ?? '', code }
    }),
  }
}

/** All prices of a product. @throws AppError NOT_FOUND */
export async function productPrices(
  tx: Tx,
  deps: PricesDeps,
  shopId: string,
  productId: string,
): Promise<ProductPrices> {
  const at = deps.clock.instant()
  const skus = await requireGoods(tx, deps, shopId, productId)
  const names = await levelNames(tx, deps, shopId)
  const rows = await rulesOver(tx, shopId, productId, MAX_RULES_SHOWN)
  const rules = await rulesOfProducts(tx, [{ shopId, productId }], at)
  const context = { at, levelId: null, channel: 'h5', province: null }
  return {
    display: (await displaysOf(tx, shopId, [productId])).get(productId) ?? 'shop',
    shopDisplay: await deps.settings.get(priceDisplay, { shopId }, tx),
    rules: rows.map((row) => ruleView(row, names, at)),
    conflicts: pairWords(rules),
    skus: skus.map((sku) => testedPrice(sku, rules, context, names)),
  }
}

function pairWords(rules: readonly PriceRule[]): string[] {
  const words = rules.flatMap((rule, index) =>
    conflictsOf([rule], rules.slice(index + 1)).map((conflict) => `「${rule.label}」${conflict.words}`),
  )
  return [...new Set(words)].slice(0, MAX_CONFLICTS_SHOWN)
}

/** What somebody pays for each SKU of a product, and why. @throws AppError NOT_FOUND */
export async function testPrice(
  tx: Tx,
  deps: PricesDeps,
  shopId: string,
  productId: string,
  view: {
    buyerId: string | null
    levelId: string | null
    province: string | null
    channel: string
    at?: string | undefined
  },
) {
  const at = new Date(view.at ?? deps.clock.instant()).toISOString()
  const skus = await requireGoods(tx, deps, shopId, productId)
  const names = await levelNames(tx, deps, shopId)
  const own = view.buyerId === null ? [] : await deps.members.levelsOf(tx, [{ shopId, buyerId: view.buyerId }])
  const levelId = view.buyerId === null ? view.levelId : (own[0]?.levelId ?? null)
  const rules = await rulesOfProducts(tx, [{ shopId, productId }], at)
  const context = { at, levelId, channel: view.channel, province: view.province || null }
  return {
    at,
    levelName: levelId === null ? null : (names.get(levelId) ?? null),
    skus: skus.map((sku) => testedPrice(sku, rules, context, names)),
  }
}

async function requireGoods(tx: Tx, deps: PricesDeps, shopId: string, productId: string): Promise<PriceGoods[]> {
  const skus = (await deps.goodsOf(tx, shopId, [productId])).get(productId)
  if (skus === undefined) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
  return skus
}

function testedPrice(
  sku: PriceGoods,
  rules: readonly PriceRule[],
  context: PriceContext,
  names: LevelNames,
): ProductPrices['skus'][number] {
  const price = resolvePrice(sku, rules, context)
  const { skuId, code, options, priceFen } = sku
  return {
    ...{ skuId, code, options },
    baseFen: priceFen as Fen,
    regularFen: price.regularFen as Fen,
    priceFen: price.priceFen as Fen,
    kind: price.kind,
    reasons: reasonsOf(sku, price, context),
    considered: considerRules(sku, rules, context).map((each) => ({
      ruleId: each.rule.ruleId,
      label: each.rule.label,
      kind: each.rule.kind,
      priceFen: each.priceFen as Fen | null,
      taken: each.verdict === 'taken',
      words: verdictText(each, price, names),
    })),
    nextChangeAt: price.nextChangeAt,
  }
}

function reasonsOf(sku: PriceGoods, price: ResolvedPrice, { province }: PriceContext): string[] {
  const reasons = [`售价 ${formatMoney(sku.priceFen)}`]
  const { regularRule, rule } = price
  if (regularRule !== null) {
    const place = regularRule.kind === 'region' && province !== null ? `（${province}）` : ''
    reasons.push(
      `${PRICE_KINDS[regularRule.kind].zh}「${regularRule.label}」${place}：这里卖 ${formatMoney(price.regularFen)}`,
    )
  }
  if (rule !== null && isOffer(rule)) {
    const until = rule.endsAt === null ? '' : `，到 ${untilText(rule.endsAt)}`
    reasons.push(`${PRICE_KINDS[rule.kind].zh}「${rule.label}」：${formatMoney(price.priceFen)}，是最低的优惠${until}`)
  }
  if (price.nextChangeAt !== null) reasons.push(`到 ${untilText(price.nextChangeAt)} 前不变`)
  return reasons
}

function verdictText({ rule, verdict, priceFen }: ConsideredRule, price: ResolvedPrice, names: LevelNames): string {
  switch (verdict) {
    case 'taken':
      return '采用'
    case 'dearer':
      return `${formatMoney(priceFen!)} 不低于 ${formatMoney(price.priceFen)}，优惠只取最低的一个`
    case 'outranked':
      return `「${price.regularRule?.label ?? ''}」的条件更具体`
    case 'not-started':
      return `${sinceText(rule.startsAt!)} 才开始`
    case 'over':
      return `${untilText(rule.endsAt!)} 已结束`
    case 'other-level':
      return `只给会员：${rule.levelIds.map((id) => names.get(id) ?? '已删除的等级').join('、')}`
    case 'other-province':
      return `只在：${rule.provinces.slice(0, 6).join('、')}`
    case 'other-channel':
      return '不是这个渠道'
  }
}
