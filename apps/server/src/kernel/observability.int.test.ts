import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from './clock.ts'
import { Db } from './db.ts'
import { createHealth, databaseCheck, migrationsCheck } from './health.ts'
import { newId } from './ids.ts'
import { createMetrics } from './metrics.ts'
import { defineEvent, emit } from './outbox.ts'
import { createRelay } from './outbox-relay.ts'

let database: TestDatabase
let db: Db
const clock = new TestClock()

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 3 })
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

test('SYS-03 the process is ready when database and migrations are; what is optional only degrades it', async () => {
  const health = createHealth()
  health.add('database', databaseCheck(db))
  health.add('migrations', migrationsCheck(db))
  expect(await health.readyz()).toMatchObject({ status: 200, body: { status: 'ok' } })
  health.add('clickhouse', () => Promise.reject(new Error('not there')), { required: false })
  expect(await health.readyz()).toMatchObject({
    status: 200,
    body: { status: 'degraded', checks: { clickhouse: { ok: false, required: false, detail: 'not there' } } },
  })
  health.add('slow', () => new Promise(() => {}), { timeoutMs: 20 })
  expect(await health.readyz()).toMatchObject({
    status: 503,
    body: { status: 'failing', checks: { slow: { ok: false } } },
  })
  health.close()
  const gone = createHealth()
  const closed = new Db({ url: 'postgres://nobody@127.0.0.1:9/none', maxConnections: 2 })
  gone.add('database', databaseCheck(closed))
  expect(await gone.readyz()).toMatchObject({
    status: 503,
    body: { checks: { database: { detail: 'failed: ECONNREFUSED' } } },
  })
  gone.close()
  await closed.close()
})

test('SYS-03 a process whose event loop stalls says so', () => {
  let delayMs = 20
  const health = createHealth({ loopDelayMs: () => delayMs })
  expect(health.healthz().status).toBe(200)
  delayMs = 6_000
  expect(health.healthz()).toMatchObject({ status: 503, body: { status: 'failing' } })
})

test('SYS-03 metrics show requests, lanes, connections, jobs, sockets and how far subscribers are behind', async () => {
  const metrics = createMetrics()
  const shopId = newId()
  const happened = defineEvent({ name: 'test.measured', version: 1, payload: z.object({}) })
  const relay = createRelay({ db, clock, subscribers: [{ name: 'behind', events: '*', handle: async () => {} }] })
  const event = { shopId, aggregate: 'x', aggregateId: newId(), payload: {}, occurredAt: clock.instant() }
  await db.tx({ shopId }, (tx) => emit(tx, happened, event))
  clock.advance(90_000)
  metrics.observeHttp({ method: 'GET', route: '/api/store/:id', status: 200, durationMs: 12 })
  metrics.observeLane({ lane: 'orders', commands: 40, refused: 3, durationMs: 8 })
  metrics.watchLane('orders', () => 7)
  metrics.watchPool('main', () => db.stats())
  metrics.watchOutbox(() => relay.lag(), clock.millis.bind(clock))
  metrics.watchJobs(async () => [{ name: 'catalog.import', waiting: 2, active: 1, failed: 0 }])
  metrics.watchRealtime(() => ({ sockets: 3, subscriptions: 5 }))
  metrics.counter('ingest_events_total', 'Events taken', ['outcome']).inc({ outcome: 'accepted' }, 5)
  metrics.gauge('things', 'Things', () => 42)
  const { body, contentType } = await metrics.text()
  expect(contentType).toContain('text/plain')
  for (const line of [
    'zhanggui_http_request_duration_seconds_count{method="GET",route="/api/store/:id",status="200"} 1',
    'zhanggui_lane_commands_total{lane="orders",outcome="refused"} 3',
    'zhanggui_lane_waiting{lane="orders"} 7',
    'zhanggui_pool_connections{pool="main",state="waiting"} 0',
    'zhanggui_outbox_waiting_events{subscriber="behind"} 1',
    'zhanggui_outbox_lag_seconds{subscriber="behind"} 90',
    'zhanggui_outbox_parked_events{subscriber="behind"} 0',
    'zhanggui_jobs{queue="catalog.import",state="waiting"} 2',
    'zhanggui_realtime{kind="sockets"} 3',
    'zhanggui_ingest_events_total{outcome="accepted"} 5',
    'zhanggui_things 42',
  ])
    expect(body).toContain(line)
  expect(body).toContain('zhanggui_nodejs_eventloop_lag_seconds')
})
