import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ChildSetup } from '../money-child.fixture.ts'
import type { TestApp } from './app.ts'

/** Runs a process on the app's data until it is killed at a call to WeChat; fails when it never came there. */
export async function killAt(app: TestApp, step: Pick<ChildSetup, 'call' | 'when' | 'request'>): Promise<void> {
  const setup: ChildSetup = { env: app.env, at: app.clock.instant(), ...step }
  const file = new URL('../money-child.fixture.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [file, JSON.stringify(setup)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`${step.call} ${step.when}: ended with ${code} ${errors.slice(-2000)}`)
}
