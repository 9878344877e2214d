import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from './clock.ts'
import { Db, sql } from './db.ts'
import { createJobs, defineJob, type Jobs, type JobsOptions } from './jobs.ts'

const greet = defineJob({
  name: 'test.greet',
  schema: z.object({ to: z.string() }),
  retryLimit: 1,
  retryDelaySeconds: 1,
})
const sync = defineJob({ name: 'test.sync', schema: z.object({}), unique: 'queued' })
const build = defineJob({ name: 'test.build', schema: z.object({}), unique: 'running' })

let database: TestDatabase
let db: Db
let clock: TestClock
let done: string[]
const started: Jobs[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 8 })
})
beforeEach(() => {
  clock = new TestClock()
  done = []
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((jobs) => jobs.stop()))
  await db.tx('system', async (tx) => {
    await tx.exec(sql`delete from pgboss.job`)
    await tx.exec(sql`delete from job_schedules`)
  })
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

function jobsOf(options: Partial<JobsOptions> = {}): Jobs {
  const jobs = createJobs({ db, clock, pollSeconds: 0.5, scheduleTickMs: 20, ...options })
  started.push(jobs)
  return jobs
}

async function standard(work = false): Promise<Jobs> {
  const jobs = jobsOf()
  jobs.handle(greet, async ({ to }) => void done.push(to))
  jobs.handle(sync, async () => void done.push('sync'))
  jobs.handle(build, async () => void done.push('build'))
  await jobs.start({ work })
  return jobs
}

test('SYS-01 a job exists exactly when the transaction that enqueued it has committed', async () => {
  const jobs = await standard()
  await db.tx('system', async (tx) => {
    await jobs.enqueue(tx, greet, { to: 'a' })
    expect(await jobs.runNow()).toBe(0)
  })
  const rolledBack = db.tx('system', async (tx) => {
    await jobs.enqueue(tx, greet, { to: 'b' })
    throw new Error('no')
  })
  await expect(rolledBack).rejects.toThrow('no')
  expect(await jobs.runNow()).toBe(1)
  expect(done).toEqual(['a'])
})

test('SYS-01 a job can be enqueued from a shop-scoped transaction, and waits for its time', async () => {
  const jobs = await standard(true)
  const startAfter = new Date(Date.now() + 3_600_000).toISOString()
  await db.tx({ shopId: '019a2b3c-4d5e-7f60-8a1b-c13812345678' }, (tx) =>
    jobs.enqueue(tx, greet, { to: 'later' }, { startAfter }),
  )
  await db.tx('system', (tx) => jobs.enqueue(tx, greet, { to: 'now' }))
  await expect.poll(() => done, { timeout: 10_000 }).toEqual(['now'])
  expect(await jobs.runNow(greet)).toBe(1)
  expect(done).toEqual(['now', 'later'])
})

test('SYS-01 a unique job is enqueued once for its key, even by transactions that race', async () => {
  const jobs = await standard()
  const put = (key: string) => db.tx('system', (tx) => jobs.enqueue(tx, sync, {}, { singletonKey: key }))
  const ids = await Promise.all([put('a'), put('a'), put('a'), put('b')])
  expect(ids.slice(0, 3).filter((id) => id !== null)).toHaveLength(1)
  expect(ids[3]).not.toBeNull()
  expect(await jobs.runNow()).toBe(2)
  expect(await put('a')).not.toBeNull()
  await expect(db.tx('system', (tx) => jobs.enqueue(tx, sync, {}))).rejects.toThrow('singletonKey')
  await expect(db.tx('system', (tx) => jobs.enqueue(tx, greet, { to: 'x' }, { singletonKey: 'k' }))).rejects.toThrow(
    'singletonKey',
  )
})

test('SYS-01 data that does not fit a job is refused, and a job that fails is tried again and then kept as failed', async () => {
  const jobs = jobsOf()
  let attempts = 0
  jobs.handle(greet, async ({ to }) => {
    attempts++
    throw new Error(`cannot reach ${to}`)
  })
  await jobs.start({ work: false })
  await expect(db.tx('system', (tx) => jobs.enqueue(tx, greet, { to: 1 } as never))).rejects.toThrow()
  await db.tx('system', (tx) => jobs.enqueue(tx, greet, { to: '13812345678' }))
  expect(await jobs.runNow()).toBe(0)
  expect(attempts).toBe(2)
  const row = await db.tx('system', (tx) =>
    tx.one<{ state: string; output: unknown }>(
      sql`select state::text, output from pgboss.job where name = 'test.greet'`,
    ),
  )
  expect(row.state).toBe('failed')
  expect(JSON.stringify(row.output)).toContain('138****5678')
  expect(JSON.stringify(row.output)).not.toContain('13812345678')
})

test('SYS-01 a schedule runs when the clock says so, in one process only, and makes up for missed runs once', async () => {
  const make = () => {
    const jobs = jobsOf()
    jobs.schedule('test.sweep', { everySeconds: 60 }, async () => {
      done.push('sweep')
      await new Promise((resolve) => setTimeout(resolve, 30))
    })
    return jobs
  }
  const [first, second] = [make(), make()]
  expect(await first.runDue()).toEqual([])
  clock.advance(59_999)
  expect(await first.runDue()).toEqual([])
  clock.advance(1)
  const ran = await Promise.all([first.runDue(), second.runDue(), first.runDue()])
  expect(ran.flat()).toEqual(['test.sweep'])
  expect(done).toEqual(['sweep'])
  clock.advance(10 * 60_000)
  expect(await second.runDue()).toEqual(['test.sweep'])
  expect(await second.runDue()).toEqual([])
})

test('SYS-01 a schedule by cron is due in the shop’s time zone; a run that fails is noted and the next one comes', async () => {
  const problems: unknown[] = []
  const jobs = jobsOf({ onError: (where, error) => problems.push([where, (error as Error).message]) })
  jobs.schedule('test.daily', { cron: '30 3 * * *' }, async () => {
    done.push(clock.instant())
    throw new Error('no luck')
  })
  expect(() => jobs.schedule('test.daily', { everySeconds: 1 }, async () => {})).toThrow('twice')
  expect(() => jobs.schedule('test.bad', { cron: 'not a cron' }, async () => {})).toThrow()
  clock.set('2026-11-11T00:00:00.000Z')
  await jobs.runDue()
  clock.set('2026-11-11T19:29:59.000Z')
  expect(await jobs.runDue()).toEqual([])
  clock.set('2026-11-11T19:30:00.000Z')
  expect(await jobs.runDue()).toEqual(['test.daily'])
  expect(problems).toEqual([['schedule test.daily', 'no luck']])
  clock.set('2026-11-12T19:30:00.000Z')
  expect(await jobs.runDue()).toEqual(['test.daily'])
  expect(done).toHaveLength(2)
})

test('SYS-01 started schedules run by themselves and stop cleanly', async () => {
  const jobs = jobsOf()
  jobs.schedule('test.tick', { everySeconds: 1 }, async () => void done.push('tick'))
  await jobs.start({ work: true })
  const timer = setInterval(() => clock.advance(1000), 25)
  await expect.poll(() => done.length).toBeGreaterThan(2)
  clearInterval(timer)
  await jobs.stop()
  const count = done.length
  clock.advance(60_000)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(done).toHaveLength(count)
})

test('SYS-01 pg-boss works as the application role, in a schema of its own', async () => {
  await standard()
  const row = await db.tx('system', (tx) =>
    tx.one<{ owner: string; user: string }>(sql`
      select nspowner::regrole::text as owner, current_user as user from pg_namespace where nspname = 'pgboss'`),
  )
  expect(row.owner).toBe(row.user)
})
