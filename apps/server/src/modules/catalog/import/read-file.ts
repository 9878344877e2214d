import path from 'node:path'
import { AppError } from '../../../kernel/errors.ts'
import { columnNames, headerIndex } from './columns.ts'
import { type ArchiveEntry, readArchive } from './read-archive.ts'
import { readCsv } from './read-csv.ts'
import { isXlsx, readXlsx } from './read-xlsx.ts'
import { isEmptyRow, type SourceRow } from './rows.ts'
import { MAX_UPLOAD_BYTES, type Table, unreadable } from './table.ts'

/** An uploaded file, understood. */
export interface ImportFile {
  encoding: string | null
  sheet: string | null
  columns: string[]
  rows: SourceRow[]
  /** Pictures that came in the same zip. */
  pictures: ArchiveEntry[]
}

const MAX_SHEET_BYTES = 400 * 1024 * 1024
const MAX_ARCHIVE_BYTES = 600 * 1024 * 1024
const PICTURE = /\.(jpe?g|png|webp|gif|avif|bmp|heic)$/i
const SPREADSHEET = /\.(xlsx|xlsm|csv|txt|tsv)$/i
const OLE_MAGIC = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])
const ZIP_MAGIC = Buffer.from('PK')

/**
 * Reads a spreadsheet (XLSX, CSV), or a zip with exactly one spreadsheet and pictures beside it. What it is, is seen
 * from its bytes, not from its name.
 * @throws AppError IMPORT_UNREADABLE, FILE_REFUSED
 */
export async function readImportFile(fileName: string, bytes: Buffer): Promise<ImportFile> {
  if (bytes.length === 0) throw new AppError('FILE_REFUSED', { values: { name: fileName, reason: '文件是空的' } })
  if (bytes.subarray(0, 2).equals(ZIP_MAGIC)) return readZip(fileName, bytes)
  return withColumns(await readText(fileName, bytes), [])
}

/** Reads the rows of an XLSX or CSV file as they are. @throws AppError IMPORT_UNREADABLE, FILE_REFUSED */
export async function readSpreadsheet(fileName: string, bytes: Buffer): Promise<Table> {
  if (bytes.length === 0) throw new AppError('FILE_REFUSED', { values: { name: fileName, reason: '文件是空的' } })
  if (!bytes.subarray(0, 2).equals(ZIP_MAGIC)) return readText(fileName, bytes)
  const entries = (await readArchive(bytes, MAX_ARCHIVE_BYTES)).filter(({ name }) => !isClutter(name))
  if (!isXlsx(entries)) throw unreadable('请上传 .xlsx 或 .csv 表格')
  return readWorkbook(entries)
}

async function readText(fileName: string, bytes: Buffer): Promise<Table> {
  if (bytes.subarray(0, 4).equals(OLE_MAGIC))
    throw new AppError('FILE_REFUSED', {
      values: { name: fileName, reason: '是旧版 .xls 或带密码的表格，请去掉密码并另存为 .xlsx' },
    })
  return readCsv(bytes)
}

async function readZip(fileName: string, bytes: Buffer): Promise<ImportFile> {
  const entries = (await readArchive(bytes, MAX_ARCHIVE_BYTES)).filter(({ name }) => !isClutter(name))
  if (isXlsx(entries)) return withColumns(await readWorkbook(entries), [])
  const sheets = entries.filter(({ name }) => SPREADSHEET.test(name))
  if (sheets.length !== 1)
    throw new AppError('FILE_REFUSED', {
      values: { name: fileName, reason: `压缩包里应有且只有一个表格（.xlsx 或 .csv），现有 ${sheets.length} 个` },
    })
  const [sheet] = sheets
  if (sheet!.size > MAX_UPLOAD_BYTES) throw unreadable('压缩包里的表格过大')
  const inner = await sheet!.read()
  const isZip = inner.subarray(0, 2).equals(ZIP_MAGIC)
  const table = isZip
    ? await readWorkbook(await readArchive(inner, MAX_SHEET_BYTES))
    : await readText(sheet!.name, inner)
  return withColumns(
    table,
    entries.filter(({ name }) => PICTURE.test(name)),
  )
}

async function readWorkbook(entries: readonly ArchiveEntry[]): Promise<Table> {
  if (entries.reduce((sum, { size }) => sum + size, 0) > MAX_SHEET_BYTES) throw unreadable('表格解压后过大')
  return readXlsx(entries)
}

/** What macOS and Windows put into zips by themselves. */
const isClutter = (name: string): boolean =>
  name.startsWith('__MACOSX/') || /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i.test(path.posix.basename(name))

function withColumns(table: Table, pictures: ArchiveEntry[]): ImportFile {
  const index = headerIndex(table.rows.map(({ cells }) => cells))
  if (index < 0) throw unreadable('表格里没有内容')
  const body = table.rows.slice(index + 1).filter(({ cells }) => !isEmptyRow(cells))
  if (body.length === 0) throw unreadable('表格只有表头，没有数据')
  const width = Math.max(
    ...table.rows
      .slice(index)
      .map(({ cells }) => cells.length)
      .slice(0, 1000),
    1,
  )
  const columns = columnNames(table.rows[index]!.cells, width)
  return { encoding: table.encoding, sheet: table.sheet, columns, rows: body, pictures }
}
