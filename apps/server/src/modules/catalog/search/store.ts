import { plainArray, textArray } from '../../../kernel/arrays.ts'
import { empty, join, type Sql, sql, type Tx } from '../../../kernel/db.ts'
import { escapeLike } from '../../../kernel/like.ts'
import type { Lookup, VocabularyWord } from './correct.ts'
import type { Candidate, Counts } from './rank.ts'

const MAX_VOCABULARY = 1_000
/** Latin words that are looked at for one with a slip in it. */
const MAX_NEAR = 3_000

/** In how many products of the shop the parts occur. */
export async function countsOf(tx: Tx, shopId: string, parts: readonly string[]): Promise<Counts> {
  const values = [shopId, textArray(parts)]
  const rows = await tx.prepared<{ term: string; products: number }>('search-counts', COUNTS, values)
  const of = new Map(rows.map(({ term, products }) => [term, products]))
  return { products: of.get('') ?? 0, of }
}

const COUNTS = `
  select term, products from search_terms where shop_id = $1::uuid and term = any($2::text[])
  union all select word, products from search_words
  where shop_id = $1::uuid and word = any($2::text[]) and length(word) > 2
  union all select '', products from search_counts where shop_id = $1::uuid`

/** Products on sale that match a tsquery, the most popular first. `isCommon`: many of the shop's products do. */
export function candidatesOf(
  tx: Tx,
  shopId: string,
  query: string,
  atMost: number,
  isCommon = false,
): Promise<Candidate[]> {
  const values = [shopId, query, atMost]
  return isCommon
    ? tx.prepared<Candidate>('search-popular-products', POPULAR_PRODUCTS, values)
    : tx.prepared<Candidate>('search-match-products', MATCH_PRODUCTS, values)
}

const MATCH_PRODUCTS = `
  select product_id, title, other, popularity from app.match_products($1::uuid, $2::text::tsquery, $3::integer)`
const POPULAR_PRODUCTS = `
  select product_id, title, other, popularity from app.popular_products($1::uuid, $2::text::tsquery, $3::integer)`

/** A tsquery of a wider search, and what it says of a product that matches it. */
export interface Way {
  query: string
  says: number
}

/** Of the products on sale that any of the ways finds (the most popular so many of each) those of whom ways say most. */
export const candidatesOfAny = (
  tx: Tx,
  shopId: string,
  ways: readonly Way[],
  eachAtMost: number,
  atMost: number,
): Promise<Candidate[]> =>
  tx.prepared<Candidate>('search-match-likely', MATCH_LIKELY, [
    shopId,
    textArray(ways.map(({ query }) => query)),
    plainArray(ways.map(({ says }) => says)),
    eachAtMost,
    atMost,
  ])

const MATCH_LIKELY = `
  select product_id, title, other, popularity
  from app.match_likely($1::uuid, $2::text[]::tsquery[], $3::real[], $4::integer, $5::integer)`

/** Words of the shop that a query may have meant. */
export function vocabularyOf(tx: Tx, shopId: string, { sounds, initials, near }: Lookup): Promise<VocabularyWord[]> {
  return tx.rows<VocabularyWord>(sql`
    (select word, sound, initials, products from search_words
      where shop_id = ${shopId} and sound = any(${sounds}::text[]) and sound <> ''
      order by products desc, word limit ${MAX_VOCABULARY})
    union (select word, sound, initials, products from search_words
      where shop_id = ${shopId} and initials = any(${initials}::text[]) and initials <> ''
      order by products desc, word limit ${MAX_VOCABULARY})
    ${near.length === 0 ? empty : sql`union ${nearWords(shopId, near)}`}`)
}

/** Latin words that begin with the same letter and are about as long. Ranges, because a policy hides `like` from the index. */
function nearWords(shopId: string, near: readonly string[]): Sql {
  const lengths = near.map((word) => word.length)
  const ranges = [...new Set(near.map((word) => word[0]!))].map(
    (first) => sql`(sound ~>=~ ${first} and sound ~<~ ${String.fromCharCode(first.charCodeAt(0) + 1)})`,
  )
  return sql`(select word, sound, initials, products from search_words
    where shop_id = ${shopId} and sound <> '' and (${join(ranges, ' or ')}) and sound = word
      and length(word) between ${Math.min(...lengths) - 2} and ${Math.max(...lengths) + 2}
    order by products desc, word limit ${MAX_NEAR})`
}

/** Products are found by the names of their categories: marks those of the categories to be written anew. */
export const reindexCategories = (tx: Tx, shopId: string, categoryIds: readonly string[]): Promise<number> =>
  tx.exec(sql`
    update product_search s set analyser = 0 from products p
    where p.shop_id = ${shopId} and p.category_id = any(${categoryIds as string[]}::uuid[])
      and s.shop_id = p.shop_id and s.product_id = p.id`)

/**
 * Brings the popularity by which results are ranked up to the units sold. It is a logarithm, so it changes with every
 * doubling only: a sale seldom rewrites the row and its entries in the index of grams. The products are locked.
 */
export const refreshPopularity = (tx: Tx, shopId: string, productIds: readonly string[]): Promise<number> =>
  tx.exec(sql`
    update product_search s set popularity = p.popularity
    from (select id, app.popularity_of(sold_count) as popularity from products
      where shop_id = ${shopId} and id = any(${productIds as string[]}::uuid[])) p
    where s.shop_id = ${shopId} and s.product_id = p.id and s.popularity <> p.popularity`)

/**
 * Words of the shop that begin with a text, sound like it or have its initials, those of most products first. Single
 * characters are left out.
 */
export async function wordsLike(tx: Tx, shopId: string, start: string, limit: number): Promise<string[]> {
  const like = `${escapeLike(start)}%`
  const rows = await tx.rows<{ word: string }>(sql`
    select word from search_words
    where shop_id = ${shopId} and products > 0 and length(word) > 1
      and (word like ${like} or (sound <> '' and sound like ${like}) or (initials <> '' and initials like ${like}))
    order by word like ${like} desc, products desc, word limit ${limit}`)
  return rows.map(({ word }) => word)
}
