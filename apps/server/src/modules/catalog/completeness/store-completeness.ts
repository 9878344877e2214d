import { COMPLETENESS_ITEMS, type CompletenessItem } from '@zhanggui/contract'
import { sql, type Tx } from '../../../kernel/db.ts'

export interface ReckonedProduct {
  id: string
  score: number
  /** Points that are missing, by item. */
  gaps: Record<string, number>
}

/** Writes what was reckoned; rows that say so already are left alone. Locks products in id order. */
export async function writeScores(
  tx: Tx,
  shopId: string,
  scores: readonly ReckonedProduct[],
  at: string,
): Promise<void> {
  if (scores.length === 0) return
  await tx.exec(sql`
    with r as (
      select * from jsonb_to_recordset(${JSON.stringify(scores)}::jsonb) as r(id uuid, score smallint, gaps jsonb)
    ), wanted as (
      select p.id from products p join r on r.id = p.id
      where p.shop_id = ${shopId}
        and (p.completeness_at is null or p.completeness <> r.score or p.completeness_gaps <> r.gaps)
      order by p.id for update of p
    )
    update products p set completeness = r.score, completeness_gaps = r.gaps, completeness_at = ${at}
    from wanted w join r on r.id = w.id where p.shop_id = ${shopId} and p.id = w.id`)
}

/** Ids of the shop's products after `afterId`; only those that were never reckoned with `isNew`. */
export async function productsAfter(
  tx: Tx,
  shopId: string,
  afterId: string | null,
  isNew: boolean,
  limit: number,
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from products where shop_id = ${shopId} and (${afterId}::uuid is null or id > ${afterId}::uuid)
      and (not ${isNew} or completeness_at is null) order by id limit ${limit}`)
  return rows.map(({ id }) => id)
}

/** Products that show one of the pictures. */
export async function productsShowing(tx: Tx, shopId: string, fileIds: readonly string[]): Promise<string[]> {
  if (fileIds.length === 0) return []
  const rows = await tx.rows<{ id: string }>(sql`
    select id from products where shop_id = ${shopId} and pictures && ${fileIds as string[]}::uuid[] order by id`)
  return rows.map(({ id }) => id)
}

/** Shops with products that were never reckoned, and the rules by which the others were. Scope `system`. */
export async function shopsToReckon(tx: Tx): Promise<{ shopId: string; rulesKey: string | null; hasNew: boolean }[]> {
  return tx.rows(sql`
    select coalesce(r.shop_id, n.shop_id) as shop_id, r.rules_key, n.shop_id is not null as has_new
    from completeness_runs r
    full join (select distinct shop_id from products where completeness_at is null) n on n.shop_id = r.shop_id
    order by 1`)
}

/** Shops with pictures that were stored before anything was measured on them. Scope `system`. */
export async function shopsToMeasure(tx: Tx, limit: number): Promise<string[]> {
  const rows = await tx.rows<{ shopId: string }>(sql`
    select distinct shop_id from files where kind = 'image' and white_edge_bp is null order by 1 limit ${limit}`)
  return rows.map(({ shopId }) => shopId)
}

/** Notes the rules of a shop: `first` only where none were noted, `now` instead of those that were. */
export async function noteRules(
  tx: Tx,
  shopId: string,
  rulesKey: string,
  at: string,
  when: 'first' | 'now',
): Promise<void> {
  await tx.exec(sql`
    insert into completeness_runs as r (shop_id, rules_key, reckoned_at) values (${shopId}, ${rulesKey}, ${at})
    on conflict (shop_id) do update set rules_key = excluded.rules_key, reckoned_at = excluded.reckoned_at
      where ${when === 'now'} and r.rules_key <> excluded.rules_key`)
}

/** Products on sale by score, and the points that are missing by item. */
export async function overviewOf(tx: Tx, shopId: string) {
  const bands = await tx.rows<{ band: number; products: number; points: number }>(sql`
    select case when completeness = 100 then 4 when completeness >= 80 then 3 when completeness >= 60 then 2
        when completeness >= 40 then 1 else 0 end as band, count(*) as products, sum(completeness) as points
    from products where shop_id = ${shopId} and state = 'on-sale' and completeness_at is not null group by 1`)
  const gaps = await tx.rows<{ item: string; products: number; points: number }>(sql`
    select g.key as item, count(*) as products, sum(g.value::integer) as points
    from products p cross join jsonb_each_text(p.completeness_gaps) g
    where p.shop_id = ${shopId} and p.state = 'on-sale' and p.completeness_at is not null
    group by g.key order by points desc, g.key`)
  const known = new Set<string>(COMPLETENESS_ITEMS)
  return {
    bands,
    gaps: gaps.filter((gap) => known.has(gap.item)) as ((typeof gaps)[number] & { item: CompletenessItem })[],
  }
}
