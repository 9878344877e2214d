import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { guarded } from '../../../kernel/write-csv.ts'
import { delimiterOf, detectEncoding, readCsv } from './read-csv.ts'

const han = fc.constantFrom(...'中文商品标题红色连衣裙𠮷龘€ａ')
const cell = fc
  .array(fc.oneof(han, fc.constantFrom(...`ab1,;"\n'=+-@ `)), { maxLength: 12 })
  .map((letters) => letters.join('').trim())

test('CAT-01 the encoding is seen from the bytes', () => {
  expect(detectEncoding(Buffer.from('\ufeff标题')).encoding).toBe('utf8')
  expect(detectEncoding(Buffer.from('标题')).encoding).toBe('utf8')
  expect(detectEncoding(iconv.encode('标题', 'gb18030')).encoding).toBe('gb18030')
  expect(detectEncoding(iconv.encode('标题', 'utf-16le', { addBOM: true })).encoding).toBe('utf-16le')
})

test('CAT-01 the separator is the one that the first line has most of, outside quotes', () => {
  expect(delimiterOf('a,b;c\n')).toBe(',')
  expect(delimiterOf('"a,b,c";d;e\n,,,,')).toBe(';')
  expect(delimiterOf('标题\t价格\n')).toBe('\t')
  expect(delimiterOf('标题\n')).toBe(',')
})

test('CAT-01 what is written as CSV is read back the same, in every encoding', async () => {
  const { stringify } = await import('csv-stringify/sync')
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('utf8', 'gb18030'), async (rows, encoding) => {
      const lines = [['标题', '价格', '甲', '乙'], ...rows.map((row) => row.map((text) => text.replaceAll('\r', '')))]
      const text = stringify(
        lines.map((row) => row.map(guarded)),
        { record_delimiter: 'windows' },
      )
      const { rows: read } = await readCsv(iconv.encode(text, encoding))
      const trimmed = (row: readonly string[]) => row.join('⏎').replace(/⏎+$/, '')
      const wanted = lines.map(trimmed).filter((row) => row !== '')
      expect(read.map(({ cells }) => trimmed(cells))).toEqual(wanted)
    }),
    { numRuns: 200 },
  )
})

test('CAT-01 line numbers are those that a spreadsheet program shows', async () => {
  const { rows } = await readCsv(Buffer.from('标题,价格\n\n"两\n行",5\n杯,6\n'))
  expect(rows.map(({ line }) => line)).toEqual([1, 3, 4])
})
