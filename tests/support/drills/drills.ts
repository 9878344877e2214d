import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../../packages/engines/src/index.ts'
import { createTestDatabase } from '../database.ts'
import { startServer } from '../server.ts'
import { type Load, openWorld } from './load.ts'
import { clickhouseGone, diskFull, redisGone } from './neighbours.ts'
import { withPostgres } from './postgres.ts'
import { type DrillOptions, type DrillReport, drill, measure, RECOVERED_ORDERS, withApp } from './run-drill.ts'

const STALL_MS = 5_000
const HELD_MS = 8_000
const HOUR_MS = 3_600_000

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

/** The program is told to stop while everybody is ordering, as at an update, and started again. */
export const apiStopped = (options: DrillOptions): Promise<DrillReport> =>
  withApp({}, async (app) => {
    const world = await openWorld(app)
    const port = await freePort()
    let server = await startServer(app.env, port)
    const restart = async () => {
      const code = await server.stop()
      if (code !== 0) throw new Error(`The program ended with ${code} instead of stopping`)
      server = await startServer(app.env, port)
    }
    return drill(
      ...(['api-stopped', world, server.url, options] as const),
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
  'api-stopped': { full: { times: 2, orders: 100 }, run: apiStopped },
  'event-loop-stall': { full: { times: 2, orders: 100 }, run: eventLoopStall },
  'pool-exhausted': { full: { times: 2, orders: 100 }, run: poolExhausted },
  'clock-jumps': { full: { times: 2, orders: 100 }, run: clockJumps },
  'disk-full': { full: { times: 2, orders: 100 }, run: diskFull },
  'redis-gone': { full: { times: 2, orders: 100 }, run: redisGone },
  'clickhouse-gone': { full: { times: 2, orders: 100 }, run: clickhouseGone },
}
