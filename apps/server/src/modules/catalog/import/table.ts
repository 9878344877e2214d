import { AppError } from '../../../kernel/errors.ts'

/** A spreadsheet as it was read: rows of cells as text, with the row's number in the spreadsheet. */
export interface Table {
  rows: { line: number; cells: string[] }[]
  encoding: string | null
  sheet: string | null
}

export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024
export const MAX_ROWS = 100_000
const MAX_COLUMNS = 200
const MAX_CELL_LENGTH = 32_767
/** All text of a spreadsheet together. */
const MAX_CHARACTERS = 100_000_000

export const unreadable = (reason: string, cause?: unknown): AppError =>
  new AppError('IMPORT_UNREADABLE', { values: { reason }, cause })

/** Collects rows within the limits. Empty rows are left out, but counted in the line numbers. */
export class TableBuilder {
  readonly rows: Table['rows'] = []
  #characters = 0

  /** @throws AppError IMPORT_UNREADABLE beyond a limit. */
  add(line: number, cells: readonly string[]): void {
    let width = cells.length
    while (width > 0 && (cells[width - 1] ?? '').trim() === '') width--
    if (width === 0) return
    if (width > MAX_COLUMNS) throw unreadable(`第 ${line} 行有 ${width} 列，上限为 ${MAX_COLUMNS} 列`)
    // One more for the row of column names.
    if (this.rows.length > MAX_ROWS) throw unreadable(`数据超过 ${MAX_ROWS} 行，请拆分后分次导入`)
    const row = Array.from({ length: width }, (_, i) => this.#cell(cells[i] ?? '', line))
    this.rows.push({ line, cells: row })
  }

  #cell(text: string, line: number): string {
    if (text.length > MAX_CELL_LENGTH) throw unreadable(`第 ${line} 行有单元格超过 ${MAX_CELL_LENGTH} 个字符`)
    this.#characters += text.length
    if (this.#characters > MAX_CHARACTERS) throw unreadable('表格文字过多，请拆分后分次导入')
    return text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  }
}
