/**
 * `npm run bench -- catalog-read [seconds per round]`: the product list of twenty and a product's page data over HTTP as
 * visitors read them, 32 at a time, from a shop that runs as `npm start` runs it; beside a bare Fastify that answers the
 * same bytes. Medians of three rounds. (CAT-09)
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { startOwnShop } from '../scripts/demo/shop.ts'
import { visit } from '../tests/support/http.ts'
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import type { ReadInput, ReadResult } from './support/read-load.ts'

const ROUNDS = 3
const CONNECTIONS = 32
const LIMIT = 0.5

const seconds = Number(process.argv[2] ?? 4)
const shop = await startOwnShop({ LOG_LEVEL: 'warn' })
const readers = fork(new URL('./support/read-load.ts', import.meta.url))
const bare = fork(new URL('./support/bare-answers.ts', import.meta.url))
try {
  const [{ port }] = (await once(bare, 'message')) as [{ port: number }]
  const shopPort = Number(new URL(shop.url).port)
  const { id: shopId } = await visit(shop.url).call('store.shop', { params: { shop: 'demo' } })
  const { items } = await visit(shop.url).call('store.products', { params: { shopId } })
  const paths = {
    'list of 20': `/api/store/shops/${shopId}/products`,
    product: `/api/store/shops/${shopId}/products/${items[0]!.id}`,
  }
  console.log(`${describeMachine()}; ${CONNECTIONS} connections; ${ROUNDS} rounds of ${seconds} s; medians\n`)
  console.log(
    `${''.padEnd(14)}${'shop /s'.padStart(10)}${'p99 ms'.padStart(9)}${'bare /s'.padStart(10)}${'p99 ms'.padStart(9)}`,
  )
  const bars = []
  for (const [name, path] of Object.entries(paths)) {
    const body = await fetch(shop.url + path).then((response) => response.text())
    await tell(bare, { path, body })
    const [ours, theirs]: ReadResult[][] = [[], []]
    await load({ port: shopPort, path, connections: CONNECTIONS, seconds: 1 })
    for (let round = 0; round < ROUNDS; round++) {
      ours!.push(await load({ port: shopPort, path, connections: CONNECTIONS, seconds }))
      theirs!.push(await load({ port, path, connections: CONNECTIONS, seconds }))
    }
    const [our, their] = [ours!, theirs!].map((rounds) => medianBy(rounds, (each) => each.perSecond))
    console.log(
      `${name.padEnd(14)}${String(our!.perSecond).padStart(10)}${String(our!.p99Ms).padStart(9)}${String(their!.perSecond).padStart(10)}${String(their!.p99Ms).padStart(9)}`,
    )
    const ratio = Math.round((our!.perSecond / their!.perSecond) * 100) / 100
    bars.push({ name: `${name} ÷ bare Fastify`, value: ratio, limit: LIMIT })
  }
  concludeBench('catalog-read', bars)
} finally {
  readers.kill()
  bare.kill()
  await shop.stop()
}

async function load(input: ReadInput): Promise<ReadResult> {
  const result = (await tell(readers, input)) as ReadResult
  if (result.refused + result.errors > 0) throw new Error(`${result.refused + result.errors} of ${input.path} failed`)
  return result
}

async function tell(child: ChildProcess, message: object): Promise<unknown> {
  const answer = once(child, 'message')
  child.send(message)
  return (await answer)[0]
}
