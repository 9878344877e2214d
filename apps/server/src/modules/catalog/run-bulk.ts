import type { Tx } from '../../kernel/db.ts'
import { changed } from './bulk-change.ts'
import type { CatalogDeps } from './deps.ts'
import { asItWas } from './restore-version.ts'
import { type ProductChange, saveProducts } from './save-products.ts'
import { minPictures } from './settings.ts'
import {
  type BulkItem,
  type BulkRow,
  findBulk,
  itemsIn,
  openBulks,
  snapshotsBefore,
  writeItems,
  writeProgress,
} from './store-bulk.ts'
import { loadTree } from './store-categories.ts'
import { loadProducts } from './store-products.ts'
import { deletedAmong } from './store-recycle.ts'
import type { ProductRecord } from './types.ts'
import type { Snapshot } from './versions.ts'

const CHUNK = 100

export interface BulkRef {
  shopId: string
  bulkEditId: string
}

/**
 * Does the next part of a bulk edit, or of taking it back: products, outcomes and counters commit together, so that a
 * lost worker repeats nothing. Answers whether there is more.
 */
export async function runBulkChunk(deps: CatalogDeps, { shopId, bulkEditId }: BulkRef): Promise<boolean> {
  return deps.db.tx({ shopId }, async (tx) => {
    const row = await findBulk(tx, shopId, bulkEditId, true)
    if (row === undefined || (row.state !== 'running' && row.state !== 'undoing')) return false
    const isUndo = row.state === 'undoing'
    const wanted = isUndo ? (['changed'] as const) : (['waiting'] as const)
    const items = await itemsIn(tx, shopId, bulkEditId, wanted, { after: 0, limit: CHUNK })
    const outcome = isUndo ? await undoItems(tx, deps, shopId, row, items) : await doItems(tx, deps, shopId, row, items)
    await writeItems(tx, shopId, bulkEditId, outcome)
    const count = (state: BulkItem['state']) => outcome.filter((item) => item.state === state).length
    const more = items.length === CHUNK
    const next = isUndo ? 'undone' : 'done'
    await writeProgress(tx, shopId, bulkEditId, {
      state: more ? row.state : next,
      done: row.done + items.length,
      changed: row.changed + count('changed'),
      refused: row.refused + count('refused') + count('kept'),
      undone: row.undone + count('undone'),
      finishedAt: more ? null : deps.clock.instant(),
    })
    return more
  })
}

async function doItems(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  row: BulkRow,
  items: readonly BulkItem[],
): Promise<BulkItem[]> {
  const at = deps.clock.instant()
  const rules = { minPictures: await deps.settings.get(minPictures, { shopId }, tx), at }
  const products = await readProducts(tx, shopId, items)
  const changes: ProductChange[] = []
  const outcome = items.map((item): BulkItem => {
    const before = products.get(item.productId)
    if (before === undefined) return { ...item, state: 'refused', reason: '没有找到商品' }
    const result = changed(before, row.change, rules)
    if ('refusal' in result) return { ...item, title: before.title, state: 'refused', reason: result.refusal }
    changes.push({ before, after: result.after })
    return { ...item, title: before.title, state: 'same' }
  })
  return withSaved(await saved(tx, shopId, row, at, changes), outcome, 'changed')
}

async function undoItems(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  row: BulkRow,
  items: readonly BulkItem[],
): Promise<BulkItem[]> {
  const products = await readProducts(tx, shopId, items)
  const versions = items.flatMap(({ productId, version }) => (version === null ? [] : [{ productId, version }]))
  const snapshots = await snapshotsBefore(tx, shopId, versions)
  const changes: ProductChange[] = []
  const outcome = items.map((item): BulkItem => {
    const before = products.get(item.productId)
    const snapshot = snapshots.get(item.productId) as Snapshot | undefined
    if (before === undefined || snapshot === undefined) return { ...item, state: 'kept', reason: '商品已删除' }
    if (before.version !== item.version) return { ...item, state: 'kept', reason: '之后又被修改过，保持不变' }
    changes.push({ before, after: { ...asItWas(before, snapshot), state: snapshot.state } })
    return { ...item, state: 'undone' }
  })
  await saved(tx, shopId, row, deps.clock.instant(), changes)
  return outcome
}

async function readProducts(
  tx: Tx,
  shopId: string,
  items: readonly BulkItem[],
): Promise<ReadonlyMap<string, ProductRecord>> {
  const ids = items.map(({ productId }) => productId)
  const products = await loadProducts(tx, shopId, ids, true)
  const gone = await deletedAmong(tx, shopId, ids)
  return new Map(products.filter(({ id }) => !gone.has(id)).map((product) => [product.id, product]))
}

const saved = async (tx: Tx, shopId: string, row: BulkRow, at: string, changes: readonly ProductChange[]) =>
  saveProducts(tx, { shopId, actor: row.actor, at, tree: await loadTree(tx, shopId) }, changes)

function withSaved(
  results: Awaited<ReturnType<typeof saved>>,
  items: readonly BulkItem[],
  state: BulkItem['state'],
): BulkItem[] {
  const written = new Map(
    results.filter(({ changes }) => changes.length > 0).map(({ product }) => [product.id, product.version]),
  )
  return items.map((item) => {
    const version = written.get(item.productId)
    return version === undefined ? item : { ...item, state, version }
  })
}

/** Goes on with edits whose worker was lost. Answers how many there were. */
export async function sweepBulkEdits(deps: CatalogDeps): Promise<number> {
  const open = await deps.db.read('system', openBulks)
  for (const { shopId, id } of open) while (await runBulkChunk(deps, { shopId, bulkEditId: id }));
  return open.length
}
