import pg from 'pg'
import { type Clock, plusMs } from './clock.ts'
import { LOCAL_ZONE } from './days.ts'
import { type Db, sql } from './db.ts'
import { redactText } from './redact.ts'

/** How often: every so many seconds, or by a cron expression in a time zone (Asia/Shanghai unless told). */
export type Every = { everySeconds: number } | { cron: string; timeZone?: string }

export interface Scheduler {
  add(name: string, every: Every, handler: () => Promise<void>): void
  start(): Promise<void>
  stop(): Promise<void>
  runDue(): Promise<string[]>
}

export interface SchedulerOptions {
  db: Db
  clock: Clock
  nextOf: (cron: string, timeZone: string, after: Date) => Date
  onError?: (where: string, error: unknown) => void
  scheduleTickMs?: number
}

interface Schedule {
  name: string
  every: Every
  handler: () => Promise<void>
  running: boolean
}

const LOCK_SPACE = 7_091_131

/**
 * Runs things regularly in one process at a time. Whoever runs a schedule holds its advisory lock on a
 * connection kept for that; when the process dies PostgreSQL frees it.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new PgScheduler(options)
}

class PgScheduler implements Scheduler {
  readonly #options: SchedulerOptions
  readonly #schedules = new Map<string, Schedule>()
  readonly #runs = new Set<Promise<unknown>>()
  #timer: NodeJS.Timeout | undefined
  #locks: Promise<pg.Client> | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  add(name: string, every: Every, handler: () => Promise<void>): void {
    if (this.#schedules.has(name)) throw new TypeError(`Schedule defined twice: ${name}`)
    this.#nextAt(every)
    this.#schedules.set(name, { name, every, handler, running: false })
  }

  async start(): Promise<void> {
    if (this.#schedules.size === 0) return
    this.#stopped = false
    const tick = () => {
      const run = this.#runDue(false)
        .catch((error: unknown) => this.#options.onError?.('schedules', error))
        .finally(() => this.#runs.delete(run))
      this.#runs.add(run)
    }
    this.#timer = setInterval(tick, this.#options.scheduleTickMs ?? 1_000)
    tick()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    while (this.#runs.size > 0) await Promise.all(this.#runs)
    const client = await this.#locks?.catch(() => undefined)
    this.#locks = undefined
    await client?.end().catch(() => {})
  }

  runDue(): Promise<string[]> {
    return this.#runDue(true)
  }

  /** Starts what is due; waits for it when told, otherwise each run goes on by itself. */
  async #runDue(wait: boolean): Promise<string[]> {
    const due = await this.#dueNames()
    const runs = due.map((schedule) => {
      const run: Promise<boolean> = this.#run(schedule).finally(() => this.#runs.delete(run))
      this.#runs.add(run)
      return run
    })
    if (!wait) {
      for (const run of runs) run.catch((error: unknown) => this.#options.onError?.('schedules', error))
      return []
    }
    const ran = await Promise.all(runs)
    return due.filter((_, index) => ran[index]).map((schedule) => schedule.name)
  }

  async #dueNames(): Promise<Schedule[]> {
    const { db, clock } = this.#options
    const names = [...this.#schedules.keys()]
    if (names.length === 0 || this.#stopped) return []
    const rows = await db.tx('system', async (tx) => {
      const known = await tx.rows<{ name: string; nextAt: string }>(
        sql`select name, next_at from job_schedules where name = any(${names})`,
      )
      const missing = names.filter((name) => !known.some((row) => row.name === name))
      for (const name of missing)
        await tx.exec(sql`
          insert into job_schedules (name, next_at)
          values (${name}, ${this.#nextAt(this.#schedules.get(name)!.every)}) on conflict do nothing`)
      return known
    })
    const now = clock.instant()
    return rows.filter((row) => row.nextAt <= now).map((row) => this.#schedules.get(row.name)!)
  }

  async #run(schedule: Schedule): Promise<boolean> {
    if (schedule.running) return false
    schedule.running = true
    try {
      const locks = await this.#connection()
      if (!(await this.#ask(locks, 'pg_try_advisory_lock', schedule.name))) return false
      try {
        if (!(await this.#claim(schedule))) return false
        await this.#handle(schedule)
        return true
      } finally {
        await this.#ask(locks, 'pg_advisory_unlock', schedule.name).catch(() => {})
      }
    } finally {
      schedule.running = false
    }
  }

  /** One question at a time: the schedules share the connection that holds their locks. */
  #ask(locks: pg.Client, lockFunction: 'pg_try_advisory_lock' | 'pg_advisory_unlock', name: string): Promise<boolean> {
    const answer = this.#turn.then(async () => {
      const { rows } = await locks.query(`select ${lockFunction}($1, hashtext($2)) as done`, [LOCK_SPACE, name])
      return rows[0].done as boolean
    })
    this.#turn = answer.catch(() => false)
    return answer
  }

  /** Moves the due time on, unless another process has just run it. */
  async #claim(schedule: Schedule): Promise<boolean> {
    const now = this.#options.clock.instant()
    const changed = await this.#options.db.tx('system', (tx) =>
      tx.exec(sql`
        update job_schedules set next_at = ${this.#nextAt(schedule.every)}, started_at = ${now}
        where name = ${schedule.name} and next_at <= ${now}`),
    )
    return changed === 1
  }

  async #handle(schedule: Schedule): Promise<void> {
    let problem: string | null = null
    try {
      await schedule.handler()
    } catch (error) {
      problem = redactText(error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 2_000)
      this.#options.onError?.(`schedule ${schedule.name}`, error)
    }
    await this.#options.db.tx('system', (tx) =>
      tx.exec(sql`
        update job_schedules set finished_at = ${this.#options.clock.instant()}, last_error = ${problem},
          failures = case when ${problem}::text is null then 0 else failures + 1 end
        where name = ${schedule.name}`),
    )
  }

  #nextAt(every: Every): string {
    const { clock, nextOf } = this.#options
    if ('everySeconds' in every) {
      if (!(every.everySeconds > 0)) throw new TypeError('everySeconds must be more than 0')
      return plusMs(clock.instant(), every.everySeconds * 1000)
    }
    return nextOf(every.cron, every.timeZone ?? LOCAL_ZONE, clock.now()).toISOString()
  }

  #connection(): Promise<pg.Client> {
    this.#locks ??= this.#connect()
    return this.#locks
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#options.db.url, application_name: 'zhanggui-schedules' })
    const forget = () => {
      this.#locks = undefined
    }
    client.on('error', forget)
    client.on('end', forget)
    try {
      await client.connect()
      return client
    } catch (error) {
      forget()
      throw error
    }
  }
}
