import { z } from 'zod'
import type { Clock } from '../../../kernel/clock.ts'
import { type Db, sql, type Tx } from '../../../kernel/db.ts'
import { defineJob } from '../../../kernel/jobs.ts'
import { loadTree } from '../store-categories.ts'
import { loadProducts } from '../store-products.ts'
import { ANALYSER_VERSION, gramsOf } from './grams.ts'
import { vocabularyOf, writeSearch } from './index-rows.ts'
import { loadWords, soundOf } from './words.ts'

/** Keeping the index: rows of an older analyser, counts of grams and words. All of it can be run at any time. */

export interface ReindexDeps {
  db: Db
  clock: Clock
}

/** Writes the index of one shop anew; asked for again while it runs, it runs once more. */
export const rebuildJob = defineJob({
  name: 'catalog.rebuild-search',
  schema: z.object({ shopId: z.uuid() }),
  unique: 'queued',
  retryLimit: 3,
})

const CHUNK = 200
const COUNT_CHUNK = 2_000
const INSERT_CHUNK = 5_000
/** A shop is counted again when its products changed since, but not more often than this. */
const RECOUNT_AFTER_MINUTES = 10
const COUNT_LOCK = 7_091_130_320
const MAX_GRAM_LENGTH = 40
const MAX_WORD_LENGTH = 24

/** Writes the rows of older analysers anew, a chunk per transaction. Answers how many there were. */
export async function reindexOld(deps: ReindexDeps, onlyShopId?: string): Promise<number> {
  let total = 0
  for (;;) {
    const next = await deps.db.read('system', (tx) =>
      tx.maybe<{ shopId: string }>(sql`
        select shop_id from product_search
        where analyser < ${ANALYSER_VERSION} and (${onlyShopId ?? null}::uuid is null or shop_id = ${onlyShopId ?? null})
        limit 1`),
    )
    if (!next) return total
    total += await deps.db.tx({ shopId: next.shopId }, async (tx) => {
      const ids = await tx.rows<{ productId: string }>(sql`
        select product_id from product_search where shop_id = ${next.shopId} and analyser < ${ANALYSER_VERSION}
        order by product_id limit ${CHUNK}`)
      // The products are locked as an edit locks them, so that an older text never overwrites a newer one.
      const products = await loadProducts(
        tx,
        next.shopId,
        ids.map(({ productId }) => productId),
        true,
      )
      await writeSearch(tx, next.shopId, products, await loadTree(tx, next.shopId))
      return products.length
    })
  }
}

/**
 * Writes what the products of a shop are found by anew, a chunk per transaction, and counts its words. Rows that are
 * right stay untouched, and what was lost comes back. Answers how many products there are.
 */
export async function rebuildShop(deps: ReindexDeps, shopId: string): Promise<number> {
  let total = 0
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const ids = await deps.db.tx({ shopId }, async (tx) => {
      const rows = await tx.rows<{ id: string }>(sql`
        select id from products where shop_id = ${shopId} and id > ${after}::uuid order by id limit ${CHUNK}`)
      const ids = rows.map(({ id }) => id)
      await writeSearch(tx, shopId, await loadProducts(tx, shopId, ids, true), await loadTree(tx, shopId))
      return ids
    })
    total += ids.length
    if (ids.length < CHUNK) break
    after = ids.at(-1)!
  }
  await countShop(deps, shopId)
  return total
}

/** Counts the shops whose products changed since they were counted. */
export async function countChanged(deps: ReindexDeps): Promise<number> {
  const before = deps.clock.now().getTime() - RECOUNT_AFTER_MINUTES * 60_000
  const shops = await deps.db.read('system', (tx) =>
    tx.rows<{ shopId: string }>(sql`
      select p.shop_id from (select shop_id, max(updated_at) as changed_at from products group by shop_id) p
      left join search_counts c on c.shop_id = p.shop_id
      where c.shop_id is null or (c.counted_at < ${new Date(before)} and p.changed_at >= c.counted_at)
      order by p.shop_id`),
  )
  for (const { shopId } of shops) await countShop(deps, shopId)
  return shops.length
}

/**
 * Counts in how many products each gram and word of a shop occurs. One at a time per shop:
 * a second one waits and counts again.
 */
export async function countShop(deps: ReindexDeps, shopId: string): Promise<void> {
  await loadWords()
  const at = deps.clock.now()
  await deps.db.tx({ shopId }, async (tx) => {
    await tx.exec(sql`select pg_advisory_xact_lock(hashtextextended(${shopId}, ${COUNT_LOCK}))`)
    const { grams, words, products } = await countTexts(tx, shopId)
    await tx.exec(sql`delete from search_terms where shop_id = ${shopId}`)
    await inChunks(
      [...grams].filter(([, count]) => count > 1),
      (part) =>
        tx.exec(sql`
          insert into search_terms (shop_id, term, products)
          select ${shopId}, * from unnest(${part.map(([term]) => term)}::text[], ${part.map(([, n]) => n)}::integer[])`),
    )
    await writeWords(tx, shopId, words)
    await tx.exec(sql`
      insert into search_counts (shop_id, products, counted_at) values (${shopId}, ${products}, ${at})
      on conflict (shop_id) do update set products = excluded.products, counted_at = excluded.counted_at`)
  })
}

async function countTexts(tx: Tx, shopId: string) {
  const grams = new Map<string, number>()
  const words = new Map<string, number>()
  let products = 0
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await tx.rows<{ id: string; title: string; brand: string }>(sql`
      select id, title, brand from products
      where shop_id = ${shopId} and state = 'on-sale' and id > ${after}::uuid order by id limit ${COUNT_CHUNK}`)
    for (const row of rows) {
      for (const gram of gramsOf(`${row.title} ${row.brand}`))
        if (gram.length <= MAX_GRAM_LENGTH) grams.set(gram, (grams.get(gram) ?? 0) + 1)
      for (const word of vocabularyOf(row))
        if (word.length <= MAX_WORD_LENGTH) words.set(word, (words.get(word) ?? 0) + 1)
    }
    products += rows.length
    if (rows.length < COUNT_CHUNK) return { grams, words, products }
    after = rows.at(-1)!.id
  }
}

/** Rows are written in the order of words, as products write them. A word that no product on sale has counts 0. */
async function writeWords(tx: Tx, shopId: string, words: ReadonlyMap<string, number>): Promise<void> {
  const sorted = [...words].sort(([a], [b]) => (a < b ? -1 : 1))
  await inChunks(sorted, (part) => {
    const sounds = part.map(([word]) => soundOf(word))
    return tx.exec(sql`
      insert into search_words as w (shop_id, word, sound, initials, products)
      select ${shopId}, r.* from unnest(${part.map(([word]) => word)}::text[], ${sounds.map(({ full }) => full)}::text[],
        ${sounds.map(({ initials }) => initials)}::text[], ${part.map(([, n]) => n)}::integer[]) as r
      on conflict (shop_id, word) do update set products = excluded.products, sound = excluded.sound, initials = excluded.initials
        where (w.products, w.sound, w.initials) is distinct from (excluded.products, excluded.sound, excluded.initials)`)
  })
  await tx.exec(sql`
    update search_words set products = 0
    where shop_id = ${shopId} and products > 0 and not word = any(${sorted.map(([word]) => word)}::text[])`)
}

async function inChunks<T>(all: readonly T[], write: (part: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += INSERT_CHUNK) await write(all.slice(from, from + INSERT_CHUNK))
}
