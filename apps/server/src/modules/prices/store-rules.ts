import type { Channel, PriceRuleKind, PriceRuleState } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'
import type { PriceMethod, PriceRounding } from '../pricing/index.ts'

export interface RuleRow {
  id: string
  kind: PriceRuleKind
  label: string
  method: PriceMethod
  value: number
  rounding: PriceRounding
  levelIds: string[]
  provinces: string[]
  channels: Channel[]
  startsAt: string | null
  endsAt: string | null
  warmFrom: string | null
  stopped: boolean
  version: number
  itemCount: number
  productCount: number
  createdBy: Actor
  createdAt: string
  updatedAt: string
}

export interface RuleItem {
  productId: string
  skuId: string | null
  priceFen: number | null
}

const COLUMNS = sql`r.id, r.kind, r.label, r.method, r.value, r.rounding, r.level_ids, r.provinces, r.channels, r.starts_at,
  r.ends_at, r.warm_from, r.stopped, r.version, r.item_count, r.product_count, r.created_by, r.created_at, r.updated_at`

export const findRule = (tx: Tx, shopId: string, ruleId: string): Promise<RuleRow | undefined> =>
  tx.maybe<RuleRow>(sql`select ${COLUMNS} from price_rules r where r.shop_id = ${shopId} and r.id = ${ruleId}`)

export const itemsOf = (tx: Tx, shopId: string, ruleId: string): Promise<RuleItem[]> =>
  tx.rows<RuleItem>(sql`
    select product_id, sku_id, price_fen from price_rule_items where shop_id = ${shopId} and rule_id = ${ruleId}
    order by number`)

export interface RuleFilter {
  shopId: string
  q?: string | undefined
  kind?: PriceRuleKind | undefined
  state?: PriceRuleState | undefined
  at: string
  before?: { createdAt: string; id: string } | undefined
  limit: number
}

/** Rules, newest first. */
export async function listRules(tx: Tx, filter: RuleFilter): Promise<RuleRow[]> {
  const { shopId, q, kind, state, at, before } = filter
  const all: Sql[] = [sql`r.shop_id = ${shopId}`]
  if (q) all.push(sql`position(lower(${q}) in lower(r.label)) > 0`)
  if (kind !== undefined) all.push(sql`r.kind = ${kind}`)
  if (state !== undefined) all.push(inState(state, at))
  if (before !== undefined) all.push(sql`(r.created_at, r.id) < (${before.createdAt}::timestamptz, ${before.id}::uuid)`)
  return tx.rows<RuleRow>(sql`
    select ${COLUMNS} from price_rules r where ${join(all, ' and ')}
    order by r.created_at desc, r.id desc limit ${filter.limit}`)
}

function inState(state: PriceRuleState, at: string): Sql {
  if (state === 'stopped') return sql`r.stopped`
  if (state === 'ended') return sql`not r.stopped and r.ends_at <= ${at}`
  if (state === 'upcoming') return sql`not r.stopped and r.starts_at > ${at}`
  return sql`not r.stopped and (r.starts_at is null or r.starts_at <= ${at}) and (r.ends_at is null or r.ends_at > ${at})`
}

/** Rules over a product, those that end last first. */
export const rulesOver = (tx: Tx, shopId: string, productId: string, limit: number): Promise<RuleRow[]> =>
  tx.rows<RuleRow>(sql`
    select ${COLUMNS} from price_rules r where r.shop_id = ${shopId} and r.id in (
      select i.rule_id from price_rule_items i where i.shop_id = ${shopId} and i.product_id = ${productId})
    order by r.stopped, r.ends_at desc nulls first, r.id desc limit ${limit}`)

export async function insertRule(tx: Tx, shopId: string, rule: RuleRow): Promise<void> {
  await tx.exec(sql`
    insert into price_rules (shop_id, id, kind, label, method, value, rounding, level_ids, provinces, channels, starts_at,
      ends_at, warm_from, stopped, version, item_count, product_count, created_by, created_at, updated_at)
    values (${shopId}, ${rule.id}, ${rule.kind}, ${rule.label}, ${rule.method}, ${rule.value}, ${rule.rounding},
      ${rule.levelIds}::uuid[], ${rule.provinces}::text[], ${rule.channels}::text[], ${rule.startsAt}, ${rule.endsAt},
      ${rule.warmFrom}, ${rule.stopped}, ${rule.version}, ${rule.itemCount}, ${rule.productCount},
      ${JSON.stringify(rule.createdBy)}::jsonb, ${rule.createdAt}, ${rule.updatedAt})`)
}

/** Answers whether the rule still had the version before. */
export async function updateRule(tx: Tx, shopId: string, rule: RuleRow): Promise<boolean> {
  const changed = await tx.exec(sql`
    update price_rules set kind = ${rule.kind}, label = ${rule.label}, method = ${rule.method}, value = ${rule.value},
      rounding = ${rule.rounding}, level_ids = ${rule.levelIds}::uuid[], provinces = ${rule.provinces}::text[],
      channels = ${rule.channels}::text[], starts_at = ${rule.startsAt}, ends_at = ${rule.endsAt},
      warm_from = ${rule.warmFrom}, stopped = ${rule.stopped}, version = ${rule.version}, item_count = ${rule.itemCount},
      product_count = ${rule.productCount}, updated_at = ${rule.updatedAt}
    where shop_id = ${shopId} and id = ${rule.id} and version = ${rule.version - 1}`)
  return changed === 1
}

export async function replaceItems(tx: Tx, shopId: string, ruleId: string, items: readonly RuleItem[]): Promise<void> {
  await tx.exec(sql`delete from price_rule_items where shop_id = ${shopId} and rule_id = ${ruleId}`)
  await tx.exec(sql`
    insert into price_rule_items (shop_id, rule_id, number, product_id, sku_id, price_fen)
    select ${shopId}, ${ruleId}, number, product_id, sku_id, price_fen
    from unnest(${items.map(({ productId }) => productId)}::uuid[], ${items.map(({ skuId }) => skuId)}::uuid[],
      ${items.map(({ priceFen }) => priceFen)}::bigint[]) with ordinality as i(product_id, sku_id, price_fen, number)`)
}

/** How many rules that are not over name a level. */
export async function rulesOfLevel(tx: Tx, shopId: string, levelId: string, at: string): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    select count(*) as count from price_rules r where r.shop_id = ${shopId} and ${levelId}::uuid = any(r.level_ids)
      and (r.ends_at is null or r.ends_at > ${at})`)
  return count
}
