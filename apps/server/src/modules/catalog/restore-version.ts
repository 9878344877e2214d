import { audit } from '../../kernel/audit.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CatalogDeps } from './deps.ts'
import { checkCodes, checkStaysSellable, type EditBy } from './edit-product.ts'
import { picturesOf } from './pictures.ts'
import { type CategoryNode, categoryPath } from './rules.ts'
import { rethrowTaken, saveProducts } from './save-products.ts'
import { loadTree } from './store-categories.ts'
import { loadProducts } from './store-products.ts'
import { deletedAmong } from './store-recycle.ts'
import type { ProductRecord, SkuRecord } from './types.ts'
import { type Change, changesBetween, type Snapshot, snapshotOf } from './versions.ts'

async function snapshotAt(tx: Tx, shopId: string, productId: string, version: number): Promise<Snapshot> {
  const row = await tx.maybe<{ snapshot: Snapshot }>(sql`
    select snapshot from product_versions
    where shop_id = ${shopId} and product_id = ${productId} and version = ${version}`)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: `版本 ${version}` } })
  return row.snapshot
}

/** What differs between two versions, field by field, in words. @throws AppError NOT_FOUND */
export async function compareVersions(
  deps: CatalogDeps,
  shopId: string,
  productId: string,
  input: { from: number; to?: number | undefined },
): Promise<{ from: number; to: number; changes: Change[] }> {
  return deps.db.read({ shopId }, async (tx) => {
    const [current] = await loadProducts(tx, shopId, [productId])
    if (current === undefined) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
    const now = snapshotOf(current)
    const { from, to = current.version } = input
    const before = { ...now, ...(await snapshotAt(tx, shopId, productId, from)) }
    const after = { ...now, ...(await snapshotAt(tx, shopId, productId, to)) }
    const tree = await loadTree(tx, shopId)
    return { from, to, changes: changesBetween(before, after, (id) => categoryPath(tree, id).join(' / ') || '—') }
  })
}

/**
 * The product with everything that an earlier version said of it: fields that version did not know yet stay, its SKUs
 * come back, those it did not have are archived. Whether it is on sale stays as it is.
 */
export function asItWas(current: ProductRecord, snapshot: Snapshot): ProductRecord {
  const wanted = new Map(snapshot.skus.map((sku) => [sku.id, sku]))
  const known = new Map(current.skus.map((sku) => [sku.id, sku]))
  const back: SkuRecord[] = snapshot.skus.flatMap((sku) => {
    const now = known.get(sku.id)
    return now === undefined ? [] : [{ ...now, ...sku, archived: false }]
  })
  const rest = current.skus.filter(({ id }) => !wanted.has(id)).map((sku) => ({ ...sku, archived: true }))
  const { id, state, version, createdAt, updatedAt, publishedAt } = current
  return {
    ...current,
    ...snapshot,
    ...{ id, state, version, createdAt, updatedAt, publishedAt },
    skus: [...back, ...rest],
  }
}

/**
 * Makes a product what it was, as a new version. Pictures and a category that are gone are left out, and said.
 * @throws AppError NOT_FOUND, CONFLICT when the product moved meanwhile, DUPLICATE (a SKU code), PRODUCT_INCOMPLETE
 */
export async function restoreVersion(
  deps: CatalogDeps,
  by: EditBy,
  productId: string,
  input: { restore: number; version: number },
): Promise<{ version: number; changes: Change[]; notes: string[] }> {
  const { shopId } = by
  const at = deps.clock.instant()
  return deps.db
    .tx({ shopId }, async (tx) => {
      const [before] = await loadProducts(tx, shopId, [productId], true)
      if (!before || (await deletedAmong(tx, shopId, [productId])).has(productId))
        throw new AppError('NOT_FOUND', { values: { what: '商品' } })
      if (before.version !== input.version)
        throw new AppError('CONFLICT', { values: { what: `商品「${before.title}」` } })
      const snapshot = await snapshotAt(tx, shopId, productId, input.restore)
      const tree = await loadTree(tx, shopId)
      const { after, notes } = await withoutLost(tx, deps, shopId, asItWas(before, snapshot), tree)
      await checkCodes(tx, shopId, after)
      await checkStaysSellable(tx, deps, shopId, after)
      const [saved] = await saveProducts(tx, { shopId, actor: by.actor, at, tree }, [{ before, after }])
      if (saved!.changes.length > 0)
        await audit(tx, deps.clock, {
          ...by,
          action: 'catalog.restore-version',
          entity: 'product',
          entityId: productId,
          summary: `「${before.title}」恢复为版本 ${input.restore}`,
          after: { restored: input.restore, version: saved!.product.version },
        })
      return { version: saved!.product.version, changes: saved!.changes, notes }
    })
    .catch(rethrowTaken)
}

async function withoutLost(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  product: ProductRecord,
  tree: ReadonlyMap<string, CategoryNode>,
): Promise<{ after: ProductRecord; notes: string[] }> {
  const wanted = [...product.pictures, ...product.detailPictures, ...product.skus.flatMap((sku) => sku.picture ?? [])]
  const there = await picturesOf(tx, deps, shopId, wanted)
  const lost = new Set(wanted.filter((id) => !there.has(id)))
  const lostCategory = product.categoryId !== null && !tree.has(product.categoryId)
  const kept = (ids: readonly string[]) => ids.filter((id) => !lost.has(id))
  const after = {
    ...product,
    categoryId: lostCategory ? null : product.categoryId,
    pictures: kept(product.pictures),
    detailPictures: kept(product.detailPictures),
    skus: product.skus.map((sku) => (sku.picture !== null && lost.has(sku.picture) ? { ...sku, picture: null } : sku)),
  }
  const notes = [
    ...(lost.size > 0 ? [`${lost.size} 张图片已被删除，没有恢复`] : []),
    ...(lostCategory ? ['当时的类目已被删除，请重新选择'] : []),
  ]
  return { after, notes }
}
