import {
  type BulkChange,
  type BulkEdit,
  type BulkPreview,
  type BulkTarget,
  MAX_BULK_PRODUCTS,
} from '@zhanggui/contract'
import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { newId } from '../../kernel/ids.ts'
import { defineJob } from '../../kernel/jobs.ts'
import { changed, changeText } from './bulk-change.ts'
import type { CatalogDeps } from './deps.ts'
import type { EditBy } from './edit-product.ts'
import { filterOf } from './read-products.ts'
import { categoryPath, invalid } from './rules.ts'
import { runBulkChunk } from './run-bulk.ts'
import { minPictures } from './settings.ts'
import { bulkUndoHours } from './settings-care.ts'
import { type BulkRow, findBulk, insertBulk, writeProgress } from './store-bulk.ts'
import { loadTree } from './store-categories.ts'
import { productIdsAfter } from './store-lists.ts'
import { loadProducts } from './store-products.ts'
import { deletedAmong } from './store-recycle.ts'
import { changesBetween, snapshotOf } from './versions.ts'

const EXAMINED = 1000
const SHOWN_ROWS = 100
const PAGE = 1000

export const bulkJob = defineJob({
  name: 'catalog.bulk-edit',
  schema: z.object({ shopId: z.uuid(), bulkEditId: z.uuid() }),
  unique: 'queued',
  retryLimit: 6,
})

/** The products that are meant, in order; those in the recycle bin are not. */
async function targetIds(tx: Tx, shopId: string, target: BulkTarget): Promise<string[]> {
  if ('productIds' in target) return [...new Set(target.productIds)]
  const filter = await filterOf(tx, shopId, target.filter)
  const ids: string[] = []
  for (let afterId: string | null = null; ; afterId = ids.at(-1)!) {
    const page = await productIdsAfter(tx, { ...filter, shopId, afterId, limit: PAGE })
    ids.push(...page)
    if (ids.length > MAX_BULK_PRODUCTS)
      throw invalid('target', `一次最多修改 ${MAX_BULK_PRODUCTS} 个商品，请缩小筛选范围`)
    if (page.length < PAGE) return ids
  }
}

/** @throws AppError NOT_FOUND, VALIDATION_FAILED */
async function checkChange(tx: Tx, shopId: string, change: BulkChange): Promise<void> {
  if (change.field === 'category' && change.categoryId !== null && !(await loadTree(tx, shopId)).has(change.categoryId))
    throw new AppError('NOT_FOUND', { values: { what: '类目' }, field: 'change.categoryId' })
  if (change.field === 'tags' && change.add.length + change.remove.length === 0)
    throw invalid('change', '请填写要加或要去的标签')
  if (change.field === 'price' && change.mode === 'plus' && change.value === 0)
    throw invalid('change.value', '金额不能是 0')
  if (change.field === 'price' && change.mode !== 'plus' && change.value <= 0) throw invalid('change.value', '要大于 0')
}

/** What a bulk edit would do. Changes nothing. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function previewBulkEdit(
  deps: CatalogDeps,
  shopId: string,
  input: { target: BulkTarget; change: BulkChange },
): Promise<BulkPreview> {
  return deps.db.read({ shopId }, async (tx) => {
    await checkChange(tx, shopId, input.change)
    const ids = await targetIds(tx, shopId, input.target)
    const examined = ids.slice(0, EXAMINED)
    const gone = await deletedAmong(tx, shopId, examined)
    const products = (await loadProducts(tx, shopId, examined)).filter(({ id }) => !gone.has(id))
    const rules = { minPictures: await deps.settings.get(minPictures, { shopId }, tx), at: deps.clock.instant() }
    const tree = await loadTree(tx, shopId)
    const nameOf = (id: string | null) => categoryPath(tree, id).join(' / ') || '—'
    const rows = products.flatMap((product): (BulkPreview['rows'][number] & { skus: number })[] => {
      const result = changed(product, input.change, rules)
      const row = { productId: product.id, title: product.title, skus: 0 }
      if ('refusal' in result) return [{ ...row, changes: [], refusal: result.refusal }]
      const changes = changesBetween(snapshotOf(product), snapshotOf(result.after), nameOf)
      return changes.length === 0
        ? []
        : [{ ...row, changes: changes.slice(0, 20), refusal: null, skus: skusOf(changes) }]
    })
    const refused = rows.filter(({ refusal }) => refusal !== null)
    return {
      total: ids.length,
      examined: examined.length,
      changing: rows.length - refused.length,
      refused: refused.length,
      skuCount: rows.reduce((sum, { skus }) => sum + skus, 0),
      rows: [...refused, ...rows.filter(({ refusal }) => refusal === null)]
        .slice(0, SHOWN_ROWS)
        .map(({ skus: _, ...row }) => row),
    }
  })
}

const skusOf = (changes: readonly { field: string }[]): number =>
  new Set(changes.flatMap(({ field }) => /^SKU (\S+) /.exec(field)?.[1] ?? [])).size

/**
 * Starts a bulk edit: the products are listed in the transaction that answers; the work is a job in parts, the first of
 * which is done at once.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED, BULK_EDIT_COUNT when a filter finds another number than was agreed to
 */
