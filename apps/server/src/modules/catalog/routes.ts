import { staffOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { viewerOf } from '../prices/index.ts'
import type { CatalogDeps } from './deps.ts'
import { changeCategory, createCategory, listCategories, removeCategory } from './edit-categories.ts'
import { createProduct, type EditBy, updateProduct } from './edit-product.ts'
import { productTimeline } from './product-timeline.ts'
import { publishProducts } from './publish-products.ts'
import { consoleProduct, consoleProducts, productVersions, storeProduct } from './read-products.ts'
import { storeProducts } from './search-products.ts'

export function storeHandlers(deps: CatalogDeps): Handlers {
  return {
    'store.products': ({ params, query, caller }) => storeProducts(deps, params.shopId, query, viewerOf(caller)),
    'store.product': ({ params, caller }) => storeProduct(deps, params.shopId, params.productId, viewerOf(caller)),
  }
}

export function productHandlers(deps: CatalogDeps): Handlers {
  return {
    'console.products': ({ params, query }) => consoleProducts(deps, params.shopId, query),
    'console.product': ({ params }) => consoleProduct(deps, params.shopId, params.productId),
    'console.createProduct': async (call) => {
      const id = await createProduct(deps, editBy(call), call.body)
      return consoleProduct(deps, call.params.shopId, id)
    },
    'console.updateProduct': async (call) => {
      await updateProduct(deps, editBy(call), call.params.productId, call.body)
      return consoleProduct(deps, call.params.shopId, call.params.productId)
    },
    'console.publishProducts': (call) => publishProducts(deps, editBy(call), call.body.productIds, call.body.onSale),
    'console.productVersions': ({ params, query }) => productVersions(deps, params.shopId, params.productId, query),
    'console.productTimeline': ({ params, query }) => productTimeline(deps, params.shopId, params.productId, query),
    'console.categories': async ({ params: { shopId } }) => ({
      items: await deps.db.read({ shopId }, (tx) => listCategories(tx, shopId, false)),
    }),
    'console.createCategory': (call) => createCategory(deps, editBy(call), call.body),
    'console.updateCategory': (call) => changeCategory(deps, editBy(call), call.params.categoryId, call.body),
    'console.deleteCategory': async (call) => {
      await removeCategory(deps, editBy(call), call.params.categoryId)
      return { ok: true }
    },
  }
}

/** Who makes the change, for versions, events and the audit trail. */
export function editBy(call: Pick<Call, 'caller' | 'ip' | 'requestId'> & { params: { shopId: string } }): EditBy {
  const staff = staffOf(call.caller)
  return {
    shopId: call.params.shopId,
    actor: { kind: 'staff', id: staff.staffId, name: staff.name },
    ip: call.ip,
    requestId: call.requestId,
  }
}
