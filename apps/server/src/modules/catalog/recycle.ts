import type { DeletedProduct, Fen } from '@zhanggui/contract'
import { z } from 'zod'
import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { decodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { CatalogDeps } from './deps.ts'
import type { EditBy } from './edit-product.ts'
import { picturesOf } from './pictures.ts'
import type { PublishResult } from './publish-products.ts'
import { saveProducts } from './save-products.ts'
import { recycleDays } from './settings-care.ts'
import { loadTree } from './store-categories.ts'
import { loadProducts } from './store-products.ts'
import {
  deletedAmong,
  deletedBefore,
  hideProduct,
  listDeleted,
  markDeleted,
  removeProduct,
  shopsWithDeleted,
  skuIdsOf,
  unmarkDeleted,
} from './store-recycle.ts'

const Cursor = z.object({ deletedAt: z.iso.datetime(), id: z.uuid() })
const FOREIGN_KEY_VIOLATION = '23503'
const AT_ONCE = 100

/** Puts products into the recycle bin: off sale, out of every list. What is there already is left alone. */
export async function deleteProducts(
  deps: CatalogDeps,
  by: EditBy,
  productIds: readonly string[],
): Promise<PublishResult> {
  const at = deps.clock.instant()
  return deps.db.tx({ shopId: by.shopId }, async (tx) => {
    const products = await loadProducts(tx, by.shopId, productIds, true)
    const gone = await deletedAmong(tx, by.shopId, productIds)
    const fit = products.filter(({ id }) => !gone.has(id))
    const changes = fit.map((before) => ({ before, after: { ...before, state: 'off-sale' as const } }))
    await saveProducts(tx, { shopId: by.shopId, actor: by.actor, at, tree: await loadTree(tx, by.shopId) }, changes)
    const changed = fit.map(({ id }) => id)
    await markDeleted(tx, by.shopId, changed, { actor: by.actor, at })
    await record(tx, deps, by, 'catalog.delete-products', '放入回收站', fit)
    return { changed, refused: missing(productIds, products) }
  })
}

/** Takes products out of the bin; they are off sale. */
export async function restoreProducts(
  deps: CatalogDeps,
  by: EditBy,
  productIds: readonly string[],
): Promise<PublishResult> {
  return deps.db.tx({ shopId: by.shopId }, async (tx) => {
    const products = await loadProducts(tx, by.shopId, productIds, true)
    const gone = await deletedAmong(tx, by.shopId, productIds)
    const fit = products.filter(({ id }) => gone.has(id))
    const changed = fit.map(({ id }) => id)
    await unmarkDeleted(tx, by.shopId, changed)
    await record(tx, deps, by, 'catalog.restore-products', '从回收站恢复', fit)
    return { changed, refused: missing(productIds, products) }
  })
}

const missing = (ids: readonly string[], products: readonly { id: string }[]): PublishResult['refused'] =>
  ids
    .filter((id) => !products.some((product) => product.id === id))
    .map((productId) => ({ productId, title: '', reason: '没有找到商品' }))

async function record(
  tx: Tx,
  deps: CatalogDeps,
  by: EditBy,
  action: string,
  verb: string,
  products: readonly { id: string; title: string }[],
): Promise<void> {
  if (products.length === 0) return
  const names = products
    .slice(0, 5)
    .map(({ title }) => `「${title}」`)
    .join('')
  await audit(tx, deps.clock, {
    ...by,
    action,
    entity: 'product',
    entityId: products.length === 1 ? products[0]!.id : 'many',
    summary: `${verb} ${products.length} 个商品：${names}`,
    after: { productIds: products.map(({ id }) => id) },
  })
}

/** What is in the bin, and until when. */
export async function deletedProducts(
  deps: CatalogDeps,
  shopId: string,
  input: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<DeletedProduct>> {
  const before = decodeCursor(input.cursor, Cursor)
  return deps.db.read({ shopId }, async (tx) => {
    const rows = await listDeleted(tx, shopId, { q: input.q, before, limit: input.limit + 1 })
    const page = keysetPage(rows, input.limit, ({ deletedAt, id }) => ({ deletedAt, id }))
    const pictures = await picturesOf(
      tx,
      deps,
      shopId,
      page.items.map(({ picture }) => picture),
    )
    const days = await deps.settings.get(recycleDays, { shopId }, tx)
    const items = page.items.map((row) => ({
      ...row,
      picture: row.picture === null ? null : (pictures.get(row.picture) ?? null),
      minPriceFen: row.minPriceFen as Fen,
      maxPriceFen: row.maxPriceFen as Fen,
      deletedBy: row.deletedBy.name ?? '系统',
      removedAt: plusMs(row.deletedAt, days * DAY_MS),
    }))
    return { ...page, items }
  })
}

/**
 * Removes products of the bin for good, each in a transaction of its own. What orders or stock name is kept, hidden:
 * an order can still show what it was of.
 */
export async function purgeProducts(
  deps: CatalogDeps,
  by: EditBy,
  productIds: readonly string[],
): Promise<{ removed: string[]; hidden: string[] }> {
  const removed: string[] = []
  const hidden: string[] = []
  for (const id of productIds) {
    const outcome = await purgeOne(deps, by, id).catch((error) => {
      // somebody named it at this very moment
      if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error
      return deps.db.tx({ shopId: by.shopId }, (tx) => hide(tx, deps, by.shopId, id))
    })
    if (outcome === 'removed') removed.push(id)
    if (outcome === 'hidden') hidden.push(id)
  }
  return { removed, hidden }
}

const hide = async (tx: Tx, deps: CatalogDeps, shopId: string, id: string): Promise<'hidden'> => {
  await hideProduct(tx, shopId, id, deps.clock.instant())
  return 'hidden'
}

function purgeOne(deps: CatalogDeps, by: EditBy, id: string): Promise<'removed' | 'hidden' | undefined> {
  return deps.db.tx({ shopId: by.shopId }, async (tx) => {
    const [product] = await loadProducts(tx, by.shopId, [id], true)
    if (product === undefined || !(await deletedAmong(tx, by.shopId, [id])).has(id)) return undefined
    if (await deps.stock.everHeld(tx, by.shopId, await skuIdsOf(tx, by.shopId, id)))
      return hide(tx, deps, by.shopId, id)
    await removeProduct(tx, by.shopId, id)
    await record(tx, deps, by, 'catalog.purge-products', '彻底删除', [product])
    return 'removed'
  })
}

/** Removes what has been in the bins for longer than the shops' settings say. Answers how many products that were. */
export async function emptyBins(deps: CatalogDeps): Promise<number> {
  let count = 0
  for (const shopId of await deps.db.read('system', shopsWithDeleted)) {
    const days = await deps.settings.get(recycleDays, { shopId })
    const before = plusMs(deps.clock.instant(), -days * DAY_MS)
    for (;;) {
      const due = await deps.db.read({ shopId }, (tx) => deletedBefore(tx, shopId, before, AT_ONCE))
      if (due.length === 0) break
      const { removed, hidden } = await purgeProducts(
        deps,
        { shopId, actor: SYSTEM_ACTOR },
        due.map(({ id }) => id),
      )
      count += removed.length + hidden.length
      if (removed.length + hidden.length === 0) break
    }
  }
  return count
}