export async function startBulkEdit(
  deps: CatalogDeps,
  by: EditBy,
  key: string,
  input: { target: BulkTarget; change: BulkChange; expectedTotal?: number | undefined },
): Promise<BulkEdit> {
  const { shopId, actor } = by
  const at = deps.clock.instant()
  const { id } = await deps.db.tx({ shopId }, (tx) =>
    once(tx, { shopId, callerId: actor.id!, route: 'console.startBulkEdit', key, request: input, at }, async () => {
      await checkChange(tx, shopId, input.change)
      const ids = await targetIds(tx, shopId, input.target)
      if (ids.length === 0) throw new AppError('NOT_FOUND', { values: { what: '符合条件的商品' } })
      if (input.expectedTotal !== undefined && input.expectedTotal !== ids.length)
        throw new AppError('BULK_EDIT_COUNT', { values: { count: ids.length, expected: input.expectedTotal } })
      const tree = await loadTree(tx, shopId)
      const summary = changeText(input.change, (each) => categoryPath(tree, each).join(' / ') || '默认')
      const row = { id: newId(), change: input.change, summary, actor, createdAt: at }
      await insertBulk(tx, shopId, row, ids)
      await deps.jobs.enqueue(tx, bulkJob, { shopId, bulkEditId: row.id }, { singletonKey: row.id })
      await audit(tx, deps.clock, {
        ...by,
        action: 'catalog.bulk-edit',
        entity: 'bulk-edit',
        entityId: row.id,
        summary: `批量修改 ${ids.length} 个商品：${summary}`,
        after: input.change,
      })
      return { id: row.id }
    }),
  )
  await runBulkChunk(deps, { shopId, bulkEditId: id })
  return bulkEditView(deps, shopId, id)
}

/** Takes a bulk edit back. @throws AppError NOT_FOUND, BULK_EDIT_STATE */
export async function undoBulkEdit(deps: CatalogDeps, by: EditBy, id: string): Promise<BulkEdit> {
  const { shopId } = by
  await deps.db.tx({ shopId }, async (tx) => {
    const row = await requireBulk(tx, shopId, id, true)
    const until = await undoBefore(tx, deps, shopId, row)
    if (row.state === 'undoing' || row.state === 'undone') return
    if (row.state !== 'done' || until === null || until <= deps.clock.instant())
      throw new AppError('BULK_EDIT_STATE', {
        values: { reason: row.state === 'running' ? '还没有完成' : '已超过可撤销的时间' },
      })
    await writeProgress(tx, shopId, id, { ...row, state: 'undoing', done: 0, finishedAt: null })
    await deps.jobs.enqueue(tx, bulkJob, { shopId, bulkEditId: id }, { singletonKey: id })
    await audit(tx, deps.clock, {
      ...by,
      action: 'catalog.undo-bulk-edit',
      entity: 'bulk-edit',
      entityId: id,
      summary: `撤销批量修改：${row.summary}`,
    })
  })
  await runBulkChunk(deps, { shopId, bulkEditId: id })
  return bulkEditView(deps, shopId, id)
}

export async function requireBulk(tx: Tx, shopId: string, id: string, lock = false): Promise<BulkRow> {
  const row = await findBulk(tx, shopId, id, lock)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '批量修改' } })
  return row
}

export const bulkEditView = (deps: CatalogDeps, shopId: string, id: string): Promise<BulkEdit> =>
  deps.db.read({ shopId }, async (tx) => bulkView(tx, deps, shopId, await requireBulk(tx, shopId, id)))

export async function bulkView(tx: Tx, deps: CatalogDeps, shopId: string, row: BulkRow): Promise<BulkEdit> {
  const { actor, change: _, ...rest } = row
  const until = await undoBefore(tx, deps, shopId, row)
  const open = row.state === 'done' && row.changed > 0 && until !== null && until > deps.clock.instant()
  return { ...rest, actorName: actor.name ?? '系统', undoBefore: open ? until : null }
}

async function undoBefore(tx: Tx, deps: CatalogDeps, shopId: string, row: BulkRow): Promise<string | null> {
  if (row.finishedAt === null) return null
  return plusMs(row.finishedAt, (await deps.settings.get(bulkUndoHours, { shopId }, tx)) * HOUR_MS)
}
