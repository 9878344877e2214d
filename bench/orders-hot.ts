/**
 * `npm run bench -- orders-hot [seconds per round]`: everybody wants the same SKU. Orders of one SKU beside orders of a
 * thousand, in turns, in the same run. Medians of three rounds. (ORD-02, MKT-03)
 */
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'
import { openOrderShop } from './support/order-shop.ts'

const ROUNDS = 3
const CONCURRENCIES = [64, 512]
const SKUS = 1000

const seconds = Number(process.argv[2] ?? 4)
const shop = await openOrderShop(SKUS)
const hot = shop.skuIds.slice(0, 1)
console.log(describeMachine())
console.log(`${await shop.settings()}; ${ROUNDS} rounds of ${seconds} s; medians\n`)
console.log(
  `${''.padEnd(16)}${'1 SKU /s'.padStart(12)}${'p99 ms'.padStart(9)}${`${SKUS} SKUs /s`.padStart(15)}${'p99 ms'.padStart(9)}`,
)

await shop.order(64, 1)
const bars = []
for (const connections of CONCURRENCIES) {
  const [one, many] = [[], []] as Awaited<ReturnType<typeof shop.order>>[][]
  for (let round = 0; round < ROUNDS; round++) {
    many!.push(await shop.order(connections, seconds))
    one!.push(await shop.order(connections, seconds, hot))
  }
  const [few, all] = [one!, many!].map((rounds) => medianBy(rounds, (each) => each.perSecond))
  console.log(
    `${`${connections} buyers`.padEnd(16)}${String(few!.perSecond).padStart(12)}${String(few!.p99Ms).padStart(9)}${String(all!.perSecond).padStart(15)}${String(all!.p99Ms).padStart(9)}`,
  )
  const ratio = Math.round((few!.perSecond / all!.perSecond) * 100) / 100
  bars.push({ name: `one SKU ÷ ${SKUS} SKUs, ${connections} buyers`, value: ratio, limit: 0.8 })
}
await shop.check()
await shop.close()
concludeBench('orders-hot', bars)
