import { z } from 'zod'
import { ProductState } from './catalog.ts'
import { Id, Instant, PageQuery, Picture, PriceFen, page, ShopParams, shopParams, text } from './common.ts'
import { CompletenessItem } from './completeness.ts'
import { ProductRole, TagValueIds } from './content.ts'
import { routes } from './route.ts'

/** Most products of one bulk edit. */
export const MAX_BULK_PRODUCTS = 10_000

const PriceChange = z.object({
  field: z.literal('price'),
  /** `set`: to value fen. `percent`: to value basis points of what it is. `plus`: by value fen, which may be negative. */
  mode: z.enum(['set', 'percent', 'plus']),
  value: z.int().min(-10_000_000_00).max(10_000_000_00),
  rounding: z.enum(['fen', 'jiao', 'yuan', 'nine']).default('fen'),
  /** The price, or the strike-through price. */
  which: z.enum(['price', 'list']).default('price'),
})

export const BulkChange = z.discriminatedUnion('field', [
  z.object({ field: z.literal('category'), categoryId: Id.nullable() }),
  z.object({
    field: z.literal('tags'),
    add: z.array(text(20)).max(20).default([]),
    remove: z.array(text(20)).max(20).default([]),
  }),
  z.object({ field: z.literal('freight'), freightTemplateId: Id.nullable() }),
  PriceChange,
  z.object({ field: z.literal('state'), onSale: z.boolean() }),
])
export type BulkChange = z.infer<typeof BulkChange>

/** Products by hand, or everything that a filter of the list finds. */
const Target = z.union([
  z.object({ productIds: z.array(Id).min(1).max(1000) }),
  z.object({
    filter: z.object({
      q: z.string().trim().max(60).optional(),
      state: ProductState.optional(),
      categoryId: Id.optional(),
      tagValues: TagValueIds,
      role: ProductRole.optional(),
      gap: CompletenessItem.optional(),
      completenessMax: z.int().min(0).max(100).optional(),
    }),
  }),
])
export type BulkTarget = z.infer<typeof Target>

const FieldChange = z.object({ field: z.string(), before: z.string(), after: z.string() })

export const BulkPreview = z
  .object({
    total: z.int(),
    /** Of those looked at; all, unless there are more than the preview looks at. */
    examined: z.int(),
    changing: z.int(),
    refused: z.int(),
    skuCount: z.int(),
    rows: z
      .array(
        z.object({ productId: Id, title: z.string(), changes: z.array(FieldChange), refusal: z.string().nullable() }),
      )
      .max(100),
  })
  .meta({ id: 'BulkPreview' })
export type BulkPreview = z.infer<typeof BulkPreview>

export const BulkEdit = z
  .object({
    id: Id,
    summary: z.string(),
    state: z.enum(['running', 'done', 'undoing', 'undone']),
    total: z.int(),
    done: z.int(),
    changed: z.int(),
    refused: z.int(),
    undone: z.int(),
    actorName: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
    /** Until then it can be taken back; null when it cannot. */
    undoBefore: Instant.nullable(),
  })
  .meta({ id: 'BulkEdit' })
export type BulkEdit = z.infer<typeof BulkEdit>

export const DeletedProduct = z
  .object({
    id: Id,
    title: z.string(),
    picture: Picture.nullable(),
    skuCount: z.int(),
    minPriceFen: PriceFen,
    maxPriceFen: PriceFen,
    deletedAt: Instant,
    deletedBy: z.string(),
    /** When its time in the bin is over. */
    removedAt: Instant,
  })
  .meta({ id: 'DeletedProduct' })
export type DeletedProduct = z.infer<typeof DeletedProduct>

const Outcome = z.object({
  changed: z.array(Id),
  refused: z.array(z.object({ productId: Id, title: z.string(), reason: z.string() })),
})
const ProductIds = z.object({ productIds: z.array(Id).min(1).max(200) })
const read = { audience: 'staff', permission: 'catalog.read' } as const
const write = { audience: 'staff', permission: 'catalog.write' } as const
const EditParams = shopParams({ bulkEditId: Id })

