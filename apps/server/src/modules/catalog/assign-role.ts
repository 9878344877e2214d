import { PRODUCT_ROLE_NAMES, type ProductRole } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { CatalogDeps } from './deps.ts'
import type { EditBy } from './edit-product.ts'
import { saveProducts } from './save-products.ts'
import { loadTree } from './store-categories.ts'
import { loadProducts } from './store-products.ts'

/** Gives products a role in the assortment, as a new version of each that had another. */
export async function assignRole(
  deps: CatalogDeps,
  by: EditBy,
  { productIds, role }: { productIds: readonly string[]; role: ProductRole },
): Promise<{ changed: number }> {
  const { shopId, actor } = by
  const at = deps.clock.instant()
  return deps.db.tx({ shopId }, async (tx) => {
    const products = (await loadProducts(tx, shopId, productIds, true)).filter((product) => product.role !== role)
    const changes = products.map((before) => ({ before, after: { ...before, role } }))
    await saveProducts(tx, { shopId, actor, at, tree: await loadTree(tx, shopId) }, changes)
    if (products.length > 0)
      await audit(tx, deps.clock, {
        ...by,
        action: 'catalog.assign-role',
        entity: 'product',
        entityId: products.length === 1 ? products[0]!.id : 'many',
        summary: `${products.length} 个商品的角色改为「${PRODUCT_ROLE_NAMES[role].zh}」`,
        after: { productIds: products.map(({ id }) => id), role },
      })
    return { changed: products.length }
  })
}
