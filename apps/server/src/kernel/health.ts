import { readdir, statfs } from 'node:fs/promises'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Db, sql } from './db.ts'

export interface HealthAnswer {
  status: 200 | 503
  body: {
    status: 'ok' | 'degraded' | 'failing'
    /** What each check says; nothing here is secret. */
    checks: Record<string, { ok: boolean; required: boolean; detail?: string; durationMs: number }>
  }
}

export interface Health {
  /** Adds a check, which throws when something is not right. What is not required only degrades. */
  add(name: string, check: () => Promise<void>, options?: { required?: boolean; timeoutMs?: number }): void
  /** Whether the process lives: for a supervisor that restarts it otherwise. */
  healthz(): HealthAnswer
  /** Whether it can do its work: for a load balancer. */
  readyz(): Promise<HealthAnswer>
  close(): void
}

const DEFAULT_TIMEOUT_MS = 2_000
const MAX_LOOP_DELAY_MS = 5_000
const SOURCE_ROOT = path.resolve(import.meta.dirname, '..')

export function createHealth(options: { loopDelayMs?: () => number } = {}): Health {
  let monitor: ReturnType<typeof monitorEventLoopDelay> | undefined
  let loopDelayMs = options.loopDelayMs
  if (!loopDelayMs) {
    const histogram = monitorEventLoopDelay({ resolution: 100 })
    histogram.enable()
    monitor = histogram
    // The longest stall since the last question.
    loopDelayMs = () => {
      const ms = histogram.max / 1e6
      histogram.reset()
      return ms
    }
  }
  const checks = new Map<string, { check: () => Promise<void>; required: boolean; timeoutMs: number }>()
  return {
    add(name, check, { required = true, timeoutMs = DEFAULT_TIMEOUT_MS } = {}) {
      checks.set(name, { check, required, timeoutMs })
    },
    healthz() {
      const delayMs = Math.round(loopDelayMs())
      const ok = delayMs < MAX_LOOP_DELAY_MS
      const eventLoop = { ok, required: true, detail: `stalled for ${delayMs} ms at most`, durationMs: 0 }
      return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'failing', checks: { eventLoop } } }
    },
    async readyz() {
      const results = await Promise.all(
        [...checks].map(async ([name, { check, required, timeoutMs }]) => {
          const start = performance.now()
          const detail = await run(check, timeoutMs)
          const durationMs = Math.round(performance.now() - start)
          return [name, { ok: detail === undefined, required, durationMs, ...(detail ? { detail } : {}) }] as const
        }),
      )
      const failing = results.some(([, result]) => !result.ok && result.required)
      const degraded = results.some(([, result]) => !result.ok)
      return {
        status: failing ? 503 : 200,
        body: { status: failing ? 'failing' : degraded ? 'degraded' : 'ok', checks: Object.fromEntries(results) },
      }
    },
    close: () => void monitor?.disable(),
  }
}

/** The database answers. */
export const databaseCheck = (db: Db) => async (): Promise<void> => {
  await db.read('system', (tx) => tx.rows(sql`select 1`))
}

/** There is room on the disks under folders; one that is not there is not looked at. */
export const diskCheck = (folders: readonly string[], leastBytes: number) => async (): Promise<void> => {
  for (const folder of folders) {
    const free = await statfs(folder)
      .then(({ bavail, bsize }) => bavail * bsize)
      .catch(() => Number.POSITIVE_INFINITY)
    if (free < leastBytes) throw new Error(`${Math.floor(free / 1024 / 1024)} MB left on the disk`)
  }
}

const STALLED_MS = 15_000

/** Lanes move: one that has something to do, and began nothing between two looks that far apart, does not. */
export function lanesCheck(
  stats: () => readonly { name: string; depth: number; batches: number; running: number }[],
  ticks: () => number,
): () => Promise<void> {
  const seen = new Map<string, { batches: number; at: number }>()
  return async () => {
    for (const { name, depth, batches, running } of stats()) {
      const known = seen.get(name)
      const isIdle = depth === 0 && running === 0
      if (isIdle || known?.batches !== batches) seen.set(name, { batches, at: ticks() })
      else if (ticks() - known.at > STALLED_MS) throw new Error(`The lane ${name} does not move`)
    }
  }
}

/** Every migration of this program has been applied; asked until it was so once. */
export function migrationsCheck(db: Db): () => Promise<void> {
  let done = false
  return async () => {
    if (done) return
    const applied = await db.read('system', (tx) => tx.rows<{ name: string }>(sql`select name from schema_migrations`))
    const names = new Set(applied.map((row) => row.name))
    const missing = (await migrationNames()).filter((name) => !names.has(name))
    if (missing.length > 0) throw new Error(`${missing.length} migrations are missing, first ${missing[0]}`)
    done = true
  }
}

async function migrationNames(): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(SOURCE_ROOT, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && entry.name.endsWith('.sql') && path.basename(entry.parentPath) === 'migrations')
      names.push(`${path.basename(entry.name, '.sql')}@${path.basename(path.dirname(entry.parentPath))}`)
  return names.sort()
}

/** What is wrong, or undefined. A failure's text may name hosts; only its kind is told. */
async function run(check: () => Promise<void>, timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs)
  })
  try {
    return await Promise.race([
      check().then(
        () => undefined,
        (error: { code?: string; message: string; cause?: { code?: string } }) => {
          const code = error.cause?.code ?? error.code
          return code ? `failed: ${code}` : error.message.slice(0, 200)
        },
      ),
      timeout,
    ])
  } finally {
    clearTimeout(timer)
  }
}
