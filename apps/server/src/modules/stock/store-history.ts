import { sql, type Tx } from '../../kernel/db.ts'

/**
 * What was for sale of each SKU, over all warehouses, at the beginning of the first and at the end of the last of these
 * business days: what there is now without the movements since. One pass over the movements since the beginning.
 */
export async function availableAt(
  tx: Tx,
  shopId: string,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
): Promise<Map<string, { start: number; end: number }>> {
  const rows = await tx.rows<{ skuId: string; start: number; end: number }>(sql`
    with bounds as (
      select ${from}::date::timestamp at time zone ${timeZone} as first, (${to}::date + 1)::timestamp at time zone ${timeZone} as last
    ), since as (
      select m.sku_id, sum(m.quantity) as first, sum(m.quantity) filter (where m.at >= b.last) as last
      from stock_movements m, bounds b where m.shop_id = ${shopId} and m.at >= b.first group by m.sku_id
    ), now as (
      select sku_id, sum(available) as available from stock_levels where shop_id = ${shopId} group by sku_id
    )
    select n.sku_id, (n.available - coalesce(s.first, 0))::bigint as start, (n.available - coalesce(s.last, 0))::bigint as "end"
    from now n left join since s on s.sku_id = n.sku_id`)
  return new Map(rows.map(({ skuId, start, end }) => [skuId, { start, end }]))
}

/** A SKU, and what is known of who reserved units of it. */
export interface TakersWanted {
  shopId: string
  skuId: string
  /** The first id of a movement that may be new. */
  since: string
  /** What its accounts were when that was read; null before the first time. */
  version: string | null
}

/** Buyers who reserved units of a SKU since then: the latest of them, none when its accounts have not moved. */
export interface Takers {
  shopId: string
  skuId: string
  version: string
  buyerIds: string[]
}

/** Which buyers reserved units of these SKUs, of each the latest `most`. */
export async function takersOf(tx: Tx, wanted: readonly TakersWanted[], most: number): Promise<Takers[]> {
  return tx.rows(sql`
    select w.shop_id, w.sku_id, v.version, m.buyer_ids
    from unnest(${wanted.map((each) => each.shopId)}::uuid[], ${wanted.map((each) => each.skuId)}::uuid[],
      ${wanted.map((each) => each.since)}::uuid[], ${wanted.map((each) => each.version)}::text[])
      as w(shop_id, sku_id, since, version)
    cross join lateral (
      select coalesce(string_agg(a.xmin::text, ' ' order by a.id), '') as version
      from stock_places p join ledger_accounts a on a.shop_id = p.shop_id and a.id = p.available_account
      where p.shop_id = w.shop_id and p.sku_id = w.sku_id
    ) v
    cross join lateral (
      select coalesce(array_agg(t.actor_id), '{}') as buyer_ids from (
        select actor_id from stock_movements
        where v.version is distinct from w.version and shop_id = w.shop_id and sku_id = w.sku_id and id >= w.since
          and reason = 'reserve' and actor_kind = 'buyer'
        order by id desc limit ${most}
      ) t
    ) m`)
}
