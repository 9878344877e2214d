import { sql, type Tx } from '../../kernel/db.ts'
import type { OrdersDeps } from './deps.ts'
import { ordersByIds } from './store-lists.ts'
import { type SummaryView, summaries } from './views.ts'

/** Orders that are shown for being paid together, the newest first. */
const MOST = 20

/** Still open with somebody who looks whether the money came. */
const BY_HAND = new Set<string>(['created', 'pending'])

interface Unpaid extends SummaryView {
  /** Its money is on the way by the merchant's own code, so that it cannot be paid with others. */
  alone: boolean
}

/**
 * What a buyer has not paid yet, in all shops that know them: for paying it at once (PAY-01). `also`: shops that may
 * not have heard of the buyer's first order yet.
 */
export async function unpaidOrders(deps: OrdersDeps, buyerId: string, also: readonly string[] = []): Promise<Unpaid[]> {
  const { db, clock } = deps
  const open = await db.read('system', async (tx) => {
    const known = await deps.shopsOfBuyer(tx, buyerId)
    return openOrders(tx, buyerId, [...new Set([...known, ...also])], clock.instant())
  })
  const found: Unpaid[] = []
  for (const [shopId, rows] of Map.groupBy(open, (row) => row.shopId))
    await db.read({ shopId, buyerId }, async (tx) => {
      const orders = await ordersByIds(
        tx,
        shopId,
        rows.map(({ id }) => id),
      )
      for (const view of await summaries(tx, deps, orders)) {
        const payments = await deps.paymentsOf(tx, shopId, view.id)
        const alone = payments.some(({ method, state }) => method === 'personal-code' && BY_HAND.has(state))
        found.push({ ...view, alone })
      }
    })
  return found.sort((a, b) => (a.placedAt < b.placedAt ? 1 : -1))
}

const openOrders = (tx: Tx, buyerId: string, shopIds: readonly string[], now: string) =>
  tx.rows<{ shopId: string; id: string }>(sql`
    select o.shop_id, o.id from unnest(${shopIds as string[]}::uuid[]) as known(shop_id)
    join lateral (
      select shop_id, id, placed_at from orders
      where shop_id = known.shop_id and buyer_id = ${buyerId} and state = 'awaiting-payment' and pay_before > ${now}
      order by placed_at desc limit ${MOST}) o on true
    order by o.placed_at desc limit ${MOST}`)
