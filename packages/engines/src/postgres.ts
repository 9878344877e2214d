import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { EngineError, type Log, tailLines } from './errors.ts'
import { type OsUser, postgresOsUser, runAs } from './os-user.ts'
import { freePortNear, requirePort } from './ports.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { commandLine, endProcess, isAlive } from './process-info.ts'
import { readOrCreateSecret } from './secrets.ts'

const SUPERUSER = 'postgres'
const DATABASE = 'zhanggui'
const MAJOR_VERSION = '18'
const START_TIMEOUT_MS = 120_000
const MEGABYTE = 1024 * 1024

export interface PostgresOptions {
  /** Folder of this engine; the cluster lies in `cluster`, the superuser's password in `password`. */
  dataDir: string
  /** A port to insist on; without it the one of the last start is reused when free. */
  port?: number
  log: Log
  /** false for throw-away clusters only: faster, and lost at a power cut. */
  fsync?: boolean
  /**
   * Reached by a socket: a small question takes two thirds of the time and half the work, which is what tests ask. Large
   * batches, as of orders, are slower through it than by TCP.
   */
  bySocket?: boolean
  /** Extra server settings, by name. */
  settings?: Record<string, string>
}

export interface RunningPostgres {
  /** The database `zhanggui` as superuser. The server's migrator derives the application role's URL from it. */
  adminUrl: string
  /** Same as `adminUrl`, for programs that know one URL only. */
  url: string
  port: number
  pid: number
  /** Settles when the server process has ended, for whatever reason, with the last lines it wrote. */
  ended: Promise<string>
  /** Orderly shutdown; escalates after 20 s. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL 18 on loopback with its data under `dataDir`: initialises it on the first start, ends a server
 * that a killed launcher left behind, and lets PostgreSQL recover after an unclean shutdown.
 * @throws EngineError PORT_TAKEN, NO_PERMISSION, PLATFORM_UNSUPPORTED, VERSION_MISMATCH, START_FAILED
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const binaries = findPostgresBinaries()
  const dataDir = resolve(options.dataDir)
  const cluster = join(dataDir, 'cluster')
  mkdirSync(dataDir, { recursive: true })
  const user = postgresOsUser()
  const password = readOrCreateSecret(join(dataDir, 'password'))
  const context: Context = { binaries, user, cluster, log: options.log, password, durable: options.fsync !== false }
  await endLeftover(cluster, options.log)
  const port = options.port
    ? await requirePort(options.port, 'DATABASE_PORT')
    : await freePortNear(readNumber(join(dataDir, 'port')))
  await ensureCluster(context)
  const server = await launch(context, port, serverSettings(options, cluster))
  writeFileSync(join(dataDir, 'port'), `${port}\n`)
  try {
    const adminUrl = await createDatabase(password, port, socketFolder(options, cluster))
    return { adminUrl, url: adminUrl, port, pid: server.child.pid!, ended: server.ended, stop: () => stop(server) }
  } catch (error) {
    await stop(server)
    throw error
  }
}

interface Context {
  binaries: PostgresBinaries
  user: OsUser | null
  cluster: string
  log: Log
  password: string
  durable: boolean
}

interface Server {
  child: ChildProcess
  ended: Promise<string>
}

/** The number a file begins with. */
function readNumber(path: string): number | undefined {
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined : undefined
}

async function ensureCluster(context: Context): Promise<void> {
  const versionFile = join(context.cluster, 'PG_VERSION')
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim()
    if (version === MAJOR_VERSION) return own(context)
    throw new EngineError(
      'VERSION_MISMATCH',
      `数据文件夹 ${context.cluster} 属于 PostgreSQL ${version},而内置的是 ${MAJOR_VERSION}。请用旧版本导出后再导入,或设置 ZHANGGUI_DATA 换一个文件夹。`,
      `The data folder ${context.cluster} belongs to PostgreSQL ${version}, the embedded one is ${MAJOR_VERSION}. Export it with the old version and import it again, or set ZHANGGUI_DATA to another folder.`,
    )
  }
  // A first start that was interrupted leaves a folder without PG_VERSION: nothing of value is in it.
  rmSync(context.cluster, { recursive: true, force: true })
  await initialise(context)
}

/** Gives the cluster to the account PostgreSQL runs as, when that is not us (a folder copied by root, say). */
async function own(context: Context): Promise<void> {
  chmodSync(context.cluster, 0o700)
  const { user } = context
  if (!user || statSync(join(context.cluster, 'PG_VERSION')).uid === user.uid) return
  chownSync(context.cluster, user.uid, user.gid)
  for (const entry of await readdir(context.cluster, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), user.uid, user.gid)
}

