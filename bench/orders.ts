/**
 * `npm run bench -- orders [seconds per round]`: orders acknowledged a second, after their commit, over HTTP with the
 * guard, validation, quote, sealed address, ledger, movements, timeline and event; beside a bare Fastify POST with the
 * same schema, and beside raw transactions of single orders. Medians of three rounds, everything in one run.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { ROUTES } from '@zhanggui/contract'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import pino from 'pino'
import { systemClock } from '../apps/server/src/kernel/clock.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import type { Authenticator } from '../apps/server/src/kernel/http/caller.ts'
import { type Handlers, mountRoutes } from '../apps/server/src/kernel/http/mount.ts'
import { buildHttp } from '../apps/server/src/kernel/http/server.ts'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { migrate } from '../apps/server/src/kernel/migrate.ts'
import { auditLedger } from '../apps/server/src/ledger/index.ts'
import { createGoods, createWorld, openShop, receive } from '../apps/server/src/modules/orders/testing.ts'
import type { LoadInput, LoadResult } from './support/orders-load.ts'
import { prepareRaw, runRaw } from './support/raw-orders.ts'

const ROUNDS = 3
const CONCURRENCIES = [8, 64, 512]
const RAW_CONNECTIONS = 8
/** The bar compares capacity: raw transactions with as many connections as serve them well, the shop when it is full. */
const BAR_CONCURRENCY = 512
const SKUS = 1000
const PRICE_FEN = 1000

// Payloads of events are checked against their schemas in development only, as in the program.
process.env.NODE_ENV = 'production'

const seconds = Number(process.argv[2] ?? 4)
const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: run `npm run bench -- orders`')

const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
const world = await createWorld(appUrl, systemClock, { maxConnections: 8 })
const { shopId } = await openShop(world)
const { skuIds } = await createGoods(world, shopId, new Array(SKUS).fill(PRICE_FEN))
await receive(world, shopId, skuIds, 1_000_000)
await prepareRaw(adminUrl, shopId, skuIds)
const path = `/api/buyer/shops/${shopId}/orders`
const shop = await serveShop(world.orders.handlers)
const bare = await serveBare()
const buyers = fork(new URL('./support/orders-load.ts', import.meta.url))
const buyersGone = new AbortController()
buyers.once('exit', () => buyersGone.abort(new Error('The buyers’ process ended')))

const settings = await engineSettings(adminUrl)
console.log(`PostgreSQL ${settings}; ${SKUS} SKUs; ${ROUNDS} rounds of ${seconds} s; medians`)

const raw: number[] = []
const posts: LoadResult[] = []
let bareServed = 0
const orders = new Map<number, LoadResult[]>(CONCURRENCIES.map((connections) => [connections, []]))
// A first short run of each, so that plans are prepared and code is compiled before anything counts.
await runRaw(adminUrl, shopId, skuIds, { connections: RAW_CONNECTIONS, seconds: 1 })
for (const app of [bare, shop]) await load(app, 64, 1)
for (let round = 0; round < ROUNDS; round++) {
  raw.push(await runRaw(adminUrl, shopId, skuIds, { connections: RAW_CONNECTIONS, seconds }))
  posts.push(await load(bare, 64, seconds))
  for (const connections of CONCURRENCIES) orders.get(connections)!.push(await load(shop, connections, seconds))
}

report()
await check()
buyers.kill()
await Promise.all([shop.close(), bare.close()])
await world.close()
summary()

/** The real route behind the real guard; only who is signed in is simplified: the token is the buyer's id. */
async function serveShop(handlers: Handlers): Promise<FastifyInstance> {
  const app = await buildHttp({
    logger: pino({ level: 'silent' }),
    https: false,
    trustedOrigins: [],
    trustedProxies: 'loopback',
    maxUploadBytes: 1,
  })
  const nobody = new Set<never>()
  const authenticator: Authenticator = {
    buyer: async (token) => ({ buyerId: token, sessionId: token }),
    staff: async () => undefined,
    staffGrants: async () => [],
    platformPermissions: async () => nobody,
  }
  const absent = async () => {
    throw new Error('Not part of this benchmark')
  }
  const rest = Object.fromEntries(
    Object.keys(ROUTES).flatMap((id) => (id in handlers ? [] : [[id, absent]])),
  ) as Handlers
  mountRoutes(app, [handlers, rest], { authenticator, publicUrl: 'http://127.0.0.1', checkAnswers: false })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app
}

