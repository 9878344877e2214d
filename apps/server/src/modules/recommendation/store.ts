import { sql, type Tx } from '../../kernel/db.ts'
import type { Pair, Touch } from './rules.ts'

export type PairReason = 'bought-together' | 'viewed-together'
export interface ReasonedPair extends Pair {
  reason: PairReason
}

export interface Purchase {
  orderId: string
  productId: string
  buyerId: string
  at: string
}

/** An event that is offered again changes nothing. */
export const addPurchases = (tx: Tx, shopId: string, purchases: readonly Purchase[]): Promise<number> =>
  tx.exec(sql`
    insert into recommendation_purchases (shop_id, order_id, product_id, buyer_id, at)
    select ${shopId}, r.* from unnest(${purchases.map(({ orderId }) => orderId)}::uuid[],
      ${purchases.map(({ productId }) => productId)}::uuid[], ${purchases.map(({ buyerId }) => buyerId)}::uuid[],
      ${purchases.map(({ at }) => at)}::timestamptz[]) as r
    on conflict do nothing`)

const MAX_PURCHASES = 200_000
const PURCHASE_WEIGHT = 5

/** What was bought since, newest first, as touches of the buyers. */
export async function purchasesSince(tx: Tx, shopId: string, since: string): Promise<Touch[]> {
  const rows = await tx.rows<{ buyerId: string; productId: string; at: string }>(sql`
    select buyer_id, product_id, at from recommendation_purchases
    where shop_id = ${shopId} and at >= ${since} order by at desc limit ${MAX_PURCHASES}`)
  return rows.map(({ buyerId, productId, at }) => ({
    who: buyerId,
    productId,
    atMs: Date.parse(at),
    weight: PURCHASE_WEIGHT,
  }))
}

export const deletePurchases = (tx: Tx, shopId: string, before: string): Promise<number> =>
  tx.exec(sql`delete from recommendation_purchases where shop_id = ${shopId} and at < ${before}`)

/** Shops with something to compute from. Scope `system`. */
export const shopsWithPurchases = (tx: Tx) =>
  tx.rows<{ shopId: string }>(sql`select distinct shop_id from recommendation_purchases`)

/** Replaces what was computed for a shop; two who compute at once take turns. */
export async function replaceComputed(
  tx: Tx,
  shopId: string,
  pairs: readonly ReasonedPair[],
  heat: ReadonlyMap<string, number>,
): Promise<void> {
  await tx.exec(sql`select pg_advisory_xact_lock(hashtextextended(${shopId}, ${COMPUTE_LOCK}))`)
  await tx.exec(sql`delete from product_pairs where shop_id = ${shopId}`)
  await tx.exec(sql`
    insert into product_pairs (shop_id, product_id, other_id, reason, score)
    select ${shopId}, r.* from unnest(${pairs.map(({ productId }) => productId)}::uuid[],
      ${pairs.map(({ otherId }) => otherId)}::uuid[], ${pairs.map(({ reason }) => reason)}::text[],
      ${pairs.map(({ score }) => score)}::real[]) as r`)
  await tx.exec(sql`delete from product_heat where shop_id = ${shopId}`)
  const worth = [...heat].filter(([, value]) => value > LEAST_HEAT)
  await tx.exec(sql`
    insert into product_heat (shop_id, product_id, heat)
    select ${shopId}, r.* from unnest(${worth.map(([id]) => id)}::uuid[], ${worth.map(([, value]) => value)}::real[]) as r`)
}

const COMPUTE_LOCK = 7_091_130_330
const LEAST_HEAT = 0.001

/** Pairs of some products, best first. */
export const pairsWith = (tx: Tx, shopId: string, productIds: readonly string[], limit: number) =>
  tx.rows<ReasonedPair>(sql`
    select product_id, other_id, reason, score from product_pairs
    where shop_id = ${shopId} and product_id = any(${productIds as string[]}::uuid[])
    order by score desc, other_id, reason limit ${limit}`)

/** The most wanted products now. */
export const hottest = (tx: Tx, shopId: string, limit: number) =>
  tx.rows<{ productId: string; heat: number }>(sql`
    select product_id, heat from product_heat where shop_id = ${shopId} order by heat desc, product_id limit ${limit}`)

/** Takes a buyer out of what is computed from. Scope `system`. */
export async function forgetPurchases(tx: Tx, buyerId: string): Promise<void> {
  await tx.exec(sql`delete from recommendation_purchases where buyer_id = ${buyerId}`)
}

export async function movePurchases(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update recommendation_purchases set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
