import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { Db, sql } from './db.ts'
import { RowArray, type RowType } from './row-array.ts'

interface Row {
  id: string | null
  text: string | null
  long: number | null
  whole: number | null
  small: number | null
  yes: boolean | null
  at: string | null
  ids: string[] | null
  json: string | null
}

const ROWS: RowType<Row> = {
  name: 'row_array_test',
  columns: [
    ['uuid', (row) => row.id],
    ['text', (row) => row.text],
    ['int8', (row) => row.long],
    ['int4', (row) => row.whole],
    ['int2', (row) => row.small],
    ['bool', (row) => row.yes],
    ['timestamptz', (row) => row.at],
    ['uuid[]', (row) => row.ids],
    ['jsonb', (row) => row.json],
  ],
}

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await createTestDatabase()
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`create type app.row_array_test as
    (id uuid, text text, long bigint, whole int, small smallint, yes boolean, at timestamptz, ids uuid[], json jsonb)`)
  await admin.end()
  db = new Db({ url: database.appUrl })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const storable = (text: string) => text.isWellFormed() && !text.includes('\0')
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const anyText = fc.string({ unit: 'grapheme', maxLength: 100 }).filter(storable)
const anyRow: fc.Arbitrary<Row> = fc.record({
  id: orNull(fc.uuid()),
  text: orNull(anyText),
  long: orNull(fc.maxSafeInteger()),
  whole: orNull(fc.integer()),
  small: orNull(fc.integer({ min: -32_768, max: 32_767 })),
  yes: orNull(fc.boolean()),
  at: orNull(fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })).map(
    (date) => date?.toISOString() ?? null,
  ),
  ids: orNull(fc.array(fc.uuid(), { maxLength: 3 })),
  json: orNull(fc.record({ a: anyText, b: fc.integer() })).map((value) => value && JSON.stringify(value)),
})

test('SYS-01 rows reach PostgreSQL as they are, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { maxLength: 40 }), async (rows) => {
      const read = await db.read('system', (tx) =>
        tx.rows<Omit<Row, 'json'> & { json: object | null }>(sql`
          select * from unnest(${new RowArray(ROWS, rows)}::app.row_array_test[])`),
      )
      expect(read).toEqual(rows.map((row) => ({ ...row, json: row.json === null ? null : JSON.parse(row.json) })))
    }),
    { numRuns: 60 },
  )
})

test('SYS-01 many rows are one parameter, and a type that is not there is named', async () => {
  const rows = Array.from({ length: 3000 }, (_, whole) => ({
    ...{ id: null, text: '两'.repeat(whole % 90), long: -whole, whole, small: 1 },
    ...{ yes: true, at: null, ids: [], json: null },
  }))
  const [sums] = await db.read('system', (tx) =>
    tx.prepared<{ whole: number; long: number; length: number }>(
      'row-array-test',
      'select sum(whole) as whole, sum(long)::bigint as long, sum(length(text)) as length from unnest($1::app.row_array_test[])',
      [new RowArray(ROWS, rows)],
    ),
  )
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0)
  expect(sums).toEqual({
    whole: total((r) => r.whole),
    long: total((r) => r.long),
    length: total((r) => r.text.length),
  })
  const unknown = new RowArray({ name: 'nowhere', columns: [] }, [])
  await expect(db.read('system', (tx) => tx.rows(sql`select ${unknown}`))).rejects.toThrow('app.nowhere')
})
