/**
 * `npm run bench -- growth [--full] [--levels=10000,1000000] [seconds per round]`: placing orders, and a buyer's list of
 * orders, beside ten thousand and a million orders of the year before (`--full`: and ten million), each in a database of
 * its own, in turns, so that the machine is the same for all. Medians of five rounds. (SYS-01, ORD-02)
 */
import { tmpdir } from 'node:os'
import pg from 'pg'
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import { filledBuyer, filledBuyers, fillOrders, requireRoom } from './support/fill-orders.ts'
import { openOrderShop } from './support/order-shop.ts'

const ROUNDS = 5
const SKUS = 1000
const ORDER_CONNECTIONS = 64
const LIST_CONNECTIONS = 32
const READERS = 2000
/** At most a quarter slower. */
const LIMIT = 0.8

const named = process.argv.find((argument) => argument.startsWith('--levels='))?.slice('--levels='.length)
const usual = process.argv.includes('--full') ? [10_000, 1_000_000, 10_000_000] : [10_000, 1_000_000]
const levels = named === undefined ? usual : named.split(',').map(Number)
const seconds = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 4)
const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: start this by `npm run bench -- growth`')
requireRoom(
  tmpdir(),
  levels.reduce((sum, level) => sum + level, 0),
)
type Shop = Awaited<ReturnType<typeof openOrderShop>>
interface Grown {
  level: number
  shop: Shop
  readers: string[]
  orders: Awaited<ReturnType<Shop['order']>>[]
  lists: Awaited<ReturnType<Shop['list']>>[]
}
const grown: Grown[] = []
for (const level of levels) {
  const shop = await openOrderShop(SKUS, await createDatabase(`growth_${level}`))
  const started = performance.now()
  await fillOrders(shop.adminUrl, shop.shopId, shop.skuIds, level)
  console.log(`${level} orders there after ${Math.round((performance.now() - started) / 1000)} s`)
  const buyers = filledBuyers(level)
  const readers = Array.from({ length: READERS }, () => filledBuyer(Math.floor(Math.random() * buyers)))
  grown.push({ level, shop, readers, orders: [], lists: [] })
}
console.log(describeMachine())
console.log(`${await grown[0]!.shop.settings()}; ${ROUNDS} rounds of ${seconds} s; medians`)

// A first round of each, so that plans are prepared and pages are where they would be.
for (const { shop, readers } of grown) {
  await shop.order(ORDER_CONNECTIONS, 2)
  await shop.list(LIST_CONNECTIONS, 2, readers)
}
for (let round = 0; round < ROUNDS; round++) {
  for (const each of grown) each.orders.push(await each.shop.order(ORDER_CONNECTIONS, seconds))
  for (const each of grown) each.lists.push(await each.shop.list(LIST_CONNECTIONS, seconds, each.readers))
}

const row = (...cells: (string | number | undefined)[]) =>
  console.log(
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell ?? '–').padStart(12))).join(''),
  )
row('', 'orders /s', 'p99 ms', 'server µs', 'database µs', 'log bytes', 'lists /s', 'p99 ms', 'database µs')
const middles = grown.map(({ level, orders, lists }) => {
  const [order, list] = [medianBy(orders, (each) => each.perSecond), medianBy(lists, (each) => each.perSecond)]
  row(
    `${level} orders`,
    order.perSecond,
    order.p99Ms,
    order.serverUs,
    order.postgresUs,
    order.walBytes,
    list.perSecond,
    list.p99Ms,
    list.postgresUs,
  )
  return { level, order, list }
})
for (const { shop, level } of grown) {
  await shop.check(level)
  await shop.close()
}
const [first, ...later] = middles
const ratio = (value: number, of: number) => Math.round((value / of) * 100) / 100
concludeBench(
  'growth',
  later.flatMap(({ level, order, list }) => [
    {
      name: `orders with ${level} ÷ with ${first!.level}`,
      value: ratio(order.perSecond, first!.order.perSecond),
      limit: LIMIT,
    },
    {
      name: `a buyer's list with ${level} ÷ with ${first!.level}`,
      value: ratio(list.perSecond, first!.list.perSecond),
      limit: LIMIT,
    },
  ]),
)

async function createDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(adminUrl!)
  url.pathname = `/${name}`
  return url.href
}
