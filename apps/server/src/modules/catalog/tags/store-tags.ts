import type { TagDimension, TagFacet } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../../kernel/db.ts'
import { lockInOrder } from '../../../kernel/locks.ts'

export interface TagDimensionRow {
  id: string
  name: string
  position: number
  storefront: boolean
}

export interface TagValueRow {
  id: string
  dimensionId: string
  name: string
  position: number
}

/** Held by everything that changes the vocabulary of a shop. */
export const lockTags = (tx: Tx, shopId: string): Promise<void> => lockInOrder(tx, [`tags:${shopId}`])

/** Those of `ids` that are values of the shop's dimensions. Their rows stay until the transaction ends. */
export async function tagValuesAmong(tx: Tx, shopId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from tag_values where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[])
    order by id for key share`)
  return rows.map(({ id }) => id)
}

/** The values grouped by their dimension; what is unknown makes a group that nothing carries. */
export async function tagGroups(tx: Tx, shopId: string, ids: readonly string[]): Promise<string[][]> {
  const wanted = [...new Set(ids)]
  const rows = await tx.rows<{ id: string; dimensionId: string }>(sql`
    select id, dimension_id from tag_values where shop_id = ${shopId} and id = any(${wanted}::uuid[])`)
  const groups = [...Map.groupBy(rows, ({ dimensionId }) => dimensionId).values()].map((group) =>
    group.map(({ id }) => id),
  )
  const known = new Set(rows.map(({ id }) => id))
  const unknown = wanted.filter((id) => !known.has(id))
  return unknown.length === 0 ? groups : [...groups, unknown]
}

/** All dimensions with their values and how many products carry each. */
export async function loadDimensions(tx: Tx, shopId: string): Promise<TagDimension[]> {
  const dimensions = await tx.rows<TagDimensionRow>(sql`
    select id, name, position, storefront from tag_dimensions where shop_id = ${shopId} order by position, id`)
  const values = await tx.rows<TagValueRow>(sql`
    select id, dimension_id, name, position from tag_values where shop_id = ${shopId} order by position, id`)
  const counts = await carriers(tx, shopId)
  const byDimension = Map.groupBy(values, ({ dimensionId }) => dimensionId)
  return dimensions.map((dimension) => ({
    ...dimension,
    values: (byDimension.get(dimension.id) ?? []).map(({ id, name, position }) => ({
      id,
      name,
      position,
      productCount: counts.get(id) ?? 0,
    })),
  }))
}

/** How many products carry each value; of all values, or of `ids`. */
export async function carriers(tx: Tx, shopId: string, ids?: readonly string[]): Promise<Map<string, number>> {
  const among = ids === undefined ? empty : sql`and p.tag_value_ids && ${ids as string[]}::uuid[]`
  const rows = await tx.rows<{ id: string; count: number }>(sql`
    select t.id, count(*) as count from products p cross join unnest(p.tag_value_ids) as t(id)
    where p.shop_id = ${shopId} ${among} group by t.id`)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** What buyers filter by: dimensions for the storefront, with the values that products on sale carry. */
export async function tagFacets(
  tx: Tx,
  shopId: string,
  categoryIds: readonly string[] | undefined,
): Promise<TagFacet[]> {
  const among = categoryIds === undefined ? empty : sql`and p.category_id = any(${categoryIds as string[]}::uuid[])`
  const rows = await tx.rows<{ id: string; dimension: string; valueId: string; name: string; count: number }>(sql`
    select d.id, d.name as dimension, v.id as value_id, v.name, c.count
    from (
      select t.id, count(*) as count from products p cross join unnest(p.tag_value_ids) as t(id)
      where p.shop_id = ${shopId} and p.state = 'on-sale' ${among} group by t.id
    ) c
    join tag_values v on v.shop_id = ${shopId} and v.id = c.id
    join tag_dimensions d on d.shop_id = v.shop_id and d.id = v.dimension_id and d.storefront
    order by d.position, d.id, v.position, v.id`)
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((group) => ({
    id: group[0]!.id,
    name: group[0]!.dimension,
    values: group.map(({ valueId, name, count }) => ({ id: valueId, name, productCount: count })),
  }))
}

/**
 * What found products can be narrowed by: values of dimensions for the storefront that some of the products carry, or
 * that are chosen, with how many carry each. In the order of the vocabulary.
 */
export async function foundTags(
  tx: Tx,
  shopId: string,
  productIds: readonly string[],
  chosen: readonly string[],
): Promise<{ id: string; name: string; values: { id: string; name: string; products: number }[] }[]> {
  const rows = await tx.rows<{ id: string; dimension: string; valueId: string; name: string; products: number }>(sql`
    select d.id, d.name as dimension, v.id as value_id, v.name, coalesce(c.products, 0) as products
    from tag_values v
    join tag_dimensions d on d.shop_id = v.shop_id and d.id = v.dimension_id and d.storefront
    left join (
      select t.id, count(*) as products from products p cross join unnest(p.tag_value_ids) as t(id)
      where p.shop_id = ${shopId} and p.id = any(${productIds as string[]}::uuid[]) group by t.id
    ) c on c.id = v.id
    where v.shop_id = ${shopId} and (c.id is not null or v.id = any(${chosen as string[]}::uuid[]))
    order by d.position, d.id, v.position, v.id`)
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((group) => ({
    id: group[0]!.id,
    name: group[0]!.dimension,
    values: group.map(({ valueId, name, products }) => ({ id: valueId, name, products })),
  }))
}

/** The values that buyers may know of, in the order of the vocabulary. */
export async function storeTagValues(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
): Promise<{ id: string; dimension: string; name: string }[]> {
  if (ids.length === 0) return []
  return tx.rows(sql`
    select v.id, d.name as dimension, v.name from tag_values v
    join tag_dimensions d on d.shop_id = v.shop_id and d.id = v.dimension_id
    where v.shop_id = ${shopId} and v.id = any(${ids as string[]}::uuid[]) and d.storefront
    order by d.position, d.id, v.position, v.id`)
}

/** All values among `ids` by id, in the order of the vocabulary. */
export async function tagValueNames(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
): Promise<Map<string, { dimension: string; name: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.rows<{ id: string; dimension: string; name: string }>(sql`
    select v.id, d.name as dimension, v.name from tag_values v
    join tag_dimensions d on d.shop_id = v.shop_id and d.id = v.dimension_id
    where v.shop_id = ${shopId} and v.id = any(${[...new Set(ids)]}::uuid[])
    order by d.position, d.id, v.position, v.id`)
  return new Map(rows.map(({ id, dimension, name }) => [id, { dimension, name }]))
}

/** All values among `ids` with their dimension, for whoever speaks of them in words. */
export async function tagNames(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
): Promise<{ dimension: string; name: string }[]> {
  if (ids.length === 0) return []
  return tx.rows(sql`
    select d.name as dimension, v.name from tag_values v
    join tag_dimensions d on d.shop_id = v.shop_id and d.id = v.dimension_id
    where v.shop_id = ${shopId} and v.id = any(${ids as string[]}::uuid[])
    order by d.position, d.id, v.position, v.id`)
}

export async function insertDimension(tx: Tx, shopId: string, row: TagDimensionRow, at: string): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into tag_dimensions (shop_id, id, name, position, storefront, created_at)
    values (${shopId}, ${row.id}, ${row.name}, ${row.position}, ${row.storefront}, ${at})
    on conflict (shop_id, name) do nothing`)
  return inserted === 1
}

export async function updateDimension(tx: Tx, shopId: string, row: TagDimensionRow): Promise<void> {
  await tx.exec(sql`
    update tag_dimensions set name = ${row.name}, position = ${row.position}, storefront = ${row.storefront}
    where shop_id = ${shopId} and id = ${row.id}`)
}

/** Inserts new values and writes changed ones. Names may be swapped: they are compared at the end of the statement. */
export async function upsertValues(tx: Tx, shopId: string, values: readonly TagValueRow[]): Promise<void> {
  if (values.length === 0) return
  await tx.exec(sql`
    insert into tag_values (shop_id, id, dimension_id, name, position)
    select ${shopId}, r.id, r."dimensionId", r.name, r.position
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
      as r(id uuid, "dimensionId" uuid, name text, position integer)
    on conflict (shop_id, id) do update set name = excluded.name, position = excluded.position`)
}

export async function deleteValues(tx: Tx, shopId: string, ids: readonly string[]): Promise<void> {
  await tx.exec(sql`delete from tag_values where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[])`)
}

export async function deleteDimension(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.exec(sql`delete from tag_dimensions where shop_id = ${shopId} and id = ${id}`)
}
