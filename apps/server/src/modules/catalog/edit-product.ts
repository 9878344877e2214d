import type { ProductInput } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { CatalogDeps } from './deps.ts'
import { checkContent, contentFieldsOf } from './edit-content.ts'
import { requirePictures } from './pictures.ts'
import { activeSkus, checkSkus, duplicate, missingOf, planSkus } from './rules.ts'
import { rethrowTaken, saveProducts } from './save-products.ts'
import { minPictures } from './settings.ts'
import { loadTree } from './store-categories.ts'
import { loadProducts } from './store-products.ts'
import { deletedAmong } from './store-recycle.ts'
import { skusByCodes } from './store-skus.ts'
import type { ProductRecord } from './types.ts'
import type { Change } from './versions.ts'

export interface EditBy {
  shopId: string
  actor: Actor
  ip?: string
  requestId?: string
}

/**
 * Creates a draft product. Answers its id.
 * @throws AppError VALIDATION_FAILED, DUPLICATE (a SKU code), NOT_FOUND (category, picture)
 */
export async function createProduct(deps: CatalogDeps, by: EditBy, input: ProductInput): Promise<string> {
  const clean = cleaned(input)
  checkSkus(clean.options, clean.skus)
  const at = deps.clock.instant()
  const product: ProductRecord = {
    id: newId(),
    code: null,
    state: 'draft',
    version: 1,
    publishedAt: null,
    createdAt: at,
    updatedAt: at,
    ...fieldsOf(clean),
    skus: planSkus([], clean.skus, newId),
  }
  await deps.db
    .tx({ shopId: by.shopId }, async (tx) => {
      const tree = await checkReferences(tx, deps, by.shopId, null, product)
      await saveProducts(tx, { shopId: by.shopId, actor: by.actor, at, tree }, [{ before: null, after: product }])
      await record(tx, deps, by, 'catalog.create-product', product, `新建商品「${product.title}」`, [])
    })
    .catch(rethrowTaken)
  return product.id
}

/**
 * Changes a product that still has the version the editor read. SKUs that are no longer listed are archived.
 * A product on sale stays fit to be sold.
 * @throws AppError NOT_FOUND, CONFLICT, VALIDATION_FAILED, DUPLICATE, PRODUCT_INCOMPLETE
 */
export async function updateProduct(
  deps: CatalogDeps,
  by: EditBy,
  productId: string,
  input: ProductInput & { version: number },
): Promise<void> {
  const clean = cleaned(input)
  checkSkus(clean.options, clean.skus)
  const at = deps.clock.instant()
  await deps.db
    .tx({ shopId: by.shopId }, async (tx) => {
      const [before] = await loadProducts(tx, by.shopId, [productId], true)
      if (!before) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
      if ((await deletedAmong(tx, by.shopId, [productId])).size > 0)
        throw new AppError('NOT_FOUND', { values: { what: `商品「${before.title}」，它在回收站中，请先恢复` } })
      if (before.version !== input.version)
        throw new AppError('CONFLICT', { values: { what: `商品「${before.title}」` } })
      const after = { ...before, ...fieldsOf(clean), skus: planSkus(before.skus, clean.skus, newId) }
      const tree = await checkReferences(tx, deps, by.shopId, before, after)
      await checkStaysSellable(tx, deps, by.shopId, after)
      const [saved] = await saveProducts(tx, { shopId: by.shopId, actor: by.actor, at, tree }, [{ before, after }])
      if (saved!.changes.length === 0) return
      const fields = [...new Set(saved!.changes.map(({ field }) => field))].slice(0, 8).join('、')
      await record(
        tx,
        deps,
        by,
        'catalog.update-product',
        after,
        `修改商品「${after.title}」：${fields}`,
        saved!.changes,
      )
    })
    .catch(rethrowTaken)
}

/** A category and pictures that exist in this shop; only what is new is looked up. Answers the category tree. */
async function checkReferences(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  before: ProductRecord | null,
  after: ProductRecord,
) {
  const tree = await loadTree(tx, shopId)
  if (after.categoryId !== null && !tree.has(after.categoryId))
    throw new AppError('NOT_FOUND', { values: { what: '类目' }, field: 'categoryId' })
  await checkCodes(tx, shopId, after)
  const known = new Set(before ? pictureIds(before) : [])
  await requirePictures(
    tx,
    deps,
    shopId,
    pictureIds(after).filter((id) => !known.has(id)),
  )
  await checkContent(tx, deps, shopId, before, after)
  return tree
}

/** A code that another product has is named; one that is taken at this very moment is refused by the index. */
export async function checkCodes(tx: Tx, shopId: string, product: ProductRecord): Promise<void> {
  const holders = await skusByCodes(
    tx,
    shopId,
    activeSkus(product).map(({ code }) => code),
  )
  const taken = holders.find(({ productId }) => productId !== product.id)
  if (!taken) return
  const index = product.skus.findIndex(({ code }) => code === taken.code)
  throw duplicate('规格编码', taken.code, `skus.${index}.code`)
}

const pictureIds = (product: ProductRecord): string[] => [
  ...product.pictures,
  ...product.detailPictures,
  ...product.skus.flatMap((sku) => sku.picture ?? []),
]

export async function checkStaysSellable(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  product: ProductRecord,
): Promise<void> {
  if (product.state !== 'on-sale') return
  const missing = missingOf(product, { minPictures: await deps.settings.get(minPictures, { shopId }, tx) })
  if (missing.length > 0)
    throw new AppError('PRODUCT_INCOMPLETE', { values: { missing: missing.join('；') }, data: { missing } })
}

async function record(
  tx: Tx,
  deps: CatalogDeps,
  by: EditBy,
  action: string,
  product: ProductRecord,
  summary: string,
  changes: readonly Change[],
): Promise<void> {
  const side = (which: 'before' | 'after') =>
    changes.length === 0 ? undefined : Object.fromEntries(changes.map((change) => [change.field, change[which]]))
  await audit(tx, deps.clock, {
    ...by,
    action,
    entity: 'product',
    entityId: product.id,
    summary,
    before: side('before'),
    after: side('after'),
  })
}

const fieldsOf = (input: ProductInput) => ({
  title: input.title,
  subtitle: input.subtitle,
  categoryId: input.categoryId,
  brand: input.brand,
  tags: [...new Set(input.tags)],
  attributes: input.attributes,
  options: input.options,
  pictures: [...new Set(input.pictureFileIds)],
  detail: input.detail,
  detailPictures: [...new Set(input.detailPictureFileIds)],
  freightTemplateId: input.freightTemplateId,
  ...contentFieldsOf(input),
})

/** Without characters that PostgreSQL cannot store (NUL, halves of surrogate pairs). */
function cleaned<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T
  if (Array.isArray(value)) return value.map(cleaned) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cleaned(each)])) as T
}

/** Text without characters that PostgreSQL cannot store. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '')
