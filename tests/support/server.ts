import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../packages/engines/src/index.ts'

const MAIN = resolve(import.meta.dirname, '../../apps/server/src/main.ts')
const START_TIMEOUT_MS = 60_000

/** The program in a process of its own, on the data of a test app, as an installation runs it. */
export interface ServerProcess {
  url: string
  child: ChildProcess
  /** SIGKILL: nothing is finished, nothing is said. */
  kill(): Promise<void>
  /** SIGTERM: what was accepted is finished or refused. Answers the exit code. */
  stop(): Promise<number | null>
}

/** Starts the whole program (`ROLES=all`) with the settings of a test app and waits until it is ready. */
export async function startServer(env: Record<string, string>, onPort?: number): Promise<ServerProcess> {
  const port = String(onPort ?? (await freePort()))
  const url = `http://127.0.0.1:${port}`
  const own = { ...env, PORT: port, PUBLIC_URL: url, ROLES: 'all', LOG_LEVEL: 'warn', PATH: process.env.PATH }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: own,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000)
    })
  const until = Date.now() + START_TIMEOUT_MS
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The server did not start:\n${output}`)
    await delay(50)
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    return child.exitCode
  }
  return {
    url,
    child,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (reply) => reply.ok,
    () => false,
  )
