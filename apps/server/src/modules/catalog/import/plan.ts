import type { ImportField } from '@zhanggui/contract'
import { plainContentFields } from '../content.ts'
import { comboKey, MAX_SKUS, missingOf } from '../rules.ts'
import type { ProductChange } from '../save-products.ts'
import type { ProductRecord, SkuRecord } from '../types.ts'
import { type PlannedMedia, planMedia } from './plan-media.ts'
import { ownCode, type ParsedRow, type Refusal } from './rows.ts'
import { mergeAttributes } from './values.ts'

/** Rows of one product, in the order of the file. */
export interface RowGroup {
  key: string
  rows: ParsedRow[]
}

export interface PlanOptions {
  publish: boolean
  defaultPriceFen: number | null
  defaultStock: number | null
}

export interface PlanContext {
  options: PlanOptions
  rules: { minPictures: number }
  /** Everything that the groups may touch, as it is now. */
  products: readonly ProductRecord[]
  /** Category ids by names from the root joined with `pathKey`; absent when there is no room for more. */
  categories: ReadonlyMap<string, string>
  /** The file of a picture that is already here. */
  knownImage: (source: string) => string | undefined
  knownVideo: (source: string) => string | undefined
  /** Values of tag dimensions by `tagKey`. */
  tagValues: ReadonlyMap<string, string>
  columnOf: (field: ImportField) => string | null
  newId: () => string
  at: string
}

export interface Plan {
  changes: ProductChange[]
  /** Rows that were not taken. */
  refusals: Refusal[]
  /** What did not come about although the row was taken. */
  notes: Refusal[]
  /** Opening stock of new SKUs. */
  stock: { skuId: string; quantity: number }[]
  /** Products whose pictures or video must be fetched first. */
  pictures: PlannedMedia[]
  /** For each group that was taken, its product and the SKUs of its rows. */
  taken: { productId: string; skuIds: string[]; created: boolean }[]
}

/** By what a value of a tag dimension is found. */
export const tagKey = (tag: { dimension: string; value: string }): string => `${tag.dimension}\u001f${tag.value}`

export const pathKey = (names: readonly string[]): string => names.join('\u001f')

interface Work extends PlanContext, Plan {
  byCode: Map<string, ProductRecord>
  /** Our export calls a product without a code by its id. */
  byId: Map<string, ProductRecord>
  bySkuCode: Map<string, ProductRecord>
  before: Map<string, ProductRecord | null>
}

/**
 * What the groups' rows make of the catalogue: products created and changed, rows refused with their reason. Pure; a
 * product that several groups name is changed by them one after the other.
 */
export function planProducts(groups: readonly RowGroup[], context: PlanContext): Plan {
  const work: Work = {
    ...context,
    changes: [],
    refusals: [],
    notes: [],
    stock: [],
    pictures: [],
    taken: [],
    byCode: new Map(),
    byId: new Map(),
    bySkuCode: new Map(),
    before: new Map(),
  }
  for (const product of context.products) remember(work, structuredClone(product), product)
  const touched = new Map<string, ProductRecord>()
  for (const group of groups) {
    const product = planGroup(work, group)
    if (product) touched.set(product.id, product)
  }
  const changes = [...touched.values()].map((after) => ({ before: work.before.get(after.id) ?? null, after }))
  const { refusals, notes, stock, pictures, taken } = work
  return { changes, refusals, notes, stock, pictures, taken }
}

function remember(work: Work, product: ProductRecord, before: ProductRecord | null): void {
  work.before.set(product.id, before)
  work.byId.set(product.id, product)
  if (product.code !== null) work.byCode.set(product.code, product)
  for (const sku of product.skus) work.bySkuCode.set(sku.code, product)
}

function planGroup(work: Work, group: RowGroup): ProductRecord | undefined {
  const existing = findProduct(work, group)
  const product = existing ?? newProduct(work, group)
  if (!product) return undefined
  const skuLines = new Map<string, number>()
  const good: ParsedRow[] = []
  for (const row of group.rows) {
    const problem = applySku(work, product, row, skuLines)
    if (problem === undefined) good.push(row)
    else work.refusals.push(refusal(work, row, problem))
  }
  if (good.length === 0) return undefined
  applyFields(work, product, good)
  dropUnusedValues(product, existing ? work.before.get(product.id)! : null)
  if (!existing) remember(work, product, null)
  for (const sku of product.skus) work.bySkuCode.set(sku.code, product)
  const media = planMedia(product, good, work)
  if (media) work.pictures.push(media)
  if (work.options.publish) publish(work, product, good[0]!, media !== undefined)
  work.taken.push({
    productId: product.id,
    skuIds: [...skuLines.keys()],
    created: work.before.get(product.id) === null,
  })
  return product
}

/** By the product's code, else by the code of one of its SKUs, else by the code made of its own words. */
function findProduct(work: Work, { key, rows }: RowGroup): ProductRecord | undefined {
  const code = codeOf(key)
  const named = code === null ? undefined : (work.byCode.get(code) ?? work.byId.get(code))
  if (named) return named
  for (const { skuCode } of rows) {
    const owner = skuCode === undefined ? undefined : work.bySkuCode.get(skuCode)
    if (owner && (code === null || owner.code === null || !key.startsWith('p:'))) return owner
  }
  return undefined
}

