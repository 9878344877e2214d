import type { ProductInput } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'
import type { ProductOption, ProductRecord, SkuRecord } from './types.ts'

export const MAX_SKUS = 200
export const MAX_CATEGORY_LEVEL = 3

type SkuInput = ProductInput['skus'][number]

/**
 * Whether the SKUs fit the options and one another.
 * @throws AppError VALIDATION_FAILED, DUPLICATE
 */
export function checkSkus(options: readonly ProductOption[], skus: readonly SkuInput[]): void {
  checkOptions(options)
  const codes = new Set<string>()
  const combinations = new Set<string>()
  skus.forEach((sku, index) => {
    const field = `skus.${index}`
    if (codes.has(sku.code)) throw duplicate('规格编码', sku.code, `${field}.code`)
    codes.add(sku.code)
    if (sku.optionValues.length !== options.length)
      throw invalid(
        `${field}.optionValues`,
        `商品有 ${options.length} 个规格，SKU ${sku.code} 给出了 ${sku.optionValues.length} 个值`,
      )
    sku.optionValues.forEach((value, place) => {
      if (!options[place]!.values.includes(value))
        throw invalid(`${field}.optionValues.${place}`, `「${value}」不在规格「${options[place]!.name}」的取值中`)
    })
    const combination = comboKey(sku.optionValues)
    if (combinations.has(combination))
      throw duplicate('规格组合', sku.optionValues.join(' / ') || '（无规格）', `${field}.optionValues`)
    combinations.add(combination)
  })
}

function checkOptions(options: readonly ProductOption[]): void {
  const names = new Set<string>()
  options.forEach((option, index) => {
    if (names.has(option.name)) throw duplicate('规格', option.name, `options.${index}.name`)
    names.add(option.name)
    if (new Set(option.values).size !== option.values.length)
      throw invalid(`options.${index}.values`, `规格「${option.name}」有重复的取值`)
  })
}

/**
 * The SKUs of a product after an edit: each input keeps the SKU it names, else the one of the same code, else the
 * one of the same option values; what is left over is archived, never deleted, since stock and orders may name it.
 * @throws AppError VALIDATION_FAILED when an id does not belong to the product.
 */
export function planSkus(
  existing: readonly SkuRecord[],
  inputs: readonly SkuInput[],
  newId: () => string,
): SkuRecord[] {
  const free = new Map(existing.map((sku) => [sku.id, sku]))
  const matched: (SkuRecord | undefined)[] = inputs.map((input, index) => {
    if (input.id === undefined) return undefined
    const sku = free.get(input.id)
    if (!sku) throw invalid(`skus.${index}.id`, `商品没有 SKU ${input.id}`)
    free.delete(sku.id)
    return sku
  })
  const claim = (index: number, fits: (sku: SkuRecord, input: SkuInput) => boolean) => {
    if (matched[index] || inputs[index]!.id !== undefined) return
    for (const sku of free.values()) {
      if (!fits(sku, inputs[index]!)) continue
      matched[index] = sku
      free.delete(sku.id)
      return
    }
  }
  for (const index of inputs.keys()) claim(index, (sku, input) => sku.code === input.code)
  for (const index of inputs.keys())
    claim(index, (sku, input) => !sku.archived && comboKey(sku.optionValues) === comboKey(input.optionValues))
  const kept = inputs.map((input, position) => toRecord(input, matched[position]?.id ?? newId(), position))
  return [...kept, ...[...free.values()].map((sku) => ({ ...sku, archived: true }))]
}

const toRecord = (input: SkuInput, id: string, position: number): SkuRecord => ({
  id,
  code: input.code,
  barcode: input.barcode,
  optionValues: input.optionValues,
  priceFen: input.priceFen,
  listPriceFen: input.listPriceFen,
  costFen: input.costFen,
  weightGrams: input.weightGrams,
  picture: input.pictureFileId,
  position,
  archived: false,
})

/** Option values as one comparable key. */
export const comboKey = (values: readonly string[]): string => values.join('\u001f')

export const activeSkus = (product: Pick<ProductRecord, 'skus'>): SkuRecord[] =>
  product.skus.filter((sku) => !sku.archived)