/** The same body, checked by the same schema, and an answer of the same shape; nothing behind it. */
async function serveBare(): Promise<FastifyInstance> {
  const app = Fastify()
  const { body } = ROUTES['orders.place']
  app.post('/api/buyer/shops/:shopId/orders', async (request) => {
    const { expectedTotalFen } = body.parse(request.body)
    bareServed++
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

async function load(app: FastifyInstance, connections: number, forSeconds: number): Promise<LoadResult> {
  const address = app.server.address() as { port: number }
  const input: LoadInput = {
    url: `http://127.0.0.1:${address.port}`,
    path,
    connections,
    seconds: forSeconds,
    skuIds,
    priceFen: PRICE_FEN,
  }
  return ask(buyers, input)
}

async function ask(child: ChildProcess, input: LoadInput): Promise<LoadResult> {
  const answer = once(child, 'message', { signal: buyersGone.signal })
  child.send(input)
  const [result] = await answer
  const { refused, errors } = result as LoadResult
  if (refused > 0 || errors > 0)
    console.log(`  (${refused} refused, ${errors} errors at ${input.connections} connections)`)
  return result as LoadResult
}

async function engineSettings(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const shown: string[] = []
  for (const name of ['server_version', 'fsync', 'synchronous_commit', 'shared_buffers'])
    shown.push(`${name}=${(await client.query(`show ${name}`)).rows[0][name]}`)
  await client.end()
  return shown.join(' ')
}

function median<T>(values: readonly T[], of: (value: T) => number): T {
  return [...values].sort((a, b) => of(a) - of(b))[values.length >> 1]!
}

function report(): void {
  const row = (name: string, perSecond: number, p50 = '', p99 = '') =>
    console.log(`${name.padEnd(44)}${String(perSecond).padStart(10)}${p50.padStart(9)}${p99.padStart(9)}`)
  console.log(`\n${''.padEnd(44)}${'per second'.padStart(10)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}`)
  const bareMiddle = median(posts, (each) => each.perSecond)
  row('bare Fastify POST, 64 connections', bareMiddle.perSecond, String(bareMiddle.p50Ms), String(bareMiddle.p99Ms))
  row(`raw single transactions, ${RAW_CONNECTIONS} connections, no HTTP`, rawMedian())
  for (const [connections, results] of orders) {
    const { perSecond, p50Ms, p99Ms } = median(results, (each) => each.perSecond)
    row(`orders over HTTP, ${connections} connections`, perSecond, String(p50Ms), String(p99Ms))
  }
}

function rawMedian(): number {
  return median(raw, Number)
}

function orderMedian(connections: number): number {
  return median(orders.get(connections)!, (each) => each.perSecond).perSecond
}

/** Speed counts only when everything that was acknowledged is there and the books balance. */
async function check(): Promise<void> {
  const stored = await world.db.tx({ shopId }, (tx) =>
    tx.one<{ orders: number; lines: number; steps: number; movements: number; events: number }>(sql`
      select (select count(*) from orders) as orders, (select count(*) from order_lines) as lines,
        (select count(*) from order_timeline) as steps,
        (select count(*) from stock_movements where reason = 'reserve') as movements,
        (select count(*) from outbox_events where name = 'orders.order-placed') as events`),
  )
  const acknowledged = [...orders.values()].flat().reduce((sum, each) => sum + each.answered, 0)
  const posted = posts.reduce((sum, each) => sum + each.answered, 0)
  if (bareServed < posted) throw new Error(`The bare server saw ${bareServed} requests of ${posted}`)
  const { balanced } = await world.db.tx('system', auditLedger)
  console.log(
    `\n${stored.orders} orders stored, ${acknowledged} acknowledged in the counted rounds, books ${balanced ? 'balance' : 'DO NOT BALANCE'}`,
  )
  const whole = [stored.lines, stored.steps, stored.movements, stored.events].every((rows) => rows === stored.orders)
  if (!balanced || !whole || stored.orders < acknowledged)
    throw new Error(`The books are wrong: ${JSON.stringify(stored)}`)
}

function summary(): void {
  const ratio = Math.round((orderMedian(BAR_CONCURRENCY) / rawMedian()) * 100) / 100
  const bars = [{ name: 'lane ≥ raw single transactions', value: ratio, limit: 1, ok: ratio >= 1 }]
  const perSecond = {
    bareFastify: median(posts, (each) => each.perSecond).perSecond,
    raw: rawMedian(),
    ...Object.fromEntries(CONCURRENCIES.map((connections) => [`lane${connections}`, orderMedian(connections)])),
  }
  console.log(JSON.stringify({ bench: 'orders', bars, perSecond }))
  if (!bars.every((bar) => bar.ok)) process.exitCode = 1
}
