import { z } from 'zod'
import { ProductState, StoreProductCard } from './catalog.ts'
import { Id, Picture, PriceFen, ShopParams, shopParams } from './common.ts'
import { routes } from './route.ts'

/** `related`: goes with the product (搭配推荐); `substitute`: takes its place when it is short (替代商品). */
export const RelationKind = z.enum(['related', 'substitute'])
export type RelationKind = z.infer<typeof RelationKind>

/** Most goods of one kind beside a product. */
export const MAX_RELATED = 30

export const RelatedProduct = z
  .object({
    id: Id,
    title: z.string(),
    state: ProductState,
    picture: Picture.nullable(),
    minPriceFen: PriceFen,
    maxPriceFen: PriceFen,
    available: z.int(),
  })
  .meta({ id: 'RelatedProduct' })
export type RelatedProduct = z.infer<typeof RelatedProduct>

const Related = z.object({ related: z.array(RelatedProduct), substitute: z.array(RelatedProduct) })

export const relatedRoutes = routes({
  'store.relatedProducts': {
    method: 'GET',
    path: '/api/store/shops/:shopId/products/:productId/related',
    summary: 'Goods that the shop picked beside a product, those on sale, in its order',
    access: { audience: 'public' },
    params: shopParams({ productId: Id }),
    query: z.object({ kind: RelationKind.default('related') }),
    response: z.object({ items: z.array(StoreProductCard).max(MAX_RELATED) }),
  },
  'console.relatedProducts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products/:productId/related',
    summary: 'Related and substitute goods of a product, in their order',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ productId: Id }),
    response: Related,
    errors: ['NOT_FOUND'],
  },
  'console.setRelatedProducts': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/products/:productId/related',
    summary: 'Pick and order the related or substitute goods of a product; replaces the list of that kind',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: shopParams({ productId: Id }),
    body: z.object({ kind: RelationKind, productIds: z.array(Id).max(MAX_RELATED) }),
    response: Related,
    errors: ['NOT_FOUND'],
  },
  'console.pickProducts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/product-picker',
    summary: 'Products by words or SKU code, for pickers',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    query: z.object({ q: z.string().trim().max(60).default(''), exceptId: Id.optional() }),
    response: z.object({ items: z.array(RelatedProduct).max(20) }),
  },
})
