import type { Clock } from './kernel/clock.ts'
import type { Db } from './kernel/db.ts'
import type { StaffCaller } from './kernel/http/caller.ts'
import type { Listener } from './kernel/listener.ts'
import type { OutboxEvent } from './kernel/outbox.ts'
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

/** What happens to a shop's orders, as it happens; nothing personal in it. */
const shopOrders = realtimeTopic({
  name: 'shop:*:orders',
  events: [orderPlaced, orderPaid, orderCancelled, orderShipped, orderCompleted, refundRequested, orderRefunded],
  map: ({ name, aggregateId, payload, occurredAt }: OutboxEvent) => {
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

/** The hub of this process: staff may follow a shop's orders when they may read them. */
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
    authorise: async (caller, topic) =>
      (await deps.identity.authenticator.staffPermissions(caller.staffId, topic.id)).has('orders.read'),
    onError: deps.onError,
  })
}
