import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from './clock.ts'
import { Db } from './db.ts'
import { AppError } from './errors.ts'
import { newId } from './ids.ts'
import {
  createSettings,
  definedSettings,
  defineSetting,
  type Settings,
  type SettingView,
  settingNamed,
} from './settings.ts'

const timeout = defineSetting({
  name: 'test.timeout',
  schema: z.int().min(1).max(1440),
  default: 30,
  unit: 'minutes',
  title: { zh: '超时', en: 'Time-out' },
  help: { zh: '多久未付款自动取消', en: 'How long an unpaid order waits' },
  scopes: ['platform', 'shop', 'campaign'],
  group: 'test',
})
const fee = defineSetting({
  name: 'test.fee',
  schema: z.object({ ratioBp: z.int().min(0).max(10_000) }),
  default: { ratioBp: 60 },
  unit: 'bp',
  title: { zh: '费率', en: 'Fee' },
  help: { zh: '平台费率', en: 'Fee of the platform' },
  scopes: ['platform'],
  group: 'test',
})
const staff = { kind: 'staff', id: newId(), name: '小王' }

let database: TestDatabase
let db: Db
let otherDb: Db
let settings: Settings
let others: Settings
const clock = new TestClock()

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 4 })
  otherDb = new Db({ url: database.appUrl, maxConnections: 4 })
  settings = createSettings(db, clock)
  others = createSettings(otherDb, clock)
})
afterAll(async () => {
  await Promise.all([settings?.close(), others?.close()])
  await Promise.all([db?.close(), otherDb?.close()])
  await database?.drop()
})

test('SYS-04 a value is found in the narrowest scope that has one: campaign, shop, platform, default', async () => {
  const shopId = newId()
  const campaignId = newId()
  const scope = { shopId, campaignId }
  expect(await settings.get(timeout, scope)).toBe(30)
  await db.tx('system', (tx) => settings.set(tx, timeout, {}, 25, staff))
  expect(await settings.get(timeout, scope)).toBe(25)
  await db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, 20, staff))
  expect(await settings.get(timeout, scope)).toBe(20)
  await db.tx({ shopId }, (tx) => settings.set(tx, timeout, scope, 15, staff))
  expect(await settings.get(timeout, scope)).toBe(15)
  expect(await settings.get(timeout, { shopId })).toBe(20)
  expect(await settings.get(timeout, { shopId: newId() })).toBe(25)
  await db.tx({ shopId }, (tx) => settings.reset(tx, timeout, scope, staff))
  expect(await settings.get(timeout, scope)).toBe(20)
  await db.tx('system', (tx) => settings.reset(tx, timeout, {}, staff))
})

test('SYS-04 a value that does not fit is refused with its title and reason; so is a scope that may not have it', async () => {
  const shopId = newId()
  const set = (value: unknown) => db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, value, staff))
  for (const bad of [0, 1441, 1.5, '30', null, undefined, {}])
    await expect(set(bad)).rejects.toThrow('设置「超时」的值无效')
  const wrongScope = db.tx({ shopId }, (tx) => settings.set(tx, fee, { shopId }, { ratioBp: 1 }, staff))
  await expect(wrongScope).rejects.toMatchObject({ code: 'SETTING_INVALID' })
  const nested = db.tx('system', (tx) => settings.set(tx, fee, {}, { ratioBp: -1 }, staff))
  await expect(nested).rejects.toThrow('ratioBp')
})

test('SYS-04 of two people who change the same version one wins and the other is told; the history names both values', async () => {
  const shopId = newId()
  const set = (value: number, version: number) =>
    db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, value, staff, version))
  const race = await Promise.allSettled([set(10, 0), set(11, 0), set(12, 0), set(13, 0)])
  expect(race.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  for (const one of race) if (one.status === 'rejected') expect((one.reason as AppError).code).toBe('CONFLICT')
  const first = await settings.get(timeout, { shopId })
  clock.advance(60_000)
  expect(await set(40, 1)).toBe(2)
  await expect(set(50, 1)).rejects.toBeInstanceOf(AppError)
  await db.tx({ shopId }, (tx) => settings.reset(tx, timeout, { shopId }, staff, 2))
  const history = await db.read({ shopId }, (tx) => settings.history(tx, timeout, { shopId }))
  expect(history.map((change) => [change.version, change.oldValue, change.newValue])).toEqual([
    [3, 40, null],
    [2, first, 40],
    [1, null, first],
  ])
  expect(history[0]!.changedBy).toEqual(staff)
  expect(history[0]!.changedAt).toBe(clock.instant())
})

