import type { Actor } from '../../kernel/actor.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface DeletedRow {
  id: string
  title: string
  picture: string | null
  skuCount: number
  minPriceFen: number
  maxPriceFen: number
  deletedAt: string
  deletedBy: Actor
}

/** Which of these products are in the recycle bin, or hidden behind it. */
export async function deletedAmong(tx: Tx, shopId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from products where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[]) and deleted_at is not null`)
  return new Set(rows.map(({ id }) => id))
}

export async function markDeleted(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
  by: { actor: Actor; at: string },
): Promise<void> {
  await tx.exec(sql`
    update products set deleted_at = ${by.at}, deleted_by = ${JSON.stringify(by.actor)}::jsonb
    where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[]) and deleted_at is null`)
}

export async function unmarkDeleted(tx: Tx, shopId: string, ids: readonly string[]): Promise<void> {
  await tx.exec(sql`
    update products set deleted_at = null, deleted_by = null, hidden_at = null
    where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[]) and deleted_at is not null`)
}

/** Products in the bin, the latest first. */
export async function listDeleted(
  tx: Tx,
  shopId: string,
  page: { q?: string | undefined; before?: { deletedAt: string; id: string } | undefined; limit: number },
): Promise<DeletedRow[]> {
  const words = page.q ? sql`and position(lower(${page.q}) in lower(p.title)) > 0` : empty
  const before =
    page.before === undefined
      ? empty
      : sql`and (p.deleted_at, p.id) < (${page.before.deletedAt}::timestamptz, ${page.before.id}::uuid)`
  return tx.rows<DeletedRow>(sql`
    select p.id, p.title, p.pictures[1] as picture, p.sku_count, p.min_price_fen, p.max_price_fen, p.deleted_at, p.deleted_by
    from products p where p.shop_id = ${shopId} and p.deleted_at is not null and p.hidden_at is null ${words} ${before}
    order by p.deleted_at desc, p.id desc limit ${page.limit}`)
}

/** Products whose time in the bin is over, oldest first, of any shop. Scope `system`. */
export const deletedBefore = (tx: Tx, shopId: string, before: string, limit: number): Promise<{ id: string }[]> =>
  tx.rows(sql`
    select id from products where shop_id = ${shopId} and deleted_at < ${before} and hidden_at is null
    order by deleted_at, id limit ${limit}`)

/** Shops that have anything in the bin. Scope `system`. */
export async function shopsWithDeleted(tx: Tx): Promise<string[]> {
  const rows = await tx.rows<{ shopId: string }>(sql`
    select distinct shop_id from products where deleted_at is not null and hidden_at is null`)
  return rows.map(({ shopId }) => shopId)
}

export async function hideProduct(tx: Tx, shopId: string, id: string, at: string): Promise<void> {
  await tx.exec(sql`
    update products set hidden_at = ${at} where shop_id = ${shopId} and id = ${id} and deleted_at is not null`)
}

/** Removes a product of the bin with everything of it. Something of another module that names it violates its key. */
export async function removeProduct(tx: Tx, shopId: string, id: string): Promise<void> {
  const own = sql`where shop_id = ${shopId} and product_id = ${id}`
  await tx.exec(sql`delete from product_search ${own}`)
  await tx.exec(sql`delete from product_versions ${own}`)
  await tx.exec(sql`delete from skus ${own}`)
  await tx.exec(sql`delete from products where shop_id = ${shopId} and id = ${id} and deleted_at is not null`)
}

export const skuIdsOf = async (tx: Tx, shopId: string, productId: string): Promise<string[]> =>
  (await tx.rows<{ id: string }>(sql`select id from skus where shop_id = ${shopId} and product_id = ${productId}`)).map(
    ({ id }) => id,
  )
