/**
 * `npm run bench -- orders [seconds per round]`: orders acknowledged a second, after their commit, over HTTP with the
 * guard, validation, quote, sealed address, ledger, movements, timeline and event; beside a bare Fastify POST with the
 * same schema, and beside raw transactions of single orders. Medians of three rounds, everything in one run. (ORD-02)
 */
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import { openOrderShop } from './support/order-shop.ts'
import type { LoadResult } from './support/orders-load.ts'
import { prepareRaw, runRaw } from './support/raw-orders.ts'

const ROUNDS = 3
const CONCURRENCIES = [8, 64, 512]
const RAW_CONNECTIONS = 8
const BARE_CONNECTIONS = 64
/** The bars compare capacity: raw transactions with as many connections as serve them well, the shop when it is full. */
const BAR_CONCURRENCY = 512
const SKUS = 1000

const seconds = Number(process.argv[2] ?? 4)
const shop = await openOrderShop(SKUS)
const { adminUrl, shopId, skuIds } = shop
await prepareRaw(adminUrl, shopId, skuIds)
console.log(describeMachine())
console.log(`${await shop.settings()}; ${SKUS} SKUs; ${ROUNDS} rounds of ${seconds} s; medians`)

type Orders = Awaited<ReturnType<typeof shop.order>>
const raw: number[] = []
const posts: LoadResult[] = []
const orders = new Map<number, Orders[]>(CONCURRENCIES.map((connections) => [connections, []]))
// A first short run of each, so that plans are prepared and code is compiled before anything counts.
await runRaw(adminUrl, shopId, skuIds, { connections: RAW_CONNECTIONS, seconds: 1 })
await shop.bare(BARE_CONNECTIONS, 1)
await shop.order(BARE_CONNECTIONS, 1)
for (let round = 0; round < ROUNDS; round++) {
  raw.push(await runRaw(adminUrl, shopId, skuIds, { connections: RAW_CONNECTIONS, seconds }))
  posts.push(await shop.bare(BARE_CONNECTIONS, seconds))
  for (const connections of CONCURRENCIES) orders.get(connections)!.push(await shop.order(connections, seconds))
}

const rawMiddle = medianBy(raw, Number)
const bare = medianBy(posts, (each) => each.perSecond)
const middles = new Map([...orders].map(([connections, all]) => [connections, medianBy(all, (each) => each.perSecond)]))
report()
await shop.check()
await shop.close()

const full = middles.get(BAR_CONCURRENCY)!
const round2 = (value: number) => Math.round(value * 100) / 100
concludeBench(
  'orders',
  [
    { name: 'orders ÷ raw single transactions', value: round2(full.perSecond / rawMiddle), limit: 2.5 },
    { name: 'orders ÷ bare Fastify', value: round2(full.perSecond / bare.perSecond), limit: 0.2 },
    { name: `p99 at ${BAR_CONCURRENCY} connections, ms`, value: full.p99Ms, limit: 250, side: 'most' },
  ],
  {
    perSecond: {
      bareFastify: bare.perSecond,
      raw: rawMiddle,
      ...Object.fromEntries([...middles].map(([connections, each]) => [`orders${connections}`, each.perSecond])),
    },
  },
)

function report(): void {
  const row = (name: string, ...cells: (string | number | undefined)[]) =>
    console.log(name.padEnd(44) + cells.map((cell) => String(cell ?? '–').padStart(13)).join(''))
  console.log()
  row('', 'per second', 'p50 ms', 'p99 ms', 'server µs', 'database µs', 'log bytes')
  row(`bare Fastify POST, ${BARE_CONNECTIONS} connections`, bare.perSecond, bare.p50Ms, bare.p99Ms)
  row(`raw single transactions, ${RAW_CONNECTIONS} connections, no HTTP`, rawMiddle)
  for (const [connections, { perSecond, p50Ms, p99Ms, serverUs, postgresUs, walBytes }] of middles)
    row(`orders over HTTP, ${connections} connections`, perSecond, p50Ms, p99Ms, serverUs, postgresUs, walBytes)
}
