import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { Config } from './config.ts'
import type { Db } from './db.ts'
import { AppError } from './errors.ts'

/** The event store. */
export interface ClickHouse {
  readonly database: string
  /**
   * Rows of a query; values come as parameters, `{name: Type}` in the text. 64-bit integers arrive as numbers.
   * @throws AppError UNAVAILABLE when the server cannot be reached
   */
  query<T>(text: string, params?: Record<string, unknown>, options?: { timeoutMs?: number }): Promise<T[]>
  /** Inserts rows (objects by column name) with one request. */
  insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void>
  command(text: string): Promise<void>
  createDatabase(): Promise<void>
  /** Throws when the server does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 30_000
const LOCK_KEY = 7_091_130_003
const MODULES = path.resolve(import.meta.dirname, '..', 'modules')

/** The event store that the configuration names, or undefined and the reason why there is none. */
export function createClickHouse(
  config: Pick<Config, 'CLICKHOUSE_URL' | 'CLICKHOUSE_DATABASE' | 'CLICKHOUSE_UNAVAILABLE'>,
): { clickhouse: ClickHouse; reason: null } | { clickhouse: undefined; reason: string } {
  if (config.CLICKHOUSE_URL === undefined)
    return {
      clickhouse: undefined,
      reason: config.CLICKHOUSE_UNAVAILABLE ?? '未配置 CLICKHOUSE_URL (CLICKHOUSE_URL is not set)',
    }
  return { clickhouse: connect(config.CLICKHOUSE_URL, config.CLICKHOUSE_DATABASE), reason: null }
}

function connect(url: string, database: string): ClickHouse {
  const options = {
    url,
    application: 'zhanggui',
    request_timeout: DEFAULT_TIMEOUT_MS,
    // The client would log whole queries with their parameters; errors reach our own log.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_input_format: 'best_effort' },
  } as const
  const client: ClickHouseClient = createClient({ ...options, database })
  return {
    database,
    query: (text, params = {}, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) =>
      reached(async () => {
        const result = await client.query({
          query: text,
          query_params: params,
          format: 'JSONEachRow',
          abort_signal: AbortSignal.timeout(timeoutMs),
        })
        return result.json()
      }),
    insert: (table, rows) =>
      reached(async () => {
        if (rows.length > 0) await client.insert({ table, values: rows, format: 'JSONEachRow' })
      }),
    command: (text) => reached(async () => void (await client.command({ query: text }))),
    createDatabase: () =>
      reached(async () => {
        // A client that names a database cannot speak to a server that does not have it yet.
        const plain = createClient(options)
        try {
          await plain.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` })
        } finally {
          await plain.close()
        }
      }),
    ping: () =>
      reached(async () => {
        const answer = await client.ping()
        if (!answer.success) throw answer.error
      }),
    close: () => client.close(),
  }
}

interface Migration {
  name: string
  digest: string
  statements: string[]
}

/**
 * Brings the event store up to date: every `modules/<name>/clickhouse/NNNN_name.sql` in order of number, forward
 * only; statements end with `;` at the end of a line. Processes that start together wait for one another on a lock in
 * PostgreSQL. A released migration that was edited is refused. Answers what it has applied.
 */
export async function migrateClickHouse(
  clickhouse: ClickHouse,
  db: Db,
  options: { folder?: string } = {},
): Promise<string[]> {
  const migrations = await findMigrations(options.folder ?? MODULES)
  const lock = await db.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await clickhouse.createDatabase()
    await clickhouse.command(`
      CREATE TABLE IF NOT EXISTS schema_migrations (name String, digest String, applied_at DateTime DEFAULT now())
      ENGINE = MergeTree ORDER BY name`)
    const rows = await clickhouse.query<{ name: string; digest: string }>('SELECT name, digest FROM schema_migrations')
    const done = new Map(rows.map((row) => [row.name, row.digest]))
    const applied: string[] = []
    for (const { name, digest, statements } of migrations) {
      const before = done.get(name)
      if (before === digest) continue
      if (before !== undefined)
        throw new Error(
          `ClickHouse 迁移文件 ${name} 在发布后被修改 (a released migration was edited); add a new one instead`,
        )
      for (const statement of statements) await clickhouse.command(statement)
      await clickhouse.insert('schema_migrations', [{ name, digest }])
      applied.push(name)
    }
    return applied
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => {})
    lock.release()
  }
}

async function findMigrations(folder: string): Promise<Migration[]> {
  const found: Migration[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.sql') || path.basename(entry.parentPath) !== 'clickhouse') continue
    const text = await readFile(path.join(entry.parentPath, entry.name), 'utf8')
    found.push({
      name: `${path.basename(entry.name, '.sql')}@${path.basename(path.dirname(entry.parentPath))}`,
      digest: createHash('sha256').update(text).digest('hex'),
      statements: text
        .replace(/^\s*--.*$/gm, '')
        .split(/;[ \t]*$/m)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== ''),
    })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A server that cannot be reached is not a defect; what it says about a query is. */
async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnreachable(error)) throw error
    const reason = '事件库没有响应 (the event store does not answer)'
    throw new AppError('UNAVAILABLE', { values: { what: 'ClickHouse', reason }, retryAfterSeconds: 5, cause: error })
  }
}

function isUnreachable(error: unknown): boolean {
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (/^(ECONN\w+|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|EHOST\w+|ENET\w+)$/.test(code ?? '')) return true
  return name === 'TimeoutError' || name === 'AbortError' || /socket hang up|timeout|aborted/i.test(message ?? '')
}
