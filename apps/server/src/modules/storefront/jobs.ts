import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { productPublished } from '../catalog/index.ts'
import { orderCancelled, orderRefunded } from '../orders/index.ts'
import { stockChanged } from '../stock/index.ts'
import type { StorefrontDeps } from './deps.ts'
import { tellRestocked } from './restock.ts'

/** Whatever may bring a SKU back: goods that come in, orders that give theirs back, products that are sold again. */
export function storefrontSubscribers(deps: StorefrontDeps): Subscriber[] {
  return [
    {
      name: 'storefront.back-in-stock',
      events: [stockChanged, orderCancelled, orderRefunded, productPublished],
      from: 'now',
      async handle(tx, events) {
        const byShop = Map.groupBy(events, ({ shopId }) => shopId)
        for (const shopId of [...byShop.keys()].sort())
          await tellRestocked(tx, deps, shopId, skusOf(byShop.get(shopId)!))
      },
    },
  ]
}

/** The SKUs that events name; undefined when one of them names none, so that all have to be looked at. */
function skusOf(events: readonly OutboxEvent[]): string[] | undefined {
  const skuIds = new Set<string>()
  for (const event of events) {
    if (!isEvent(stockChanged, event)) return undefined
    for (const line of event.payload.lines) if (line.quantity > 0) skuIds.add(line.skuId)
  }
  return [...skuIds]
}
