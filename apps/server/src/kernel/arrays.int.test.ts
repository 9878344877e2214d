import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { plainArray, textArray } from './arrays.ts'
import { Db } from './db.ts'

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

test('SYS-01 arrays reach PostgreSQL as they are', async () => {
  const texts = ['', 'NULL', null, 'a,b', '{}', '"', '\\', '\\"', "'", ' 两 个 ', '\n\t', '青瓷杯', '"a"\\\\"b"']
  const numbers = [0, -1, null, 1.5]
  const [row] = await db.read('system', (tx) =>
    tx.prepared<{ texts: unknown; numbers: unknown; flags: unknown }>(
      'arrays-test',
      'select $1::text[] as texts, $2::float8[] as numbers, $3::boolean[] as flags, $4::uuid[] as none',
      [textArray(texts), plainArray(numbers), plainArray([true, false]), plainArray([])],
    ),
  )
  expect(row).toEqual({ texts, numbers, flags: [true, false], none: [] })
})
