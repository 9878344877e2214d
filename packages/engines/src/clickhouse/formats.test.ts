import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInsert } from './engine.ts'
import { ClickHouseFailure } from './failure.ts'
import { countRows, formatOf, readMultipart } from './formats.ts'

test('SYS-01 ClickHouse statements: the format and the kind are read from the text', () => {
  expect(formatOf('SELECT 1 FORMAT JSON')).toBe('JSON')
  expect(formatOf('insert into t (a) format JSONEachRow\n')).toBe('JSONEachRow')
  expect(formatOf('SELECT 1 FORMAT CSV SETTINGS max_threads = 1;')).toBe('CSV')
  expect(formatOf("SELECT 'FORMAT x' AS a")).toBeUndefined()
  expect(['insert into t', ' -- note\n/* a */ INSERT INTO t'].map(isInsert)).toEqual([true, true])
  expect(['SELECT insert', 'inserted', ''].map(isInsert)).toEqual([false, false, false])
})

test('SYS-01 ClickHouse inserts report as many rows as lines hold data', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ a: fc.string() })), fc.boolean(), (rows, hasEnd) => {
      const data = rows.map((row) => JSON.stringify(row)).join('\n') + (hasEnd ? '\n' : '')
      expect(countRows('JSONEachRow', data)).toBe(rows.length)
    }),
  )
  expect(countRows('CSVWithNames', 'a,b\n1,2\n')).toBe(1)
  expect(countRows('Values', '(1)')).toBe(0)
})

test('SYS-01 ClickHouse parameters in a multipart body are read whatever they contain', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const body = `--edge\r\nContent-Disposition: form-data; name="param_a"\r\n\r\n${value}\r\n--edge--\r\n`
      fc.pre(!value.includes('--edge'))
      const fields = readMultipart(Buffer.from(body), 'multipart/form-data; boundary=edge')
      expect(fields).toEqual([['param_a', Buffer.from(value).toString('utf8')]])
    }),
  )
})

test('SYS-01 ClickHouse errors keep the engine’s code, type and text', () => {
  const text = 'Code: 60. DB::Exception: Unknown table (a). (UNKNOWN_TABLE) (version 26.7.2.1)'
  const failure = ClickHouseFailure.from(new Error(text))
  expect(failure).toMatchObject({ code: 60, type: 'UNKNOWN_TABLE', message: 'Unknown table (a)', status: 404 })
  expect(failure.body('26.7')).toBe('Code: 60. DB::Exception: Unknown table (a). (UNKNOWN_TABLE) (version 26.7)\n')
  expect(ClickHouseFailure.from(new Error('odd'))).toMatchObject({ code: 1002, status: 500 })
})
