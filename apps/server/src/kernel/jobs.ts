import { createHash } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { Clock, Instant } from './clock.ts'
import { type Db, sql, type Tx } from './db.ts'
import { redactText } from './redact.ts'
import { createScheduler, type Every, type Scheduler } from './scheduler.ts'

export type { Every } from './scheduler.ts'

/** Work that is done later and retried until it succeeds or its attempts are used up. */
export interface Job<T = unknown> {
  /** `<module>.<verb>`, e.g. `catalog.import`. */
  readonly name: string
  readonly schema: z.ZodType<T>
  readonly retryLimit: number
  readonly retryDelaySeconds: number
  /** Pauses double, with some chance in them. */
  readonly retryBackoff: boolean
  readonly expireInSeconds: number
  /** How many of these one process does at a time. */
  readonly concurrency: number
  /**
   * With a `singletonKey`: not enqueued again while one with that key is waiting (`queued`), or while one is
   * waiting or being done (`running`).
   */
  readonly unique: 'queued' | 'running' | null
}

export interface EnqueueOptions {
  /** Only for jobs that say what `unique` means. */
  singletonKey?: string
  startAfter?: Instant
  priority?: number
}

export interface JobContext {
  id: string
  /** Aborted when the job's time is up or the process stops. */
  signal: AbortSignal
}

export type JobHandler<T> = (data: T, context: JobContext) => Promise<void>

export interface Jobs {
  /** Says who does a job. All jobs and schedules are named before `start`. */
  handle<T>(job: Job<T>, handler: JobHandler<T>): void
  /**
   * Runs `handler` regularly in one process at a time. A run that was missed is made up for once. The handler
   * must bear being run again after a crash.
   */
  schedule(name: string, every: Every, handler: () => Promise<void>): void
  /** Prepares the queues; with `work` this process also does jobs and schedules, `later` once it is started again. */
  start(options: { work: boolean | 'later' }): Promise<void>
  stop(): Promise<void>
  /**
   * Writes a job in the caller's transaction: it exists once that has committed, and never when it rolled
   * back. Answers its id, or null when `unique` says that there is one already.
   */
  enqueue<T>(tx: Tx, job: Job<T>, data: T, options?: EnqueueOptions): Promise<string | null>
  /** Does everything that is queued now, due or not, and answers how many jobs succeeded. For tests. */
  runNow(job?: Job): Promise<number>
  /** Runs every schedule that is due by the clock and answers their names. For tests. */
  runDue(): Promise<string[]>
  /** Jobs waiting, being done and failed, for each queue. */
  stats(): Promise<{ name: string; waiting: number; active: number; failed: number }[]>
}

export interface JobsOptions {
  db: Db
  clock: Clock
  onError?: (where: string, error: unknown) => void
  pollSeconds?: number
  /** How often this process looks whether a schedule is due. */
  scheduleTickMs?: number
}

const SCHEMA = 'pgboss'
const JOB_NAME = /^[a-z][a-z0-9-]{0,40}\.[a-z][a-z0-9-]{0,40}$/
const RUN_NOW_BATCH = 50
const STOP_TIMEOUT_MS = 15_000

/** Declares a job. Throws a TypeError when its name is not `<module>.<verb>`. */
export function defineJob<S extends z.ZodType>(
  definition: { name: string; schema: S } & Partial<Omit<Job, 'name' | 'schema'>>,
): Job<z.output<S>> {
  if (!JOB_NAME.test(definition.name)) throw new TypeError(`Not a job's name: ${definition.name}`)
  return Object.freeze({
    retryLimit: 8,
    retryDelaySeconds: 5,
    retryBackoff: true,
    expireInSeconds: 900,
    concurrency: 1,
    unique: null,
    ...definition,
    schema: definition.schema as unknown as z.ZodType<z.output<S>>,
  })
}

/** Jobs and schedules of this process, kept in PostgreSQL by pg-boss. */
export function createJobs(options: JobsOptions): Jobs {
  return new BossJobs(options)
}

interface Worker {
  job: Job
  handler: JobHandler<unknown>
  workerIds: string[]
}

class BossJobs implements Jobs {
  readonly #options: JobsOptions
  readonly #workers = new Map<string, Worker>()
  readonly #scheduler: Scheduler
  #boss: PgBoss | undefined

