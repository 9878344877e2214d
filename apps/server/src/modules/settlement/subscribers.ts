import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { refundSucceeded } from '../payments/index.ts'
import { orderSettled } from '../sharing/index.ts'
import type { SettlementDeps } from './deps.ts'
import { takeSettled } from './take-settled.ts'

/** After a refund the merchant's part of an order may hold money again that was released. */
export const settlementSubscribers = (deps: SettlementDeps): Subscriber[] => [
  {
    name: 'settlement.orders',
    events: [refundSucceeded.name, orderSettled.name],
    batchSize: 100,
    async handle(tx, events) {
      for (const { shopId, payload } of events)
        await takeSettled(tx, deps, shopId, (payload as { orderId: string }).orderId)
    },
  },
]
