import { audit } from '../../../kernel/audit.ts'
import { withDataScopes } from '../../../kernel/data-scope.ts'
import type { Tx } from '../../../kernel/db.ts'
import { AppError } from '../../../kernel/errors.ts'
import { newId } from '../../../kernel/ids.ts'
import { lockInOrder } from '../../../kernel/locks.ts'
import type { CatalogDeps } from '../deps.ts'
import { isUniqueViolation, saveProducts } from '../save-products.ts'
import { minPictures } from '../settings.ts'
import { ensureCategories, groupRows, knownMedia, meantProducts, tagValuesOf } from './gather.ts'
import { createPictureStep, type PictureStep } from './picture-step.ts'
import { type Plan, planProducts } from './plan.ts'
import { createRowReader, type Refusal } from './rows.ts'
import {
  addProgress,
  countAttempt,
  findImport,
  type ImportRecord,
  type ImportRef,
  scopesOfImport,
  setEnded,
} from './store-jobs.ts'
import { insertWaiting } from './store-pictures.ts'
import { dropTakenRows, type GroupedRow, insertRefusals, nextGroups, rowsAfter, setGroups } from './store-rows.ts'

const CHUNK_ROWS = 500
const GROUP_BATCH_ROWS = 5_000
const MAX_ATTEMPTS = 5

/** What a step came to: there is more to do, this part is finished, or the import is not running any more. */
type Outcome = 'more' | 'finished' | 'stopped'

/**
 * Does an import until it is finished, stopped or `signal` is aborted; answers whether there is more to do. All it
 * knows stands in the database and moves in the transactions that do the work, so it may be killed anywhere and started
 * again, even twice at a time.
 * @throws whatever kept it from moving, until it has been tried five times; then the import has failed.
 */
export async function doImport(deps: CatalogDeps, ref: ImportRef, signal: AbortSignal): Promise<boolean> {
  const scopes = await deps.db.read({ shopId: ref.shopId }, (tx) => scopesOfImport(tx, ref))
  return withDataScopes(scopes, () => goOn(deps, ref, signal))
}

async function goOn(deps: CatalogDeps, ref: ImportRef, signal: AbortSignal): Promise<boolean> {
  const pictures = createPictureStep(deps, ref)
  try {
    while (!signal.aborted) {
      const outcome = await step(deps, ref, pictures)
      if (outcome !== 'more') return false
    }
    return true
  } catch (error) {
    const attempts = await noteFailure(deps, ref, error)
    if (attempts < MAX_ATTEMPTS && !isFinal(error)) throw error
    await fail(deps, ref, error)
    return false
  }
}

async function step(deps: CatalogDeps, ref: ImportRef, pictures: PictureStep): Promise<Outcome> {
  const rows = await importChunk(deps, ref)
  if (rows !== 'finished') return rows
  const fetched = await pictures.run()
  if (fetched !== 'finished') return fetched
  await finish(deps, ref)
  return 'stopped'
}

/** Something that trying again cannot mend, in words for people. */
const isFinal = (error: unknown): error is AppError => error instanceof AppError && error.status < 500

/** One chunk of rows; when its data cannot be written, one product at a time, so that only the bad one is refused. */
async function importChunk(deps: CatalogDeps, ref: ImportRef): Promise<Outcome> {
  for (let races = 0; ; races++) {
    try {
      return await writeChunk(deps, ref, CHUNK_ROWS)
    } catch (error) {
      if (isUniqueViolation(error) && races < 3) continue
      if (!isDataError(error)) throw error
      return writeOneByOne(deps, ref)
    }
  }
}

/** A value that PostgreSQL refuses: classes 22 (data) and 23 (constraint), and what lies beyond the data scopes. */
const isDataError = (error: unknown): boolean => /^(2[23]|42501)/.test((error as { code?: string }).code ?? '')

async function writeOneByOne(deps: CatalogDeps, ref: ImportRef): Promise<Outcome> {
  for (let done = 0; done < CHUNK_ROWS; done++) {
    const outcome = await writeChunk(deps, ref, 1).catch((error) => {
      if (!isDataError(error)) throw error
      const beyond = (error as { code?: string }).code === '42501'
      return writeChunk(deps, ref, 1, beyond ? '商品所在分类不归你负责，没有导入' : '内容无法保存，请检查后重新导入')
    })
    if (outcome !== 'more') return outcome
  }
  return 'more'
}

/** Writes the next products with everything that belongs to them in one transaction, or refuses them for `reason`. */
async function writeChunk(deps: CatalogDeps, ref: ImportRef, limit: number, reason?: string): Promise<Outcome> {
  const { shopId, importId } = ref
  return deps.db.tx({ shopId }, async (tx) => {
    // Imports of one shop take turns: two with the same codes would otherwise wait for each other's rows.
    await lockInOrder(tx, [`catalog-import:${shopId}`])
    const job = await findImport(tx, shopId, importId, true)
    if (job?.state !== 'running') return 'stopped'
    if (!job.grouped) {
      await bringTogether(tx, shopId, job)
      return 'more'
    }
    const rows = await nextGroups(tx, shopId, importId, job.position, limit)
    if (rows.length === 0) return 'finished'
    const done = reason === undefined ? await writeRows(tx, deps, shopId, job, rows) : refuseAll(rows, reason)
    const refusedRows = new Set(done.refusals.map(({ line }) => line)).size
    await insertRefusals(tx, shopId, importId, done.refusals, false)
    await insertRefusals(tx, shopId, importId, done.notes, true)
    const { created, updated } = done
    const progress = { createdProducts: created, updatedProducts: updated, refusedRows }
    const position = rows.at(-1)!.groupLine
    await addProgress(tx, shopId, importId, { ...progress, position, doneRows: rows.length }, deps.clock.instant())
    return 'more'
  })
}

