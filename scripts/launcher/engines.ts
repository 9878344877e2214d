import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type DataDir,
  EngineError,
  freePortNear,
  openLogFile,
  type Part,
  readOrCreateSecret,
  type Supervisor,
  startChild,
  startClickHouse,
  startPostgres,
} from '../../packages/engines/src/index.ts'
import { ROOT } from './options.ts'

const APP_ROLE = 'zhanggui_app'
const SIMULATOR_ENTRY = 'packages/wechat-simulator/src/main.ts'
const SIMULATOR_PORT = 4010
const SIMULATOR_TIMEOUT_MS = 60_000

export interface Engines {
  /** What the server must know about the engines. */
  env: Record<string, string>
  /** Something the person who starts the shop should read, if anything. */
  notice: string | undefined
  simulatorUrl: string | undefined
}

interface Started {
  env: Record<string, string>
  part?: Part & { pid: number }
  notice?: string
  simulatorUrl?: string
}

/**
 * Starts the engines that the environment does not point elsewhere, side by side. They are handed to the supervisor
 * in the order PostgreSQL, ClickHouse, simulator, whichever is ready first, so that they stop in the opposite order.
 */
export async function startEngines(dataDir: DataDir, supervisor: Supervisor, signal: AbortSignal): Promise<Engines> {
  const starts = [startDatabase(dataDir), startAnalytics(dataDir), startSimulator(dataDir, signal)]
  const outcomes = await Promise.allSettled(starts)
  const engines: Engines = { env: {}, notice: undefined, simulatorUrl: undefined }
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') continue
    const { part, env, notice, simulatorUrl } = outcome.value
    if (part) {
      supervisor.add(part)
      // The two databases recognise what they left behind themselves.
      if (part.name === 'wechat-simulator') dataDir.noteChild(part.pid)
    }
    Object.assign(engines.env, env)
    engines.notice ??= notice
    engines.simulatorUrl ??= simulatorUrl
  }
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  return engines
}

async function startDatabase(dataDir: DataDir): Promise<Started> {
  if (process.env.DATABASE_URL) return { env: {} }
  const log = openLogFile(join(dataDir.path, 'logs'), 'postgres')
  const port = numberFrom(process.env.DATABASE_PORT)
  const postgres = await startPostgres({ dataDir: join(dataDir.path, 'postgres'), port, log: log.write })
  const appUrl = new URL(postgres.adminUrl)
  appUrl.username = APP_ROLE
  appUrl.password = readOrCreateSecret(join(dataDir.path, 'secrets', 'database-password'))
  return {
    env: { DATABASE_URL: appUrl.toString(), DATABASE_ADMIN_URL: postgres.adminUrl },
    part: { name: 'postgres', pid: postgres.pid, ended: postgres.ended, stop: () => postgres.stop() },
  }
}

async function startAnalytics(dataDir: DataDir): Promise<Started> {
  if (process.env.CLICKHOUSE_URL) return { env: {} }
  const log = openLogFile(join(dataDir.path, 'logs'), 'clickhouse')
  const port = numberFrom(process.env.CLICKHOUSE_PORT)
  const clickhouse = await startClickHouse({ dataDir: join(dataDir.path, 'clickhouse'), port, log: log.write })
  if (clickhouse.unavailable !== undefined)
    return { env: { CLICKHOUSE_UNAVAILABLE: clickhouse.unavailable }, notice: clickhouse.unavailable }
  return {
    env: { CLICKHOUSE_URL: clickhouse.url },
    part: { name: 'clickhouse', pid: clickhouse.pid, ended: clickhouse.ended, stop: () => clickhouse.stop() },
  }
}

async function startSimulator(dataDir: DataDir, signal: AbortSignal): Promise<Started> {
  if (process.env.WECHAT_PAY_BASE_URL || !existsSync(join(ROOT, SIMULATOR_ENTRY))) return { env: {} }
  const folder = join(dataDir.path, 'simulator')
  const portFile = join(dataDir.path, 'simulator-port')
  const wanted =
    process.env.WECHAT_SIMULATOR_PORT ?? (existsSync(portFile) ? readFileSync(portFile, 'utf8') : undefined)
  const port = await freePortNear(numberFrom(wanted) ?? SIMULATOR_PORT)
  let announce: (url: string) => void = () => {}
  const ready = new Promise<string>((done) => {
    announce = done
  })
  const child = startChild({
    name: 'wechat-simulator',
    command: process.execPath,
    args: [
      '--disable-warning=ExperimentalWarning',
      join(ROOT, SIMULATOR_ENTRY),
      '--port',
      String(port),
      '--data',
      folder,
    ],
    env: process.env,
    cwd: ROOT,
    logFolder: join(dataDir.path, 'logs'),
    onLine: (line) => {
      if (line.startsWith('READY ')) announce((JSON.parse(line.slice('READY '.length)) as { url: string }).url)
    },
  })
  const failed = child.ended.then((tail) => Promise.reject(notStarted(tail)))
  const late = AbortSignal.any([signal, AbortSignal.timeout(SIMULATOR_TIMEOUT_MS)])
  const givenUp = new Promise<never>((_, fail) => {
    late.addEventListener('abort', () => fail(notStarted('not ready in time')), { once: true })
  })
  try {
    const url = await Promise.race([ready, failed, givenUp])
    writeFileSync(portFile, `${port}\n`)
    const { env } = JSON.parse(readFileSync(join(folder, 'credentials.json'), 'utf8')) as {
      env: Record<string, string>
    }
    return { env: { ...env, WECHAT_SIMULATOR_URL: url }, part: child, simulatorUrl: url }
  } catch (error) {
    await child.stop()
    throw error
  }
}

function notStarted(tail: string): EngineError {
  return new EngineError('START_FAILED', '微信模拟器没有启动成功。', `The WeChat simulator did not start:\n${tail}`)
}

function numberFrom(text: string | undefined): number | undefined {
  return text ? Number.parseInt(text, 10) || undefined : undefined
}
