import type { ImportJob } from '@zhanggui/contract'
import { AppError } from '../../../kernel/errors.ts'
import { newId } from '../../../kernel/ids.ts'
import type { CatalogDeps } from '../deps.ts'
import type { EditBy } from '../edit-product.ts'
import { columnSignature, type Mapping, proposeMapping } from './columns.ts'
import { type ImportFile, readImportFile } from './read-file.ts'
import { deleteImport, findImport, finishReading, insertImport, rememberedMapping } from './store-jobs.ts'
import { stageRows } from './store-rows.ts'
import { MAX_UPLOAD_BYTES } from './table.ts'
import { importView } from './view.ts'

const SAMPLE_ROWS = 10
const SAMPLE_CELL_LENGTH = 200
const STAGE_ROWS = 2_000
/** A spreadsheet is unpacked in memory, so only a few are read at a time. */
const MAX_READING = 2

let reading = 0

/**
 * Reads an uploaded spreadsheet, stages its rows and proposes a mapping: the one last used for the same columns, else
 * by the columns' names.
 * @throws AppError IMPORT_UNREADABLE, FILE_REFUSED, BUSY
 */
export async function startImport(deps: CatalogDeps, by: EditBy, fileName: string, bytes: Buffer): Promise<ImportJob> {
  if (reading >= MAX_READING) throw new AppError('BUSY', { retryAfterSeconds: 5 })
  reading++
  try {
    const file = await readImportFile(fileName, bytes)
    const fileId = file.pictures.length > 0 ? await keepArchive(deps, by, fileName, bytes) : null
    return await stage(deps, by, fileName, file, fileId)
  } finally {
    reading--
  }
}

/** Pictures are taken out of the zip when the import runs, and only those that rows name. */
async function keepArchive(deps: CatalogDeps, by: EditBy, name: string, content: Buffer): Promise<string> {
  const { id } = await deps.files.upload({
    shopId: by.shopId,
    name,
    content,
    accept: ['zip'],
    maxBytes: MAX_UPLOAD_BYTES,
    visibility: 'private',
    actor: by.actor,
  })
  return id
}

async function stage(
  deps: CatalogDeps,
  by: EditBy,
  fileName: string,
  file: ImportFile,
  fileId: string | null,
): Promise<ImportJob> {
  const { shopId } = by
  const id = newId()
  const signature = columnSignature(file.columns)
  await deps.db.tx({ shopId }, async (tx) => {
    const remembered = await rememberedMapping(tx, shopId, signature)
    await insertImport(tx, shopId, {
      id,
      fileName: fileName.toWellFormed().replaceAll('\0', '').slice(-200),
      fileId,
      encoding: file.encoding,
      sheet: file.sheet?.slice(0, 100) ?? null,
      columns: file.columns,
      signature,
      mapping: remembered ?? proposeMapping(file.columns),
      mappingRemembered: remembered !== undefined,
      options: { publish: false, defaultPriceFen: null, defaultStock: null, warehouseId: null },
      sample: file.rows.slice(0, SAMPLE_ROWS).map(({ cells }) => sampleOf(cells, file.columns.length)),
      actor: by.actor,
      at: deps.clock.instant(),
    })
  })
  try {
    for (let from = 0; from < file.rows.length; from += STAGE_ROWS)
      await deps.db.tx({ shopId }, (tx) => stageRows(tx, shopId, id, file.rows.slice(from, from + STAGE_ROWS)))
    return await deps.db.tx({ shopId }, async (tx) => {
      await finishReading(tx, shopId, id, file.rows.length, deps.clock.instant())
      return importView((await findImport(tx, shopId, id))!)
    })
  } catch (error) {
    await deps.db.tx({ shopId }, (tx) => deleteImport(tx, shopId, id))
    throw error
  }
}

const sampleOf = (cells: readonly string[], width: number): string[] =>
  Array.from({ length: width }, (_, i) => (cells[i] ?? '').slice(0, SAMPLE_CELL_LENGTH))

/**
 * Whether a mapping can be used: it names columns of the file, no field twice, and rows can be told apart by it.
 * @throws AppError VALIDATION_FAILED
 */
export function checkMapping(columns: readonly string[], mapping: Mapping): void {
  const fields = new Set<string>()
  for (const [column, field] of Object.entries(mapping)) {
    if (!columns.includes(column)) throw mappingError(`文件没有「${column}」这一列`)
    if (fields.has(field)) throw mappingError(`「${column}」与另一列对应了同一个字段`)
    fields.add(field)
  }
  if (!fields.has('title') && !fields.has('skuCode') && !fields.has('productCode'))
    throw mappingError('至少要有一列对应商品标题、商品编码或 SKU 编码')
}

const mappingError = (reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field: 'mapping', reason }, field: 'mapping' })
