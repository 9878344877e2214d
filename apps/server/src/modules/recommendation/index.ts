import type { Handlers } from '../../kernel/http/mount.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { orderPaid, type Schedule } from '../orders/index.ts'
import { viewerOf } from '../prices/index.ts'
import { mergePurchases, recommendationBuyerPart } from './buyer-part.ts'
import { computeAll, computeShop, type RecommendationDeps } from './compute.ts'
import { recommend } from './recommend.ts'
import { addPurchases, forgetPurchases, type Purchase } from './store.ts'

export type { RecommendationDeps } from './compute.ts'

const COMPUTE_SECONDS = 900

/** What goes with what, what somebody may like, what is wanted now: for the slots of the storefront (CAT-10). */
export function createRecommendation(deps: RecommendationDeps) {
  const handlers: Handlers = {
    'store.recommendations': async ({ params: { shopId }, query, caller }) => {
      // what the device remembers of a buyer who wants nothing personal is not looked at
      const isPersonal = caller.kind !== 'buyer' || (await deps.mayPersonalise(caller.buyerId))
      const input = isPersonal ? query : { ...query, viewed: [] }
      return { items: await deps.db.read({ shopId }, (tx) => recommend(tx, deps, shopId, input, viewerOf(caller))) }
    },
  }
  const subscriber: Subscriber = {
    name: 'recommendation.purchases',
    events: [orderPaid],
    handle: async (tx, events) => {
      const byShop = Map.groupBy(
        events.filter((event) => isEvent(orderPaid, event)),
        ({ shopId }) => shopId,
      )
      for (const shopId of [...byShop.keys()].sort()) {
        const purchases = byShop.get(shopId)!.flatMap(purchasesOf)
        const silent = await deps.notPersonalised(tx, [...new Set(purchases.map(({ buyerId }) => buyerId))])
        await addPurchases(
          tx,
          shopId,
          purchases.filter(({ buyerId }) => !silent.has(buyerId)),
        )
      }
    },
  }
  const schedules: Schedule[] = [
    {
      name: 'recommendation.compute',
      every: { everySeconds: COMPUTE_SECONDS },
      handler: async () => void (await computeAll(deps)),
    },
  ]
  return {
    handlers,
    subscribers: [subscriber],
    schedules,
    buyerPart: recommendationBuyerPart,
    mergeBuyers: mergePurchases,
    /** Takes a buyer out of what is computed from. Scope `system`. */
    forgetBuyer: forgetPurchases,
    computeShop: (shopId: string) => computeShop(deps, shopId),
  }
}

export type Recommendations = ReturnType<typeof createRecommendation>

function purchasesOf(event: OutboxEvent): Purchase[] {
  if (!isEvent(orderPaid, event)) return []
  const { orderId, buyerId, paidAt, lines } = event.payload
  return [...new Set(lines.map(({ productId }) => productId))].map((productId) => ({
    orderId,
    productId,
    buyerId,
    at: paidAt,
  }))
}
