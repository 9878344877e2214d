import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from '@clickhouse/client'
import { sql } from '../../../apps/server/src/kernel/db.ts'
import { startClickHouse } from '../../../packages/engines/src/index.ts'
import { createTestDatabase } from '../database.ts'
import { startRedis } from '../redis.ts'
import { startServer } from '../server.ts'
import { type Load, openWorld } from './load.ts'
import { withPostgresIn } from './postgres.ts'
import { type DrillOptions, type DrillReport, drill, measure, withApp } from './run-drill.ts'

const DISK = '1200m'
const GONE_MS = 3_000
const CATCH_UP_MS = 60_000

/** The disk under PostgreSQL has no byte left, for seconds; what it was full of goes away by itself. */
export async function diskFull(options: DrillOptions): Promise<DrillReport> {
  const disk = await mkdtemp(join(tmpdir(), 'zhanggui-disk-'))
  // Its own small disk: filling the machine's would be a drill for everybody else as well.
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=755`, 'tmpfs', disk])
  try {
    await chmod(disk, 0o755)
    return await withPostgresIn(disk, async (postgres) =>
      withApp({ database: await createTestDatabase(postgres.url) }, async (app) => {
        const world = await openWorld(app)
        const server = await startServer(app.env)
        const filler = join(disk, 'filler')
        const strike = (load: Load) =>
          measure(load, async () => {
            await fill(filler)
            const before = refusals(load)
            while (refusals(load) === before && !postgres.hasEnded()) await delay(10)
            await delay(GONE_MS)
            await rm(filler)
            if (postgres.hasEnded()) await postgres.restart()
          })
        return drill(...(['disk-full', world, server.url, options] as const), strike, () => server.kill())
      }),
    )
  } finally {
    execFileSync('umount', ['--lazy', disk])
    await rm(disk, { recursive: true, force: true })
  }
}

const refusals = (load: Load): number => [...load.notNow.values()].reduce((sum, count) => sum + count, 0)

/** Writes until the disk takes no more. */
async function fill(path: string): Promise<void> {
  const file = createWriteStream(path)
  const full = once(file, 'error')
  const megabyte = Buffer.alloc(1024 * 1024, 1)
  while (!file.errored) if (!file.write(megabyte)) await Promise.race([once(file, 'drain'), full])
  file.destroy()
}

/** Redis, which carries announcements and shared limits between two processes, is killed and comes back empty. */
export const redisGone = async (options: DrillOptions): Promise<DrillReport> => {
  const redis = await startRedis()
  try {
    return await withApp({ env: { REDIS_URL: redis.url } }, async (app) => {
      const world = await openWorld(app)
      const server = await startServer(app.env)
      const strike = (load: Load) =>
        measure(load, async () => {
          await redis.kill()
          await delay(GONE_MS)
          await redis.start()
        })
      return drill(...(['redis-gone', world, server.url, options] as const), strike, () => server.kill())
    })
  } finally {
    await redis.kill()
  }
}

/** The store of events is killed while orders are placed; when it is there again it learns of every order, once. */
export async function clickhouseGone(options: DrillOptions): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-drill-'))
  const start = async (port?: number) => {
    const started = await startClickHouse({ dataDir: folder, log: () => {}, ...(port === undefined ? {} : { port }) })
    if (started.unavailable !== undefined) throw new Error(started.unavailable)
    return started
  }
  let store = await start()
  const client = createClient({ url: store.url })
  try {
    await client.command({ query: 'CREATE DATABASE drill' })
    const env = { CLICKHOUSE_URL: store.url, CLICKHOUSE_DATABASE: 'drill' }
    return await withApp({ env }, async (app) => {
      const world = await openWorld(app)
      const server = await startServer(app.env)
      const strike = (load: Load) =>
        measure(load, async () => {
          process.kill(store.pid, 'SIGKILL')
          await store.ended
          await delay(GONE_MS)
          store = await start(store.port)
        })
      const report = await drill(...(['clickhouse-gone', world, server.url, options] as const), strike, async () => {
        const stored = await app.app.db.read('system', (tx) =>
          tx.one<{ orders: number }>(sql`select count(*) as orders from orders where shop_id = ${world.shop.shopId}`),
        )
        await learned(client, world.shop.shopId, stored.orders)
        await server.kill()
      })
      return report
    })
  } finally {
    await client.close()
    await store.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Waits until the store of events knows of so many orders of the shop. */
async function learned(client: ReturnType<typeof createClient>, shopId: string, orders: number): Promise<void> {
  const query = `
    SELECT toUInt32(uniqExact(aggregate_id)) AS orders FROM drill.raw_domain_events
    WHERE shop_id = {shopId:UUID} AND name = 'orders.order-placed'`
  const until = performance.now() + CATCH_UP_MS
  for (;;) {
    const answer = await client.query({ query, query_params: { shopId }, format: 'JSONEachRow' })
    const [known] = await answer.json<{ orders: number }>()
    if (known?.orders === orders) return
    if (performance.now() > until) throw new Error(`The store of events knows of ${known?.orders} of ${orders} orders`)
    await delay(100)
  }
}
