import type { Every } from '../../kernel/jobs.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderCancelled, orderChanged, orderPaid, orderRefunded, orderShipped } from '../orders/index.ts'
import type { FulfilmentDeps } from './deps.ts'
import { syncParcels } from './plan-parcels.ts'
import { handOverDue } from './ship-parcel.ts'
import { ordersWithoutParcel } from './store-parcels.ts'

const MISSING_BATCH = 200

/** Parcels follow what happens to orders elsewhere. */
export function fulfilmentSubscribers(deps: FulfilmentDeps): Subscriber[] {
  return [
    {
      name: 'fulfilment.parcels',
      events: [orderPaid, orderShipped, orderChanged, orderRefunded, orderCancelled],
      handle: async (tx, events) => {
        const byShop = Map.groupBy(events, (event) => event.shopId)
        for (const shopId of [...byShop.keys()].sort()) {
          const orderIds = byShop.get(shopId)!.map((event) => event.aggregateId)
          await syncParcels(tx, deps, shopId, [...new Set(orderIds)])
        }
      },
    },
  ]
}

/** Gives parcels to paid orders that have none: those from before there were parcels. Answers how many it looked at. */
export async function planMissing(deps: FulfilmentDeps): Promise<number> {
  const missing = await deps.db.read('system', (tx) => ordersWithoutParcel(tx, MISSING_BATCH))
  for (const [shopId, orders] of Map.groupBy(missing, (order) => order.shopId))
    await deps.db.tx({ shopId }, (tx) =>
      syncParcels(
        tx,
        deps,
        shopId,
        orders.map((order) => order.id),
      ),
    )
  return missing.length
}

export function fulfilmentSchedules(
  deps: FulfilmentDeps,
): { name: string; every: Every; handler: () => Promise<void> }[] {
  return [
    {
      name: 'fulfilment.hand-over',
      every: { everySeconds: 5 },
      handler: async () => void (await handOverDue(deps)),
    },
    {
      name: 'fulfilment.plan-missing',
      every: { everySeconds: 300 },
      handler: async () => void (await planMissing(deps)),
    },
  ]
}
