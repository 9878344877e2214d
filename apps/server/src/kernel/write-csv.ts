import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import iconv from 'iconv-lite'

const BOM = '\ufeff'

/** What a spreadsheet program could take for a formula begins with one of these, perhaps behind our own guard. */
const FORMULA = /^'*[=+\-@\t\r]/
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/

/** Text that no spreadsheet program runs; the import takes the apostrophe away again. */
export const guarded = (cell: string | number): string =>
  typeof cell === 'string' && FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell) ? `'${cell}` : String(cell)

/** A comma-separated file as a stream of bytes: UTF-8 with its mark, which Excel needs, or GB18030. */
export function csvStream(
  header: readonly string[],
  pages: AsyncIterable<readonly (readonly (string | number)[])[]>,
  encoding: 'utf-8' | 'gb18030',
): Readable {
  const encode = (text: string): Buffer =>
    encoding === 'utf-8' ? Buffer.from(text, 'utf8') : iconv.encode(text, encoding)
  async function* bytes() {
    if (encoding === 'utf-8') yield Buffer.from(BOM, 'utf8')
    yield encode(stringify([header.map(guarded)], { record_delimiter: 'windows' }))
    for await (const rows of pages)
      yield encode(
        stringify(
          rows.map((row) => row.map(guarded)),
          { record_delimiter: 'windows' },
        ),
      )
  }
  return Readable.from(bytes())
}
