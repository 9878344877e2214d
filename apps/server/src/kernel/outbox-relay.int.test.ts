import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from './clock.ts'
import { Db, sql, type Tx } from './db.ts'
import { newId, PLATFORM_SHOP_ID } from './ids.ts'
import { defineEvent, type Emission, emit, emitMany, isEvent, type OutboxEvent } from './outbox.ts'
import { announceEvents } from './outbox-bell.ts'
import { createRelay, listParked, type Relay, type RelayOptions, RetryLater, type Subscriber } from './outbox-relay.ts'
import { deleteOldEvents, forgetSubscriber } from './outbox-retention.ts'

const happened = defineEvent({ name: 'test.happened', version: 1, payload: z.object({ n: z.int() }) })
const other = defineEvent({ name: 'test.other', version: 2, payload: z.object({ n: z.int() }) })

let database: TestDatabase
let db: Db
let clock: TestClock
let shopId: string
const relays: Relay[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 12 })
  await asAdmin(`create table effects (shop_id uuid, aggregate_id uuid, n int, by int, place bigint generated always as identity);
    grant all on effects to zhanggui_app`)
})
beforeEach(() => {
  clock = new TestClock()
  shopId = newId()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(relays.splice(0).map((relay) => relay.stop()))
  await asAdmin('truncate outbox_events, outbox_cursors, outbox_parked, effects')
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

async function asAdmin(text: string): Promise<pg.QueryResult> {
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  try {
    return await admin.query(text)
  } finally {
    await admin.end()
  }
}

const thing = (n: number, aggregateId = newId()): Emission<{ n: number }> => ({
  shopId,
  aggregate: 'thing',
  aggregateId,
  payload: { n },
  occurredAt: clock.instant(),
})
const say = (n: number, aggregateId?: string) => db.tx({ shopId }, (tx) => emit(tx, happened, thing(n, aggregateId)))
const numberOf = (event: OutboxEvent) => (event.payload as { n: number }).n

function relayOf(subscribers: Subscriber | Subscriber[], options: Partial<RelayOptions> = {}): Relay {
  const relay = createRelay({ db, clock, subscribers: [subscribers].flat(), ...options })
  relays.push(relay)
  return relay
}

function collector(name = 'collector', more: Partial<Subscriber> = {}): Subscriber & { seen: OutboxEvent[] } {
  const seen: OutboxEvent[] = []
  return {
    name,
    events: '*',
    seen,
    async handle(_tx, events) {
      seen.push(...events)
    },
    ...more,
  }
}

async function effects(): Promise<{ aggregateId: string; n: number }[]> {
  return db.tx('system', (tx) => tx.rows(sql`select aggregate_id, n from effects order by place`))
}

const effect = (tx: Tx, event: OutboxEvent) =>
  tx.exec(sql`insert into effects values (${event.shopId}, ${event.aggregateId}, ${numberOf(event)}, 0)`)

test('SYS-01 an event reaches its subscribers once its transaction has committed, and never when it rolled back', async () => {
  const all = collector('all')
  const some = collector('some', { events: [other] })
  const relay = relayOf([all, some])
  await db.tx({ shopId }, async (tx) => {
    await emit(tx, happened, { ...thing(1), actor: { kind: 'staff', id: 's1', name: '小王' } })
    await emit(tx, other, thing(2))
    expect(await relay.drain()).toBe(0)
  })
  await expect(
    db.tx({ shopId }, async (tx) => {
      await emit(tx, happened, thing(3))
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await relay.drain()).toBe(3)
  expect(await relay.drain()).toBe(0)
  expect(all.seen.map(numberOf)).toEqual([1, 2])
  expect(some.seen.map(numberOf)).toEqual([2])
  expect(all.seen[0]).toMatchObject({
    shopId,
    aggregate: 'thing',
    name: 'test.happened',
    version: 1,
    occurredAt: clock.instant(),
    actor: { kind: 'staff', id: 's1', name: '小王' },
  })
  expect(isEvent(happened, all.seen[0]!)).toBe(true)
  expect(isEvent(other, all.seen[0]!)).toBe(false)
})

test('SYS-01 thousands of events are written with one statement and arrive in order', async () => {
  const all = collector('all', { batchSize: 700 })
  await db.tx({ shopId }, (tx) =>
    emitMany(
      tx,
      happened,
      Array.from({ length: 5000 }, (_, i) => thing(i)),
      { validate: false },
    ),
  )
  expect(await relayOf(all).drain()).toBe(5000)
  expect(all.seen.map(numberOf)).toEqual(Array.from({ length: 5000 }, (_, i) => i))
})

test('SYS-01 a payload that does not fit its schema, a wrong name and a foreign shop are refused', async () => {
  const bad = { ...thing(1), payload: { n: 'x' } as unknown as { n: number } }
  await expect(db.tx({ shopId }, (tx) => emit(tx, happened, bad))).rejects.toThrow()
  await expect(db.tx({ shopId }, (tx) => emitMany(tx, happened, [thing(1), bad]))).rejects.toThrow()
  expect(() => defineEvent({ name: 'nothing', version: 1, payload: z.object({}) })).toThrow('event name')
  await expect(db.tx({ shopId: newId() }, (tx) => emit(tx, happened, thing(1)))).rejects.toThrow('row-level security')
  const platform = { ...thing(1), shopId: PLATFORM_SHOP_ID }
  await db.tx({ buyerId: newId() }, (tx) => emit(tx, happened, platform))
  expect(await db.tx({ shopId }, (tx) => tx.rows(sql`select 1 from outbox_events`))).toEqual([])
})

test('SYS-01 a transaction that commits late is neither skipped nor waited for', async () => {
  const all = collector('all', { batchSize: 2 })
  const relay = relayOf(all)
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  let written = () => {}
  const isWritten = new Promise<void>((resolve) => {
    written = resolve
  })
  const slow = db.tx({ shopId }, async (tx) => {
    await emit(tx, happened, thing(1))
    written()
    await gate
  })
  await isWritten
  for (let n = 2; n <= 6; n++) await say(n)
  expect(await relay.drain()).toBe(5)
  expect(all.seen.map(numberOf)).toEqual([2, 3, 4, 5, 6])
  release()
  await slow
  await say(7)
  expect(await relay.drain()).toBe(2)
  expect(all.seen.map(numberOf)).toEqual([2, 3, 4, 5, 6, 1, 7])
})

test('SYS-01 events of one aggregate keep their order even when the later one has the older transaction', async () => {
  const all = collector('all')
  const aggregateId = newId()
  const early = new pg.Client({ connectionString: database.appUrl })
  await early.connect()
  try {
    await early.query(`begin; set local app.scope = 'system'; select pg_current_xact_id()`)
    await say(1, aggregateId)
    await early.query(
      `insert into outbox_events (shop_id, id, aggregate, aggregate_id, name, version, payload, occurred_at)
       values ($1, $2, 'thing', $3, 'test.happened', 1, '{"n": 2}', now())`,
      [shopId, newId(), aggregateId],
    )
    await early.query('commit')
  } finally {
    await early.end()
  }
  await relayOf(all).drain()
  expect(all.seen.map(numberOf)).toEqual([1, 2])
})

test('SYS-01 with many writers and two relays every event is handled once and in order of its aggregate', async () => {
  const perAggregate = new Map<string, number>()
  const subscriber: Subscriber = {
    name: 'effects',
    events: [happened],
    batchSize: 7,
    async handle(tx, events) {
      for (const event of events) await effect(tx, event)
    },
  }
  const otherDb = new Db({ url: database.appUrl, maxConnections: 4 })
  const first = relayOf(subscriber, { pollMs: 20 })
  const second = relayOf(subscriber, { db: otherDb, pollMs: 20 })
  await Promise.all([first.start(), second.start()])
  const aggregates = Array.from({ length: 8 }, () => newId())
  await Promise.all(
    aggregates.map(async (aggregateId) => {
      for (let n = 1; n <= 25; n++)
        await db.tx({ shopId }, async (tx) => {
          await emit(tx, happened, thing(n, aggregateId))
          if (n % 5 === 0) await tx.rows(sql`select pg_sleep(0.01)`)
        })
    }),
  )
  await expect.poll(async () => (await effects()).length, { timeout: 20_000 }).toBe(200)
  await Promise.all([first.stop(), second.stop()])
  for (const { aggregateId, n } of await effects()) {
    expect(n).toBe((perAggregate.get(aggregateId) ?? 0) + 1)
    perAggregate.set(aggregateId, n)
  }
  expect([...perAggregate.values()]).toEqual(aggregates.map(() => 25))
  await otherDb.close()
})

async function startChild(stopAt: number, batchSize: number): Promise<ChildProcess> {
  const child = fork(new URL('./fixtures/relay-child.ts', import.meta.url), [
    database.appUrl,
    String(stopAt),
    String(batchSize),
  ])
  children.push(child)
  return child
}

async function message(child: ChildProcess, wanted: string): Promise<void> {
  for (;;) {
    const [text] = (await once(child, 'message')) as [string]
    if (text === wanted) return
  }
}

test('SYS-01 the outbox relay loses nothing when it is killed between two events', async () => {
  for (let n = 1; n <= 30; n++) await say(n)
  const first = await startChild(8, 5)
  await message(first, 'stuck')
  first.kill('SIGKILL')
  await once(first, 'exit')
  const afterCrash = (await effects()).map(({ n }) => n)
  expect(afterCrash).toEqual([1, 2, 3, 4, 5])
  await startChild(0, 5)
  await expect.poll(async () => (await effects()).length, { timeout: 20_000 }).toBe(30)
  expect((await effects()).map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
})

test('SYS-01 when the active relay dies another takes over and continues where it stood', async () => {
  for (let n = 1; n <= 6; n++) await say(n)
  const active = await startChild(4, 2)
  await message(active, 'stuck')
  const standby = await startChild(0, 2)
  await message(standby, 'started')
  expect((await effects()).map(({ n }) => n)).toEqual([1, 2])
  active.kill('SIGKILL')
  await expect.poll(async () => (await effects()).map(({ n }) => n), { timeout: 20_000 }).toEqual([1, 2, 3, 4, 5, 6])
})

test('SYS-01 events of another process wake a relay at once, not at its next look', async () => {
  const all = collector('all')
  const relay = relayOf(all, { pollMs: 600_000 })
  await relay.start()
  const announcer = announceEvents(db)
  const child = new Db({ url: database.appUrl, maxConnections: 2 })
  await child.tx('system', (tx) =>
    tx.exec(sql`insert into outbox_events (shop_id, id, aggregate, aggregate_id, name, version, payload, occurred_at)
      values (${shopId}, ${newId()}, 'thing', ${newId()}, 'test.happened', 1, '{"n": 1}', now())`),
  )
  expect(all.seen).toHaveLength(0)
  await child.tx('system', (tx) => tx.rows(sql`select pg_notify('zhanggui_outbox', 'test.happened')`))
  await expect.poll(() => all.seen.length).toBe(1)
  await say(2)
  await expect.poll(() => all.seen.length).toBe(2)
  await announcer.close()
  await child.close()
})

test('SYS-01 a handler that fails is tried again after growing pauses, and its effects happen once', async () => {
  let failures = 3
  const subscriber: Subscriber = {
    name: 'flaky',
    events: [happened],
    async handle(tx, events) {
      for (const event of events) await effect(tx, event)
      if (failures-- > 0) throw new Error('not yet')
    },
  }
  const relay = relayOf(subscriber, { retryBaseMs: 1000 })
  await say(1)
  for (const [pauseMs, left] of [
    [1000, 2],
    [2000, 1],
    [4000, 0],
  ] as const) {
    expect(await relay.drain()).toBe(0)
    clock.advance(pauseMs - 1)
    expect(await relay.drain()).toBe(0)
    expect(failures).toBe(left)
    clock.advance(1)
  }
  expect(await relay.drain()).toBe(1)
  expect((await effects()).map(({ n }) => n)).toEqual([1])
})

test('SYS-01 a poison event is parked, later events of its aggregate wait behind it, all others go on; a replay keeps their order', async () => {
  const poisoned = newId()
  const healthy = newId()
  let broken = true
  const subscriber: Subscriber = {
    name: 'picky',
    events: [happened],
    async handle(tx, events) {
      for (const event of events) {
        if (broken && numberOf(event) === 3) throw new Error('cannot digest 3 of 13812345678')
        await effect(tx, event)
      }
    },
  }
  const relay = relayOf(subscriber)
  const drainAll = async () => {
    for (let i = 0; i < 12; i++) {
      await relay.drain()
      clock.advance(60_000)
    }
  }
  for (let n = 1; n <= 6; n++) await say(n, n % 2 ? poisoned : healthy)
  await drainAll()
  expect((await effects()).map(({ n }) => n)).toEqual([1, 2, 4, 6])
  await say(7, poisoned)
  await say(8, healthy)
  await drainAll()
  expect((await effects()).map(({ n }) => n)).toEqual([1, 2, 4, 6, 8])
  const parked = await db.tx('system', (tx) => listParked(tx, { subscriber: 'picky' }))
  expect(parked.map((one) => [one.aggregateId, one.behind])).toEqual([
    [poisoned, false],
    [poisoned, true],
    [poisoned, true],
  ])
  expect(parked[0]!.error).toContain('cannot digest 3')
  expect(parked[0]!.error).not.toContain('13812345678')
  expect((await relay.lag())[0]).toMatchObject({ parked: 3, waiting: 0 })

  expect(await relay.replayParked('picky')).toBe(0)
  expect(await db.tx('system', (tx) => listParked(tx, {}))).toHaveLength(3)
  broken = false
  expect(await relay.replayParked('picky', { aggregateId: poisoned })).toBe(3)
  expect((await effects()).map(({ n }) => n)).toEqual([1, 2, 4, 6, 8, 3, 5, 7])
  await say(9, poisoned)
  await relay.drain()
  expect((await effects()).map(({ n }) => n).at(-1)).toBe(9)
  expect(await db.tx('system', (tx) => listParked(tx, {}))).toEqual([])
})

test('SYS-01 while the world is down nothing is parked, however long it takes', async () => {
  let down = true
  const seen: number[] = []
  const relay = relayOf({
    name: 'outward',
    events: [happened],
    async handle(_tx, events) {
      if (down) throw new RetryLater('the store does not answer')
      seen.push(...events.map(numberOf))
    },
  })
  for (let n = 1; n <= 3; n++) await say(n)
  for (let i = 0; i < 40; i++) {
    await relay.drain()
    clock.advance(60_000)
  }
  expect(await db.tx('system', (tx) => listParked(tx, {}))).toEqual([])
  const [lag] = await relay.lag()
  expect(lag).toMatchObject({ subscriber: 'outward', waiting: 3, parked: 0 })
  expect(lag!.lastError).toContain('does not answer')
  down = false
  await relay.drain()
  expect(seen).toEqual([1, 2, 3])
})

test('SYS-01 a new subscriber begins with the oldest event or with the next one, as it says', async () => {
  await say(1)
  const history = collector('history')
  const fresh = collector('fresh', { from: 'now' })
  const relay = relayOf([history, fresh])
  await relay.drain()
  await say(2)
  await relay.drain()
  expect(history.seen.map(numberOf)).toEqual([1, 2])
  expect(fresh.seen.map(numberOf)).toEqual([2])
})

test('SYS-01 an event brought about by a handler is handled too', async () => {
  const all = collector('all', { events: [other] })
  const relay = relayOf([
    {
      name: 'chain',
      events: [happened],
      handle: async (tx, events) => {
        for (const event of events) await emit(tx, other, thing(numberOf(event) * 10, event.aggregateId))
      },
    },
    all,
  ])
  await say(1)
  await say(2)
  await relay.drain()
  expect(all.seen.map(numberOf)).toEqual([10, 20])
})

test('SYS-01 old events are deleted once every subscriber has passed them; parked ones stay', async () => {
  let broken = true
  const slow = collector('slow', {
    async handle(_tx, events) {
      if (broken && events.some((event) => numberOf(event) === 2)) throw new Error('bad')
    },
  })
  const relay = relayOf(slow, { batchAttempts: 1, eventAttempts: 1 })
  for (let n = 1; n <= 4; n++) await say(n)
  clock.advance(31 * 86_400_000)
  await say(5)
  const count = async () =>
    (await db.tx('system', (tx) => tx.one<{ n: number }>(sql`select count(*) as n from outbox_events`))).n
  await relay.lag()
  expect(await deleteOldEvents(db, clock, 30)).toBe(0)
  await relay.drain()
  expect(await deleteOldEvents(db, clock, 30)).toBe(3)
  expect(await count()).toBe(2)
  broken = false
  expect(await relay.replayParked('slow')).toBe(1)
  expect(await deleteOldEvents(db, clock, 30)).toBe(1)
  await db.tx('system', (tx) => forgetSubscriber(tx, 'slow'))
})

test('SYS-01 after a restore into another server subscribers go on with the first event they had not passed', async () => {
  const all = collector('all', { batchSize: 2 })
  for (let n = 1; n <= 3; n++) await say(n)
  await relayOf(all).drain()
  for (let n = 4; n <= 6; n++) await say(n)
  // What the other server's dump would bring: transaction numbers far ahead of this one's.
  await asAdmin(`update outbox_events set xact = (xact::text::bigint + 1000000)::text::xid8;
    update outbox_cursors set settled = ((pg_snapshot_xmin(settled)::text::bigint + 1000000) || ':' ||
      (pg_snapshot_xmax(settled)::text::bigint + 1000000) || ':')::pg_snapshot`)
  const relay = relayOf(all)
  await relay.drain()
  await say(7)
  await relay.drain()
  expect(all.seen.map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('SYS-01 what comes in a rush is read together and in order; what comes alone is not waited with', async () => {
  const batches: number[][] = []
  const handle = async (_tx: Tx, events: OutboxEvent[]) => void batches.push(events.map(numberOf))
  const relay = relayOf({ name: 'rushed', events: '*', handle }, { restMs: 500 })
  await relay.start()
  await say(1)
  await expect.poll(() => batches).toEqual([[1]])
  const rush = Array.from({ length: 30 }, (_, i) => i + 2)
  for (const n of rush) await say(n)
  await expect.poll(() => batches.flat(), { timeout: 10_000 }).toEqual([1, ...rush])
  expect(batches.length).toBeLessThan(10)
})
