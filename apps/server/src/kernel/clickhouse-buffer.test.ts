import { expect, test } from 'vitest'
import { createInsertBuffer } from './clickhouse-buffer.ts'
import { AppError } from './errors.ts'

const row = (n: number) => ({ n })
const away = () => new AppError('UNAVAILABLE', { values: { what: 'ClickHouse', reason: 'down' } })

test('DAT-01 a store that is down for a while loses nothing and changes no order', async () => {
  const stored: number[] = []
  let down = 3
  const buffer = createInsertBuffer(
    {
      insert: async (_table, rows) => {
        if (down-- > 0) throw away()
        stored.push(...rows.map((each) => each.n as number))
      },
    },
    { table: 't', batchRows: 2, maxWaitMs: 1, retryBaseMs: 1 },
  )
  for (let n = 0; n < 5; n++) buffer.add([row(n)])
  await buffer.flush()
  expect(stored).toEqual([0, 1, 2, 3, 4])
  expect(buffer.stats()).toEqual({ waiting: 0, written: 5, failures: 3, refused: 0 })
  await buffer.close()
})

test('DAT-01 a full buffer refuses a batch as a whole instead of growing', async () => {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const stored: number[] = []
  const insert = async (_table: string, rows: readonly Record<string, unknown>[]) => {
    await gate
    stored.push(...rows.map((each) => each.n as number))
  }
  const buffer = createInsertBuffer({ insert }, { table: 't', batchRows: 2, maxRows: 5 })
  expect(buffer.add([row(1), row(2), row(3)])).toBe(true)
  expect(buffer.add([row(4), row(5), row(6)])).toBe(false)
  expect(buffer.add([row(4), row(5)])).toBe(true)
  expect(buffer.add([row(6)])).toBe(false)
  await expect(buffer.flush(5)).rejects.toThrow('5 rows')
  release()
  await buffer.flush()
  expect(stored).toEqual([1, 2, 3, 4, 5])
  expect(buffer.add([row(6)])).toBe(true)
  expect(await buffer.close()).toBe(0)
  expect(stored.at(-1)).toBe(6)
  expect(buffer.add([row(7)])).toBe(false)
})

test('DAT-01 closing while the store is down ends in time and tells what was lost', async () => {
  const buffer = createInsertBuffer(
    { insert: () => Promise.reject(away()) },
    { table: 't', maxWaitMs: 1, retryBaseMs: 60_000, retryMaxMs: 60_000 },
  )
  buffer.add([row(1), row(2)])
  expect(await buffer.close(30)).toBe(2)
  expect(buffer.stats().waiting).toBe(0)
})

test('DAT-01 a row that the store refuses is left out and stops no other', async () => {
  const stored: number[] = []
  const refusals: unknown[] = []
  const buffer = createInsertBuffer(
    {
      insert: async (_table, rows) => {
        if (rows.some((each) => each.n === 3 || each.n === 6)) throw new Error('CANNOT_PARSE')
        stored.push(...rows.map((each) => each.n as number))
      },
    },
    { table: 't', maxWaitMs: 1, onError: (error) => refusals.push(error) },
  )
  buffer.add([1, 2, 3, 4, 5, 6, 7].map(row))
  await buffer.flush()
  expect(stored).toEqual([1, 2, 4, 5, 7])
  expect(buffer.stats()).toMatchObject({ waiting: 0, written: 5, refused: 2 })
  expect(refusals).toHaveLength(2)
  await buffer.close()
})
