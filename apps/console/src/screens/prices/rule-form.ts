import { formatYuan, type PriceRuleDetail, type PriceRuleInput, type PriceSheet } from '@zhanggui/contract'

/** What of a product a rule is over: all of it, or single SKUs, each at the rule's formula or a price of its own. */
export interface RuleItem {
  /** Null: all SKUs of the product. */
  skuId: string | null
  /** Null: as the rule's formula says. */
  priceFen: number | null
}

export interface RuleGoods {
  id: string
  title: string
  items: RuleItem[]
}

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
  goods: RuleGoods[]
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
  goods: goodsOf(rule.items),
})

/** All SKUs of a product, at the rule's formula: what a product begins with. */
export const wholeProduct = (id: string, title: string): RuleGoods => ({
  id,
  title,
  items: [{ skuId: null, priceFen: null }],
})

function goodsOf(items: PriceRuleDetail['items']): RuleGoods[] {
  const goods = new Map<string, RuleGoods>()
  for (const { productId, title, skuId, priceFen } of items) {
    const known = goods.get(productId) ?? { id: productId, title, items: [] }
    known.items.push({ skuId, priceFen })
    goods.set(productId, known)
  }
  return [...goods.values()]
}

export const isBySku = (items: readonly RuleItem[]): boolean => items.some(({ skuId }) => skuId !== null)

/** The item that a SKU falls under: its own before its product's; undefined when the rule is not over it. */
export const itemOf = (items: readonly RuleItem[], skuId: string): RuleItem | undefined =>
  items.find((item) => item.skuId === skuId) ?? items.find((item) => item.skuId === null)

/** With another item for one SKU, or with none: every SKU that the rule is over is named from then on. */
export function withSku(
  items: readonly RuleItem[],
  skuIds: readonly string[],
  changed: { skuId: string; isIn: boolean; priceFen: number | null },
): RuleItem[] {
  return skuIds.flatMap((skuId): RuleItem[] => {
    if (skuId === changed.skuId) return changed.isIn ? [{ skuId, priceFen: changed.priceFen }] : []
    const item = itemOf(items, skuId)
    return item === undefined ? [] : [{ skuId, priceFen: item.priceFen }]
  })
}

/** With what a pasted sheet names: goods that are there already get its prices, the others come behind them. */
export function withSheet(goods: readonly RuleGoods[], items: PriceSheet['items']): RuleGoods[] {
  const put = new Map(goods.map((each) => [each.id, each]))
  for (const { productId, skuId, title, priceFen } of items) {
    const known = put.get(productId)
    const others = known?.items.filter((item) => item.skuId !== skuId) ?? []
    put.set(productId, { id: productId, title: known?.title ?? title, items: [...others, { skuId, priceFen }] })
  }
  return [...put.values()]
}

/** Lines that can be put into a spreadsheet, changed there and pasted back. */
export const sheetText = (columns: readonly string[], items: PriceRuleDetail['items']): string =>
  [
    columns,
    ...items.map(({ code, title, options, priceFen }) => [
      code,
      title,
      options,
      priceFen === null ? '' : formatYuan(priceFen),
    ]),
  ]
    .map((cells) => cells.map((cell) => cell.replace(/\s+/g, ' ')).join('\t'))
    .join('\n')

/** What the route takes. A product without any SKU left in the rule is left out. */
export function ruleInput(values: RuleValues): PriceRuleInput {
  const { goods, amountFen, percent, warmUpHours, ...rest } = values
  const value = values.method === 'percent' ? Math.round((percent ?? 0) * BASIS_POINTS) : (amountFen ?? 0)
  const items = goods.flatMap(({ id, items }) => items.map((item) => ({ productId: id, ...item })))
  return { ...rest, value, items: items as PriceRuleInput['items'], ...(warmUpHours === null ? {} : { warmUpHours }) }
}
