import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { cancelLocked } from './cancel-order.ts'
import type { OrdersDeps } from './deps.ts'
import { receiveLocked } from './receive-order.ts'
import { lockReceiptDue, lockUnpaidDue } from './store-orders.ts'

const BATCH = 100
/** One run does at most this many batches, so that it ends; the next run goes on. */
const MAX_BATCHES = 100

/** Cancels unpaid orders whose time is over. Exactly once, however many processes sweep. Answers how many. */
export async function cancelDueOrders(deps: OrdersDeps): Promise<number> {
  return inBatches(() =>
    deps.db.tx('system', async (tx) => {
      const due = await lockUnpaidDue(tx, deps.clock.instant(), BATCH)
      await cancelLocked(tx, deps, due, { by: 'timeout', reason: '', actor: SYSTEM_ACTOR })
      return due.length
    }),
  )
}

/** Completes shipped orders whose buyers have not confirmed receipt in time. Answers how many. */
export async function receiveDueOrders(deps: OrdersDeps): Promise<number> {
  return inBatches(() =>
    deps.db.tx('system', async (tx) => {
      const due = await lockReceiptDue(tx, deps.clock.instant(), BATCH)
      await receiveLocked(tx, deps, due, 'timeout', SYSTEM_ACTOR)
      return due.length
    }),
  )
}

async function inBatches(work: () => Promise<number>): Promise<number> {
  let total = 0
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const done = await work()
    total += done
    if (done < BATCH) break
  }
  return total
}