/** What lists show of the SKUs: lowest and highest price, and the strike-through price of the cheapest. */
export function priceSummary(skus: readonly SkuRecord[]): {
  minPriceFen: number
  maxPriceFen: number
  listPriceFen: number | null
} {
  const active = skus.filter((sku) => !sku.archived)
  let cheapest = active[0]
  let maxPriceFen = 0
  for (const sku of active) {
    if (sku.priceFen < cheapest!.priceFen) cheapest = sku
    if (sku.priceFen > maxPriceFen) maxPriceFen = sku.priceFen
  }
  return { minPriceFen: cheapest?.priceFen ?? 0, maxPriceFen, listPriceFen: cheapest?.listPriceFen ?? null }
}

/** What still keeps the product from being published, in words; empty when nothing does. */
export function missingOf(
  product: Pick<ProductRecord, 'title' | 'categoryId' | 'pictures' | 'skus'>,
  rules: { minPictures: number },
): string[] {
  const missing: string[] = []
  const skus = activeSkus(product)
  if (product.title.trim() === '') missing.push('缺少标题')
  if (product.categoryId === null) missing.push('缺少类目')
  if (skus.length === 0) missing.push('缺少 SKU')
  const free = skus.filter((sku) => sku.priceFen <= 0)
  if (free.length > 0) missing.push(`SKU ${named(free)} 没有售价`)
  const inverted = skus.filter((sku) => sku.listPriceFen !== null && sku.listPriceFen < sku.priceFen)
  if (inverted.length > 0) missing.push(`SKU ${named(inverted)} 的划线价低于售价`)
  if (product.pictures.length < rules.minPictures)
    missing.push(
      product.pictures.length === 0
        ? '缺少商品图片'
        : `商品图片不足 ${rules.minPictures} 张（现有 ${product.pictures.length} 张）`,
    )
  return missing
}

const named = (skus: readonly SkuRecord[]): string =>
  `${skus
    .slice(0, 3)
    .map((sku) => sku.code)
    .join('、')}${skus.length > 3 ? ` 等 ${skus.length} 个` : ''}`

/** A category as the tree needs it. */
export interface CategoryNode {
  id: string
  parentId: string | null
  name: string
  position: number
}

/** Names from the root to the category; empty for an unknown id. */
export function categoryPath(nodes: ReadonlyMap<string, CategoryNode>, id: string | null): string[] {
  const path: string[] = []
  for (let node = id === null ? undefined : nodes.get(id); node && path.length < MAX_CATEGORY_LEVEL; ) {
    path.unshift(node.name)
    node = node.parentId === null ? undefined : nodes.get(node.parentId)
  }
  return path
}

/** The category and everything below it. */
export function descendants(nodes: Iterable<CategoryNode>, id: string): Set<string> {
  const all = [...nodes]
  const found = new Set([id])
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const node of all) if (node.parentId !== null && found.has(node.parentId)) found.add(node.id)
  }
  return found
}

/**
 * Whether `id` (null for a new category) may stand under `parentId`: no circle, three levels at most.
 * @throws AppError VALIDATION_FAILED, NOT_FOUND
 */
export function checkPlacement(
  nodes: ReadonlyMap<string, CategoryNode>,
  id: string | null,
  parentId: string | null,
): void {
  if (parentId === null) return
  if (!nodes.has(parentId)) throw new AppError('NOT_FOUND', { values: { what: '上级类目' }, field: 'parentId' })
  if (id !== null && descendants(nodes.values(), id).has(parentId))
    throw invalid('parentId', '类目不能移到自己或自己的子类目之下')
  const level = categoryPath(nodes, parentId).length + (id === null ? 1 : heightOf(nodes, id))
  if (level > MAX_CATEGORY_LEVEL) throw invalid('parentId', `类目最多 ${MAX_CATEGORY_LEVEL} 级`)
}

function heightOf(nodes: ReadonlyMap<string, CategoryNode>, id: string): number {
  let height = 0
  for (const child of nodes.values()) if (child.parentId === id) height = Math.max(height, heightOf(nodes, child.id))
  return height + 1
}

export const invalid = (field: string, reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field, reason }, field })

export const duplicate = (what: string, value: string, field?: string): AppError =>
  new AppError('DUPLICATE', { values: { what, value }, ...(field === undefined ? {} : { field }) })
