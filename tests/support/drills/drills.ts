import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, type RunningPostgres, startPostgres } from '../../../packages/engines/src/index.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { runningClock } from '../clock.ts'
import { createTestDatabase } from '../database.ts'
import { startServer } from '../server.ts'
import { type Books, readBooks } from './books.ts'
import { type DrillWorld, type Load, openWorld, startLoad } from './load.ts'

export interface DrillReport extends Books {
  drill: string
  /** From the moment the cause was gone until an order was acknowledged again; the longest, where it came more than once. */
  recoveryMs: number
  /** From the fault until an order was acknowledged again. */
  outageMs: number
  longestAnswerMs: number
  /** Times that a buyer was asked to come back, by the code he saw. */
  notNow: Record<string, number>
  /** A sentence for each thing that should not have been. */
  wrong: string[]
}

export interface DrillOptions {
  /** How many times the fault comes. */
  times: number
  /** Orders acknowledged before each fault, and after the last. */
  orders: number
}

/** How long a fault was, and how long until an order was acknowledged once it was over. */
interface Fault {
  recoveryMs: number
  outageMs: number
}

type Strike = (load: Load) => Promise<Fault>

const RECOVERED_ORDERS = 5
const STALL_MS = 5_000
const HELD_MS = 8_000
const HOUR_MS = 3_600_000

/** A PostgreSQL of the drill's own, with fsync on, that may be killed. */
async function withPostgres<T>(work: (engine: { url: string; restart(): Promise<void> }) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-drill-'))
  const start = (port?: number) =>
    startPostgres({ dataDir: join(folder, 'postgres'), log: () => {}, ...(port === undefined ? {} : { port }) })
  let postgres: RunningPostgres = await start()
  try {
    return await work({
      url: postgres.adminUrl,
      async restart() {
        process.kill(postgres.pid, 'SIGKILL')
        await postgres.ended
        postgres = await start(postgres.port)
      },
    })
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function withApp<T>(options: Parameters<typeof startTestApp>[0], work: (app: TestApp) => Promise<T>): Promise<T> {
  const app = await startTestApp({ clickhouse: false, clock: runningClock(), ...options })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}

/** Load, fault, load again, as often as asked; then the books. */
async function drill(
  name: string,
  world: DrillWorld,
  url: string,
  { times, orders }: DrillOptions,
  strike: Strike,
  ended: () => Promise<void> = async () => {},
): Promise<DrillReport> {
  const load = startLoad(world, url)
  const faults: Fault[] = []
  try {
    for (let time = 0; time < times; time++) {
      await load.more(orders)
      faults.push(await strike(load))
    }
    await load.more(orders)
  } finally {
    await load.stop().finally(ended)
  }
  return {
    drill: name,
    ...(await readBooks(world, load)),
    recoveryMs: Math.round(Math.max(...faults.map((fault) => fault.recoveryMs))),
    outageMs: Math.round(Math.max(...faults.map((fault) => fault.outageMs))),
    longestAnswerMs: Math.round(load.longestAnswerMs),
    notNow: Object.fromEntries(load.notNow),
    wrong: load.wrong,
  }
}

/** Measures from when `cause` begins and ends until orders are acknowledged. */
async function measure(load: Load, cause: () => Promise<void>): Promise<Fault> {
  const beganAt = performance.now()
  await cause()
  const overAt = performance.now()
  const acknowledgedAt = await load.more(RECOVERED_ORDERS)
  return { recoveryMs: Math.max(0, acknowledgedAt - overAt), outageMs: acknowledgedAt - beganAt }
}

/** The postmaster is killed, so that every connection ends in the middle of what it does; it starts again on its data. */
export const postgresKilled = (options: DrillOptions): Promise<DrillReport> =>
  withPostgres(async (postgres) =>
    withApp({ database: await createTestDatabase(postgres.url) }, async (app) => {
      const world = await openWorld(app)
      const server = await startServer(app.env)
      return drill(
        ...(['postgres-killed', world, server.url, options] as const),
        (load) => measure(load, () => postgres.restart()),
        () => server.kill(),
      )
    }),
  )

/** The program is killed in the middle of its batches and started again. */
export const apiKilled = (options: DrillOptions): Promise<DrillReport> =>
  withApp({}, async (app) => {
    const world = await openWorld(app)
    const port = await freePort()
    let server = await startServer(app.env, port)
    const restart = async () => {
      await server.kill()
      server = await startServer(app.env, port)
    }
    return drill(
      ...(['api-killed', world, server.url, options] as const),
      (load) => measure(load, restart),
      () => server.kill(),
    )
  })

/** The program does not get to run for seconds, as on a machine that swaps or a virtual one that is moved. */
export const eventLoopStall = (options: DrillOptions): Promise<DrillReport> =>
  withApp({}, async (app) => {
    const world = await openWorld(app)
    const server = await startServer(app.env)
    const stall = async () => {
      server.child.kill('SIGSTOP')
      await delay(STALL_MS)
      server.child.kill('SIGCONT')
    }
    return drill(
      ...(['event-loop-stall', world, server.url, options] as const),
      (load) => measure(load, stall),
      () => server.kill(),
    )
  })

/** Every connection of the program is held by a transaction that does not end. */
export const poolExhausted = (options: DrillOptions): Promise<DrillReport> =>
  withApp({ env: { DATABASE_MAX_CONNECTIONS: '8' } }, async (app) => {
    const world = await openWorld(app)
    const hold = async () => {
      const { promise: over, resolve: letGo } = Promise.withResolvers<void>()
      const held = Array.from({ length: 8 }, () => app.app.db.tx('system', () => over))
      await delay(HELD_MS)
      letGo()
      await Promise.all(held)
    }
    return drill('pool-exhausted', world, app.url, options, (load) => measure(load, hold))
  })

/** The machine's clock is an hour ahead, and set right again. */
export const clockJumps = (options: DrillOptions): Promise<DrillReport> =>
  withApp({ workers: true }, async (app) => {
    const world = await openWorld(app)
    const jump = async (ms: number, load: Load) => {
      app.clock.advance(ms)
      await load.more(RECOVERED_ORDERS)
    }
    return drill('clock-jumps', world, app.url, options, async (load) => {
      const there = await measure(load, async () => app.clock.advance(HOUR_MS))
      await jump(0, load)
      const back = await measure(load, async () => app.clock.advance(-HOUR_MS))
      return {
        recoveryMs: Math.max(there.recoveryMs, back.recoveryMs),
        outageMs: Math.max(there.outageMs, back.outageMs),
      }
    })
  })

export const DRILLS: Record<string, { full: DrillOptions; run: (options: DrillOptions) => Promise<DrillReport> }> = {
  'postgres-killed': { full: { times: 2, orders: 100 }, run: postgresKilled },
  'api-killed': { full: { times: 2, orders: 100 }, run: apiKilled },
  'event-loop-stall': { full: { times: 2, orders: 100 }, run: eventLoopStall },
  'pool-exhausted': { full: { times: 2, orders: 100 }, run: poolExhausted },
  'clock-jumps': { full: { times: 2, orders: 100 }, run: clockJumps },
}