  constructor(options: JobsOptions) {
    this.#options = options
    this.#scheduler = createScheduler({
      ...options,
      nextOf: (cron, timeZone, after) => this.#nextOf(cron, timeZone, after),
    })
  }

  handle<T>(job: Job<T>, handler: JobHandler<T>): void {
    if (this.#workers.has(job.name)) throw new TypeError(`Job handled twice: ${job.name}`)
    this.#workers.set(job.name, { job: job as Job, handler: handler as JobHandler<unknown>, workerIds: [] })
  }

  schedule(name: string, every: Every, handler: () => Promise<void>): void {
    this.#scheduler.add(name, every, handler)
  }

  async start({ work }: { work: boolean | 'later' }): Promise<void> {
    const boss = this.#boss ?? (await this.#prepare(work !== false))
    if (work !== true) return
    for (const worker of this.#workers.values()) await this.#work(boss, worker)
    await this.#scheduler.start()
  }

  async #prepare(supervise: boolean): Promise<PgBoss> {
    const { db, onError = () => {} } = this.#options
    const { exists } = await db.tx('system', (tx) =>
      tx.one<{ exists: boolean }>(sql`select to_regnamespace(${SCHEMA}) is not null as exists`),
    )
    const boss = this.#newBoss({ createSchema: !exists, supervise })
    boss.on('error', (error) => onError('jobs', error))
    await boss.start()
    this.#boss = boss
    for (const { job } of this.#workers.values()) await ensureQueue(boss, job)
    return boss
  }

  async stop(): Promise<void> {
    await this.#scheduler.stop()
    const boss = this.#boss
    this.#boss = undefined
    await boss?.stop({ graceful: true, timeout: STOP_TIMEOUT_MS })
  }

  async enqueue<T>(tx: Tx, job: Job<T>, data: T, options: EnqueueOptions = {}): Promise<string | null> {
    const boss = this.#started()
    const worker = this.#workers.get(job.name)
    if (!worker) throw new Error(`Nobody handles the job ${job.name}`)
    if (options.singletonKey !== undefined && job.unique === null)
      throw new TypeError(`${job.name} does not say what its singletonKey means`)
    if (options.singletonKey === undefined && job.unique !== null)
      throw new TypeError(`${job.name} is unique by its singletonKey`)
    const { startAfter, ...rest } = options
    const id = await boss.send(job.name, job.schema.parse(data) as object, {
      ...rest,
      ...(startAfter === undefined ? {} : { startAfter: new Date(startAfter) }),
      db: { executeSql: async (text, values = []) => ({ rows: await tx.prepared(statementName(text), text, values) }) },
    })
    if (id !== null && startAfter === undefined)
      tx.afterCommit(() => {
        for (const workerId of worker.workerIds) this.#boss?.notifyWorker(workerId)
      })
    return id
  }

  async runNow(job?: Job): Promise<number> {
    const boss = this.#started()
    const workers = [...this.#workers.values()].filter((worker) => job === undefined || worker.job.name === job.name)
    let done = 0
    for (let found = true; found; ) {
      found = false
      for (const { job: each, handler } of workers) {
        const fetched = await boss.fetch<object>(each.name, { batchSize: RUN_NOW_BATCH, ignoreStartAfter: true })
        for (const one of fetched) {
          found = true
          try {
            await handler(each.schema.parse(one.data), {
              id: one.id,
              signal: AbortSignal.timeout(each.expireInSeconds * 1000),
            })
            await boss.complete(each.name, one.id)
            done++
          } catch (error) {
            await boss.fail(each.name, one.id, failure(error))
          }
        }
      }
    }
    return done
  }

  runDue(): Promise<string[]> {
    return this.#scheduler.runDue()
  }

  async stats(): Promise<{ name: string; waiting: number; active: number; failed: number }[]> {
    const queues = await this.#started().getQueues([...this.#workers.keys()])
    return queues.map((queue) => ({
      name: queue.name,
      waiting: queue.queuedCount,
      active: queue.activeCount,
      failed: queue.failedCount,
    }))
  }

  async #work(boss: PgBoss, worker: Worker): Promise<void> {
    const { job, handler } = worker
    const pollingIntervalSeconds = this.#options.pollSeconds ?? 2
    for (let i = 0; i < job.concurrency; i++) {
      const id = await boss.work<object>(job.name, { pollingIntervalSeconds, batchSize: 1 }, async (batch) => {
        for (const one of batch) {
          try {
            await handler(job.schema.parse(one.data), { id: one.id, signal: one.signal })
          } catch (error) {
            this.#options.onError?.(`job ${job.name}`, error)
            throw failure(error)
          }
        }
      })
      worker.workerIds.push(id)
    }
  }

  #newBoss(more: { createSchema: boolean; supervise: boolean }): PgBoss {
    return new PgBoss({
      connectionString: this.#options.db.url,
      application_name: 'zhanggui-jobs',
      schema: SCHEMA,
      max: 4,
      schedule: false,
      ...more,
    })
  }

  #nextOf(cron: string, timeZone: string, after: Date): Date {
    const boss = this.#boss ?? this.#newBoss({ createSchema: false, supervise: false })
    const [next] = boss.previewSchedule(cron, { tz: timeZone, from: after, count: 1 })
    if (!next) throw new TypeError(`The schedule ${cron} is never due`)
    return next
  }

  #started(): PgBoss {
    if (!this.#boss) throw new Error('Jobs are not started')
    return this.#boss
  }
}

async function ensureQueue(boss: PgBoss, job: Job): Promise<void> {
  const options = {
    retryLimit: job.retryLimit,
    retryDelay: job.retryDelaySeconds,
    retryBackoff: job.retryBackoff,
    expireInSeconds: job.expireInSeconds,
  }
  const policy = job.unique === null ? 'standard' : job.unique === 'queued' ? 'short' : 'exclusive'
  await boss.createQueue(job.name, { ...options, policy })
  await boss.updateQueue(job.name, options)
}

const statementNames = new Map<string, string>()

/** The same text always has the same name, so a connection parses it once. */
function statementName(text: string): string {
  let name = statementNames.get(text)
  if (name === undefined) {
    name = `job-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    statementNames.set(text, name)
  }
  return name
}

/** What pg-boss keeps of an error: its text, cleaned. */
function failure(error: unknown): Error {
  const clean = new Error(redactText(error instanceof Error ? error.message : String(error)).slice(0, 2_000))
  if (error instanceof Error && error.stack) clean.stack = redactText(error.stack).slice(0, 4_000)
  return clean
}
