import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { emitMany, isEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderCompleted } from '../orders/index.ts'
import type { ReviewsDeps } from './deps.ts'
import { reviewWanted } from './events.ts'
import { daysAfter, hoursAfter } from './rules.ts'
import { defaultAfterDays, remindAfterHours } from './settings.ts'
import { insertReview, type ReviewRow } from './store.ts'
import { type InvitationRow, insertInvitation, takeDefaults, takeReminders } from './store-invitations.ts'
import { countReviews } from './store-scores.ts'

const BATCH = 50
const MAX_BATCHES = 100

/** A received order waits for its review from then on. */
export function askSubscriber(deps: ReviewsDeps): Subscriber {
  return {
    name: 'reviews.invite',
    events: [orderCompleted],
    from: 'now',
    async handle(tx, events) {
      for (const event of events) {
        if (!isEvent(orderCompleted, event)) continue
        const { shopId } = event
        const { orderId, orderNo, buyerId, completedAt } = event.payload
        const hours = await deps.settings.get(remindAfterHours, { shopId }, tx)
        const days = await deps.settings.get(defaultAfterDays, { shopId }, tx)
        await insertInvitation(tx, {
          ...{ shopId, orderId, orderNo, buyerId, receivedAt: completedAt },
          remindAt: hours === 0 ? null : hoursAfter(completedAt, hours),
          defaultAt: days === 0 ? null : daysAfter(completedAt, days),
        })
      }
    },
  }
}

/** Asks the buyers whose reminder is due, once each. Answers how many. */
export function remindDue(deps: ReviewsDeps): Promise<number> {
  return inBatches(deps, async (tx, at) => {
    const due = await takeReminders(tx, at, BATCH)
    for (const { shopId, orderId, orderNo, buyerId, lines } of await withGoods(tx, deps, due))
      await emitMany(tx, reviewWanted, [
        {
          ...{ shopId, aggregate: 'order', aggregateId: orderId, occurredAt: at, actor: SYSTEM_ACTOR },
          payload: { orderId, orderNo, buyerId, titles: lines.map(({ title }) => title) },
        },
      ])
    return due.length
  })
}

/** Writes default reviews for lines whose buyers said nothing, where the shop wants them. Answers how many orders. */
export function giveDefaults(deps: ReviewsDeps): Promise<number> {
  return inBatches(deps, async (tx, at) => {
    const due = await takeDefaults(tx, at, BATCH)
    for (const { shopId, orderId, orderNo, buyerId, lines } of await withGoods(tx, deps, due)) {
      const rows: ReviewRow[] = []
      for (const { line, productId, skuId, title, options } of lines) {
        const row = await insertReview(tx, shopId, {
          ...{ id: newId(), buyerId, author: '系统默认', orderId, orderNo, line, productId, skuId, title, options },
          ...{ source: 'default', goodsStars: 5, serviceStars: 5, logisticsStars: 5, body: '', tags: [] },
          ...{ pictureFileIds: [], videoFileId: null, isAnonymous: true, state: 'approved', findings: [] },
          ...{ phrases: [], polarity: 0, createdAt: at },
        })
        if (row) rows.push(row)
      }
      await countReviews(tx, shopId, rows, 1, at)
    }
    return due.length
  })
}

async function withGoods(tx: Tx, deps: ReviewsDeps, due: readonly InvitationRow[]) {
  const found: (InvitationRow & { lines: Awaited<ReturnType<typeof deps.orders.summariesOf>>[number]['lines'] })[] = []
  // shops and orders in id order, as everybody takes locks
  const sorted = [...due].sort((a, b) => (a.shopId + a.orderId < b.shopId + b.orderId ? -1 : 1))
  for (const [shopId, rows] of Map.groupBy(sorted, (row) => row.shopId)) {
    const ids = rows.map(({ orderId }) => orderId)
    const orders = (await deps.orders.ordersByIds(tx, shopId, ids)).filter(({ state }) => state === 'completed')
    const summaries = new Map((await deps.orders.summariesOf(tx, orders)).map((order) => [order.id, order.lines]))
    for (const row of rows) {
      const lines = summaries.get(row.orderId)
      if (lines) found.push({ ...row, lines })
    }
  }
  return found
}

async function inBatches(deps: ReviewsDeps, work: (tx: Tx, at: string) => Promise<number>): Promise<number> {
  let total = 0
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const done = await deps.db.tx('system', (tx) => work(tx, deps.clock.instant()))
    total += done
    if (done < BATCH) break
  }
  return total
}
