import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { EngineError, type Log, tailLines } from './errors.ts'
import { nodeBinary } from './node-binary.ts'
import { freePortNear, requirePort } from './ports.ts'
import { commandLine, endProcess, isAlive } from './process-info.ts'
import { readOrCreateSecret } from './secrets.ts'

const START_TIMEOUT_MS = 120_000

export interface ClickHouseOptions {
  /** Folder of this engine; tables lie in `store`, the generated password in `password`. */
  dataDir: string
  /** A port to insist on; without it the one of the last start is reused when free. */
  port?: number
  log: Log
}

export interface RunningClickHouse {
  unavailable?: undefined
  /** `http://default:password@127.0.0.1:port`, for the official client. */
  url: string
  port: number
  pid: number
  /** Settles when the engine's process has ended, for whatever reason, with the last lines it wrote. */
  ended: Promise<string>
  /** Lets running statements finish for a few seconds, closes the engine. Safe to call twice. */
  stop(): Promise<void>
}

/** The shop runs without analytics where the embedded engine has no build; the text says what to set. */
export interface NoClickHouse {
  unavailable: string
}

/**
 * Starts the embedded ClickHouse (chDB) in a process of its own that speaks ClickHouse's HTTP protocol on loopback.
 * @throws EngineError PORT_TAKEN, START_FAILED. A machine without a build of chDB is not an error.
 */
export async function startClickHouse(options: ClickHouseOptions): Promise<RunningClickHouse | NoClickHouse> {
  const reason = whyUnavailable()
  if (reason) return { unavailable: unavailableText(reason) }
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  await endLeftover(dataDir, options.log)
  const port = options.port
    ? await requirePort(options.port, 'CLICKHOUSE_PORT')
    : await freePortNear(readNumber(join(dataDir, 'port')))
  const password = readOrCreateSecret(join(dataDir, 'password'))
  const child = fork(join(import.meta.dirname, 'clickhouse-server.ts'), [`--data=${dataDir}`, `--port=${port}`], {
    execPath: nodeBinary(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '', TZ: 'UTC', UV_THREADPOOL_SIZE: '24', CLICKHOUSE_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })
  const server = watch(child, options.log)
  const outcome = await firstReport(child, server.ended)
  if ('noEngine' in outcome) {
    await server.ended
    return { unavailable: unavailableText(outcome.noEngine) }
  }
  if ('failed' in outcome) {
    child.kill('SIGKILL')
    throw startFailed(outcome.failed)
  }
  writeFileSync(join(dataDir, 'port'), `${port}\n`)
  writeFileSync(join(dataDir, 'pid'), `${child.pid}\n`)
  const url = `http://default:${encodeURIComponent(password)}@127.0.0.1:${port}`
  return { url, port, pid: child.pid!, ended: server.ended, stop: () => stop(child, server.ended) }
}

/** Messages the engine's process sends while it starts. */
export type ClickHouseReport = { ready: true } | { noEngine: string }

function firstReport(
  child: ChildProcess,
  ended: Promise<string>,
): Promise<{ ready: true } | { noEngine: string } | { failed: string }> {
  return new Promise((done) => {
    const timer = setTimeout(() => done({ failed: 'not ready in time' }), START_TIMEOUT_MS)
    const settle = (report: Parameters<typeof done>[0]) => {
      clearTimeout(timer)
      done(report)
    }
    child.once('message', (report) => settle(report as ClickHouseReport))
    void ended.then((failed) => settle({ failed }))
  })
}

function watch(child: ChildProcess, log: Log): { ended: Promise<string> } {
  const kept: string[] = []
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on('line', (line) => {
        kept.push(line)
        if (kept.length > 40) kept.shift()
        log(line)
      })
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message))
    child.once('close', () => done(kept.join('\n')))
  })
  return { ended }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    await endProcess(child.pid, [
      ['SIGTERM', 15_000],
      ['SIGKILL', 2000],
    ])
  }
  await ended
}

/** chDB must not open a folder twice: the process of an earlier, killed launcher is ended first. */
async function endLeftover(dataDir: string, log: Log): Promise<void> {
  const pid = readNumber(join(dataDir, 'pid'))
  if (pid === undefined || !isAlive(pid) || !commandLine(pid).includes(`--data=${dataDir}`)) return
  log(`an embedded ClickHouse left behind by an earlier start is still running (process ${pid}); stopping it`)
  await endProcess(pid, [
    ['SIGTERM', 15_000],
    ['SIGKILL', 2000],
  ])
}

function readNumber(path: string): number | undefined {
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined : undefined
}

function whyUnavailable(): string | null {
  const platform = `${process.platform}-${process.arch}`
  if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(platform)) return platform
  const header = (process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined)?.header
  if (process.platform === 'linux' && !header?.glibcVersionRuntime) return `${platform}, musl`
  try {
    createRequire(import.meta.url).resolve('chdb')
    return null
  } catch {
    return `${platform}, the optional package chdb is not installed`
  }
}

function unavailableText(reason: string): string {
  return `这台机器没有可用的内置 ClickHouse(${reason}),分析页面暂不可用;设置 CLICKHOUSE_URL 指向一个 ClickHouse 即可启用,例如 CLICKHOUSE_URL=http://default:密码@127.0.0.1:8123。 There is no embedded ClickHouse for this machine (${reason}), so the analytics pages are off; set CLICKHOUSE_URL to a ClickHouse to turn them on, for example CLICKHOUSE_URL=http://default:password@127.0.0.1:8123.`
}

function startFailed(output: string): EngineError {
  return new EngineError(
    'START_FAILED',
    '内置 ClickHouse 没有启动成功。',
    `The embedded ClickHouse did not start:\n${tailLines(output, 12)}`,
  )
}