/** The product's code that a group's key stands for; a product named by its SKU alone has none. */
export const codeOf = (key: string): string | null => (key.startsWith('s:') ? null : key.slice(2))

function newProduct(work: Work, { key, rows }: RowGroup): ProductRecord | undefined {
  const title = rows.find((row) => row.title !== undefined)?.title
  if (title === undefined) {
    for (const row of rows) work.refusals.push(refusal(work, row, { field: 'title', reason: '新商品缺少标题' }))
    return undefined
  }
  return {
    id: work.newId(),
    code: codeOf(key),
    state: 'draft',
    version: 1,
    title,
    subtitle: '',
    categoryId: null,
    brand: '',
    tags: [],
    attributes: [],
    options: [],
    pictures: [],
    detail: '',
    detailPictures: [],
    freightTemplateId: null,
    ...plainContentFields(),
    publishedAt: null,
    createdAt: work.at,
    updatedAt: work.at,
    skus: [],
  }
}

interface Problem {
  field: ImportField | null
  value?: string
  reason: string
}

/** Creates or changes the SKU that a row names; answers what is wrong instead, with nothing changed. */
function applySku(
  work: Work,
  product: ProductRecord,
  row: ParsedRow,
  skuLines: Map<string, number>,
): Problem | undefined {
  const owner = row.skuCode === undefined ? undefined : work.bySkuCode.get(row.skuCode)
  if (owner && owner.id !== product.id)
    return { field: 'skuCode', value: row.skuCode!, reason: `SKU 编码已属于商品「${owner.title}」` }
  if (row.category && !work.categories.has(pathKey(row.category)))
    return { field: 'category', value: row.category.join(' > '), reason: '类目数量已达上限' }
  const unknownTag = row.tagValues?.find((tag) => !work.tagValues.has(tagKey(tag)))
  if (unknownTag)
    return {
      field: 'tagValues',
      value: `${unknownTag.dimension}:${unknownTag.value}`,
      reason: `场景标签「${unknownTag.dimension}」里没有「${unknownTag.value}」，请先在「场景标签」页添加`,
    }
  const found = findSku(product, row)
  const values = optionValuesOf(product, row, found)
  if ('reason' in values) return values
  const sku =
    found ?? product.skus.find((each) => !each.archived && comboKey(each.optionValues) === comboKey(values.values))
  const clash = product.skus.find(
    (each) => each !== sku && !each.archived && comboKey(each.optionValues) === comboKey(values.values),
  )
  if (clash) return { field: 'option1', value: values.values.join(' / '), reason: `规格组合与 SKU ${clash.code} 相同` }
  const earlier = sku && skuLines.get(sku.id)
  if (earlier !== undefined) return { field: 'skuCode', value: sku!.code, reason: `与第 ${earlier} 行是同一个 SKU` }
  return writeSku(work, product, row, sku, values.values, values.names, skuLines)
}

const findSku = (product: ProductRecord, row: ParsedRow): SkuRecord | undefined =>
  row.skuCode === undefined ? undefined : product.skus.find((sku) => sku.code === row.skuCode)

/** The option values that the row's SKU shall have, and the names of the product's options then. */
function optionValuesOf(
  product: ProductRecord,
  row: ParsedRow,
  sku: SkuRecord | undefined,
): { values: string[]; names: string[] } | Problem {
  const names = product.options.map(({ name }) => name)
  const values = row.options.map(({ value }) => value)
  if (row.options.length === 0) {
    if (sku && !sku.archived) return { values: sku.optionValues, names }
    if (names.length === 0) return { values: [], names }
    return { field: 'option1', reason: `商品有规格「${names.join('、')}」，这一行没有填写` }
  }
  const given = row.options.map(({ name }) => name)
  if (sku && given.every((name, i) => name === names[i] && values[i] === sku.optionValues[i]))
    return { values: sku.optionValues, names }
  if (comboKey(given) === comboKey(names)) return { values, names }
  const others = product.skus.filter((each) => !each.archived && each !== sku)
  if (names.length === 0 && others.length === 0) return { values, names: given }
  return {
    field: 'option1',
    value: given.join('、'),
    reason:
      names.length === 0 ? `商品已有不分规格的 SKU ${others[0]!.code}` : `规格名与商品的「${names.join('、')}」不一致`,
  }
}

