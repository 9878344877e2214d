import type { Clock } from './kernel/clock.ts'
import type { Db } from './kernel/db.ts'
import { type StaffCaller, scopesFor } from './kernel/http/caller.ts'
import type { Listener } from './kernel/listener.ts'
import { isEvent, type OutboxEvent } from './kernel/outbox.ts'
import { createRealtimeHub, type RealtimeHub, realtimeTopic } from './kernel/realtime.ts'
import type { Identity } from './modules/identity/index.ts'
import {
  orderCancelled,
  orderCompleted,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderShipped,
  refundRequested,
} from './modules/orders/index.ts'
import { reviewWritten } from './modules/reviews/index.ts'

/** What happens to a shop's orders, and that they are reviewed, as it happens; nothing personal in it. */
const shopOrders = realtimeTopic({
  name: 'shop:*:orders',
  events: [
    ...[orderPlaced, orderPaid, orderCancelled, orderShipped, orderCompleted, refundRequested, orderRefunded],
    reviewWritten,
  ],
  map: (event: OutboxEvent) => {
    const { name, aggregateId, payload, occurredAt } = event
    if (isEvent(reviewWritten, event)) {
      const { reviewId, orderId, orderNo = '', goodsStars: stars } = event.payload
      return { name, orderId, orderNo, reviewId, stars, totalFen: null, itemCount: null, at: occurredAt }
    }
    const { orderNo, totalFen, itemCount } = payload as { orderNo: string; totalFen?: number; itemCount?: number }
    return {
      name,
      orderId: aggregateId,
      orderNo,
      totalFen: totalFen ?? null,
      itemCount: itemCount ?? null,
      at: occurredAt,
    }
  },
})

/** The hub of this process: staff may follow a shop's orders when they may read them (ACC-05). */
export function createConsoleHub(deps: {
  db: Db
  clock: Clock
  listener: Listener
  identity: Identity
  onError: (error: unknown) => void
}): RealtimeHub<StaffCaller> {
  return createRealtimeHub<StaffCaller>({
    db: deps.db,
    clock: deps.clock,
    listener: deps.listener,
    topics: [shopOrders],
    authorise: async ({ staffId }, topic) => {
      const grants = await deps.identity.authenticator.staffGrants(staffId, topic.id)
      if (!grants.some((grant) => grant.permissions.includes('orders.read'))) return 'nothing'
      // An event says nothing of warehouses and accounts; who sees a part of the orders reads the lists anew instead.
      return scopesFor({ staffId, grants }, 'orders.read') === null ? 'events' : 'changes'
    },
    onError: deps.onError,
  })
}
