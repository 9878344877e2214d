import type { PriceRuleInput } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'
import { applyFormula, isOffer } from '../pricing/index.ts'
import type { PriceGoods } from './deps.ts'

const FULL_BP = 10_000
/** Regular prices somewhere may be dearer, up to this. */
const MAX_REGULAR_BP = 30_000

const invalid = (field: string, reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field: FIELDS[field] ?? field, reason }, field })
const FIELDS: Record<string, string> = {
  value: '价格',
  provinces: '地区',
  channels: '渠道',
  levelIds: '会员等级',
  startsAt: '开始时间',
  endsAt: '结束时间',
  items: '商品',
}

/** Whether a rule means something. @throws AppError VALIDATION_FAILED */
export function checkRule(input: PriceRuleInput, now: string): void {
  if (input.kind === 'region' && input.provinces.length === 0) throw invalid('provinces', '区域价要选择地区')
  if (input.kind === 'channel' && input.channels.length === 0) throw invalid('channels', '渠道价要选择渠道')
  if (input.kind === 'member' && input.levelIds.length === 0) throw invalid('levelIds', '会员价要选择会员等级')
  if (input.kind === 'scheduled' && input.startsAt === null && input.endsAt === null)
    throw invalid('startsAt', '活动价要有开始或结束时间')
  const { startsAt, endsAt } = input
  if (endsAt !== null && startsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt))
    throw invalid('endsAt', '要晚于开始时间')
  if (endsAt !== null && Date.parse(endsAt) <= Date.parse(now)) throw invalid('endsAt', '已经过去了')
  if (input.method === 'percent' && isOffer(input) && input.value >= FULL_BP)
    throw invalid('value', '优惠价应低于 10 折')
  if (input.method === 'percent' && input.value > MAX_REGULAR_BP) throw invalid('value', '最多为售价的 300%')
}

/**
 * The SKUs that a rule's items mean, each with the item it comes from; a SKU's own item before its product's.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export function meantSkus(
  input: Pick<PriceRuleInput, 'items' | 'method' | 'value' | 'rounding'>,
  goods: ReadonlyMap<string, PriceGoods[]>,
): PriceGoods[] {
  const seen = new Set<string>()
  const meant = new Map<string, PriceGoods>()
  for (const [index, item] of input.items.entries()) {
    const field = `items.${index}`
    const skus = goods.get(item.productId)
    if (skus === undefined) throw new AppError('NOT_FOUND', { values: { what: `商品 ${item.productId}` }, field })
    const key = `${item.productId}/${item.skuId ?? ''}`
    if (seen.has(key)) throw invalid('items', `「${skus[0]?.title ?? ''}」选了两次`)
    seen.add(key)
    const own = item.skuId === null ? skus : skus.filter(({ skuId }) => skuId === item.skuId)
    if (item.skuId !== null && own.length === 0)
      throw new AppError('NOT_FOUND', { values: { what: `商品规格 ${item.skuId}` }, field })
    for (const sku of own) meant.set(sku.skuId, sku)
    const broken = input.method === 'minus' && item.priceFen === null && own.find((sku) => sku.priceFen <= input.value)
    if (broken)
      throw invalid('value', `「${broken.title} ${broken.options}」的售价不足以减这么多，请分开设置或改用折扣`)
    const free = own.find((sku) => item.priceFen === null && sku.priceFen > 0 && applyFormula(sku.priceFen, input) <= 0)
    if (free) throw invalid('value', `「${free.title}」会变成 0 元`)
  }
  return [...meant.values()]
}
