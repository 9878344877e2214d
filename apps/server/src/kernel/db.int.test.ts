import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { Db, sql } from './db.ts'

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 2 })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const insertShop = (slug: string) =>
  sql`insert into shops (id, slug, name, created_at) values (gen_random_uuid(), ${slug}, '店', '2026-11-11T00:00:00Z')`
const shopsNamed = (slug: string) =>
  db.read('system', (tx) => tx.one<{ count: number }>(sql`select count(*) as count from shops where slug = ${slug}`))

test('SYS-01 an error that the work passes over does not make a rolled-back transaction look committed', async () => {
  let told = false
  const lost = db.tx('system', async (tx) => {
    tx.afterCommit(() => {
      told = true
    })
    await tx.exec(insertShop('passed-over'))
    await tx.exec(sql`select 1 / 0`).catch(() => {})
  })
  await expect(lost).rejects.toThrow('rolled back')
  expect(told).toBe(false)
  expect((await shopsNamed('passed-over')).count).toBe(0)
})

test('SYS-01 statements sent side by side are one transaction: one fails, none is kept', async () => {
  const both = db.tx('system', (tx) => Promise.all([tx.exec(insertShop('beside')), tx.exec(sql`select 1 / 0`)]))
  await expect(both).rejects.toThrow('division by zero')
  expect((await shopsNamed('beside')).count).toBe(0)
})

test('SYS-01 a statement whose answer nobody waits for is carried out in its turn, and its failure is the commit’s', async () => {
  const [text, values] = [
    `insert into shops (id, slug, name, created_at) values (gen_random_uuid(), $1, '店', '2026-11-11T00:00:00Z')`,
    ['unwatched'],
  ]
  const seen = await db.tx('system', async (tx) => {
    tx.send('test-unwatched', text, values)
    return tx.one(sql`select count(*) as count from shops where slug = 'unwatched'`)
  })
  expect(seen).toEqual({ count: 1 })
  let told = false
  const twice = db.tx('system', async (tx) => {
    tx.afterCommit(() => {
      told = true
    })
    await tx.exec(insertShop('with-unwatched'))
    tx.send('test-unwatched', text, values)
  })
  await expect(twice).rejects.toMatchObject({ code: '23505' })
  expect(told).toBe(false)
  expect((await shopsNamed('with-unwatched')).count).toBe(0)
  const before = db.tx('system', async (tx) => {
    tx.send('test-unwatched', text, values)
    await tx.exec(insertShop('with-unwatched'))
  })
  await expect(before).rejects.toMatchObject({ code: '23505' })
})

test('SYS-01 a branch that goes on after another has failed sends nothing more: the connection is somebody else’s', async () => {
  const go = Promise.withResolvers<void>()
  let branch: Promise<unknown> | undefined
  const failed = db.tx('system', async (tx) => {
    const late = async () => {
      await go.promise
      await tx.exec(insertShop('too-late'))
    }
    branch = late()
    await Promise.all([branch, Promise.reject(new Error('the other branch'))])
  })
  await expect(failed).rejects.toThrow('the other branch')
  const after = db.tx('system', async (tx) => {
    go.resolve()
    await branch?.catch(() => {})
    return tx.one(sql`select count(*) as count from shops where slug = 'too-late'`)
  })
  expect(await after).toEqual({ count: 0 })
  await expect(branch).rejects.toThrow('The transaction is over')
})

test('SYS-01 a read in which a statement failed is an error, and its connection serves the next one', async () => {
  const lost = db.read('system', (tx) => tx.rows(sql`select 1 / 0`).catch(() => []))
  await expect(lost).rejects.toThrow('rolled back')
  const many = Array.from({ length: 12 }, (_, i) =>
    db.read('system', (tx) => tx.rows<{ n: number }>(sql`select ${i}::int as n`)),
  )
  expect((await Promise.all(many)).map(([row]) => row?.n)).toEqual(Array.from({ length: 12 }, (_, i) => i))
})

test('SYS-01 a text that comes again and again is kept prepared, follows its table as it grows, and one text is not another', async () => {
  const one = new Db({ url: database.appUrl, maxConnections: 1, maxPlanAgeMs: 0 })
  const prepared = () =>
    one.read('system', (tx) => tx.anew<{ statement: string }>(sql`select statement from pg_prepared_statements`))
  try {
    for (let i = 0; i < 30; i++) {
      const [row] = await one.read('system', (tx) => tx.rows<{ n: number }>(sql`select ${i}::int + 1 as n`))
      expect(row).toEqual({ n: i + 1 })
      expect(await one.tx('system', (tx) => tx.exec(insertShop(`kept-${i}`)))).toBe(1)
      await one.read('system', (tx) => tx.anew(sql`select ${i}::int + 2 as n`))
    }
    const texts = (await prepared()).map(({ statement }) => statement)
    expect(texts).toContain('select $1::int + 1 as n')
    expect(texts.filter((text) => text.startsWith('insert into shops'))).toHaveLength(1)
    expect(texts).not.toContain('select $1::int + 2 as n')
  } finally {
    await one.close()
  }
})

test('SYS-01 what an action after the commit does wrong is not a failed transaction', async () => {
  const kept = db.tx('system', async (tx) => {
    tx.afterCommit(() => {
      throw new Error('an action')
    })
    return tx.exec(insertShop('kept'))
  })
  expect(await kept).toBe(1)
  expect((await shopsNamed('kept')).count).toBe(1)
})

test('SYS-03 a transaction that could not begin as somebody sees nothing and writes nothing', async () => {
  const client = await db.connect()
  try {
    expect((await client.query('select count(*)::int as count from staff')).rows[0].count).toBe(0)
    await expect(client.query(insertShop('nobody').text, ['nobody'])).rejects.toThrow('row-level security')
  } finally {
    client.release()
  }
})
