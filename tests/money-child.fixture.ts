import { createApp } from '../apps/server/src/app.ts'
import { TestClock } from '../apps/server/src/kernel/clock.ts'
import { readConfig } from '../apps/server/src/kernel/config.ts'

/** A process that does a request and the work of money until it asks WeChat for a certain thing, and is gone then. */
export interface ChildSetup {
  env: Record<string, string>
  at: string
  /** What is asked, as `POST /v3/profitsharing/orders`. */
  call: string
  /** Before WeChat hears of it, or after WeChat has done it and before we hear of that. */
  when: 'before' | 'after'
  /** What somebody asks of it first. */
  request?: { url: string; headers: Record<string, string>; body: object }
}

const ROUNDS = 20

if (process.argv[2] !== undefined) {
  const { env, at, call, when, request } = JSON.parse(process.argv[2]) as ChildSetup
  const real = globalThis.fetch
  const isIt = (input: unknown, init?: RequestInit) => {
    const url = new URL(String(input instanceof Request ? input.url : input))
    return `${init?.method ?? 'GET'} ${url.pathname}`.startsWith(call)
  }
  const end = () => process.kill(process.pid, 'SIGKILL')
  globalThis.fetch = async (input, init) => {
    const hit = isIt(input, init)
    if (hit && when === 'before') end()
    const response = await real(input, init)
    if (hit) {
      await response.clone().text()
      end()
    }
    return response
  }
  const clock = new TestClock()
  clock.set(at)
  const app = await createApp(readConfig(env), { clock })
  if (request) {
    const { url, headers, body } = request
    await app.http.inject({ method: 'POST', url, headers, payload: body })
  }
  for (let round = 0; round < ROUNDS; round++) {
    await app.relay.drain()
    await app.payments.sweepPayments()
    await app.payments.sweepRefunds()
    await app.sharing.sweepMoney()
    await app.sharing.sweepSplits()
    await app.sharing.sweepReturns()
  }
  process.exit(3)
}
