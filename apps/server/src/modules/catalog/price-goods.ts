import { sql, type Tx } from '../../kernel/db.ts'
import type { PriceGoods } from '../prices/index.ts'

/** SKUs of products that are not archived, by product, as prices see them; unknown products are absent. */
export async function goodsOf(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
): Promise<Map<string, PriceGoods[]>> {
  const rows = await tx.rows<Omit<PriceGoods, 'skuId'> & { skuId: string | null }>(sql`
    select p.id as product_id, p.title, s.id as sku_id, s.code, array_to_string(s.option_values, ' / ') as options,
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
