import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { JudgedQuery } from './search-corpus.ts'

/**
 * Sets of queries that the search was never tuned on, made of what other people labelled: pairs of listings of the same
 * product, brands and products marked in titles, categories, and what people typed somewhere else. Each is absent
 * where its file is.
 */
export interface HeldOutSets {
  /** A listing's title finds the other listing of the same product; the listing itself does not count. */
  sameProduct: (JudgedQuery & { self: number })[]
  /** A brand and a product as marked in one title; every title that has both is right. */
  brandAndProduct: JudgedQuery[]
  /** The name of a category; every title that is in it is right. */
  category: JudgedQuery[]
  /** Typed by people, not judged: how many of them find nothing. */
  typed: string[]
}

const MAX_QUERY = 60
const TYPED = 1_000

/** Reads the sets beside the corpus. `titles` are the corpus, in its order. */
export function readHeldOut(folder: string, titles: readonly string[]): HeldOutSets {
  const places = new Map(titles.map((title, i) => [title, i]))
  const text = (name: string): string => {
    try {
      const bytes = readFileSync(path.join(folder, name))
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
    } catch {
      return ''
    }
  }
  return {
    sameProduct: sameProduct(text('openbg_same_product_pairs_500.csv'), places),
    brandAndProduct: brandAndProduct(text('ecommerce_ner_test.bio.txt'), titles),
    category: categories(text('openbg_catalog_1000.csv'), places),
    typed: lines(text('multicpr_ecom_train.query.txt.gz'))
      .map((line) => line.split('\t')[1] ?? '')
      .filter((query) => query !== '')
      .filter((_, i, all) => i % Math.max(1, Math.floor(all.length / TYPED)) === 0)
      .slice(0, TYPED),
  }
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '')

/** A row of a CSV file with quotes. */
const cells = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )

function sameProduct(csv: string, places: ReadonlyMap<string, number>): HeldOutSets['sameProduct'] {
  return lines(csv).flatMap((line) => {
    const [first = '', second = '', label] = cells(line)
    const [self, other] = [places.get(first), places.get(second)]
    if (label !== 'same' || self === undefined || other === undefined || self === other) return []
    return [{ query: first.slice(0, MAX_QUERY), self, relevant: [other] }]
  })
}

function brandAndProduct(bio: string, titles: readonly string[]): JudgedQuery[] {
  const small = titles.map((title) => title.toLowerCase())
  return bio.split(/\r?\n\s*\r?\n/).flatMap((sentence) => {
    const [brand, product] = [entityOf(sentence, 'HPPX'), entityOf(sentence, 'HCCX')]
    if (brand === undefined || product === undefined) return []
    const relevant = small.flatMap((title, i) => (title.includes(brand) && title.includes(product) ? [i] : []))
    return relevant.length === 0 ? [] : [{ query: `${brand} ${product}`, relevant }]
  })
}

/** The first run of characters marked as `kind`, of two characters at least. */
function entityOf(sentence: string, kind: string): string | undefined {
  let found = ''
  for (const line of sentence.split(/\r?\n/)) {
    const mark = line.slice(2)
    if (mark === `B-${kind}` && found.length < 2) found = line[0]!
    else if (mark === `I-${kind}` && found !== '') found += line[0]!
    else if (found.length >= 2) break
    else found = ''
  }
  return found.length >= 2 ? found.toLowerCase() : undefined
}

function categories(csv: string, places: ReadonlyMap<string, number>): JudgedQuery[] {
  const byName = new Map<string, number[]>()
  for (const line of lines(csv).slice(1)) {
    const [title = '', , name = ''] = cells(line)
    const place = places.get(title)
    if (place !== undefined && name !== '') byName.set(name, [...(byName.get(name) ?? []), place])
  }
  return [...byName]
    .filter(([, relevant]) => relevant.length >= 3)
    .map(([name, relevant]) => ({ query: name.replaceAll('/', ' '), relevant }))
}
