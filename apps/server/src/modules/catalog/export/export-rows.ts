import { formatYuan, type ImportField } from '@zhanggui/contract'
import type { CatalogDeps } from '../deps.ts'
import { attributesText, optionText } from '../import/values.ts'
import { picturesOf } from '../pictures.ts'
import { filterOf } from '../read-products.ts'
import { activeSkus, type CategoryNode, categoryPath } from '../rules.ts'
import { loadTree } from '../store-categories.ts'
import { productIdsAfter } from '../store-lists.ts'
import { loadProducts } from '../store-products.ts'
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
      products.flatMap((product) => product.pictures),
    )
    const urls = new Map([...pictures].map(([id, { url }]) => [id, url]))
    const rows = products.flatMap((product) =>
      activeSkus(product).map((sku) => toRow(product, sku, { tree, urls, units: available.get(sku.id) ?? 0 })),
    )
    return { last: ids.at(-1), rows }
  })
}

interface Beside {
  tree: ReadonlyMap<string, CategoryNode>
  urls: ReadonlyMap<string, string>
  units: number
}

function toRow(product: ProductRecord, sku: SkuRecord, { tree, urls, units }: Beside): ExportRow {
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
    images: product.pictures.flatMap((id) => urls.get(id) ?? []).join(';'),
    detail: product.detail,
  }
}

/** A price that a spreadsheet can reckon with. Two decimals of ten million fit a double exactly enough to be read back. */
const yuan = (amountFen: number): number => Number(formatYuan(amountFen))
