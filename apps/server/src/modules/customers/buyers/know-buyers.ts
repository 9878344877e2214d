import type { Tx } from '../../../kernel/db.ts'
import type { OutboxEvent } from '../../../kernel/outbox.ts'
import type { Subscriber } from '../../../kernel/outbox-relay.ts'
import { orderPaid, orderPlaced } from '../../orders/index.ts'
import { refundSucceeded } from '../../payments/index.ts'
import type { CustomersDeps } from '../deps.ts'
import {
  insertShopBuyers,
  lockShopBuyers,
  moveShopBuyers,
  type ShopBuyerKey,
  shopsOfBuyer,
  strangersAmong,
  writeFigures,
} from './store-shop-buyers.ts'

/** People become buyers of a shop by what they do there. Once known nothing is written again. Scope `system`. */
export async function knowBuyers(
  tx: Tx,
  deps: Pick<CustomersDeps, 'identity'>,
  keys: readonly ShopBuyerKey[],
  at: string,
): Promise<void> {
  const strangers = await strangersAmong(tx, keys)
  if (strangers.length === 0) return
  const ids = [...new Set(strangers.map(({ buyerId }) => buyerId))]
  const [briefs, channels] = [await deps.identity.briefs(tx, ids), await deps.identity.channelsOf(tx, ids)]
  const rows = strangers.flatMap((key) => {
    const brief = briefs.get(key.buyerId)
    if (brief === undefined || brief.closed) return []
    return [{ ...key, nickname: brief.nickname, channel: channels.get(key.buyerId) ?? ('unknown' as const), since: at }]
  })
  if (rows.length > 0) await insertShopBuyers(tx, rows)
}

/** Reckons anew what buyers have bought. */
async function reckon(tx: Tx, deps: Pick<CustomersDeps, 'orders'>, keys: readonly ShopBuyerKey[]): Promise<void> {
  if (keys.length === 0) return
  // Sent together: what is reckoned is what stands there once the lock is held.
  const [, figures] = await Promise.all([lockShopBuyers(tx, keys), deps.orders.figuresOf(tx, keys)])
  if (figures.length > 0) await writeFigures(tx, figures)
}

/** Keeps the list of a shop's buyers, and what they bought, up to what happened with orders. */
export function buyersSubscriber(deps: Pick<CustomersDeps, 'identity' | 'orders'>): Subscriber {
  return {
    name: 'customers.shop-buyers',
    events: [orderPlaced, orderPaid, refundSucceeded],
    handle: async (tx, events) => {
      const keys = await deps.orders.buyersOf(tx, events.map(orderOf))
      const first = events.map(({ occurredAt }) => occurredAt).sort()[0]!
      await knowBuyers(tx, deps, keys, first)
      await reckon(tx, deps, keys)
    },
  }
}

const orderOf = ({ shopId, payload }: OutboxEvent) => ({ shopId, orderId: (payload as { orderId: string }).orderId })

/** Two buyers turned out to be one person, whose orders have moved already. Scope `system`. */
export async function mergeShopBuyers(
  tx: Tx,
  deps: Pick<CustomersDeps, 'identity' | 'orders'>,
  { fromBuyerId, buyerId }: { fromBuyerId: string; buyerId: string },
): Promise<void> {
  const brief = (await deps.identity.briefs(tx, [buyerId])).get(buyerId)
  if (!brief) return
  await moveShopBuyers(tx, fromBuyerId, buyerId, brief.nickname)
  await reckon(
    tx,
    deps,
    (await shopsOfBuyer(tx, buyerId)).map((shopId) => ({ shopId, buyerId })),
  )
}
