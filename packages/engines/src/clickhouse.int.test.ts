import { type ClickHouseClient, ClickHouseError, createClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  createTestClickHouseDatabase,
  hasClickHouse,
  type TestClickHouseDatabase,
} from '../../../tests/support/database.ts'

const quiet = { log: { level: 127 as const } }

describe.skipIf(!hasClickHouse())('the embedded ClickHouse, through the official client', () => {
  let database: TestClickHouseDatabase
  let client: ClickHouseClient

  beforeAll(async () => {
    database = await createTestClickHouseDatabase()
    client = createClient({ url: database.url, database: database.name, ...quiet })
  })
  afterAll(async () => {
    await client.close()
    await database.drop()
  })

  const rows = async <T>(query: string, query_params: Record<string, unknown> = {}, settings = {}): Promise<T[]> =>
    (await client.query({ query, query_params, format: 'JSONEachRow', clickhouse_settings: settings })).json<T>()

  test('SYS-01 ClickHouse answers ping and says its version', async () => {
    expect(await client.ping()).toEqual({ success: true })
    expect(await client.ping({ select: true })).toEqual({ success: true })
    expect(await rows('SELECT version() AS v')).toEqual([{ v: expect.stringMatching(/^\d+\.\d+/) }])
  })

  test('SYS-01 ClickHouse values of every type come back as they went in', async () => {
    await client.command({
      query: `CREATE TABLE kinds (id UInt64, at DateTime64(3, 'UTC'), tags Array(String), n Nullable(Int32),
        m Map(String, UInt8), lc LowCardinality(String), doc JSON, text String) ENGINE = MergeTree ORDER BY id`,
    })
    const row = {
      id: '18446744073709551615',
      at: '2026-11-11 00:00:00.123',
      tags: ['双十一', "it's", 'a"b\\c'],
      n: null,
      m: { 红: 1 },
      lc: '广东',
      doc: { a: { b: [1, 2] } },
      text: '{"换行":"\\n"}\n\t第二行',
    }
    await client.insert({ table: 'kinds', values: [row], format: 'JSONEachRow' })
    const settings = { output_format_json_quote_64bit_integers: 1 }
    const expected = { ...row, doc: { a: { b: ['1', '2'] } } }
    expect(await rows('SELECT * FROM kinds', {}, settings)).toEqual([expected])
    const json = await (await client.query({ query: 'SELECT * FROM kinds', format: 'JSON' })).json<{ text: string }>()
    expect(json.meta?.map((column) => column.type)).toContain('LowCardinality(String)')
    expect(json.data[0]?.text).toBe(row.text)
  })

  test('SYS-01 ClickHouse takes an insert of 10,000 rows, gzipped or not, and reports them', async () => {
    await client.command({ query: 'CREATE TABLE many (id UInt32, name String) ENGINE = MergeTree ORDER BY id' })
    const values = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `商品 ${id}` }))
    const plain = await client.insert({ table: 'many', values, format: 'JSONEachRow' })
    expect(plain.summary?.written_rows).toBe('10000')
    const zipped = createClient({
      url: database.url,
      database: database.name,
      compression: { request: true, response: true },
      ...quiet,
    })
    await zipped.insert({ table: 'many', values, format: 'JSONEachRow' })
    const answer = await zipped.query({ query: 'SELECT id, name FROM many', format: 'JSONEachRow' })
    expect(answer.response_headers['content-encoding']).toBe('gzip')
    expect(await answer.json()).toHaveLength(20_000)
    await zipped.close()
    await client.insert({ table: 'many', values: [], format: 'JSONEachRow' })
    await client.command({ query: 'INSERT INTO many SELECT number, toString(number) FROM numbers(5)' })
    expect(await rows('SELECT toUInt32(count()) AS c FROM many')).toEqual([{ c: 20_005 }])
  })

  test('SYS-01 ClickHouse materialized views fill while rows are inserted', async () => {
    await client.command({ query: 'CREATE TABLE sales (sku UInt32, fen UInt32) ENGINE = MergeTree ORDER BY sku' })
    await client.command({
      query: 'CREATE TABLE totals (sku UInt32, fen UInt32) ENGINE = SummingMergeTree ORDER BY sku',
    })
    await client.command({ query: 'CREATE MATERIALIZED VIEW feed TO totals AS SELECT sku, fen FROM sales' })
    const values = [
      { sku: 1, fen: 100 },
      { sku: 1, fen: 250 },
    ]
    await client.insert({ table: 'sales', values, format: 'JSONEachRow', columns: ['sku', 'fen'] })
    expect(await rows('SELECT toUInt32(sum(fen)) AS fen FROM totals')).toEqual([{ fen: 350 }])
  })

  test('SYS-01 ClickHouse parameters keep quotes, lists and nulls, and never leak into the next statement', async () => {
    const params = { a: "o'clock \\ \n\t中", b: ['x', "y'"], c: null, d: '18446744073709551615', t: 'one' }
    const query = `SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Nullable(String)} AS c,
      toString({d:UInt64}) AS d FROM system.{t:Identifier}`
    const expected = { a: params.a, b: params.b, c: null, d: params.d }
    expect(await rows(query, params)).toEqual([expected])
    const multipart = await client.query({
      query,
      query_params: params,
      format: 'JSONEachRow',
      use_multipart_params: true,
    })
    expect(await multipart.json()).toEqual([expected])
    await expect(rows('SELECT {a:String} AS a')).rejects.toMatchObject({ code: '456' })
    const many = Array.from({ length: 60 }, (_, n) => rows<{ n: number }>('SELECT {n:UInt32} AS n', { n }))
    expect((await Promise.all(many)).map(([row]) => row?.n)).toEqual(Array.from({ length: 60 }, (_, n) => n))
  })

  test('SYS-01 ClickHouse settings hold for one statement', async () => {
    const query = "SELECT getSetting('max_threads') AS n"
    expect(await rows(query, {}, { max_threads: 7 })).toEqual([{ n: 7 }])
    expect(await rows(query)).not.toEqual([{ n: 7 }])
    await expect(rows('SELECT 1', {}, { no_such_setting: 1 })).rejects.toMatchObject({ code: '115' })
  })

  test('SYS-01 ClickHouse errors arrive as errors of the client, with code and type', async () => {
    const wrong = rows('selec 1')
    await expect(wrong).rejects.toBeInstanceOf(ClickHouseError)
    await expect(wrong).rejects.toMatchObject({ code: '62', type: 'SYNTAX_ERROR' })
    await expect(rows('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' })
    await client.command({ query: 'CREATE TABLE numbers_only (n UInt8) ENGINE = MergeTree ORDER BY n' })
    const insert = client.insert({ table: 'numbers_only', values: [{ n: 'x' }], format: 'JSONEachRow' })
    await expect(insert).rejects.toMatchObject({ code: expect.stringMatching(/^(6|27|72)$/) })
  })

  test('SYS-01 ClickHouse refuses a wrong password, an unknown path and a write by GET', async () => {
    const url = new URL(inject('clickhouseUrl'))
    const basic = `Basic ${Buffer.from(`default:${url.password}`).toString('base64')}`
    const send = (path: string, authorization = basic) =>
      fetch(`http://${url.host}${path}`, { headers: { authorization } })
    const refused = await send('/?query=SELECT+1', 'Basic ZGVmYXVsdDp3cm9uZw==')
    expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([403, '516'])
    expect((await send('/nothing')).status).toBe(404)
    const read = await send('/?query=SELECT+1+AS+a&default_format=JSONEachRow')
    expect([await read.text(), read.headers.get('x-clickhouse-format')]).toEqual(['{"a":1}\n', 'JSONEachRow'])
    const write = await send(`/?database=${database.name}&query=CREATE+TABLE+g+(a+Int8)+ENGINE=Memory`)
    expect(write.headers.get('x-clickhouse-exception-code')).toBe('164')
  })

  test('SYS-01 a slow ClickHouse statement holds up neither a short one nor an insert', async () => {
    await client.command({ query: 'CREATE TABLE aside (n UInt8) ENGINE = MergeTree ORDER BY n' })
    const away = new AbortController()
    let slowEnded = false
    const slow = client
      .query({ query: 'SELECT sum(sipHash64(number)) FROM numbers(20000000000)', abort_signal: away.signal })
      .catch(() => {})
      .finally(() => {
        slowEnded = true
      })
    for (let n = 0; n < 5; n++) {
      expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
      await client.insert({ table: 'aside', values: [{ n }], format: 'JSONEachRow' })
    }
    expect(slowEnded).toBe(false)
    away.abort()
    await slow
    const left = () =>
      rows<{ c: number }>(
        "SELECT toUInt32(count()) AS c FROM system.processes WHERE query LIKE '%20000000%' AND query NOT LIKE '%processes%'",
      )
    await expect.poll(async () => (await left())[0]?.c, { timeout: 10_000 }).toBe(0)
  })
})
