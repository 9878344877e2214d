/**
 * `npm run bench -- processes [seconds per round]`: 1, 2 and 4 processes that place orders of one PostgreSQL, telling each
 * other of events by NOTIFY and by Redis (where `redis-server` is installed), in turns, in the same run; every process has
 * its own lanes. Medians of three rounds. (ORD-02, SYS-01)
 */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import { openOrderShop } from './support/order-shop.ts'

const ROUNDS = 3
const COUNTS = [1, 2, 4]
const CONNECTIONS = 256
const SKUS = 1000

const seconds = Number(process.argv[2] ?? 4)
const shop = await openOrderShop(SKUS)
const redis = await startRedis()
const children: ChildProcess[] = redis ? [redis.child] : []
try {
  const ways = [{ name: 'NOTIFY', ports: await startProcesses() }]
  if (redis) ways.push({ name: 'Redis', ports: await startProcesses(redis.url) })
  else console.log('redis-server is not installed: measured without')
  console.log(describeMachine())
  console.log(`${await shop.settings()}; ${CONNECTIONS} buyers; ${ROUNDS} rounds of ${seconds} s; medians\n`)
  for (const { ports } of ways) await shop.order(CONNECTIONS, 2, shop.skuIds, ports)
  const runs = ways.flatMap(({ name, ports }) =>
    COUNTS.map((count) => ({ name, count, ports: ports.slice(0, count), results: [] as Placed[] })),
  )
  for (let round = 0; round < ROUNDS; round++)
    for (const { ports, results } of runs) results.push(await shop.order(CONNECTIONS, seconds, shop.skuIds, ports))
  console.log(
    `${'processes'.padEnd(18)}${['orders /s', 'p50 ms', 'p99 ms', 'database µs'].map((cell) => cell.padStart(13)).join('')}`,
  )
  const middles = runs.map(({ name, count, results }) => {
    const middle = medianBy(results, (each) => each.perSecond)
    const cells = [middle.perSecond, middle.p50Ms, middle.p99Ms, middle.postgresUs ?? '–']
    console.log(`${`${count}, by ${name}`.padEnd(18)}${cells.map((cell) => String(cell).padStart(13)).join('')}`)
    return { name: `orders a second, ${count} processes, by ${name}`, value: middle.perSecond }
  })
  await shop.check()
  concludeBench('processes', middles)
} finally {
  for (const child of children) child.kill()
  await shop.close()
}

type Placed = Awaited<ReturnType<typeof shop.order>>

async function startProcesses(redisUrl?: string): Promise<number[]> {
  const file = new URL('./support/order-process.ts', import.meta.url)
  const started = Array.from({ length: Math.max(...COUNTS) }, async () => {
    const child = fork(file, [shop.appUrl, ...(redisUrl ? [redisUrl] : [])])
    children.push(child)
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    return port
  })
  return Promise.all(started)
}

async function startRedis(): Promise<{ child: ChildProcess; url: string } | undefined> {
  if (spawnSync('redis-server', ['--version']).error) return undefined
  const port = await freePort()
  const child = spawn('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ])
  await once(child.stdout, 'data')
  child.stdout.resume()
  return { child, url: `redis://127.0.0.1:${port}` }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
