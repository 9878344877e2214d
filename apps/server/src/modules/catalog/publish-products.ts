import { audit } from '../../kernel/audit.ts'
import type { CatalogDeps } from './deps.ts'
import type { EditBy } from './edit-product.ts'
import { missingOf } from './rules.ts'
import { saveProducts } from './save-products.ts'
import { minPictures } from './settings.ts'
import { loadTree } from './store-categories.ts'
import { loadProducts } from './store-products.ts'
import { deletedAmong } from './store-recycle.ts'
import type { ProductState } from './types.ts'

export interface PublishResult {
  changed: string[]
  refused: { productId: string; title: string; reason: string }[]
}

/** Publishes products, or takes them off sale; each is judged for itself and those that fit are changed together. */
export async function publishProducts(
  deps: CatalogDeps,
  by: EditBy,
  productIds: readonly string[],
  onSale: boolean,
): Promise<PublishResult> {
  const { shopId, actor } = by
  const at = deps.clock.instant()
  return deps.db.tx({ shopId }, async (tx) => {
    const products = await loadProducts(tx, shopId, productIds, true)
    const rules = { minPictures: await deps.settings.get(minPictures, { shopId }, tx) }
    const found = new Set(products.map(({ id }) => id))
    const refused = productIds
      .filter((id) => !found.has(id))
      .map((productId) => ({ productId, title: '', reason: '没有找到商品' }))
    const state: ProductState = onSale ? 'on-sale' : 'off-sale'
    const gone = await deletedAmong(tx, shopId, productIds)
    const fit = products.filter((product) => {
      if (gone.has(product.id)) {
        refused.push({ productId: product.id, title: product.title, reason: '在回收站中，请先恢复' })
        return false
      }
      if (product.state === state) return false
      const missing = onSale ? missingOf(product, rules) : []
      if (missing.length > 0) refused.push({ productId: product.id, title: product.title, reason: missing.join('；') })
      return missing.length === 0
    })
    // Each time a product goes on sale it is new again in the storefront.
    const changes = fit.map((before) => ({
      before,
      after: { ...before, state, publishedAt: onSale ? at : before.publishedAt },
    }))
    await saveProducts(tx, { shopId, actor, at, tree: await loadTree(tx, shopId) }, changes)
    const changed = fit.map(({ id }) => id)
    if (changed.length > 0)
      await audit(tx, deps.clock, {
        ...by,
        action: onSale ? 'catalog.publish-products' : 'catalog.unpublish-products',
        entity: 'product',
        entityId: changed.length === 1 ? changed[0]! : 'many',
        summary: `${onSale ? '上架' : '下架'} ${changed.length} 个商品：${fit
          .slice(0, 5)
          .map(({ title }) => `「${title}」`)
          .join('')}`,
        after: { productIds: changed },
      })
    return { changed, refused }
  })
}