function writeSku(
  work: Work,
  product: ProductRecord,
  row: ParsedRow,
  found: SkuRecord | undefined,
  values: string[],
  names: string[],
  skuLines: Map<string, number>,
): Problem | undefined {
  const code = row.skuCode ?? found?.code ?? defaultSkuCode(product.code, row)
  const owner = found ? undefined : work.bySkuCode.get(code)
  if (owner && owner.id !== product.id)
    return { field: 'skuCode', value: code, reason: `SKU 编码已属于商品「${owner.title}」` }
  const sku = found ?? product.skus.find((each) => each.code === code)
  const priceFen = row.priceFen ?? sku?.priceFen ?? work.options.defaultPriceFen
  if (priceFen === null || priceFen === undefined) return { field: 'price', reason: '缺少售价' }
  const listPriceFen = row.listPriceFen ?? sku?.listPriceFen ?? null
  if (row.listPriceFen !== undefined && row.listPriceFen < priceFen)
    return { field: 'listPrice', value: String(row.listPriceFen / 100), reason: '划线价低于售价' }
  if (!sku && product.skus.filter(({ archived }) => !archived).length >= MAX_SKUS)
    return { field: null, reason: `一个商品最多 ${MAX_SKUS} 个 SKU` }
  const record: SkuRecord = {
    id: sku?.id ?? work.newId(),
    code,
    barcode: row.barcode ?? sku?.barcode ?? '',
    optionValues: values,
    priceFen,
    listPriceFen,
    costFen: row.costFen ?? sku?.costFen ?? null,
    weightGrams: row.weightGrams ?? sku?.weightGrams ?? 0,
    picture: sku?.picture ?? null,
    position: sku && !sku.archived ? sku.position : product.skus.length,
    archived: false,
  }
  product.options = names.map((name, i) => {
    const known = product.options[i]?.name === name ? product.options[i]!.values : []
    return { name, values: known.includes(values[i]!) ? known : [...known, values[i]!] }
  })
  if (sku) product.skus[product.skus.indexOf(sku)] = record
  else product.skus.push(record)
  skuLines.set(record.id, row.line)
  const units = row.stock ?? work.options.defaultStock ?? 0
  if (!sku && units > 0) work.stock.push({ skuId: record.id, quantity: units })
  return undefined
}

const MAX_CODE = 64

/** A SKU without a code is called after its product, and its option values when it has some. */
export function defaultSkuCode(productCode: string | null, row: Pick<ParsedRow, 'options' | 'title'>): string {
  const base = productCode ?? ownCode(row.title ?? '')
  if (row.options.length === 0) return base
  const code = `${base}-${ownCode(...row.options.map(({ value }) => value)).slice(3, 9)}`
  return code.length <= MAX_CODE ? code : ownCode(code)
}

/** Fields of the product: of each the first row that has it. */
function applyFields(work: Work, product: ProductRecord, rows: readonly ParsedRow[]): void {
  const first = <K extends keyof ParsedRow>(field: K): ParsedRow[K] | undefined =>
    rows.find((row) => row[field] !== undefined)?.[field]
  const attributes = first('attributes')
  const category = first('category')
  const code = first('productCode')
  if (product.code === null && code !== product.id) product.code = code ?? null
  product.title = first('title') ?? product.title
  product.subtitle = first('subtitle') ?? product.subtitle
  product.brand = first('brand') ?? product.brand
  product.tags = first('tags') ?? product.tags
  product.detail = first('detail') ?? product.detail
  product.role = first('role') ?? product.role
  product.content.coreKeyword = first('coreKeyword') ?? product.content.coreKeyword
  const tags = first('tagValues')?.map((tag) => work.tagValues.get(tagKey(tag))!)
  if (tags && [...tags].sort().join() !== [...product.tagValueIds].sort().join()) product.tagValueIds = tags
  if (category) product.categoryId = work.categories.get(pathKey(category)) ?? product.categoryId
  // An editor may hold a name twice; a spreadsheet holds it once with all values, which is the same.
  if (attributes && JSON.stringify(mergeAttributes(product.attributes)) !== JSON.stringify(attributes))
    product.attributes = attributes
}

/** A value that no SKU has any more disappears from its option, when this import moved SKUs away from it. */
function dropUnusedValues(product: ProductRecord, before: ProductRecord | null): void {
  const earlier = new Map(before?.skus.map((sku) => [sku.id, comboKey(sku.optionValues)]))
  const moved = product.skus.some((sku) => earlier.has(sku.id) && earlier.get(sku.id) !== comboKey(sku.optionValues))
  if (!moved) return
  const active = product.skus.filter(({ archived }) => !archived)
  product.options = product.options.map(({ name, values }, i) => ({
    name,
    values: values.filter((value) => active.some((sku) => sku.optionValues[i] === value)),
  }))
}

function publish(work: Work, product: ProductRecord, row: ParsedRow, waitsForPictures: boolean): void {
  if (product.state === 'on-sale' || waitsForPictures) return
  const missing = missingOf(product, work.rules)
  if (missing.length === 0) {
    product.state = 'on-sale'
    product.publishedAt = work.at
  } else {
    const reason = notPublished(missing)
    work.notes.push({ line: row.line, column: null, value: product.title.slice(0, 100), reason })
  }
}

/** Why a product that was imported is not on sale, in words. */
export const notPublished = (missing: readonly string[]): string => `已导入，但未上架：${missing.join('；')}`

const refusal = (work: Work, row: ParsedRow, problem: Problem): Refusal => ({
  line: row.line,
  column: problem.field === null ? null : work.columnOf(problem.field),
  value: (problem.value ?? '').slice(0, 100),
  reason: problem.reason,
})
