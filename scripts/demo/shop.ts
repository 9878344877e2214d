import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, isAlive } from '../../packages/engines/src/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const START_TIMEOUT_MS = 300_000
const READY_POLL_MS = 50
/** Whatever engines this machine is configured for: a shop on data of its own uses none of them. */
const NOT_OURS = [
  ...['DATABASE_URL', 'DATABASE_ADMIN_URL', 'DATABASE_PORT', 'CLICKHOUSE_URL', 'CLICKHOUSE_PORT', 'REDIS_URL'],
  ...['S3_ENDPOINT', 'S3_REGION', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_PUBLIC_URL'],
  ...['WECHAT_PAY_BASE_URL', 'WECHAT_SIMULATOR_PORT', 'PUBLIC_URL', 'HOST', 'ROLES', 'ZHANGGUI_DATA'],
]

export interface RunningShop {
  url: string
  simulatorUrl: string
  databaseUrl: string
  signIns: { label: string; url: string; user: string; password: string }[]
  stop(): Promise<void>
}

/** The shop that `npm start` runs on this data folder; undefined when none does. */
export async function runningShop(
  dataDir = resolve(ROOT, process.env.ZHANGGUI_DATA || '.data'),
): Promise<RunningShop | undefined> {
  const run = readJson<{ url: string; simulatorUrl?: string; databaseUrl: string }>(join(dataDir, 'run.json'))
  if (!run || !(await isReady(run.url))) return undefined
  if (!run.simulatorUrl)
    throw new Error(`The shop at ${run.url} is connected to the real WeChat: this would pay real money`)
  const signIns = readJson<RunningShop['signIns']>(join(dataDir, 'demo-sign-ins.json'))
  if (!signIns) throw new Error(`The shop at ${run.url} has no demo sign-ins (${join(dataDir, 'demo-sign-ins.json')})`)
  return { ...run, simulatorUrl: run.simulatorUrl, signIns, stop: async () => {} }
}

/** A folder for a shop's data, and how to get rid of it. */
export function keepDataDir(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhanggui-demo-'))
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** Starts a shop as `npm start` would, on data of its own that `stop` deletes. */
export async function startOwnShop(env: Record<string, string> = {}): Promise<RunningShop> {
  const { dataDir, remove } = keepDataDir()
  return startShopOn(dataDir, env, remove)
}

/**
 * Starts a shop as `npm start` would, on this data, which stays unless `onStopped` does something about it. `pid` is
 * the launcher's.
 */
export async function startShopOn(
  dataDir: string,
  env: Record<string, string> = {},
  onStopped: () => void = () => {},
): Promise<RunningShop & { pid: number }> {
  const args = [join(ROOT, 'scripts/start.mjs'), `--port=${await freePort()}`, `--data=${dataDir}`]
  // Started as npm would: the launcher then ends with us, however we end.
  const asNpm = { npm_lifecycle_event: 'start' }
  const empty = Object.fromEntries(NOT_OURS.map((name) => [name, '']))
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...empty, ...asNpm, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-10_000)
    })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    onStopped()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().finally(() => process.exit(1)))
  try {
    const until = Date.now() + START_TIMEOUT_MS
    while (Date.now() < until && child.pid !== undefined && child.exitCode === null && isAlive(child.pid)) {
      const shop = await runningShop(dataDir)
      // The shop opens before its first day is told to the end.
      if (shop && isTold(dataDir)) return { ...shop, stop, pid: child.pid }
      await delay(READY_POLL_MS)
    }
    throw new Error(`The shop did not start:\n${output}`)
  } catch (error) {
    await stop()
    throw error
  }
}

function isTold(dataDir: string): boolean {
  return readJson<{ done: boolean }>(join(dataDir, 'demo.json'))?.done !== false
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  )
}

/** Undefined also while it is being written. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}
