import { csvStream } from '../../../kernel/write-csv.ts'
import type { CatalogDeps } from '../deps.ts'
import { requireImport } from '../import/preview-import.ts'
import { refusedRowsAfter } from '../import/store-rows.ts'
import { CSV_TYPE, type Download } from './export-products.ts'

const PAGE_ROWS = 500
const REASON_COLUMN = '原因'

/**
 * The rows that were refused, as they came, with the reason behind: correct them and import the file again.
 * @throws AppError NOT_FOUND
 */
export async function exportRefusals(deps: CatalogDeps, shopId: string, importId: string): Promise<Download> {
  const job = await deps.db.read({ shopId }, (tx) => requireImport(tx, shopId, importId))
  const width = job.columns.length
  async function* pages() {
    for (let after = 0; ; ) {
      const rows = await deps.db.read({ shopId }, (tx) => refusedRowsAfter(tx, shopId, importId, after, PAGE_ROWS))
      yield rows.map(({ cells, reasons }) => [
        ...Array.from({ length: width }, (_, i) => cells[i] ?? ''),
        reasons.join('；'),
      ])
      if (rows.length < PAGE_ROWS) return
      after = rows.at(-1)!.line
    }
  }
  const name = `${job.fileName.replace(/\.[^.]*$/, '')}-未导入.csv`
  return { name, contentType: CSV_TYPE, body: csvStream([...job.columns, REASON_COLUMN], pages(), 'utf-8') }
}
