import type { Every } from '../../kernel/jobs.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import type { OrdersDeps } from './deps.ts'
import { orderPaid, orderRefunded } from './events.ts'
import { cancelDueOrders, receiveDueOrders } from './sweep.ts'

/** Something to be run regularly by the process's jobs. */
export interface Schedule {
  name: string
  every: Every
  handler: () => Promise<void>
}

export function orderSchedules(deps: OrdersDeps): Schedule[] {
  return [
    {
      name: 'orders.cancel-unpaid',
      every: { everySeconds: 10 },
      handler: async () => void (await cancelDueOrders(deps)),
    },
    {
      name: 'orders.receive-due',
      every: { everySeconds: 60 },
      handler: async () => void (await receiveDueOrders(deps)),
    },
  ]
}

/** Keeps the catalogue's count of units sold. */
export function orderSubscribers({ catalog }: Pick<OrdersDeps, 'catalog'>): Subscriber[] {
  return [
    {
      name: 'orders.sold-count',
      events: [orderPaid, orderRefunded],
      handle: async (tx, events) => {
        const byShop = Map.groupBy(events.flatMap(soldUnits), (each) => each.shopId)
        // Shops in id order, as everybody takes locks.
        for (const shopId of [...byShop.keys()].sort()) await catalog.addSold(tx, shopId, byShop.get(shopId)!)
      },
    },
  ]
}

function soldUnits(event: OutboxEvent): { shopId: string; productId: string; units: number }[] {
  const { shopId } = event
  if (isEvent(orderPaid, event))
    return event.payload.lines.map((line) => ({ shopId, productId: line.productId, units: line.quantity }))
  if (isEvent(orderRefunded, event))
    return event.payload.lines.map((line) => ({ shopId, productId: line.productId, units: -line.quantity }))
  return []
}
