import { sql, type Tx } from '../../kernel/db.ts'
import type { SkuForSale, SkuLabel } from './types.ts'

/** Everything that cart, quote and order need of SKUs, in one query. Unknown ids are absent from the answer. */
export async function skusForSale(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<Map<string, SkuForSale>> {
  const rows = await tx.prepared<SkuForSale>('catalog-skus-for-sale', SKUS_FOR_SALE, [shopId, skuIds])
  return new Map(rows.map((row) => [row.skuId, row]))
}

const SKUS_FOR_SALE = `
  select s.id as sku_id, s.product_id, s.code, p.title, array_to_string(s.option_values, ' / ') as options,
    s.price_fen, s.list_price_fen, s.weight_grams, p.freight_template_id,
    coalesce(s.picture, p.pictures[1]) as picture_file_id, (p.state = 'on-sale' and not s.archived) as on_sale,
    p.category_id, p.tags, p.role, p.exclusive_provinces, p.purchase_limit
  from skus s join products p on p.shop_id = s.shop_id and p.id = s.product_id
  where s.shop_id = $1 and s.id = any($2::uuid[])`

/** How SKUs are called, archived ones too. */
export async function skuLabels(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<Map<string, SkuLabel>> {
  const rows = await tx.rows<SkuLabel>(sql`
    select sku_id, product_id, sku_code as code, title, options, archived from catalog_sku_view
    where shop_id = ${shopId} and sku_id = any(${skuIds as string[]}::uuid[])`)
  return new Map(rows.map((row) => [row.skuId, row]))
}

/** SKUs that carry the given codes, archived ones too. */
export async function skusByCodes(
  tx: Tx,
  shopId: string,
  codes: readonly string[],
): Promise<{ id: string; code: string; productId: string }[]> {
  if (codes.length === 0) return []
  return tx.rows(sql`
    select id, code, product_id from skus where shop_id = ${shopId} and code = any(${codes as string[]}::text[])`)
}

/** Ids of the live SKUs of products: in the order of the products, then of their SKUs. */
export async function skuIdsOf(tx: Tx, shopId: string, productIds: readonly string[]): Promise<string[]> {
  if (productIds.length === 0) return []
  const rows = await tx.rows<{ id: string }>(sql`
    select s.id from unnest(${productIds as string[]}::uuid[]) with ordinality as want(product_id, place)
    join skus s on s.shop_id = ${shopId} and s.product_id = want.product_id
    order by want.place, s.id limit 200`)
  return rows.map((row) => row.id)
}
