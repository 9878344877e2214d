import { z } from 'zod'
import {
  Category,
  ImportFieldName,
  ImportJob,
  ImportRefusal,
  Product,
  ProductInput,
  ProductMoment,
  ProductMomentKind,
  ProductRow,
  ProductState,
  StoreProduct,
  StoreProductCard,
} from './catalog.ts'
import { FenAmount, Id, Instant, Ok, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import { CompletenessItem } from './completeness.ts'
import { ProductRole, UploadedFile } from './content.ts'
import { routes } from './route.ts'

/** Ids with commas between them: values of one dimension are alternatives, dimensions add up. */
const TagValueIds = z
  .string()
  .max(60 * 37)
  .regex(/^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36})*$/, '标签筛选无效')
  .optional()

const ProductFilter = z.object({
  q: z.string().trim().max(60).optional(),
  state: ProductState.optional(),
  categoryId: Id.optional(),
  tagValues: TagValueIds,
  role: ProductRole.optional(),
  /** Products that lack something of it. */
  gap: CompletenessItem.optional(),
  /** Products with at most so many points. */
  completenessMax: z.coerce.number().int().min(0).max(100).optional(),
})

const CategoryInput = z.object({
  parentId: Id.nullable().default(null),
  name: text(30),
  position: z.int().min(0).max(9999).default(0),
})