interface Written {
  refusals: Refusal[]
  notes: Refusal[]
  created: number
  updated: number
}

const refuseAll = (rows: readonly GroupedRow[], reason: string): Written => ({
  refusals: rows.map(({ line }) => ({ line, column: null, value: '', reason })),
  notes: [],
  created: 0,
  updated: 0,
})

async function writeRows(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  job: ImportRecord,
  rows: readonly GroupedRow[],
): Promise<Written> {
  const at = deps.clock.instant()
  const reader = createRowReader(job.columns, job.mapping)
  const { groups, refusals } = groupRows(reader, rows)
  const categories = await ensureCategories(tx, shopId, groups, at)
  const media = await knownMedia(tx, deps, shopId, groups)
  const plan = planProducts(groups, {
    options: job.options,
    rules: { minPictures: await deps.settings.get(minPictures, { shopId }, tx) },
    products: await meantProducts(tx, shopId, groups, true),
    categories: categories.ids,
    ...media,
    tagValues: await tagValuesOf(tx, shopId, groups, true),
    columnOf: reader.columnOf,
    newId,
    at,
  })
  const saved = await saveProducts(tx, { shopId, actor: job.actor, at, tree: categories.tree }, plan.changes)
  await receiveStock(tx, deps, shopId, job, plan)
  await insertWaiting(tx, shopId, job.id, waitingOf(plan))
  return {
    refusals: [...refusals, ...plan.refusals],
    notes: plan.notes,
    created: saved.filter(({ created }) => created).length,
    updated: saved.filter(({ created, changes }) => !created && changes.length > 0).length,
  }
}

async function receiveStock(tx: Tx, deps: CatalogDeps, shopId: string, job: ImportRecord, plan: Plan): Promise<void> {
  if (plan.stock.length === 0) return
  const { warehouseId } = job.options
  await deps.stock.receive(tx, { shopId, warehouseId, lines: plan.stock, reason: 'import', actor: job.actor })
}

const waitingOf = (plan: Plan) =>
  plan.pictures.flatMap(({ productId, line, sources }) =>
    sources.map((each, place) => ({ productId, place, line, ...each })),
  )

/** Finds the rows of each product, wherever they stand in the file. */
async function bringTogether(tx: Tx, shopId: string, job: ImportRecord): Promise<void> {
  const reader = createRowReader(job.columns, job.mapping)
  const firstLines = new Map<string, number>()
  const later: { line: number; groupLine: number }[] = []
  for (let after = 0; ; ) {
    const rows = await rowsAfter(tx, shopId, job.id, after, GROUP_BATCH_ROWS)
    for (const row of rows) {
      const key = reader.keyOf(row)
      const first = firstLines.get(key)
      if (first === undefined) firstLines.set(key, row.line)
      else later.push({ line: row.line, groupLine: first })
    }
    if (rows.length < GROUP_BATCH_ROWS) break
    after = rows.at(-1)!.line
  }
  await setGroups(tx, shopId, job.id, later)
}

async function finish(deps: CatalogDeps, { shopId, importId }: ImportRef): Promise<void> {
  await deps.db.tx({ shopId }, async (tx) => {
    const job = await findImport(tx, shopId, importId, true)
    if (job?.state !== 'running') return
    await setEnded(tx, shopId, importId, 'done', null, deps.clock.instant())
    await dropTakenRows(tx, shopId, importId)
    const { createdProducts, updatedProducts, refusedRows } = job
    await audit(tx, deps.clock, {
      shopId,
      actor: job.actor,
      action: 'catalog.finish-import',
      entity: 'import',
      entityId: importId,
      summary: `导入「${job.fileName}」完成：新建 ${createdProducts} 个商品，更新 ${updatedProducts} 个，失败 ${refusedRows} 行`,
      after: { createdProducts, updatedProducts, refusedRows },
    })
  })
}

const messageOf = (error: unknown): string =>
  error instanceof AppError ? error.message : '系统出了点问题，可稍后继续导入'

const noteFailure = (deps: CatalogDeps, { shopId, importId }: ImportRef, error: unknown): Promise<number> =>
  deps.db.tx({ shopId }, (tx) => countAttempt(tx, shopId, importId, messageOf(error)))

async function fail(deps: CatalogDeps, { shopId, importId }: ImportRef, error: unknown): Promise<void> {
  await deps.db.tx({ shopId }, async (tx) => {
    const job = await findImport(tx, shopId, importId, true)
    if (job?.state === 'running') await setEnded(tx, shopId, importId, 'failed', messageOf(error), deps.clock.instant())
  })
}
