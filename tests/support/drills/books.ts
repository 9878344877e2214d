import { HOUR_MS, MINUTE_MS } from '../../../apps/server/src/kernel/clock.ts'
import { sql } from '../../../apps/server/src/kernel/db.ts'
import type { DrillWorld, Load } from './load.ts'

const MINUTES = 5

export interface Books {
  acknowledged: number
  /** Acknowledged orders that are not there. */
  lost: number
  /** Orders that nobody was told of though everybody asked until there was an answer. */
  unacknowledged: number
  paid: number
  /** Orders charged that are not there, or charged and not paid in the books, or the other way round. */
  wronglyCharged: number
  /** Units sold beyond what there was. */
  oversold: number
  /** Deviations of the ledger, and units of stock lost or invented. */
  imbalances: number
}

/** Compares what buyers were told, what WeChat took and what the books say. */
export async function readBooks({ app, shop, goods }: DrillWorld, load: Load): Promise<Books> {
  // What WeChat could not tell while the program was away is asked for.
  for (let minute = 0; minute < MINUTES; minute++) await app.advance(MINUTE_MS)
  // Where the clock was set back an hour, what was to be asked next is an hour away.
  await app.advance(HOUR_MS + MINUTE_MS)
  const orders = await app.app.db.read('system', (tx) =>
    tx.rows<{ id: string; orderNo: string; state: string }>(sql`
      select id, order_no, state from orders where shop_id = ${shop.shopId}`),
  )
  const stored = new Set(orders.map((order) => order.id))
  const told = new Set(load.acknowledged.map((each) => each.orderId))
  const returned = new Set(app.sim.refunds().flatMap((each) => (each.status === 'SUCCESS' ? [each.out_trade_no] : [])))
  const charged = new Set(
    app.sim
      .orders()
      .filter((each) => each.success_at !== null && !returned.has(each.out_trade_no))
      .map((each) => each.out_trade_no.replace(/[A-Z]\d+$/, '')),
  )
  const toldNos = new Set(orders.filter((order) => told.has(order.id)).map((order) => order.orderNo))
  const paid = new Set(
    orders.filter((order) => !['awaiting-payment', 'cancelled'].includes(order.state)).map((order) => order.orderNo),
  )
  const { items } = await shop.owner.call('console.stock', { params: { shopId: shop.shopId } })
  const sold = await app.app.db.read('system', (tx) =>
    tx.rows<{ skuId: string; units: number }>(sql`
      select line.sku_id, sum(line.quantity)::int as units
      from order_lines line join orders o on o.shop_id = line.shop_id and o.id = line.order_id
      where line.shop_id = ${shop.shopId} and o.state <> 'cancelled' group by line.sku_id`),
  )
  let oversold = 0
  let astray = 0
  for (const { skuId, units } of goods) {
    const gone = sold.find((each) => each.skuId === skuId)?.units ?? 0
    const stock = items.find((each) => each.skuId === skuId)!
    oversold += Math.max(0, gone - units)
    astray += Math.abs(stock.available + gone - units)
    astray += Math.abs(stock.reserved + stock.committed - gone)
  }
  return {
    acknowledged: told.size,
    lost: [...told].filter((id) => !stored.has(id)).length,
    unacknowledged: [...stored].filter((id) => !told.has(id)).length,
    paid: paid.size,
    wronglyCharged:
      [...charged].filter((no) => !toldNos.has(no) || !paid.has(no)).length +
      [...paid].filter((no) => !charged.has(no)).length,
    oversold,
    imbalances: (await app.audit()).deviations.length + astray,
  }
}
