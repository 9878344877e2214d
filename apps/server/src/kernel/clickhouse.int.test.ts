import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createTestClickHouseDatabase,
  createTestDatabase,
  hasClickHouse,
  type TestClickHouseDatabase,
  type TestDatabase,
} from '../../../../tests/support/database.ts'
import { type ClickHouse, createClickHouse, migrateClickHouse } from './clickhouse.ts'
import { createInsertBuffer } from './clickhouse-buffer.ts'
import { Db } from './db.ts'

describe.skipIf(!hasClickHouse())('with a ClickHouse', () => {
  let database: TestDatabase
  let events: TestClickHouseDatabase
  let db: Db
  let clickhouse: ClickHouse
  let folder: string

  beforeAll(async () => {
    database = await createTestDatabase()
    events = await createTestClickHouseDatabase()
    db = new Db({ url: database.appUrl, maxConnections: 4 })
    clickhouse = createClickHouse({
      CLICKHOUSE_URL: events.url,
      CLICKHOUSE_DATABASE: events.name,
      CLICKHOUSE_UNAVAILABLE: undefined,
    }).clickhouse!
    folder = await mkdtemp(path.join(tmpdir(), 'clickhouse-'))
    await mkdir(path.join(folder, 'things', 'clickhouse'), { recursive: true })
    await writeFile(
      path.join(folder, 'things', 'clickhouse', '0001_things.sql'),
      `-- What happened; each id once.
CREATE TABLE things (id UInt64, name String, at DateTime64(3), tags Array(String))
ENGINE = ReplacingMergeTree ORDER BY id;

CREATE VIEW things_named AS SELECT name, count() AS n FROM things FINAL GROUP BY name;
`,
    )
  })
  afterAll(async () => {
    await clickhouse?.close()
    await events?.drop()
    await db?.close()
    await database?.drop()
    await rm(folder, { recursive: true, force: true })
  })

  test('DAT-01 the event store is migrated once, also by processes that start together, and an edited migration is refused', async () => {
    const applied = await Promise.all([
      migrateClickHouse(clickhouse, db, { folder }),
      migrateClickHouse(clickhouse, db, { folder }),
    ])
    expect(applied.flat()).toEqual(['0001_things@things'])
    expect(await migrateClickHouse(clickhouse, db, { folder })).toEqual([])
    const file = path.join(folder, 'things', 'clickhouse', '0002_more.sql')
    await writeFile(file, 'ALTER TABLE things ADD COLUMN extra String;')
    expect(await migrateClickHouse(clickhouse, db, { folder })).toEqual(['0002_more@things'])
    await writeFile(file, 'ALTER TABLE things ADD COLUMN other String;')
    await expect(migrateClickHouse(clickhouse, db, { folder })).rejects.toThrow('0002_more@things')
  })

  test('DAT-01 rows go in and come out with their types; values are parameters, never text', async () => {
    const nasty = `it's "quoted" \\ 中文; DROP TABLE things`
    await clickhouse.insert('things', [
      { id: 9_007_199_254_740_991, name: nasty, at: '2026-11-11T00:00:00.123Z', tags: ['a', "b'c"] },
      { id: 2, name: 'two', at: '2026-11-11T00:00:00.000Z', tags: [] },
    ])
    const rows = await clickhouse.query<{ id: number; name: string; tags: string[] }>(
      'SELECT id, name, tags FROM things WHERE name = {name: String} AND id >= {least: UInt64}',
      { name: nasty, least: 3 },
    )
    expect(rows).toEqual([{ id: 9_007_199_254_740_991, name: nasty, tags: ['a', "b'c"] }])
    await expect(clickhouse.query('SELECT nonsense FROM things')).rejects.not.toMatchObject({ code: 'UNAVAILABLE' })
    await clickhouse.ping()
  })

  test('DAT-01 buffered rows arrive in large requests', async () => {
    let requests = 0
    const counting = {
      insert: (table: string, rows: readonly Record<string, unknown>[]) => {
        requests++
        return clickhouse.insert(table, rows)
      },
    }
    const buffer = createInsertBuffer(counting, { table: 'things', batchRows: 400, maxWaitMs: 20 })
    for (let i = 0; i < 1000; i++)
      expect(buffer.add([{ id: 1000 + i, name: 'buffered', at: '2026-11-11 00:00:00', tags: [] }])).toBe(true)
    await buffer.flush()
    expect(requests).toBeLessThanOrEqual(4)
    expect(await clickhouse.query('SELECT n FROM things_named WHERE name = {n: String}', { n: 'buffered' })).toEqual([
      { n: 1000 },
    ])
    expect(buffer.stats()).toEqual({ waiting: 0, written: 1000, failures: 0, refused: 0 })
    expect(await buffer.close()).toBe(0)
  })
})

test('DAT-01 without an event store the reason is told; one that does not answer is UNAVAILABLE', async () => {
  const none = {
    CLICKHOUSE_URL: undefined,
    CLICKHOUSE_DATABASE: 'x',
    CLICKHOUSE_UNAVAILABLE: 'no build for this machine',
  }
  expect(createClickHouse(none)).toEqual({ clickhouse: undefined, reason: 'no build for this machine' })
  const { clickhouse } = createClickHouse({ ...none, CLICKHOUSE_URL: 'http://127.0.0.1:9' })
  await expect(clickhouse!.query('SELECT 1')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await clickhouse!.close()
})
