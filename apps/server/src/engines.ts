import { mkdir } from 'node:fs/promises'
import { openEventStore } from './event-store.ts'
import type { Clock } from './kernel/clock.ts'
import { type Config, secretKeys } from './kernel/config.ts'
import { createVault, type Vault } from './kernel/crypto.ts'
import { Db, sql } from './kernel/db.ts'
import { createFiles, type Files, storageOf } from './kernel/files.ts'
import { createHealth, databaseCheck, diskCheck, type Health, migrationsCheck } from './kernel/health.ts'
import { createJobs, type Jobs } from './kernel/jobs.ts'
import { createListener, type Listener } from './kernel/listener.ts'
import type { Logger } from './kernel/log.ts'
import { createMetrics, type Metrics } from './kernel/metrics.ts'
import { announceEvents } from './kernel/outbox-bell.ts'
import { createRedisNotifications, type RedisNotifications } from './kernel/redis.ts'
import { createSettings, type Settings } from './kernel/settings.ts'
import type { EventStore } from './modules/analytics/index.ts'

/** What the modules stand on: the database and everything in it, files, the event store, and how they are. */
export interface Engines {
  db: Db
  clock: Clock
  /** Tells of events of other processes: PostgreSQL's notifications, or Redis where there is one. */
  eventListener: Listener
  /** Limits that all processes share, where there is a Redis. */
  takeToken: RedisNotifications['takeToken'] | undefined
  settings: Settings
  vault: Vault
  files: Files
  jobs: Jobs
  eventStore: EventStore
  metrics: Metrics
  health: Health
  close(): Promise<void>
}

const LEAST_DISK_BYTES = 64 * 1024 * 1024
const LOW_DISK_BYTES = 1024 * 1024 * 1024

/** Opens everything that the configuration names. The database must have been migrated. */
export async function openEngines(config: Config, clock: Clock, log: Logger): Promise<Engines> {
  const warn = (what: string) => (error: unknown) => log.warn({ err: error }, what)
  const db = new Db({
    url: config.DATABASE_URL,
    maxConnections: config.DATABASE_MAX_CONNECTIONS,
    onError: warn('a database connection was lost'),
  })
  await refusePowerfulRole(db)
  const listener = createListener(db, warn('the connection for notifications was lost'))
  // Settings are told of in the transaction that changes them, which only PostgreSQL can do.
  const settings = createSettings(db, clock, listener)
  const redis =
    config.REDIS_URL === undefined
      ? undefined
      : createRedisNotifications(config.REDIS_URL, warn('Redis does not answer'))
  const bell = announceEvents(db, {
    onError: warn('other processes were not told of events'),
    ...(redis ? { publish: redis.publish } : {}),
  })
  if (config.S3_BUCKET === undefined) await mkdir(config.FILES_DIR, { recursive: true })
  const files = createFiles({ db, clock, storage: await storageOf(config) })
  const jobs = createJobs({ db, clock, onError: (where, error) => log.error({ err: error, where }, 'a job failed') })
  const health = createHealth()
  health.add('database', databaseCheck(db))
  health.add('migrations', migrationsCheck(db))
  // Without room PostgreSQL stops first; said beforehand, there is time to do something.
  health.add('disk', diskCheck([config.DATA_DIR, config.FILES_DIR], LEAST_DISK_BYTES))
  health.add('disk-nearly-full', diskCheck([config.DATA_DIR, config.FILES_DIR], LOW_DISK_BYTES), { required: false })
  const metrics = createMetrics()
  metrics.watchPool('postgres', () => db.stats())
  const { eventStore, close: closeStore } = await openEventStore(config, db, health, log)
  return {
    db,
    clock,
    eventListener: redis?.listener ?? listener,
    takeToken: redis?.takeToken,
    settings,
    vault: createVault(secretKeys(config)),
    files,
    jobs,
    eventStore,
    metrics,
    health,
    async close() {
      await closeStore()
      await bell.close()
      await redis?.close()
      await settings.close()
      await listener.close()
      health.close()
      await db.close()
    },
  }
}

/** Row-level security is the second wall: it does not bind a superuser or an owner, so the program will not work as one. */
async function refusePowerfulRole(db: Db): Promise<void> {
  const { role, powerful } = await db.read('system', (tx) =>
    tx.one<{ role: string; powerful: boolean }>(sql`
      select current_user as role, rolsuper or rolbypassrls as powerful from pg_roles where rolname = current_user`),
  )
  if (powerful)
    throw new Error(
      `数据库角色 ${role} 不受行级安全约束，请改用普通角色 (the role bypasses row-level security; use an ordinary one)`,
    )
}
