import { sql, type Tx } from '../../kernel/db.ts'
import { isUuid } from '../../kernel/ids.ts'
import type { CodedGoods, PriceGoods } from '../prices/index.ts'

/** SKUs of products that are not archived, by product, as prices see them; unknown products are absent. */
export async function goodsOf(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
): Promise<Map<string, PriceGoods[]>> {
  const rows = await tx.rows<Omit<PriceGoods, 'skuId'> & { skuId: string | null }>(sql`
    select p.id as product_id, p.title, coalesce(p.code, p.id::text) as product_code, s.id as sku_id, s.code, array_to_string(s.option_values, ' / ') as options,
      s.price_fen, s.cost_fen
    from products p
    left join skus s on s.shop_id = p.shop_id and s.product_id = p.id and not s.archived
    where p.shop_id = ${shopId} and p.id = any(${productIds as string[]}::uuid[]) order by p.id, s.position, s.id`)
  const goods = new Map<string, PriceGoods[]>()
  for (const row of rows) {
    const known = goods.get(row.productId) ?? []
    if (row.skuId !== null) known.push(row as PriceGoods)
    goods.set(row.productId, known)
  }
  return goods
}

/**
 * What is sold under each code: the SKU that carries it, else the product, else the one SKU with this barcode. A barcode
 * of several SKUs names none.
 */
export async function goodsByCodes(tx: Tx, shopId: string, codes: readonly string[]): Promise<Map<string, CodedGoods>> {
  const rows = await tx.rows<CodedGoods & { code: string }>(sql`
    with wanted as (select distinct code from unnest(${codes as string[]}::text[]) as w(code) where code <> ''),
    named as (
      select s.code, 1 as rank, s.product_id, s.id as sku_id
      from wanted w join skus s on s.shop_id = ${shopId} and s.code = w.code where not s.archived
      union all
      select p.code, 2, p.id, null from wanted w join products p on p.shop_id = ${shopId} and p.code = w.code
      union all
      select p.id::text, 3, p.id, null from products p
      where p.shop_id = ${shopId} and p.id = any(${codes.filter(isUuid)}::uuid[])
      union all
      select s.barcode, 4, min(s.product_id::text)::uuid, min(s.id::text)::uuid
      from wanted w join skus s on s.shop_id = ${shopId} and s.barcode = w.code and s.barcode <> ''
      where not s.archived group by s.barcode having count(*) = 1)
    select distinct on (n.code) n.code, n.product_id, n.sku_id, p.title
    from named n join products p on p.shop_id = ${shopId} and p.id = n.product_id and p.deleted_at is null
    order by n.code, n.rank`)
  return new Map(rows.map(({ code, ...goods }) => [code, goods]))
}

export interface SkuPrices {
  productId: string
  skuId: string
  priceFen: number
  listPriceFen: number | null
}

/** Prices of the SKUs of products, in the shop's order. */
export const skuPrices = (tx: Tx, shopId: string, productIds: readonly string[]): Promise<SkuPrices[]> =>
  tx.rows<SkuPrices>(sql`
    select product_id, id as sku_id, price_fen, list_price_fen from skus
    where shop_id = ${shopId} and product_id = any(${productIds as string[]}::uuid[]) and not archived
    order by product_id, position, id`)
