import type { BulkChange } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract'
import { applyFormula } from '../pricing/index.ts'
import { missingOf } from './rules.ts'
import type { ProductRecord, SkuRecord } from './types.ts'

const MAX_TAGS = 20
const MAX_PRICE_FEN = 10_000_000_00

/** What a bulk edit makes of a product, or why it leaves it alone. Pure. */
export function changed(
  product: ProductRecord,
  change: BulkChange,
  rules: { minPictures: number; at: string },
): { after: ProductRecord } | { refusal: string } {
  const after = applied(product, change, rules.at)
  if ('refusal' in after) return after
  const missing = after.state === 'on-sale' ? missingOf(after, rules) : []
  return missing.length > 0 ? { refusal: missing.join('；') } : { after }
}

function applied(product: ProductRecord, change: BulkChange, at: string): ProductRecord | { refusal: string } {
  switch (change.field) {
    case 'category':
      return { ...product, categoryId: change.categoryId }
    case 'freight':
      return { ...product, freightTemplateId: change.freightTemplateId }
    case 'tags': {
      const tags = [...new Set([...product.tags.filter((tag) => !change.remove.includes(tag)), ...change.add])]
      return tags.length > MAX_TAGS ? { refusal: `标签最多 ${MAX_TAGS} 个` } : { ...product, tags }
    }
    case 'state': {
      if (!change.onSale) return product.state === 'on-sale' ? { ...product, state: 'off-sale' } : product
      return product.state === 'on-sale' ? product : { ...product, state: 'on-sale', publishedAt: at }
    }
    case 'price':
      return priced(product, change)
  }
}

type PriceChange = Extract<BulkChange, { field: 'price' }>

function priced(product: ProductRecord, change: PriceChange): ProductRecord | { refusal: string } {
  const skus: SkuRecord[] = []
  for (const sku of product.skus) {
    const old = change.which === 'price' ? sku.priceFen : sku.listPriceFen
    if (sku.archived || (old === null && change.mode !== 'set')) {
      skus.push(sku)
      continue
    }
    const next = newPrice(old ?? 0, change)
    if (next <= 0 || next > MAX_PRICE_FEN) return { refusal: `SKU ${sku.code} 的价格会变成 ${formatMoney(next)}` }
    skus.push({ ...sku, [change.which === 'price' ? 'priceFen' : 'listPriceFen']: next })
  }
  const inverted = skus.find((sku) => !sku.archived && sku.listPriceFen !== null && sku.listPriceFen < sku.priceFen)
  if (inverted)
    return {
      refusal: `SKU ${inverted.code} 的售价 ${formatMoney(inverted.priceFen)} 会高于划线价 ${formatMoney(inverted.listPriceFen!)}`,
    }
  return { ...product, skus }
}

function newPrice(old: number, { mode, value, rounding }: PriceChange): number {
  if (mode === 'set') return value
  if (mode === 'percent') return applyFormula(old, { method: 'percent', value, rounding })
  if (old + value <= 0) return old + value
  return applyFormula(old, { method: 'minus', value: -value, rounding })
}

/** A bulk edit in words. `nameOf` puts a category or freight template into words. */
export function changeText(change: BulkChange, nameOf: (id: string | null) => string): string {
  switch (change.field) {
    case 'category':
      return `类目改为「${nameOf(change.categoryId)}」`
    case 'freight':
      return `运费模板改为「${nameOf(change.freightTemplateId)}」`
    case 'tags':
      return [
        change.add.length > 0 ? `加标签 ${change.add.join('、')}` : '',
        change.remove.length > 0 ? `去标签 ${change.remove.join('、')}` : '',
      ]
        .filter(Boolean)
        .join('，')
    case 'state':
      return change.onSale ? '上架' : '下架'
    case 'price': {
      const which = change.which === 'price' ? '售价' : '划线价'
      if (change.mode === 'set') return `${which}改为 ${formatMoney(change.value)}`
      if (change.mode === 'percent') return `${which}改为原来的 ${change.value / 100}%`
      return `${which}${change.value < 0 ? '降' : '涨'} ${formatMoney(Math.abs(change.value))}`
    }
  }
}
