/**
 * `npm run bench -- orders [seconds per round]`: orders acknowledged a second, after their commit, over HTTP with the
 * guard, validation, quote, sealed address, ledger, movements, timeline and event; beside a bare Fastify POST with the
 * same schema, and beside raw transactions of single orders. Medians of three rounds, everything in one run. (ORD-02)
 */
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import { openOrderShop } from './support/order-shop.ts'
import { prepareRaw, type RawResult, runRaw } from './support/raw-orders.ts'

const ROUNDS = 3
const CONCURRENCIES = [8, 64, 512]
const RAW_CONNECTIONS = [8, 64]
const BARE_CONNECTIONS = 64
/** The bars compare capacity: raw transactions with the connections that serve them best, the shop when it is full. */
const BAR_CONCURRENCY = 512
const SKUS = 1000

const seconds = Number(process.argv[2] ?? 4)
const shop = await openOrderShop(SKUS)
const { adminUrl, shopId, skuIds } = shop
await prepareRaw(adminUrl, shopId, skuIds)
console.log(describeMachine())
console.log(`${await shop.settings()}; ${SKUS} SKUs; ${ROUNDS} rounds of ${seconds} s; medians`)

type Orders = Awaited<ReturnType<typeof shop.order>>
const raw = new Map<number, RawResult[]>(RAW_CONNECTIONS.map((connections) => [connections, []]))
const posts: Awaited<ReturnType<typeof shop.bare>>[] = []
const orders = new Map<number, Orders[]>(CONCURRENCIES.map((connections) => [connections, []]))
// A first short run of each, so that plans are prepared and code is compiled before anything counts.
await runRaw(adminUrl, shopId, skuIds, { connections: 8, seconds: 1 }, shop.meter)
await shop.bare(BARE_CONNECTIONS, 1)
await shop.order(BARE_CONNECTIONS, 1)
for (let round = 0; round < ROUNDS; round++) {
  for (const [connections, all] of raw)
    all.push(await runRaw(adminUrl, shopId, skuIds, { connections, seconds }, shop.meter))
  posts.push(await shop.bare(BARE_CONNECTIONS, seconds))
  for (const connections of CONCURRENCIES) orders.get(connections)!.push(await shop.order(connections, seconds))
}

const rawMiddles = new Map([...raw].map(([connections, all]) => [connections, medianBy(all, (each) => each.perSecond)]))
const rawBest = [...rawMiddles.values()].toSorted((a, b) => b.perSecond - a.perSecond)[0]!
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
    { name: 'orders ÷ raw single transactions', value: round2(full.perSecond / rawBest.perSecond), limit: 2.5 },
    { name: 'orders ÷ bare Fastify', value: round2(full.perSecond / bare.perSecond), limit: 0.2 },
    // Says the same of a machine that is busy with other things; the buyers' process is left out of both.
    {
      name: 'processor time: raw single transaction ÷ order',
      value: round2((rawBest.serverUs + (rawBest.postgresUs ?? 0)) / (full.serverUs + (full.postgresUs ?? 0))),
    },
    { name: `p99 at ${BAR_CONCURRENCY} connections, ms`, value: full.p99Ms, limit: 250, side: 'most' },
  ],
  {
    perSecond: {
      bareFastify: bare.perSecond,
      raw: rawBest.perSecond,
      ...Object.fromEntries([...middles].map(([connections, each]) => [`orders${connections}`, each.perSecond])),
    },
  },
)

function report(): void {
  const row = (name: string, ...cells: (string | number | undefined)[]) =>
    console.log(name.padEnd(52) + cells.map((cell) => String(cell ?? '–').padStart(13)).join(''))
  console.log()
  row('', 'per second', 'p50 ms', 'p99 ms', 'server µs', 'database µs', 'log bytes')
  row(`bare Fastify POST, ${BARE_CONNECTIONS} connections`, bare.perSecond, bare.p50Ms, bare.p99Ms, bare.serverUs)
  for (const [connections, { perSecond, serverUs, postgresUs, walBytes }] of rawMiddles)
    row(
      `raw single transactions, ${connections} connections, no HTTP`,
      perSecond,
      '–',
      '–',
      serverUs,
      postgresUs,
      walBytes,
    )
  for (const [connections, { perSecond, p50Ms, p99Ms, serverUs, postgresUs, walBytes }] of middles)
    row(`orders over HTTP, ${connections} connections`, perSecond, p50Ms, p99Ms, serverUs, postgresUs, walBytes)
}
