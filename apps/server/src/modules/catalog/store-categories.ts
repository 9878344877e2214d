import { sql, type Tx } from '../../kernel/db.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { CategoryNode } from './rules.ts'

export const MAX_CATEGORIES = 2000

/** Held by everything that changes the tree, so that two moves cannot make a circle. */
export const lockTree = (tx: Tx, shopId: string): Promise<void> => lockInOrder(tx, [`categories:${shopId}`])

/** The whole tree, in the order in which siblings are shown. */
export async function loadTree(tx: Tx, shopId: string): Promise<Map<string, CategoryNode>> {
  const rows = await tx.rows<CategoryNode>(sql`
    select id, parent_id, name, position from categories where shop_id = ${shopId}
    order by position, id limit ${MAX_CATEGORIES}`)
  return new Map(rows.map((row) => [row.id, row]))
}

/** The category of each product and those above it, nearest first. */
export async function categoriesAbove(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ productId: string; categoryIds: string[] }>(sql`
    with recursive above as (
      select p.id as product_id, p.category_id, 1 as depth from products p
      where p.shop_id = ${shopId} and p.id = any(${productIds as string[]}::uuid[]) and p.category_id is not null
      union all
      select above.product_id, c.parent_id, depth + 1 from above
      join categories c on c.shop_id = ${shopId} and c.id = above.category_id where c.parent_id is not null)
    select product_id, array_agg(category_id order by depth) as category_ids from above group by product_id`)
  return new Map(rows.map(({ productId, categoryIds }) => [productId, categoryIds]))
}

/** Products directly in each category; `onSale` counts only what buyers can see. */
export async function countProducts(tx: Tx, shopId: string, onSale: boolean): Promise<Map<string, number>> {
  const rows = await tx.rows<{ categoryId: string; count: number }>(sql`
    select category_id, count(*) as count from products
    where shop_id = ${shopId} and category_id is not null ${onSale ? sql`and state = 'on-sale'` : sql``}
    group by category_id`)
  return new Map(rows.map((row) => [row.categoryId, row.count]))
}

/** Answers whether the name was free among its siblings. */
export async function insertCategory(tx: Tx, shopId: string, node: CategoryNode, at: string): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into categories (shop_id, id, parent_id, name, position, created_at)
    values (${shopId}, ${node.id}, ${node.parentId}, ${node.name}, ${node.position}, ${at})
    on conflict (shop_id, parent_id, name) do nothing`)
  return inserted === 1
}

export async function updateCategory(tx: Tx, shopId: string, node: CategoryNode): Promise<void> {
  await tx.exec(sql`
    update categories set parent_id = ${node.parentId}, name = ${node.name}, position = ${node.position}
    where shop_id = ${shopId} and id = ${node.id}`)
}

export async function countDirectly(tx: Tx, shopId: string, categoryId: string): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    select (select count(*) from products where shop_id = ${shopId} and category_id = ${categoryId})
      + (select count(*) from categories where shop_id = ${shopId} and parent_id = ${categoryId}) as count`)
  return count
}

export async function deleteCategory(tx: Tx, shopId: string, categoryId: string): Promise<void> {
  await tx.exec(sql`delete from categories where shop_id = ${shopId} and id = ${categoryId}`)
}
