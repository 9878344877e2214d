// A process that does an import until it is killed: in the second chunk, with everything written and nothing
// committed, it says so and stops for ever.
import { systemClock } from '../../../kernel/clock.ts'
import { composeCatalog } from '../testing-world.ts'
import { doImport } from './do-import.ts'

const [url, shopId, importId] = process.argv.slice(2) as [string, string, string]
const world = await composeCatalog(url, systemClock)
const { receive } = world.deps.stock
let chunks = 0
world.deps.stock.receive = async (tx, receipt) => {
  await receive(tx, receipt)
  if (++chunks < 2) return
  process.send?.('stuck')
  await new Promise(() => {})
}
await doImport(world.deps, { shopId, importId }, new AbortController().signal)
