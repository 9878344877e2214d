import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  acquireDataDir,
  createSupervisor,
  type DataDir,
  EngineError,
  requirePort,
  type Supervisor,
} from '../../packages/engines/src/index.ts'
import { onParentGone } from '../setup.mjs'
import { startEngines } from './engines.ts'
import { buildFrontEnds } from './front-ends.ts'
import { type LaunchOptions, loadEnvFile, ROOT, readOptions } from './options.ts'
import { SERVER_ENTRY, startServer } from './server.ts'
import { welcome } from './welcome.ts'

/**
 * Starts the shop and stays until it is stopped (Ctrl-C, SIGTERM) or a part of it dies.
 * @returns the exit code
 */
export async function startShop(args: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  const halt = new AbortController()
  const stopRequested = onStopRequest(() => halt.abort())
  const supervisor = createSupervisor()
  let dataDir: DataDir | undefined
  let running: Promise<void> | undefined
  let isWanted = true
  void stopRequested.then(() => {
    isWanted = false
  })
  try {
    loadEnvFile()
    const options = readOptions(args, process.env)
    dataDir = await acquireDataDir(options.dataDir, { log: (line) => console.log(line) })
    await requirePort(options.port, 'PORT', options.host)
    if (!existsSync(join(ROOT, SERVER_ENTRY))) throw noServer()
    running = run({ options, dataDir, supervisor, signal: halt.signal }, startedAt)
    const dead = supervisor.failed.then(({ name, tail }) => Promise.reject(childDied(name, tail, options)))
    await Promise.race([running, dead])
    await Promise.race([stopRequested, dead])
  } catch (error) {
    if (isWanted) explain(error)
  }
  if (!isWanted) console.log('\n正在停止 … Stopping …')
  // Nothing may be started any more once the parts are being stopped.
  halt.abort()
  await running?.catch(() => {})
  await supervisor.stopAll()
  dataDir?.release()
  if (!isWanted) console.log('已停止,数据已保存。 Stopped; your data is kept.')
  return isWanted ? 1 : 0
}

interface Launch {
  options: LaunchOptions
  dataDir: DataDir
  supervisor: Supervisor
  signal: AbortSignal
}

async function run(launch: Launch, startedAt: number): Promise<void> {
  const { options, dataDir, supervisor, signal } = launch
  console.log('掌柜正在启动 … Zhanggui is starting …')
  const build = buildFrontEnds(ROOT, (line) => console.log(line), signal)
  build.catch(() => {})
  const engines = await startEngines(dataDir, supervisor, signal)
  if (engines.notice) console.log(`\n${engines.notice}\n`)
  await build
  signal.throwIfAborted()
  await startServer({ ...launch, engines })
  console.log(welcome(options, engines.simulatorUrl, (performance.now() - startedAt) / 1000))
}

function onStopRequest(halt: () => void): Promise<void> {
  return new Promise((done) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(name, () => {
        done()
        halt()
      })
    onParentGone(() => {
      done()
      halt()
    })
  })
}

function explain(error: unknown): void {
  if (error instanceof EngineError) console.error(`\n${error.zh}\n${error.en}\n`)
  else console.error(error)
}

function noServer(): EngineError {
  return new EngineError(
    'START_FAILED',
    `没有找到服务器程序 ${SERVER_ENTRY},这份代码不完整。`,
    `There is no server program at ${SERVER_ENTRY}: this checkout is incomplete.`,
  )
}

function childDied(name: string, tail: string, options: LaunchOptions): EngineError {
  const log = join(options.dataDir, 'logs', `${name}.log`)
  return new EngineError(
    'CHILD_DIED',
    `${name} 意外退出,其余部分正在停止。完整日志:${log}`,
    `${name} ended unexpectedly; the rest is being stopped. Full log: ${log}\n${tail}`,
  )
}
