import type { Handlers } from '../../kernel/http/mount.ts'
import { viewerOf } from '../prices/index.ts'
import type { CatalogDeps } from './deps.ts'
import { cardsOf } from './read-products.ts'
import { handPicked, pickProducts, relatedProducts, setRelatedProducts } from './related.ts'
import { editBy } from './routes.ts'

export function relatedHandlers(deps: CatalogDeps): Handlers {
  return {
    'store.relatedProducts': ({ params: { shopId, productId }, query: { kind }, caller }) =>
      deps.db.read({ shopId }, async (tx) => ({
        items: await cardsOf(tx, deps, shopId, await handPicked(tx, shopId, productId, kind), viewerOf(caller)),
      })),
    'console.relatedProducts': ({ params }) => relatedProducts(deps, params.shopId, params.productId),
    'console.setRelatedProducts': async (call) => {
      const { shopId, productId } = call.params
      await setRelatedProducts(deps, editBy(call), productId, call.body.kind, call.body.productIds)
      return relatedProducts(deps, shopId, productId)
    },
    'console.pickProducts': async ({ params, query }) => ({ items: await pickProducts(deps, params.shopId, query) }),
  }
}