export const catalogRoutes = routes({
  'store.products': {
    method: 'GET',
    path: '/api/store/shops/:shopId/products',
    summary: 'Products on sale: list, category, simple search',
    access: { audience: 'public' },
    kept: { unless: ['q'] },
    params: ShopParams,
    query: PageQuery.extend({
      q: z.string().trim().max(60).optional(),
      categoryId: Id.optional(),
      tagValues: TagValueIds,
      sort: z.enum(['default', 'new', 'sold', 'price-asc', 'price-desc']).default('default'),
    }),
    response: page(StoreProductCard),
  },
  'store.product': {
    method: 'GET',
    path: '/api/store/shops/:shopId/products/:productId',
    summary: 'One product on sale with its SKUs and stock',
    access: { audience: 'public' },
    kept: {},
    params: shopParams({ productId: Id }),
    response: StoreProduct,
    errors: ['NOT_FOUND'],
  },
  'console.products': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products',
    summary: 'Products of the shop',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    query: PageQuery.extend(ProductFilter.shape).extend({
      /** A minus sorts downwards; `updated` and `created` have the newest first; `fix-first`: most points missing and most sold. */
      sort: z
        .enum([
          'updated',
          'created',
          'title',
          '-title',
          'price',
          '-price',
          'sold',
          '-sold',
          'edited',
          '-edited',
          'completeness',
          '-completeness',
          'fix-first',
        ])
        .default('updated'),
    }),
    response: page(ProductRow),
  },
  'console.product': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products/:productId',
    summary: 'One product with everything',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ productId: Id }),
    response: Product,
  },
  'console.createProduct': {
    method: 'POST',
    path: '/api/console/shops/:shopId/products',
    summary: 'Create a draft product',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    body: ProductInput,
    response: Product,
    errors: ['DUPLICATE'],
  },
  'console.updateProduct': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/products/:productId',
    summary: 'Change a product; refused when somebody else changed it meanwhile',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: shopParams({ productId: Id }),
    body: ProductInput.extend({ version: z.int() }),
    response: Product,
    errors: ['CONFLICT', 'DUPLICATE', 'PRODUCT_INCOMPLETE'],
  },
  'console.productTimeline': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products/:productId/timeline',
    summary:
      'Everything that happened to a product, newest first: edits, movements of its stock, rules over its prices',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ productId: Id }),
    query: PageQuery.extend({ kind: ProductMomentKind.optional() }),
    response: page(ProductMoment),
    errors: ['INVALID_CURSOR'],
  },
  'console.publishProducts': {
    method: 'POST',
    path: '/api/console/shops/:shopId/products/publish',
    summary: 'Publish or unpublish products; each one is answered for itself',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    body: z.object({ productIds: z.array(Id).min(1).max(200), onSale: z.boolean() }),
    response: z.object({
      changed: z.array(Id),
      refused: z.array(z.object({ productId: Id, title: z.string(), reason: z.string() })),
    }),
  },
  'console.productVersions': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products/:productId/versions',
    summary: 'Who changed what in a product, newest first',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ productId: Id }),
    query: PageQuery,
    response: page(
      z.object({
        version: z.int(),
        at: Instant,
        actorName: z.string(),
        changes: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
      }),
    ),
  },
  'console.categories': {
    method: 'GET',
    path: '/api/console/shops/:shopId/categories',
    summary: 'The category tree',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    response: z.object({ items: z.array(Category).max(2000) }),
  },
  'console.createCategory': {
    method: 'POST',
    path: '/api/console/shops/:shopId/categories',
    summary: 'Add a category (three levels at most)',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    body: CategoryInput,
    response: Category,
    errors: ['DUPLICATE'],
  },
  'console.updateCategory': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/categories/:categoryId',
    summary: 'Rename, move or reorder a category',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: shopParams({ categoryId: Id }),
    body: CategoryInput,
    response: Category,
    errors: ['DUPLICATE'],
  },
  'console.deleteCategory': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/categories/:categoryId',
    summary: 'Remove an empty category',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: shopParams({ categoryId: Id }),
    response: Ok,
    errors: ['CATEGORY_IN_USE'],
  },
  'console.uploadFile': {
    method: 'POST',
    path: '/api/console/shops/:shopId/files',
    summary: 'Upload a picture or video',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    consumes: 'file',
    response: UploadedFile,
    errors: ['FILE_REFUSED', 'BODY_TOO_LARGE'],
  },
  'console.startImport': {
    method: 'POST',
    path: '/api/console/shops/:shopId/imports',
    summary:
      'Upload a spreadsheet (XLSX, CSV in UTF-8 or GB18030), or a zip with one spreadsheet and pictures; reads its columns and proposes a mapping',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    consumes: 'file',
    response: ImportJob,
    errors: ['IMPORT_UNREADABLE', 'FILE_REFUSED', 'BODY_TOO_LARGE'],
  },
  'console.imports': {
    method: 'GET',
    path: '/api/console/shops/:shopId/imports',
    summary: 'Imports, newest first',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    query: PageQuery,
    response: page(ImportJob),
  },
  'console.import': {
    method: 'GET',
    path: '/api/console/shops/:shopId/imports/:importId',
    summary: 'State and progress of an import',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ importId: Id }),
    response: ImportJob,
  },
  'console.previewImport': {
    method: 'POST',
    path: '/api/console/shops/:shopId/imports/:importId/preview',
    summary:
      'What the import would do with this mapping: first products and all refusals found in the first 1,000 rows',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ importId: Id }),
    body: z.object({ mapping: z.record(z.string().max(200), ImportFieldName), options: ImportJob.shape.options }),
    response: z.object({
      products: z.array(
        z.object({
          title: z.string(),
          category: z.string(),
          brand: z.string(),
          skus: z.array(z.object({ code: z.string(), options: z.string(), priceFen: FenAmount, stock: z.int() })),
        }),
      ),
      refusals: z.array(ImportRefusal),
      goodRows: z.int(),
      badRows: z.int(),
    }),
    errors: ['IMPORT_STATE'],
  },
  'console.runImport': {
    method: 'POST',
    path: '/api/console/shops/:shopId/imports/:importId/run',
    summary: 'Start, or resume, the import with a mapping, which is remembered',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: shopParams({ importId: Id }),
    body: z.object({ mapping: z.record(z.string().max(200), ImportFieldName), options: ImportJob.shape.options }),
    response: ImportJob,
    errors: ['IMPORT_STATE'],
  },
  'console.cancelImport': {
    method: 'POST',
    path: '/api/console/shops/:shopId/imports/:importId/cancel',
    summary: 'Stop an import; what is already in stays',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: shopParams({ importId: Id }),
    response: ImportJob,
    errors: ['IMPORT_STATE'],
  },
  'console.importRefusals': {
    method: 'GET',
    path: '/api/console/shops/:shopId/imports/:importId/refusals',
    summary: 'Refused rows with line and reason',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ importId: Id }),
    query: PageQuery,
    response: page(ImportRefusal),
  },
  'console.importRefusalsFile': {
    method: 'GET',
    path: '/api/console/shops/:shopId/imports/:importId/refusals.csv',
    summary: 'Refused rows as a spreadsheet to correct and import again',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: shopParams({ importId: Id }),
    produces: 'csv',
  },
  'console.importTemplate': {
    method: 'GET',
    path: '/api/console/shops/:shopId/import-template.xlsx',
    summary: 'An empty spreadsheet with all columns and one example',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    produces: 'xlsx',
  },
  'console.exportProducts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/products-export',
    summary: 'Products and SKUs as a spreadsheet that can be imported again',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    query: ProductFilter.extend({ format: z.enum(['csv', 'csv-gb18030', 'xlsx']).default('xlsx') }),
    produces: 'xlsx',
  },
})
