import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type DataDir,
  EngineError,
  readOrCreateSecret,
  type Supervisor,
  startChild,
} from '../../packages/engines/src/index.ts'
import type { Engines } from './engines.ts'
import { type LaunchOptions, ROOT } from './options.ts'

export const SERVER_ENTRY = 'apps/server/src/main.ts'

/** The first start migrates an empty database and loads the demo shop. */
const READY_TIMEOUT_MS = 300_000
const READY_POLL_MS = 100

export interface ServerStart {
  options: LaunchOptions
  engines: Engines
  dataDir: DataDir
  supervisor: Supervisor
  signal: AbortSignal
}

/** Starts the server and waits until it says that it is ready. */
export async function startServer(start: ServerStart): Promise<void> {
  const { options, dataDir } = start
  mkdirSync(join(dataDir.path, 'files'), { recursive: true, mode: 0o700 })
  const server = start.supervisor.add(
    startChild({
      name: 'server',
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', join(ROOT, SERVER_ENTRY), `--role=${options.roles}`],
      env: serverEnv(start),
      cwd: ROOT,
      logFolder: join(dataDir.path, 'logs'),
      stopTimeoutMs: 20_000,
    }),
  )
  dataDir.noteChild(server.pid)
  await waitReady(options, start.signal)
}

/** Everything the server reads; what the person has set wins, except where the engines really are. */
function serverEnv({ options, engines, dataDir }: ServerStart): Record<string, string | undefined> {
  const isEmbedded = engines.env.DATABASE_URL !== undefined
  return {
    NODE_ENV: 'production',
    // Stripped and compiled code is kept: the next start reads it.
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node-compile'),
    PUBLIC_URL: publicUrl(options),
    FILES_DIR: join(dataDir.path, 'files'),
    SECRET_KEY: readOrCreateSecret(join(dataDir.path, 'secrets', 'secret-key')),
    ZHANGGUI_DEMO: isEmbedded ? '1' : '0',
    ...process.env,
    ...engines.env,
    DATA_DIR: dataDir.path,
    HOST: options.host,
    PORT: String(options.port),
    ROLES: options.roles,
  }
}

/** Where people open the shop; `localhost` rather than an address because passkeys need a name. */
export function publicUrl(options: LaunchOptions): string {
  if (process.env.PUBLIC_URL) return process.env.PUBLIC_URL.replace(/\/$/, '')
  const isLocal = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(options.host)
  return `http://${isLocal ? 'localhost' : options.host}:${options.port}`
}

async function waitReady(options: LaunchOptions, signal: AbortSignal): Promise<void> {
  const host = ['0.0.0.0', '::'].includes(options.host) ? '127.0.0.1' : options.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${options.port}/readyz`
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => null)
    if (response?.ok) return
    await response?.body?.cancel()
    await delay(READY_POLL_MS)
  }
  throw new EngineError(
    'START_FAILED',
    `服务器在 ${READY_TIMEOUT_MS / 1000} 秒内没有就绪,请查看 ${join(options.dataDir, 'logs', 'server.log')}。`,
    `The server was not ready within ${READY_TIMEOUT_MS / 1000} s; see ${join(options.dataDir, 'logs', 'server.log')}.`,
  )
}