export const productCareRoutes = routes({
  'console.deleteProducts': {
    method: 'POST',
    path: '/api/console/shops/:shopId/products/delete',
    summary: 'Put products into the recycle bin: off sale and out of every list, until they are restored',
    access: write,
    params: ShopParams,
    body: ProductIds,
    response: Outcome,
  },
  'console.deletedProducts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/recycle-bin',
    summary: 'Products in the recycle bin, the latest first',
    access: read,
    params: ShopParams,
    query: PageQuery.extend({ q: z.string().trim().max(60).optional() }),
    response: page(DeletedProduct),
  },
  'console.restoreProducts': {
    method: 'POST',
    path: '/api/console/shops/:shopId/recycle-bin/restore',
    summary: 'Take products out of the recycle bin; they are off sale',
    access: write,
    params: ShopParams,
    body: ProductIds,
    response: Outcome,
  },
  'console.purgeProducts': {
    method: 'POST',
    path: '/api/console/shops/:shopId/recycle-bin/purge',
    summary: 'Remove products for good; what orders or stock name is kept out of sight',
    access: write,
    params: ShopParams,
    body: ProductIds,
    response: z.object({ removed: z.array(Id), hidden: z.array(Id) }),
  },
  'console.compareProductVersions': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products/:productId/versions/compare',
    summary: 'What differs between two versions of a product',
    access: read,
    params: shopParams({ productId: Id }),
    query: z.object({
      from: z.coerce.number().int().min(1).default(1),
      /** Absent: the version that is there now. */
      to: z.coerce.number().int().min(1).optional(),
    }),
    response: z.object({ from: z.int(), to: z.int(), changes: z.array(FieldChange) }),
    errors: ['NOT_FOUND'],
  },
  'console.restoreProductVersion': {
    method: 'POST',
    path: '/api/console/shops/:shopId/products/:productId/versions/restore',
    summary: 'Make a product what it was in an earlier version, as a new version; archived SKUs come back',
    access: write,
    params: shopParams({ productId: Id }),
    body: z.object({
      restore: z.int().min(1),
      /** The version that is there now, as far as the caller knows. */
      version: z.int().min(1),
    }),
    response: z.object({ version: z.int(), changes: z.array(FieldChange), notes: z.array(z.string()) }),
    errors: ['CONFLICT', 'DUPLICATE', 'NOT_FOUND', 'PRODUCT_INCOMPLETE'],
  },
  'console.previewBulkEdit': {
    method: 'POST',
    path: '/api/console/shops/:shopId/bulk-edits/preview',
    summary: 'What a bulk edit would change, product by product, and what it would refuse. Changes nothing',
    access: read,
    params: ShopParams,
    body: z.object({ target: Target, change: BulkChange }),
    response: BulkPreview,
    errors: ['NOT_FOUND', 'VALIDATION_FAILED'],
  },
  'console.startBulkEdit': {
    method: 'POST',
    path: '/api/console/shops/:shopId/bulk-edits',
    summary: 'Change many products at once; each is judged for itself, and all can be taken back for a time',
    access: write,
    params: ShopParams,
    idempotent: true,
    body: z.object({
      target: Target,
      change: BulkChange,
      /** How many products the caller has agreed to; when the filter finds another number now, nothing is changed. */
      expectedTotal: z.int().min(1).max(MAX_BULK_PRODUCTS).optional(),
    }),
    response: BulkEdit,
    errors: ['NOT_FOUND', 'VALIDATION_FAILED', 'BULK_EDIT_COUNT'],
  },
  'console.bulkEdits': {
    method: 'GET',
    path: '/api/console/shops/:shopId/bulk-edits',
    summary: 'Bulk edits, newest first',
    access: read,
    params: ShopParams,
    query: PageQuery,
    response: page(BulkEdit),
  },
  'console.bulkEdit': {
    method: 'GET',
    path: '/api/console/shops/:shopId/bulk-edits/:bulkEditId',
    summary: 'State and progress of a bulk edit',
    access: read,
    params: EditParams,
    response: BulkEdit,
    errors: ['NOT_FOUND'],
  },
  'console.bulkEditRefusals': {
    method: 'GET',
    path: '/api/console/shops/:shopId/bulk-edits/:bulkEditId/refusals',
    summary: 'Products that were refused, or not taken back, with the reason',
    access: read,
    params: EditParams,
    query: PageQuery,
    response: page(z.object({ productId: Id, title: z.string(), reason: z.string() })),
  },
  'console.undoBulkEdit': {
    method: 'POST',
    path: '/api/console/shops/:shopId/bulk-edits/:bulkEditId/undo',
    summary: 'Take a bulk edit back; products that were changed since stay as they are',
    access: write,
    params: EditParams,
    response: BulkEdit,
    errors: ['NOT_FOUND', 'BULK_EDIT_STATE'],
  },
})
