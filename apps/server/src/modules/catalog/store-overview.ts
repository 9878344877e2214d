import { sql, type Tx } from '../../kernel/db.ts'

export const countDrafts = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from products where shop_id = ${shopId} and state = 'draft'`,
    )
  ).count

/** Titles of products by id. */
export async function productTitles(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; title: string }>(sql`
    select id, title from products where shop_id = ${shopId} and id = any(${productIds as string[]}::uuid[])`)
  return new Map(rows.map((row) => [row.id, row.title]))
}

/** How many products name each freight template. */
export async function productsByFreight(tx: Tx, shopId: string): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; count: number }>(sql`
    select freight_template_id as id, count(*) as count from products
    where shop_id = ${shopId} and freight_template_id is not null group by freight_template_id`)
  return new Map(rows.map((row) => [row.id, row.count]))
}

/** How far a shop has come with its goods. */
export const goodsMilestones = (tx: Tx, shopId: string) =>
  tx.one<{ hasProducts: boolean; hasOnSale: boolean }>(sql`
    select exists (select from products where shop_id = ${shopId}) as has_products,
      exists (select from products where shop_id = ${shopId} and state = 'on-sale') as has_on_sale`)

export const productExists = async (tx: Tx, shopId: string, productId: string): Promise<boolean> =>
  (await tx.maybe(sql`select 1 from products where shop_id = ${shopId} and id = ${productId}`)) !== undefined

/** All products that may be seen, without the recycle bin. */
export const countAll = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from products where shop_id = ${shopId} and deleted_at is null`,
    )
  ).count
