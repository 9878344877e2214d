import type { Tx } from '../../kernel/db.ts'
import type { OrdersDeps } from './deps.ts'
import { listOrders } from './store-lists.ts'

const MOST_BUYERS = 20
/** Orders looked through for the latest buyers. */
const MOST_ORDERS = 200

/** Buyers of a shop by the number of an order or its phone, the latest first; without a query the latest of all. */
export async function findBuyers(tx: Tx, { vault }: Pick<OrdersDeps, 'vault'>, shopId: string, q: string) {
  const search = q === '' ? {} : { search: { number: q, phoneHash: vault.phoneIndex(q) } }
  const orders = await listOrders(tx, { shopId, ...search, limit: MOST_ORDERS })
  const latest = new Map(orders.reverse().map((order) => [order.buyerId, order]))
  return [...latest.values()]
    .sort((a, b) => (a.placedAt < b.placedAt ? 1 : -1))
    .slice(0, MOST_BUYERS)
    .map(({ buyerId, orderNo, phoneMasked }) => ({ buyerId, orderNo, phoneMasked }))
}
