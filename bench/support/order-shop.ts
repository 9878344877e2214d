import { fork } from 'node:child_process'
import { once } from 'node:events'
import { ROUTES } from '@zhanggui/contract'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { systemClock } from '../../apps/server/src/kernel/clock.ts'
import { Db, sql } from '../../apps/server/src/kernel/db.ts'
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { migrate } from '../../apps/server/src/kernel/migrate.ts'
import { auditLedger } from '../../apps/server/src/ledger/index.ts'
import { createGoods, createWorld, openShop, receive } from '../../apps/server/src/modules/orders/testing.ts'
import { costOf, createCpuMeter } from './cpu.ts'
import type { ListInput, LoadInput, LoadResult } from './orders-load.ts'
import { serveOrders } from './serve-orders.ts'

const PRICE_FEN = 1000
const STOCK = 1_000_000
const CHECK_TIMEOUT_MS = 30 * 60_000

export type OrderShop = Awaited<ReturnType<typeof openOrderShop>>

/**
 * A shop whose order route is served in this process as the program serves it (guard, validation, quote, sealing,
 * ledger, event), a bare Fastify beside it, and buyers in a process of their own.
 */
export async function openOrderShop(skus: number, adminUrl = process.env.DATABASE_ADMIN_URL) {
  // Payloads of events are checked against their schemas in development only, as in the program.
  process.env.NODE_ENV = 'production'
  if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: start this by `npm run bench -- <name>`')
  const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
  const world = await createWorld(appUrl, systemClock, { maxConnections: 8 })
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, new Array(skus).fill(PRICE_FEN))
  await receive(world, shopId, skuIds, STOCK)
  const path = `/api/buyer/shops/${shopId}/orders`
  const shop = await serveOrders(world.orders.handlers)
  const bare = await serveBare()
  const meter = await createCpuMeter(adminUrl)
  const buyers = fork(new URL('./orders-load.ts', import.meta.url))
  const buyersGone = new AbortController()
  buyers.once('exit', () => buyersGone.abort(new Error('The buyers’ process ended')))
  let acknowledged = 0

  const load = async (ports: number[], connections: number, seconds: number, of: readonly string[]) => {
    const input: LoadInput = { ports, path, connections, seconds, skuIds: [...of], priceFen: PRICE_FEN }
    return tell(input)
  }
  const tell = async (input: LoadInput | ListInput) => {
    const { connections } = input
    const answer = once(buyers, 'message', { signal: buyersGone.signal })
    buyers.send(input)
    const [result] = (await answer) as [LoadResult]
    if (result.refused > 0 || result.errors > 0)
      console.log(`  (${result.refused} refused, ${result.errors} errors at ${connections} connections)`)
    return result
  }

  return {
    adminUrl,
    appUrl,
    shopId,
    skuIds,
    /** The same request to a server behind which nothing is. */
    async bare(connections: number, seconds: number) {
      const { result, cpu } = await meter.during(() => load([portOf(bare)], connections, seconds, skuIds))
      return { ...result, ...costOf(cpu, result.answered) }
    },
    meter,
    /**
     * Orders of one random SKU of `of` each, with what an order costs the processors; by this process, or by those that
     * serve these ports.
     */
    async order(connections: number, seconds: number, of: readonly string[] = skuIds, ports = [portOf(shop)]) {
      const { result, cpu } = await meter.during(() => load(ports, connections, seconds, of))
      acknowledged += result.answered
      return { ...result, ...costOf(cpu, result.answered) }
    },
    /** A buyer's list of orders, of one of these buyers each time. */
    async list(connections: number, seconds: number, buyerIds: readonly string[]) {
      const input: ListInput = { ports: [portOf(shop)], path, connections, seconds, buyerIds: [...buyerIds] }
      const { result, cpu } = await meter.during(() => tell(input))
      return { ...result, ...costOf(cpu, result.answered) }
    },
    settings: () => engineSettings(adminUrl),
    /** Speed counts only when everything that was acknowledged is there and the books balance. */
    async check(filled = 0): Promise<void> {
      // Ten million orders are not looked through within the time of a request.
      const db = new Db({ url: appUrl, maxConnections: 1, statementTimeoutMs: CHECK_TIMEOUT_MS })
      const stored = await db.tx({ shopId }, (tx) =>
        tx.one<{ orders: number; lines: number; steps: number; movements: number; events: number }>(sql`
          select (select count(*) from orders) as orders, (select count(*) from order_lines) as lines,
            (select count(*) from order_steps where version = 1) as steps,
            (select count(*) from stock_movements where reason = 'reserve') as movements,
            (select count(*) + ${filled} from outbox_events where name = 'orders.order-placed') as events`),
      )
      const { balanced } = await db.tx('system', auditLedger)
      await db.close()
      console.log(
        `\n${stored.orders} orders stored, ${acknowledged} acknowledged in the counted rounds, books ${balanced ? 'balance' : 'DO NOT BALANCE'}`,
      )
      const whole = [stored.lines, stored.steps, stored.movements, stored.events].every(
        (rows) => rows === stored.orders,
      )
      if (!balanced || !whole || stored.orders < filled + acknowledged)
        throw new Error(`The books are wrong: ${JSON.stringify(stored)}`)
    },
    async close(): Promise<void> {
      buyers.kill()
      await Promise.all([shop.close(), bare.close(), meter.close()])
      await world.close()
    },
  }
}

const portOf = (app: FastifyInstance): number => (app.server.address() as { port: number }).port

/** The same body, checked by the same schema, and an answer of the same shape; nothing behind it. */
async function serveBare(): Promise<FastifyInstance> {
  const app = Fastify()
  const { body } = ROUTES['orders.place']
  app.post('/api/buyer/shops/:shopId/orders', async (request) => {
    const { expectedTotalFen } = body.parse(request.body)
    return {
      orderId: newId(),
      orderNo: '261111000000000',
      totalFen: expectedTotalFen,
      payBefore: new Date().toISOString(),
    }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app
}

async function engineSettings(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const shown: string[] = []
  for (const name of ['server_version', 'fsync', 'synchronous_commit', 'shared_buffers'])
    shown.push(`${name}=${(await client.query(`show ${name}`)).rows[0][name]}`)
  await client.end()
  return `PostgreSQL ${shown.join(' ')}`
}