async function initialise(context: Context): Promise<void> {
  context.log('initialising the database cluster')
  mkdirSync(context.cluster, { recursive: true, mode: 0o700 })
  if (context.user) chownSync(context.cluster, context.user.uid, context.user.gid)
  const passwordFile = `${context.cluster}.pwfile`
  writeFileSync(passwordFile, `${context.password}\n`, { mode: 0o600 })
  if (context.user) chownSync(passwordFile, context.user.uid, context.user.gid)
  const args = [
    `--pgdata=${context.cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(context.durable ? [] : ['--no-sync']),
  ]
  try {
    const child = spawnAs(context, context.binaries.initdb, args)
    const output = collect(child, context.log)
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done))
    if (code !== 0) throw startFailed('initdb', output.text())
  } catch (error) {
    rmSync(context.cluster, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function spawnAs(context: Context, program: string, args: readonly string[]): ChildProcess {
  const { prefix, uid, gid } = runAs(context.user, [context.binaries.root, resolve(context.cluster, '..')])
  const [command, ...rest] = [...prefix, program, ...args]
  return spawn(command!, rest, {
    uid,
    gid,
    cwd: context.binaries.root,
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C', LANG: 'C', SystemRoot: process.env.SystemRoot },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C in the terminal reaches the launcher only, which stops the engines in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
}

/** Passes the child's lines on and keeps the last of them. */
function collect(child: ChildProcess, log: Log): { text(): string; lines(listener: Log): void } {
  const kept: string[] = []
  const listeners: Log[] = [log]
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on('line', (line) => {
        kept.push(line)
        if (kept.length > 40) kept.shift()
        for (const listener of listeners) listener(line)
      })
  return { text: () => kept.join('\n'), lines: (listener) => listeners.push(listener) }
}

/** Settings in which the defaults of PostgreSQL do not fit a shop on one small machine with an SSD. */
function serverSettings(options: PostgresOptions, cluster: string): Record<string, string> {
  const sharedMegabytes = Math.min(1024, Math.max(128, Math.floor(totalmem() / MEGABYTE / 8)))
  const durable = options.fsync !== false
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder(options, cluster) ?? '',
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: `${durable ? sharedMegabytes : 128}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(totalmem() / MEGABYTE / 2))}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '4GB',
    min_wal_size: '128MB',
    checkpoint_timeout: '15min',
    wal_compression: 'on',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    synchronous_commit: durable ? 'on' : 'off',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    file_copy_method: process.platform === 'win32' ? 'copy' : 'clone',
    ...options.settings,
  }
}

async function launch(context: Context, port: number, settings: Record<string, string>): Promise<Server> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawnAs(context, context.binaries.postgres, ['-D', context.cluster, '-p', String(port), ...flags])
  const output = collect(child, context.log)
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message))
    child.once('close', () => done(output.text()))
  })
  const ready = new Promise<'ready'>((done) => {
    output.lines((line) => {
      if (line.includes('database system is ready to accept connections')) done('ready')
    })
  })
  const timeout = new AbortController()
  const outcome = await Promise.race([
    ready,
    ended.then((text) => ({ text })),
    delay(START_TIMEOUT_MS, { text: 'not ready in time' }, { signal: timeout.signal }).catch(() => 'ready' as const),
  ])
  timeout.abort()
  if (outcome !== 'ready') {
    child.kill('SIGKILL')
    throw startFailed('postgres', outcome.text)
  }
  return { child, ended }
}

function startFailed(program: string, output: string): EngineError {
  const tail = tailLines(output, 12)
  return new EngineError(
    'START_FAILED',
    `内置 PostgreSQL(${program})没有启动成功。`,
    `The embedded PostgreSQL (${program}) did not start:\n${tail}`,
  )
}

/** Longer names of sockets are cut off by the operating system. */
const MOST_SOCKET_NAME = 100

/**
 * The folder of the socket, where one is asked for: the cluster's own, which is nobody else's to read; undefined where
 * there are none or the name is too long.
 */
function socketFolder({ bySocket }: PostgresOptions, cluster: string): string | undefined {
  const folder = resolve(cluster)
  const isPossible = process.platform !== 'win32' && `${folder}/.s.PGSQL.65535`.length <= MOST_SOCKET_NAME
  return bySocket && isPossible ? folder : undefined
}

async function createDatabase(password: string, port: number, folder: string | undefined): Promise<string> {
  const query = folder === undefined ? '' : `?host=${encodeURIComponent(folder)}`
  const url = (database: string) =>
    `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}${query}`
  const client = new pg.Client({ connectionString: url('postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (!rowCount) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
  return url(DATABASE)
}

/** "Fast" shutdown (SIGINT) lets no client hold the server up; "immediate" (SIGQUIT) recovers at the next start. */
async function stop(server: Server): Promise<void> {
  const { pid, exitCode, signalCode } = server.child
  if (pid !== undefined && exitCode === null && signalCode === null) {
    await endProcess(pid, [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5000],
      ['SIGKILL', 2000],
    ])
  }
  await server.ended
}

/**
 * Ends the server that a killed process left running on this folder, if there is one. `startPostgres` does so itself.
 */
export function stopLeftoverPostgres(dataDir: string, log: Log): Promise<void> {
  return endLeftover(join(resolve(dataDir), 'cluster'), log)
}

/** Ends the server of an earlier launcher that was killed, and removes a pid file whose process is another's. */
async function endLeftover(cluster: string, log: Log): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  const pid = readNumber(pidFile)
  if (pid === undefined) return
  if (isAlive(pid) && commandLine(pid).includes(cluster)) {
    log(`a PostgreSQL left behind by an earlier start is still running (process ${pid}); stopping it`)
    await endProcess(pid, [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5000],
    ])
  }
  rmSync(pidFile, { force: true })
}
