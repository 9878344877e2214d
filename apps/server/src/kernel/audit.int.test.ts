import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { type AuditEntry, audit, listAudit, verifyAllTrails, verifyAuditChain } from './audit.ts'
import { TestClock } from './clock.ts'
import { Db, sql } from './db.ts'
import { newId } from './ids.ts'
import type { Page } from './page.ts'

let database: TestDatabase
let db: Db
const clock = new TestClock()
const actor = { kind: 'staff', id: newId(), name: '小王' }

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 8 })
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

const write = (shopId: string, more: { entityId?: string; before?: unknown; after?: unknown; summary?: string } = {}) =>
  db.tx({ shopId }, (tx) =>
    audit(tx, clock, {
      shopId,
      actor,
      action: 'catalog.publish-product',
      entity: 'product',
      entityId: more.entityId ?? 'p1',
      summary: more.summary ?? '上架商品',
      before: more.before,
      after: more.after,
      ip: '127.0.0.1',
      requestId: 'r1',
    }),
  )
const verify = (shopId: string) => db.read({ shopId }, (tx) => verifyAuditChain(tx, shopId))

test('ACC-05 entries written at the same time form one chain without gaps', async () => {
  const shopId = newId()
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => write(shopId, { after: { i, text: '价格 ¥1,234.50 ☕\u0000\ud800' } })),
  )
  const page = await db.read({ shopId }, (tx) => listAudit(tx, { shopId }, { limit: 100 }))
  expect(page.items.map((entry) => entry.number)).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i))
  expect(await verify(shopId)).toEqual({ ok: true, checked: 40 })
})

test('ACC-05 the trail cannot be changed, deleted or emptied, not even by the owner of the database', async () => {
  const shopId = newId()
  await write(shopId)
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  try {
    for (const statement of [`update audit_log set summary = 'x'`, 'delete from audit_log', 'truncate audit_log'])
      await expect(admin.query(statement)).rejects.toThrow('append-only')
  } finally {
    await admin.end()
  }
  await expect(db.tx('system', (tx) => tx.exec(sql`delete from audit_log`))).rejects.toThrow('append-only')
})

test('ACC-05 tampering behind the trigger is found: a changed, a removed and a forged entry', async () => {
  const tamper = async (statement: (shopId: string) => string) => {
    const shopId = newId()
    for (let i = 0; i < 5; i++)
      await write(shopId, { before: { price: i }, after: { price: i + 1, ratio: 0.1, big: 1e21 } })
    expect(await verify(shopId)).toEqual({ ok: true, checked: 5 })
    const admin = new pg.Client({ connectionString: database.adminUrl })
    await admin.connect()
    await admin.query(`set session_replication_role = replica; ${statement(shopId)}`)
    await admin.end()
    return verify(shopId)
  }
  const changed = await tamper(
    (id) => `update audit_log set after = '{"price": 9}' where shop_id = '${id}' and number = 3`,
  )
  expect(changed).toMatchObject({ ok: false, brokenAt: 3, reason: 'entry 3 was changed' })
  const removed = await tamper((id) => `delete from audit_log where shop_id = '${id}' and number = 2`)
  expect(removed).toMatchObject({ ok: false, brokenAt: 3, reason: 'entry 2 is missing' })
  const cut = await tamper(
    (id) => `delete from audit_log where shop_id = '${id}' and number = 2;
      update audit_log set number = number - 1 where shop_id = '${id}' and number > 2`,
  )
  expect(cut).toMatchObject({ ok: false, brokenAt: 2 })
})

test('ACC-05 every trail is verified at once: a row put in is named with its shop, the others are whole', async () => {
  const [whole, forged] = [newId(), newId()]
  for (const shopId of [whole, forged]) for (let i = 0; i < 3; i++) await write(shopId, { after: { price: i } })
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`set session_replication_role = replica;
    update audit_log set number = number + 1 where shop_id = '${forged}' and number = 3;
    insert into audit_log select (jsonb_populate_record(a, jsonb_build_object('number', 3, 'id', gen_random_uuid()))).*
    from audit_log a where shop_id = '${forged}' and number = 2`)
  await admin.end()
  const verdicts = await db.read('system', verifyAllTrails)
  const of = (shopId: string) => verdicts.find((each) => each.shopId === shopId)
  expect(of(whole)).toEqual({ shopId: whole, ok: true, checked: 3 })
  expect(of(forged)).toMatchObject({ ok: false, brokenAt: 3 })
})

test('GOV-08 personal data and secrets are masked before they reach the trail', async () => {
  const shopId = newId()
  const entry = await write(shopId, {
    before: { receiverName: '张三丰', phone: '13812345678', address: '广东省深圳市南山区科技园1号' },
    after: { note: '客户电话 13987654321', secretKey: 'hunter2', sku: { name: '保温杯' } },
    summary: '改了 13812345678 的地址',
  })
  expect(entry.before).toEqual({ receiverName: '张*丰', phone: '138****5678', address: '广东省深圳市南山区****' })
  expect(entry.after).toEqual({ note: '客户电话 139****4321', secretKey: '[redacted]', sku: { name: '保温杯' } })
  expect(entry.summary).toBe('改了 138****5678 的地址')
  expect(await verify(shopId)).toEqual({ ok: true, checked: 1 })
})

test('ACC-05 the trail is read page by page, newest first, by actor, entity and period; other shops stay hidden', async () => {
  const shopId = newId()
  const from = clock.instant()
  for (let i = 0; i < 7; i++) {
    clock.advance(1000)
    await write(shopId, { entityId: i % 2 ? 'odd' : 'even' })
  }
  await write(newId())
  const all: AuditEntry[] = []
  let after: string | null = null
  do {
    const cursor: string | null = after
    const page: Page<AuditEntry> = await db.read({ shopId }, (tx) =>
      listAudit(tx, { shopId }, { after: cursor, limit: 3 }),
    )
    all.push(...page.items)
    after = page.nextCursor
  } while (after !== null)
  expect(all.map((entry) => entry.number)).toEqual([7, 6, 5, 4, 3, 2, 1])
  const count = async (filter: object) =>
    (await db.read({ shopId }, (tx) => listAudit(tx, { shopId, ...filter }, { limit: 100 }))).items.length
  expect(await count({ entity: 'product', entityId: 'odd' })).toBe(3)
  expect(await count({ actorId: actor.id, actorName: '王' })).toBe(7)
  expect(await count({ actorName: '李' })).toBe(0)
  expect(await count({ action: 'catalog.publish-product', from, to: all[4]!.at })).toBe(2)
  expect(await db.read({ shopId: newId() }, (tx) => listAudit(tx, { shopId }, { limit: 10 }))).toMatchObject({
    items: [],
  })
})
