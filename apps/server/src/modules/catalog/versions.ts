import { formatYuan } from '@zhanggui/contract'
import { contentChanges } from './content.ts'
import { activeSkus } from './rules.ts'
import type { Change, ProductRecord, SkuRecord } from './types.ts'

export type { Change } from './types.ts'

const STATE_NAMES = { draft: '草稿', 'on-sale': '在售', 'off-sale': '已下架' } as const
const MAX_WORDS = 300
const MAX_CHANGES = 300
const NOTHING = '—'

/** What is kept of a product for each version: all that an editor could have changed. */
export type Snapshot = Omit<ProductRecord, 'version' | 'createdAt' | 'updatedAt' | 'publishedAt'>

export function snapshotOf(product: ProductRecord): Snapshot {
  const { version: _v, createdAt: _c, updatedAt: _u, publishedAt: _p, ...snapshot } = product
  return { ...snapshot, skus: activeSkus(product) }
}

/**
 * Who-changed-what in words: one entry for each field and for each field of each SKU that differs, empty when
 * nothing does. `categoryName` puts a category's id into words.
 */
export function changesBetween(
  before: Snapshot,
  after: Snapshot,
  categoryName: (id: string | null) => string = (id) => id ?? NOTHING,
): Change[] {
  const changes: Change[] = []
  const compare = (field: string, from: string, to: string) => {
    if (from !== to) changes.push({ field, before: words(from), after: words(to) })
  }
  compare('状态', STATE_NAMES[before.state], STATE_NAMES[after.state])
  compare('商品编码', before.code ?? '', after.code ?? '')
  compare('标题', before.title, after.title)
  compare('副标题', before.subtitle, after.subtitle)
  if (before.categoryId !== after.categoryId)
    changes.push({ field: '类目', before: categoryName(before.categoryId), after: categoryName(after.categoryId) })
  compare('品牌', before.brand, after.brand)
  compare('标签', before.tags.join('、'), after.tags.join('、'))
  compare('属性', attributesText(before), attributesText(after))
  compare('规格', optionsText(before), optionsText(after))
  comparePictures(changes, '主图', before.pictures, after.pictures)
  compare('详情', before.detail, after.detail)
  comparePictures(changes, '详情图', before.detailPictures, after.detailPictures)
  if (before.freightTemplateId !== after.freightTemplateId)
    changes.push({
      field: '运费模板',
      before: before.freightTemplateId ?? NOTHING,
      after: after.freightTemplateId ?? NOTHING,
    })
  changes.push(...contentChanges(before, after))
  compareSkus(changes, before.skus, after.skus)
  return changes.slice(0, MAX_CHANGES)
}

function compareSkus(changes: Change[], before: readonly SkuRecord[], after: readonly SkuRecord[]): void {
  const earlier = new Map(before.map((sku) => [sku.id, sku]))
  for (const sku of after) {
    const old = earlier.get(sku.id)
    earlier.delete(sku.id)
    if (!old) {
      changes.push({ field: `SKU ${sku.code}`, before: NOTHING, after: `新增，${skuText(sku)}` })
      continue
    }
    const compare = (field: string, from: string, to: string) => {
      if (from !== to) changes.push({ field: `SKU ${sku.code} ${field}`, before: words(from), after: words(to) })
    }
    compare('编码', old.code, sku.code)
    compare('条码', old.barcode, sku.barcode)
    compare('规格', old.optionValues.join(' / '), sku.optionValues.join(' / '))
    compare('售价', yuan(old.priceFen), yuan(sku.priceFen))
    compare('划线价', yuan(old.listPriceFen), yuan(sku.listPriceFen))
    compare('成本价', yuan(old.costFen), yuan(sku.costFen))
    compare('重量', `${old.weightGrams} 克`, `${sku.weightGrams} 克`)
    comparePictures(changes, `SKU ${sku.code} 图片`, old.picture ? [old.picture] : [], sku.picture ? [sku.picture] : [])
  }
  for (const sku of earlier.values()) changes.push({ field: `SKU ${sku.code}`, before: skuText(sku), after: '停用' })
  const order = (skus: readonly SkuRecord[], among: readonly SkuRecord[]) =>
    skus.flatMap(({ id }) => among.find((sku) => sku.id === id)?.code ?? []).join('、')
  const [from, to] = [
    order(before, after),
    order(
      after,
      before.map((sku) => after.find(({ id }) => id === sku.id) ?? sku),
    ),
  ]
  if (from !== to) changes.push({ field: 'SKU 顺序', before: words(from), after: words(to) })
}

function comparePictures(changes: Change[], field: string, before: readonly string[], after: readonly string[]): void {
  if (before.join() === after.join()) return
  const sameSet = before.length === after.length && before.every((id) => after.includes(id))
  changes.push({
    field,
    before: `${before.length} 张`,
    after: sameSet ? `${after.length} 张（调整了顺序）` : `${after.length} 张（有更换）`,
  })
}

const attributesText = ({ attributes }: Snapshot): string =>
  attributes.map(({ name, value }) => `${name}：${value}`).join('；')
const optionsText = ({ options }: Snapshot): string =>
  options.map(({ name, values }) => `${name}：${values.join('、')}`).join('；')
const skuText = (sku: SkuRecord): string =>
  [sku.optionValues.join(' / '), yuan(sku.priceFen)].filter(Boolean).join('，')
const yuan = (amountFen: number | null): string => (amountFen === null ? '' : `¥${formatYuan(amountFen)}`)
const words = (text: string): string => {
  if (text === '') return NOTHING
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)}…` : text
}
