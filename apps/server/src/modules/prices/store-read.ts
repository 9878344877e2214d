import { plainArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { PriceRule } from '../pricing/index.ts'

export interface ShopRule extends PriceRule {
  shopId: string
}

/** Which of these shops have any rule that is or will be in force. */
export async function shopsWithRules(tx: Tx, shopIds: readonly string[], at: string): Promise<Set<string>> {
  const rows = await tx.prepared<{ shopId: string }>('prices-shops-with-rules', SHOPS_WITH_RULES, [
    plainArray(shopIds),
    at,
  ])
  return new Set(rows.map(({ shopId }) => shopId))
}

const SHOPS_WITH_RULES = `
  select w.shop_id from unnest($1::uuid[]) as w(shop_id)
  where exists (select 1 from price_rules r where r.shop_id = w.shop_id and not r.stopped
    and (r.ends_at is null or r.ends_at > $2::timestamptz))`

export interface ProductOfShop {
  shopId: string
  productId: string
}

/** Rules over these products that are in force at `at` or will be, in one statement whatever their number. */
export const rulesOfProducts = (tx: Tx, products: readonly ProductOfShop[], at: string): Promise<ShopRule[]> =>
  tx.prepared<ShopRule>('prices-rules-of-products', RULES_OF_PRODUCTS, [
    plainArray(products.map(({ shopId }) => shopId)),
    plainArray(products.map(({ productId }) => productId)),
    at,
  ])

const RULES_OF_PRODUCTS = `
  select i.shop_id, i.rule_id, i.product_id, i.sku_id, r.kind, r.label, r.level_ids, r.provinces, r.channels,
    r.starts_at, r.ends_at, r.warm_from, r.rounding,
    case when i.price_fen is null then r.method else 'fixed' end as method, coalesce(i.price_fen, r.value) as value
  from unnest($1::uuid[], $2::uuid[]) as w(shop_id, product_id)
  join price_rule_items i on i.shop_id = w.shop_id and i.product_id = w.product_id
  join price_rules r on r.shop_id = i.shop_id and r.id = i.rule_id
  where not r.stopped and (r.ends_at is null or r.ends_at > $3::timestamptz)`

/**
 * Products over which a rule is in force at `at` that may be for this viewer, whatever comes of it. Of levels and
 * provinces it is only asked whether anything is known: the resolver decides who gets what.
 */
export async function touchedProducts(
  tx: Tx,
  shopId: string,
  { buyerId, channel, province }: { buyerId: string | null; channel: string; province: string | null },
  at: string,
): Promise<string[]> {
  const rows = await tx.prepared<{ productId: string }>('prices-touched-products', TOUCHED_PRODUCTS, [
    ...[shopId, at, channel, buyerId !== null, province !== null],
  ])
  return rows.map(({ productId }) => productId)
}

const TOUCHED_PRODUCTS = `
  select distinct i.product_id from price_rules r
  join price_rule_items i on i.shop_id = r.shop_id and i.rule_id = r.id
  where r.shop_id = $1::uuid and not r.stopped and (r.starts_at is null or r.starts_at <= $2::timestamptz)
    and (r.ends_at is null or r.ends_at > $2::timestamptz) and (r.channels = '{}' or $3::text = any(r.channels))
    and (r.level_ids = '{}' or $4::boolean) and (r.provinces = '{}' or $5::boolean)`

/** Products that are shown in another way than the shop says. */
export async function displaysOf(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
): Promise<Map<string, 'strike' | 'drop'>> {
  const rows = await tx.rows<{ productId: string; display: 'strike' | 'drop' }>(sql`
    select product_id, display from price_displays
    where shop_id = ${shopId} and product_id = any(${productIds as string[]}::uuid[])`)
  return new Map(rows.map(({ productId, display }) => [productId, display]))
}

/** `shop` takes the product's own display away. */
export async function writeDisplay(
  tx: Tx,
  shopId: string,
  productId: string,
  display: 'shop' | 'strike' | 'drop',
): Promise<void> {
  if (display === 'shop')
    await tx.exec(sql`delete from price_displays where shop_id = ${shopId} and product_id = ${productId}`)
  else
    await tx.exec(sql`
      insert into price_displays (shop_id, product_id, display) values (${shopId}, ${productId}, ${display})
      on conflict (shop_id, product_id) do update set display = excluded.display`)
}
