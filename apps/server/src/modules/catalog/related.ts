import type { RelatedProduct, RelationKind } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { CatalogDeps } from './deps.ts'
import type { EditBy } from './edit-product.ts'
import { productRows } from './read-products.ts'
import { invalid } from './rules.ts'
import { listProducts } from './store-lists.ts'
import { loadProducts } from './store-products.ts'
import { relationIds, replaceRelations } from './store-related.ts'
import { skusByCodes } from './store-skus.ts'

const PICKER_ROWS = 20

/**
 * Ids of the goods that the shop picked beside a product, in its order, those on sale. `related` is for
 * recommendation, `substitute` for what can be sent or offered when the product is short (CAT-10, ORD-03).
 */
export async function handPicked(tx: Tx, shopId: string, productId: string, kind: RelationKind): Promise<string[]> {
  const rows = await relationIds(tx, shopId, productId)
  return rows.flatMap((row) => (row.kind === kind && row.state === 'on-sale' ? row.relatedId : []))
}

/** Both lists as the editor shows them, in any state. @throws AppError NOT_FOUND */
export async function relatedProducts(deps: CatalogDeps, shopId: string, productId: string) {
  return deps.db.read({ shopId }, async (tx) => {
    await requireProduct(tx, shopId, productId)
    const rows = await relationIds(tx, shopId, productId)
    const known = await byId(tx, deps, shopId, [...new Set(rows.map(({ relatedId }) => relatedId))])
    const of = (kind: RelationKind) =>
      rows.flatMap((row) => (row.kind === kind ? (known.get(row.relatedId) ?? []) : []))
    return { related: of('related'), substitute: of('substitute') }
  })
}

/**
 * Replaces the goods of one kind beside a product. Two who do it at once take turns; the later list stays, whole.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function setRelatedProducts(
  deps: CatalogDeps,
  by: EditBy,
  productId: string,
  kind: RelationKind,
  wanted: readonly string[],
): Promise<void> {
  const ids = [...new Set(wanted)]
  if (ids.includes(productId)) throw invalid('productIds', '商品不能关联自己')
  await deps.db.tx({ shopId: by.shopId }, async (tx) => {
    await lockInOrder(tx, [`product-relations:${productId}`])
    const product = await requireProduct(tx, by.shopId, productId)
    const found = new Map((await loadProducts(tx, by.shopId, ids)).map((each) => [each.id, each]))
    const missing = ids.find((id) => !found.has(id))
    if (missing !== undefined)
      throw new AppError('NOT_FOUND', { values: { what: `商品 ${missing}` }, field: 'productIds' })
    const before = (await relationIds(tx, by.shopId, productId)).filter((row) => row.kind === kind)
    if (before.map(({ relatedId }) => relatedId).join() === ids.join()) return
    await replaceRelations(tx, by.shopId, productId, kind, ids)
    const name = kind === 'related' ? '搭配商品' : '替代商品'
    await audit(tx, deps.clock, {
      ...by,
      action: 'catalog.set-related-products',
      entity: 'product',
      entityId: productId,
      summary: `「${product.title}」的${name}改为 ${ids.length} 个`,
      before: { [kind]: before.map(({ relatedId }) => relatedId) },
      after: { [kind]: ids },
    })
  })
}

/** Products for a picker: by words, or the product that carries a SKU code; the latest without a query. */
export async function pickProducts(
  deps: CatalogDeps,
  shopId: string,
  query: { q: string; exceptId?: string | undefined },
): Promise<RelatedProduct[]> {
  return deps.db.read({ shopId }, async (tx) => {
    const rows = await listProducts(tx, { shopId, q: query.q, sort: 'updated', limit: PICKER_ROWS + 1 })
    const byCode = query.q === '' ? [] : await skusByCodes(tx, shopId, [query.q])
    const ids = new Set([...byCode.map(({ productId }) => productId), ...rows.map(({ id }) => id)])
    if (query.exceptId !== undefined) ids.delete(query.exceptId)
    const known = await byId(tx, deps, shopId, [...ids].slice(0, PICKER_ROWS))
    return [...ids].flatMap((id) => known.get(id) ?? [])
  })
}

async function byId(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  ids: readonly string[],
): Promise<Map<string, RelatedProduct>> {
  const rows = await productRows(tx, deps, shopId, ids)
  return new Map(
    rows.map(({ id, title, state, picture, minPriceFen, maxPriceFen, available }) => [
      id,
      { id, title, state, picture, minPriceFen, maxPriceFen, available },
    ]),
  )
}

async function requireProduct(tx: Tx, shopId: string, productId: string) {
  const [product] = await loadProducts(tx, shopId, [productId])
  if (!product) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
  return product
}
