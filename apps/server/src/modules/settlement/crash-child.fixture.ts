import { createApp } from '../../app.ts'
import { TestClock } from '../../kernel/clock.ts'
import { readConfig } from '../../kernel/config.ts'

/** A second process of a shop that is killed in the middle of a withdrawal. */
export interface CrashSetup {
  env: Record<string, string>
  at: string
  /** Before WeChat is asked, or after it has answered and before that is written down. */
  kill: 'before-call' | 'after-call'
  /** Asks for a withdrawal as this member of staff; without it only sweeps. */
  request?: { shopId: string; cookie: string; amountFen: number; key: string }
}

if (process.argv[2] !== undefined && process.send !== undefined) {
  const setup = JSON.parse(process.argv[2]) as CrashSetup
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    if (!String(input instanceof Request ? input.url : input).includes('/mch-transfer/')) return real(input, init)
    if (setup.kill === 'after-call') await real(input, init)
    process.kill(process.pid, 'SIGKILL')
    return new Promise<Response>(() => {})
  }
  const app = await createApp(readConfig(setup.env), { clock: new TestClock(setup.at) })
  const { request } = setup
  if (request)
    await app.http.inject({
      method: 'POST',
      url: `/api/console/shops/${request.shopId}/withdrawals`,
      headers: { cookie: request.cookie, 'idempotency-key': request.key },
      payload: { amountFen: request.amountFen },
    })
  else await app.settlement.sweepWithdrawals()
  process.exit(1)
}
