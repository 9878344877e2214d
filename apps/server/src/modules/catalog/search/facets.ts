import { sql, type Tx } from '../../../kernel/db.ts'
import { foundTags } from '../tags/store-tags.ts'
import type { Match } from './match.ts'

export interface FacetValue {
  value: string
  products: number
}

export interface Facets {
  /** How many products the facets were counted over. */
  products: number
  categories: { id: string; name: string; products: number }[]
  brands: FacetValue[]
  tags: FacetValue[]
  attributes: { name: string; values: FacetValue[] }[]
  /** Values of tag dimensions, in the order of the shop. */
  dimensions: { id: string; name: string; values: { id: string; name: string; products: number }[] }[]
  /** Prices that part the products into about equal thirds; empty where prices hardly differ. */
  priceStepsFen: number[]
}

const MAX_VALUES = 20
const MAX_ATTRIBUTES = 6
const MAX_ATTRIBUTE_VALUES = 12
/** Without a query, facets are counted over so many of the best sold. */
const MAX_COUNTED = 1_000
const NO_FACETS: Omit<Facets, 'dimensions'> = {
  products: 0,
  categories: [],
  brands: [],
  tags: [],
  attributes: [],
  priceStepsFen: [],
}

/**
 * What a list can be narrowed by, over everything that the query found (not only over what filters left), so that a
 * choice can be changed without taking it back first. `chosenTags` are told of even where nothing has them.
 */
export async function facetsOf(
  tx: Tx,
  shopId: string,
  match: Match | undefined,
  categoryIds: readonly string[] | undefined,
  chosenTags: readonly string[] = [],
): Promise<Facets> {
  const ids = await countedIds(tx, shopId, match, categoryIds)
  if (ids.length === 0 && chosenTags.length === 0) return { ...NO_FACETS, dimensions: [] }
  const found = sql`products p where p.shop_id = ${shopId} and p.id = any(${ids}::uuid[])`
  const dimensions = foundTags(tx, shopId, ids, chosenTags)
  const rows = await tx.rows<{ kind: string; name: string; value: string; products: number }>(sql`
    select 'category' as kind, c.id::text as name, c.name as value, count(*) as products
      from categories c join products p on p.shop_id = c.shop_id and p.category_id = c.id
      where p.shop_id = ${shopId} and p.id = any(${ids}::uuid[]) group by c.id, c.name
    union all select 'brand', '', brand, count(*) from ${found} and brand <> '' group by brand
    union all select 'tag', '', tag, count(*) from products p cross join unnest(p.tags) as tag
      where p.shop_id = ${shopId} and p.id = any(${ids}::uuid[]) group by tag
    union all select 'attribute', a.name, a.value, count(*)
      from products p cross join jsonb_to_recordset(p.attributes) as a(name text, value text)
      where p.shop_id = ${shopId} and p.id = any(${ids}::uuid[]) group by a.name, a.value
    union all select 'price', '', unnest(percentile_disc(array[0.33, 0.67]) within group (order by min_price_fen))::text, 1
      from ${found}
    order by products desc, value`)
  const of = (kind: string) => rows.filter((row) => row.kind === kind)
  const plain = (kind: string) => of(kind).map(({ value, products }) => ({ value, products }))
  return {
    products: ids.length,
    categories: of('category')
      .slice(0, MAX_VALUES)
      .map(({ name, value, products }) => ({ id: name, name: value, products })),
    brands: plain('brand').slice(0, MAX_VALUES),
    tags: plain('tag').slice(0, MAX_VALUES),
    attributes: attributesOf(of('attribute')),
    dimensions: await dimensions,
    priceStepsFen: priceSteps(of('price').map(({ value }) => Number(value))),
  }
}

async function countedIds(
  tx: Tx,
  shopId: string,
  match: Match | undefined,
  categoryIds: readonly string[] | undefined,
): Promise<string[]> {
  if (match?.kind === 'nothing') return []
  if (match?.kind === 'ranked') return match.ranked.map(({ productId }) => productId)
  if (match?.kind === 'broad') return match.sample
  const rows = await tx.rows<{ id: string }>(sql`
    select id from products p
    where p.shop_id = ${shopId} and p.state = 'on-sale'
      and (${categoryIds === undefined} or p.category_id = any(${(categoryIds ?? []) as string[]}::uuid[]))
    order by sold_count desc, id desc limit ${MAX_COUNTED}`)
  return rows.map(({ id }) => id)
}

/** Attributes by which products differ: those of most products, with at least two values. */
function attributesOf(rows: readonly { name: string; value: string; products: number }[]): Facets['attributes'] {
  return [...Map.groupBy(rows, ({ name }) => name)]
    .filter(([, values]) => values.length > 1)
    .map(([name, values]) => ({ name, values: values.map(({ value, products }) => ({ value, products })) }))
    .sort((a, b) => total(b.values) - total(a.values) || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_ATTRIBUTES)
    .map(({ name, values }) => ({ name, values: values.slice(0, MAX_ATTRIBUTE_VALUES) }))
}

const total = (values: readonly FacetValue[]): number => values.reduce((sum, { products }) => sum + products, 0)

/** Rounded to what a shopper would type: 1, 2 or 5 of a power of ten yuan, or tens. */
function priceSteps(stepsFen: readonly number[]): number[] {
  const rounded = stepsFen.map((step) => {
    const unit = step >= 100_00 ? 50_00 : step >= 20_00 ? 10_00 : 1_00
    return Math.max(unit, Math.round(step / unit) * unit)
  })
  return [...new Set(rounded)].sort((a, b) => a - b).filter((_, __, all) => all.length > 1)
}
