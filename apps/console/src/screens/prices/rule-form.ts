import type { PriceRuleDetail, PriceRuleInput } from '@zhanggui/contract'

/** A rule as its form holds it. */
export interface RuleValues {
  kind: PriceRuleInput['kind']
  label: string
  method: PriceRuleInput['method']
  amountFen: number | null
  percent: number | null
  rounding: PriceRuleInput['rounding']
  levelIds: string[]
  provinces: string[]
  channels: PriceRuleInput['channels']
  startsAt: string | null
  endsAt: string | null
  warmUpHours: number | null
  goods: { id: string; title: string }[]
}

const BASIS_POINTS = 100

export const emptyRule = (goods: RuleValues['goods']): RuleValues => ({
  ...{ kind: 'scheduled', label: '', method: 'percent', amountFen: null, percent: 90, rounding: 'fen' },
  ...{ levelIds: [], provinces: [], channels: [], startsAt: null, endsAt: null, warmUpHours: null, goods },
})

export const ruleValues = (rule: PriceRuleDetail): RuleValues => ({
  kind: rule.kind,
  label: rule.label,
  method: rule.method,
  amountFen: rule.method === 'percent' ? null : rule.value,
  percent: rule.method === 'percent' ? rule.value / BASIS_POINTS : null,
  rounding: rule.rounding,
  levelIds: rule.levelIds,
  provinces: rule.provinces,
  channels: rule.channels,
  startsAt: rule.startsAt,
  endsAt: rule.endsAt,
  warmUpHours: null,
  goods: [...new Map(rule.items.map(({ productId, title }) => [productId, { id: productId, title }])).values()],
})

/** What the route takes. Items of single SKUs and prices of their own, which the form does not show, are kept. */
export function ruleInput(values: RuleValues, rule: PriceRuleDetail | undefined): PriceRuleInput {
  const { goods, amountFen, percent, warmUpHours, ...rest } = values
  const value = values.method === 'percent' ? Math.round((percent ?? 0) * BASIS_POINTS) : (amountFen ?? 0)
  const items = goods.flatMap(({ id }) => {
    const known = rule?.items.filter(({ productId }) => productId === id) ?? []
    if (known.length === 0) return [{ productId: id, skuId: null, priceFen: null }]
    return known.map(({ productId, skuId, priceFen }) => ({ productId, skuId, priceFen }))
  })
  return { ...rest, value, items, ...(warmUpHours === null ? {} : { warmUpHours }) }
}
