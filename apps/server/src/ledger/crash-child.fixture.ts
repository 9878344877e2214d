/** A process that orders at full speed until it is killed; it says on its output what was answered. */
import { writeSync } from 'node:fs'
import { systemClock } from '../kernel/clock.ts'
import { Db } from '../kernel/db.ts'
import { createOrderLane, orderOf } from './orders.fixture.ts'

const [url, shopId, round] = process.argv.slice(2) as [string, string, string]
const lane = createOrderLane(new Db({ url }), systemClock, { maxBatch: 100 })

await Promise.all(
  Array.from({ length: 200 }, async (_, caller) => {
    for (let index = 0; ; index++) {
      const key = `${round}-${caller}-${index}`
      const answer = await lane.submit(orderOf(shopId, key, 1))
      if (!answer.ok) throw new Error(answer.refusal.reason)
      // Synchronously: what was said has reached the parent, whatever happens next.
      writeSync(1, `${key} ${answer.answer}\n`)
    }
  }),
)
