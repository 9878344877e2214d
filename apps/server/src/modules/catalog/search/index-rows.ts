import { sql, type Tx } from '../../../kernel/db.ts'
import { activeSkus, type CategoryNode, categoryPath } from '../rules.ts'
import type { ProductRecord } from '../types.ts'
import { ANALYSER_VERSION, normalize, searchVector } from './grams.ts'
import { loadWords, soundOf, wordsOf } from './words.ts'

/** How much of what stands beside the title is searched. */
const MAX_OTHER_CHARS = 6_000
const NOTHING: ReadonlyMap<string, CategoryNode> = new Map()

/**
 * Writes what products are found by, in the transaction that changed them, and the words that are new to the shop.
 * What stayed the same is left alone, so that a new price costs no index entry.
 */
export async function writeSearch(
  tx: Tx,
  shopId: string,
  products: readonly ProductRecord[],
  tree: ReadonlyMap<string, CategoryNode> = NOTHING,
): Promise<void> {
  if (products.length === 0) return
  await loadWords()
  const rows = products.map((product) => {
    const others = otherTexts(product, tree)
    return {
      id: product.id,
      search: searchVector(shopId, [product.title, ...others]),
      title: normalize(product.title),
      other: normalize(others.join(' ')).slice(0, MAX_OTHER_CHARS),
      on_sale: product.state === 'on-sale',
    }
  })
  await tx.exec(sql`
    insert into product_search as s (shop_id, product_id, search, title, other, on_sale, analyser)
    select ${shopId}, r.id, r.search, r.title, r.other, r.on_sale, ${ANALYSER_VERSION}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id uuid, search tsvector, title text, other text, on_sale boolean)
    on conflict (shop_id, product_id) do update set search = excluded.search, title = excluded.title,
      other = excluded.other, on_sale = excluded.on_sale, analyser = excluded.analyser
      where (s.search, s.title, s.other, s.on_sale, s.analyser)
        is distinct from (excluded.search, excluded.title, excluded.other, excluded.on_sale, excluded.analyser)`)
  await addWords(tx, shopId, new Set(products.flatMap(vocabularyOf)))
}

/** Words that a product brings into the vocabulary: of its title and its brand. */
export const vocabularyOf = ({ title, brand }: Pick<ProductRecord, 'title' | 'brand'>): string[] =>
  wordsOf(`${title} ${brand}`)

/** Words are inserted in their order, so that transactions that bring the same ones wait and do not deadlock. */
async function addWords(tx: Tx, shopId: string, words: ReadonlySet<string>): Promise<void> {
  const sorted = [...words].sort()
  const sounds = sorted.map(soundOf)
  await tx.exec(sql`
    insert into search_words (shop_id, word, sound, initials)
    select ${shopId}, r.word, r.sound, r.initials
    from unnest(${sorted}::text[], ${sounds.map(({ full }) => full)}::text[],
      ${sounds.map(({ initials }) => initials)}::text[]) with ordinality as r(word, sound, initials, place)
    where not exists (select from search_words w where w.shop_id = ${shopId} and w.word = r.word)
    order by r.place
    on conflict do nothing`)
}

function otherTexts(product: ProductRecord, tree: ReadonlyMap<string, CategoryNode>): string[] {
  const active = activeSkus(product)
  return [
    product.subtitle,
    product.brand,
    product.code ?? '',
    categoryPath(tree, product.categoryId).join(' '),
    product.tags.join(' '),
    product.attributes.map(({ value }) => value).join(' '),
    active.map((sku) => `${sku.code} ${sku.barcode} ${sku.optionValues.join(' ')}`).join(' '),
  ].filter((text) => text !== '')
}
