import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import ExcelJS from 'exceljs'

export interface SheetColumn {
  title: string
  width: number
  /** Of a number, e.g. `0.00`; text has `@`, so that long codes stay as they are. */
  format: string
  note?: string
}

const HIGH_WATER_BYTES = 1024 * 1024

/** A workbook with one sheet as a stream of bytes, written row by row. Cells are text or numbers, never formulas. */
export function xlsxStream(
  sheetName: string,
  columns: readonly SheetColumn[],
  pages: AsyncIterable<readonly (readonly (string | number)[])[]>,
): Readable {
  const out = new PassThrough({ highWaterMark: HIGH_WATER_BYTES })
  write(out, sheetName, columns, pages).catch((error: Error) => out.destroy(error))
  return out
}

async function write(
  out: PassThrough,
  sheetName: string,
  columns: readonly SheetColumn[],
  pages: AsyncIterable<readonly (readonly (string | number)[])[]>,
): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
  const sheet = workbook.addWorksheet(sheetName, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ title, width, format }) => ({ header: title, width, style: { numFmt: format } }))
  const header = sheet.getRow(1)
  header.font = { bold: true }
  columns.forEach(({ note }, index) => {
    if (note !== undefined) header.getCell(index + 1).note = note
  })
  header.commit()
  for await (const rows of pages) {
    for (const row of rows) sheet.addRow([...row]).commit()
    // The writer does not wait for a slow reader by itself.
    if (out.writableNeedDrain) await Promise.race([once(out, 'drain'), once(out, 'close')])
    if (out.destroyed) return
  }
  sheet.commit()
  await workbook.commit()
}
