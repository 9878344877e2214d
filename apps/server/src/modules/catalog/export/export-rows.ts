import { formatYuan, type ImportField, type PictureKind, PRODUCT_ROLE_NAMES } from '@zhanggui/contract'
import { kindOf } from '../content.ts'
import type { CatalogDeps } from '../deps.ts'
import { KIND_FIELDS } from '../import/rows.ts'
import { attributesText, optionText, tagValuesText } from '../import/values.ts'
import { picturesOf } from '../pictures.ts'
import { filterOf } from '../read-products.ts'
import { activeSkus, type CategoryNode, categoryPath } from '../rules.ts'
import { loadTree } from '../store-categories.ts'
import { productIdsAfter } from '../store-lists.ts'
import { loadProducts } from '../store-products.ts'
import { tagValueNames } from '../tags/store-tags.ts'
import type { ProductRecord, SkuRecord } from '../types.ts'

/** A SKU as a row of a spreadsheet: text, or a number that a spreadsheet program may reckon with. */
export type ExportRow = Record<ImportField, string | number>

export type ExportFilter = Parameters<typeof filterOf>[2]

const PAGE_PRODUCTS = 200

/** Products as rows that can be imported again, in the order of their creation, a page of products at a time. */
export async function* exportRows(
  deps: CatalogDeps,
  shopId: string,
  filter: ExportFilter,
): AsyncGenerator<ExportRow[]> {
  for (let afterId: string | null = null; ; ) {
    const page: { last: string | undefined; rows: ExportRow[] } = await readPage(deps, shopId, filter, afterId)
    if (page.last === undefined) return
    yield page.rows
    afterId = page.last
  }
}

async function readPage(deps: CatalogDeps, shopId: string, filter: ExportFilter, afterId: string | null) {
  return deps.db.read({ shopId }, async (tx) => {
    const tree = await loadTree(tx, shopId)
    const query = await filterOf(tx, shopId, filter)
    const ids = await productIdsAfter(tx, { ...query, shopId, afterId, limit: PAGE_PRODUCTS })
    const products = await loadProducts(tx, shopId, ids)
    const skus = products.flatMap(activeSkus)
    const available = await deps.stock.available(
      tx,
      shopId,
      skus.map(({ id }) => id),
    )
    const pictures = await picturesOf(
      tx,
      deps,
      shopId,
      products.flatMap((product) => [...product.pictures, product.content.videoFileId]),
    )
    const tags = await tagValueNames(
      tx,
      shopId,
      products.flatMap((product) => product.tagValueIds),
    )
    const urls = new Map([...pictures].map(([id, { url }]) => [id, url]))
    const rows = products.flatMap((product) =>
      activeSkus(product).map((sku) => toRow(product, sku, { tree, urls, tags, units: available.get(sku.id) ?? 0 })),
    )
    return { last: ids.at(-1), rows }
  })
}

interface Beside {
  tree: ReadonlyMap<string, CategoryNode>
  urls: ReadonlyMap<string, string>
  /** Values of tag dimensions by id, in the order of the vocabulary. */
  tags: ReadonlyMap<string, { dimension: string; name: string }>
  units: number
}

function toRow(product: ProductRecord, sku: SkuRecord, { tree, urls, tags, units }: Beside): ExportRow {
  const [category = '', ...below] = categoryPath(tree, product.categoryId)
  const option = (index: number) =>
    product.options[index] && sku.optionValues[index] ? optionText(product.options[index], sku.optionValues[index]) : ''
  return {
    productCode: product.code ?? product.id,
    title: product.title,
    subtitle: product.subtitle,
    category,
    subcategory: below.join(' > '),
    brand: product.brand,
    attributes: attributesText(product.attributes),
    tags: product.tags.join('、'),
    skuCode: sku.code,
    barcode: sku.barcode,
    option1: option(0),
    option2: option(1),
    price: yuan(sku.priceFen),
    listPrice: sku.listPriceFen === null ? '' : yuan(sku.listPriceFen),
    cost: sku.costFen === null ? '' : yuan(sku.costFen),
    weight: sku.weightGrams,
    stock: units,
    images: addresses(product.pictures, urls),
    detail: product.detail,
    ...kindColumns(product, urls),
    video: product.content.videoFileId === null ? '' : (urls.get(product.content.videoFileId) ?? ''),
    coreKeyword: product.content.coreKeyword,
    role: PRODUCT_ROLE_NAMES[product.role].zh,
    tagValues: tagValuesText([...tags].filter(([id]) => product.tagValueIds.includes(id)).map(([, tag]) => tag)),
  }
}

const addresses = (ids: readonly string[], urls: ReadonlyMap<string, string>): string =>
  ids.flatMap((id) => urls.get(id) ?? []).join(';')

function kindColumns({ pictures, content }: ProductRecord, urls: ReadonlyMap<string, string>) {
  const ofKind = (wanted: PictureKind) =>
    addresses(
      pictures.filter((id) => kindOf(content, id) === wanted),
      urls,
    )
  return {
    [KIND_FIELDS.white]: ofKind('white'),
    [KIND_FIELDS.scene]: ofKind('scene'),
    [KIND_FIELDS.material]: ofKind('material'),
    [KIND_FIELDS.size]: ofKind('size'),
  }
}

/** A price that a spreadsheet can reckon with. Two decimals of ten million fit a double exactly enough to be read back. */
const yuan = (amountFen: number): number => Number(formatYuan(amountFen))
