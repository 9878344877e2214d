import type { Fen } from '@zhanggui/contract'
import type { Tx } from '../../../kernel/db.ts'
import { AppError } from '../../../kernel/errors.ts'
import { newId } from '../../../kernel/ids.ts'
import type { CatalogDeps } from '../deps.ts'
import { minPictures } from '../settings.ts'
import type { ProductRecord } from '../types.ts'
import type { Mapping } from './columns.ts'
import { foreseenCategories, groupRows, knownMedia, meantProducts, tagValuesOf } from './gather.ts'
import { type Plan, pathKey, planProducts } from './plan.ts'
import { createRowReader, type Refusal } from './rows.ts'
import { checkMapping } from './start-import.ts'
import { findImport, type ImportOptions, type ImportRecord } from './store-jobs.ts'
import { rowsAfter } from './store-rows.ts'

const PREVIEW_ROWS = 1_000
const PREVIEW_PRODUCTS = 100
const MAX_REFUSALS = 1_000

export interface Preview {
  products: {
    title: string
    category: string
    brand: string
    skus: { code: string; options: string; priceFen: Fen; stock: number }[]
  }[]
  refusals: Refusal[]
  goodRows: number
  badRows: number
}

/**
 * What the import would do with this mapping, from its first 1,000 rows: the very plan that the run makes, written
 * nowhere.
 * @throws AppError NOT_FOUND, IMPORT_STATE, VALIDATION_FAILED
 */
export async function previewImport(
  deps: CatalogDeps,
  shopId: string,
  importId: string,
  input: { mapping: Mapping; options: ImportOptions },
): Promise<Preview> {
  return deps.db.read({ shopId }, async (tx) => {
    const job = await requireImport(tx, shopId, importId)
    if (job.state === 'running' || job.state === 'reading' || job.state === 'done') throw wrongState(job)
    checkMapping(job.columns, input.mapping)
    const rows = await rowsAfter(tx, shopId, importId, 0, PREVIEW_ROWS)
    const reader = createRowReader(job.columns, input.mapping)
    const { groups, refusals } = groupRows(reader, rows)
    const media = await knownMedia(tx, deps, shopId, groups)
    const categories = await foreseenCategories(tx, shopId, groups)
    const plan = planProducts(groups, {
      options: input.options,
      rules: { minPictures: await deps.settings.get(minPictures, { shopId }, tx) },
      products: await meantProducts(tx, shopId, groups, false),
      categories,
      ...media,
      tagValues: await tagValuesOf(tx, shopId, groups, false),
      columnOf: reader.columnOf,
      newId,
      at: deps.clock.instant(),
    })
    const all = [...refusals, ...plan.refusals].sort((a, b) => a.line - b.line)
    const badRows = new Set(all.map(({ line }) => line)).size
    return {
      products: shownProducts(plan, categories),
      refusals: all.slice(0, MAX_REFUSALS),
      goodRows: rows.length - badRows,
      badRows,
    }
  })
}

function shownProducts(plan: Plan, categories: ReadonlyMap<string, string>): Preview['products'] {
  const paths = new Map([...categories].map(([key, id]) => [id, key.split(pathKey(['', '']))]))
  const products = new Map(plan.changes.map(({ after }) => [after.id, after]))
  const units = new Map(plan.stock.map(({ skuId, quantity }) => [skuId, quantity]))
  return plan.taken.slice(0, PREVIEW_PRODUCTS).map(({ productId, skuIds }) => {
    const product: ProductRecord = products.get(productId)!
    return {
      title: product.title,
      category: product.categoryId === null ? '' : (paths.get(product.categoryId)?.join(' / ') ?? ''),
      brand: product.brand,
      skus: product.skus
        .filter(({ id }) => skuIds.includes(id))
        .map((sku) => ({
          code: sku.code,
          options: sku.optionValues.join(' / '),
          priceFen: sku.priceFen as Fen,
          stock: units.get(sku.id) ?? 0,
        })),
    }
  })
}

/** @throws AppError NOT_FOUND */
export async function requireImport(tx: Tx, shopId: string, id: string, lock = false): Promise<ImportRecord> {
  const job = await findImport(tx, shopId, id, lock)
  if (!job) throw new AppError('NOT_FOUND', { values: { what: '导入任务' } })
  return job
}

const STATE_NAMES: Record<ImportRecord['state'], string> = {
  reading: '读取中',
  mapping: '待确认列',
  running: '导入中',
  done: '已完成',
  failed: '失败',
  cancelled: '已取消',
}

export const wrongState = (job: Pick<ImportRecord, 'state'>, state = STATE_NAMES[job.state]): AppError =>
  new AppError('IMPORT_STATE', { values: { state } })
