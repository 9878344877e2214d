import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { type EventDefinition, emitMany } from '../../kernel/outbox.ts'
import { settleContent } from './content.ts'
import { type ProductFacts, productCreated, productPublished, productUnpublished, productUpdated } from './events.ts'
import { type CategoryNode, categoryPath, duplicate } from './rules.ts'
import { writeSearch } from './search/index-rows.ts'
import {
  insertProducts,
  insertVersions,
  type SkuWrite,
  updateProducts,
  upsertSkus,
  type VersionWrite,
} from './store-products.ts'
import type { ProductRecord, SkuRecord } from './types.ts'
import { type Change, changesBetween, snapshotOf } from './versions.ts'

/** A product as it was (null: it is new) and as it shall be. The version of `after` is set here. */
export interface ProductChange {
  before: ProductRecord | null
  after: ProductRecord
}

export interface SaveContext {
  shopId: string
  actor: Actor
  at: string
  /** The category tree, for words. */
  tree: ReadonlyMap<string, CategoryNode>
}

export interface SavedProduct {
  product: ProductRecord
  /** Empty when nothing differed and nothing was written. */
  changes: Change[]
  created: boolean
}

/**
 * Writes new and changed products with SKUs, versions and events: the one way in which a product changes, for the
 * editor and the import alike, with a handful of statements whatever their number. What did not change is not
 * written. `before` must have been read with its lock in this transaction.
 * @throws AppError CONFLICT when a product was changed meanwhile; unique violations as PostgreSQL gives them
 * (see `rethrowTaken`).
 */
export async function saveProducts(
  tx: Tx,
  context: SaveContext,
  items: readonly ProductChange[],
): Promise<SavedProduct[]> {
  const categoryName = (id: string | null) => categoryPath(context.tree, id).join(' / ') || '—'
  const saved = items.map(({ before, after: wanted }): SavedProduct => {
    const after = settleContent(before, wanted)
    const changes = before
      ? changesBetween(snapshotOf(before), snapshotOf(after), categoryName)
      : [{ field: '商品', before: '—', after: '新建' }]
    const version = before ? before.version + 1 : 1
    const product = changes.length === 0 ? after : stamped(after, version, context.at)
    return { product, changes, created: before === null }
  })
  const written = saved.filter(({ changes }) => changes.length > 0)
  const changed = written.filter(({ created }) => !created).map(({ product }) => product)
  await insertProducts(
    tx,
    context.shopId,
    written.filter(({ created }) => created).map(({ product }) => product),
  )
  if ((await updateProducts(tx, context.shopId, changed)) !== changed.length)
    throw new AppError('CONFLICT', { values: { what: '商品' } })
  await writeSearch(
    tx,
    context.shopId,
    written.map(({ product }) => product),
    context.tree,
  )
  const earlier = new Map(items.flatMap(({ before }) => before?.skus ?? []).map((sku) => [sku.id, sku]))
  await upsertSkus(
    tx,
    context.shopId,
    written.flatMap(({ product }) => skuWrites(product, earlier)),
    context.at,
  )
  await insertVersions(tx, context.shopId, written.map(toVersion), context.actor, context.at)
  await emitChanges(tx, context, items, saved)
  return saved
}

function stamped(product: ProductRecord, version: number, at: string): ProductRecord {
  const publishedAt = product.state === 'on-sale' ? (product.publishedAt ?? at) : product.publishedAt
  return { ...product, version, updatedAt: at, publishedAt }
}

function skuWrites(product: ProductRecord, earlier: ReadonlyMap<string, SkuRecord>): SkuWrite[] {
  return product.skus
    .filter((sku) => JSON.stringify(earlier.get(sku.id)) !== JSON.stringify(sku))
    .map((sku) => ({ productId: product.id, sku }))
}

const toVersion = ({ product, changes }: SavedProduct): VersionWrite => ({
  productId: product.id,
  version: product.version,
  snapshot: snapshotOf(product),
  changes,
})

async function emitChanges(
  tx: Tx,
  context: SaveContext,
  items: readonly ProductChange[],
  saved: readonly SavedProduct[],
): Promise<void> {
  const send = <P>(event: EventDefinition<P>, payloads: readonly (P & ProductFacts)[]) =>
    emitMany(
      tx,
      event,
      payloads.map((payload) => ({
        shopId: context.shopId,
        aggregate: 'product',
        aggregateId: payload.productId,
        payload,
        occurredAt: context.at,
        actor: context.actor,
      })),
    )
  const changed = saved.filter(({ changes, created }) => !created && changes.length > 0)
  const wentOnSale = saved.filter(
    ({ product }, i) => product.state === 'on-sale' && items[i]!.before?.state !== 'on-sale',
  )
  const wentOffSale = saved.filter(
    ({ product }, i) => product.state !== 'on-sale' && items[i]!.before?.state === 'on-sale',
  )
  await send(productCreated, saved.filter(({ created }) => created).map(factsOf))
  await send(
    productUpdated,
    changed.map((each) => ({ ...factsOf(each), fields: each.changes.map(({ field }) => field) })),
  )
  await send(productPublished, wentOnSale.map(factsOf))
  await send(productUnpublished, wentOffSale.map(factsOf))
}

const factsOf = ({ product }: SavedProduct): ProductFacts => ({
  productId: product.id,
  version: product.version,
  title: product.title,
  categoryId: product.categoryId,
  brand: product.brand,
  skus: product.skus.map(({ id, code, priceFen, archived }) => ({ skuId: id, code, priceFen, archived })),
})

const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'
const TAKEN: Record<string, string> = { skus_code: '规格编码', products_code: '商品编码' }

export const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === UNIQUE_VIOLATION

/** Puts a lost race for a code, or for a category that is being deleted, into the user's words. For `.catch()`. */
export function rethrowTaken(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string }
  const what = code === UNIQUE_VIOLATION ? TAKEN[constraint ?? ''] : undefined
  // Below row-level security PostgreSQL does not say which value it was.
  if (what !== undefined) throw duplicate(what, '刚刚被另一个商品使用', 'skus')
  if (code === FOREIGN_KEY_VIOLATION)
    throw new AppError('NOT_FOUND', { values: { what: '类目' }, field: 'categoryId', cause: error })
  throw error
}