test('SYS-04 a change reaches the caches of other processes, and a transaction sees its own change before it commits', async () => {
  const shopId = newId()
  expect(await others.get(timeout, { shopId })).toBe(30)
  await db.tx({ shopId }, async (tx) => {
    await settings.set(tx, timeout, { shopId }, 5, staff)
    expect(await settings.get(timeout, { shopId }, tx)).toBe(5)
    expect(await others.get(timeout, { shopId })).toBe(30)
  })
  expect(await settings.get(timeout, { shopId })).toBe(5)
  await expect.poll(() => others.get(timeout, { shopId })).toBe(5)
  const rolledBack = db.tx({ shopId }, async (tx) => {
    await settings.set(tx, timeout, { shopId }, 6, staff)
    throw new Error('no')
  })
  await expect(rolledBack).rejects.toThrow('no')
  expect(await settings.get(timeout, { shopId })).toBe(5)
})

test('SYS-04 a read that was under way while the value changed is not remembered', async () => {
  const shopId = newId()
  for (let round = 1; round <= 20; round++) {
    const [, seen] = await Promise.all([
      db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, round, staff)),
      others.get(timeout, { shopId }),
    ])
    expect([round === 1 ? 30 : round - 1, round]).toContain(seen)
    await expect.poll(() => others.get(timeout, { shopId }), { interval: 5 }).toBe(round)
  }
})

test('SYS-04 settings are read inside transactions without waiting for a second connection', async () => {
  const narrow = new Db({ url: database.appUrl, maxConnections: 1 })
  const own = createSettings(narrow, clock)
  const shopId = newId()
  const value = await narrow.tx({ shopId }, (tx) => own.get(timeout, { shopId }, tx))
  expect(value).toBe(30)
  await own.get(timeout, { shopId })
  await own.close()
  await narrow.close()
})

test('SYS-04 caches survive the loss of the connection that listens', async () => {
  const shopId = newId()
  expect(await others.get(timeout, { shopId })).toBe(30)
  await db.tx('system', async (tx) => {
    const { sql } = await import('./db.ts')
    await tx.rows(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'zhanggui-listener' and datname = current_database()`)
  })
  await db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, 7, staff))
  await expect.poll(() => others.get(timeout, { shopId }), { timeout: 10_000 }).toBe(7)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, 8, staff))
  await expect.poll(() => others.get(timeout, { shopId }), { timeout: 10_000 }).toBe(8)
})

test('SYS-04 the settings screen shows value, source, version and type of every setting of its scope', async () => {
  const shopId = newId()
  await db.tx('system', (tx) => settings.set(tx, timeout, {}, 45, staff))
  const before = onlyOurs(await db.read({ shopId }, (tx) => settings.list(tx, { shopId })))
  expect(before.map((view) => view.setting.name)).toEqual(['test.timeout'])
  expect(before[0]).toMatchObject({ value: 45, source: 'platform', version: 0, updatedAt: null })
  expect(before[0]!.jsonSchema).toMatchObject({ type: 'integer', minimum: 1, maximum: 1440 })
  await db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, 50, staff))
  const after = onlyOurs(await db.read({ shopId }, (tx) => settings.list(tx, { shopId })))
  expect(after[0]).toMatchObject({ value: 50, source: 'shop', version: 1, updatedBy: staff })
  const platform = onlyOurs(await db.tx('system', (tx) => settings.list(tx, {})))
  expect(platform.map((view) => view.setting.name)).toEqual(['test.fee', 'test.timeout'])
})

test('SYS-04 one shop can neither read nor change the settings of another', async () => {
  const shopId = newId()
  const stranger = newId()
  await db.tx({ shopId }, (tx) => settings.set(tx, timeout, { shopId }, 9, staff))
  expect(await db.read({ shopId: stranger }, (tx) => settings.history(tx, timeout, { shopId }))).toEqual([])
  await expect(db.tx({ shopId: stranger }, (tx) => settings.set(tx, timeout, { shopId }, 1, staff))).rejects.toThrow()
  await expect(db.tx({ shopId: stranger }, (tx) => settings.set(tx, timeout, {}, 1, staff))).rejects.toThrow()
  expect(await settings.get(timeout, { shopId })).toBe(9)
})

test('SYS-04 a setting is defined once, with a valid default, and found by its name', () => {
  const again = { ...timeout, unit: 'minutes' }
  expect(() => defineSetting(again)).toThrow('twice')
  expect(() => defineSetting({ ...again, name: 'test.bad', default: 0 })).toThrow('default')
  expect(() => defineSetting({ ...again, name: 'Bad Name' })).toThrow('name')
  expect(settingNamed('test.fee')).toBe(fee)
  expect(() => settingNamed('test.nothing')).toThrow('没有找到设置 test.nothing')
  const names = definedSettings().map((setting) => setting.name)
  expect(names.filter((name) => name.startsWith('test.'))).toEqual(['test.fee', 'test.timeout'])
})

/** Test files of one worker share the registry, so the settings of the whole program may be in it too. */
function onlyOurs(views: SettingView[]): SettingView[] {
  return views.filter((view) => view.setting.name.startsWith('test.'))
}
