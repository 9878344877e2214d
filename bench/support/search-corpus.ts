import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Db } from '../../apps/server/src/kernel/db.ts'
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { plainContentFields } from '../../apps/server/src/modules/catalog/content.ts'
import { saveProducts } from '../../apps/server/src/modules/catalog/save-products.ts'
import type { ProductRecord } from '../../apps/server/src/modules/catalog/types.ts'

const CHUNK = 500
const MAX_TITLE = 120

export interface JudgedQuery {
  query: string
  /** Positions in the titles. */
  relevant: number[]
}

/** Real titles and judged queries of a folder; undefined when they are not there. */
export function readCorpus(folder: string | undefined): { titles: string[]; queries: JudgedQuery[] } | undefined {
  if (folder === undefined) return undefined
  try {
    const titles = readFileSync(path.join(folder, 'bench_corpus.tsv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[2]!)
    const queries = readFileSync(path.join(folder, 'bench_queries_dev.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JudgedQuery)
    return { titles, queries }
  } catch {
    return undefined
  }
}

/** Puts titles on sale as products of one SKU, through the way in which every product is saved. Answers their ids. */
export async function loadTitles(db: Db, shopId: string, titles: readonly string[]): Promise<string[]> {
  const at = new Date().toISOString()
  const ids: string[] = []
  for (let from = 0; from < titles.length; from += CHUNK) {
    const products = titles.slice(from, from + CHUNK).map((title, i) => productOf(title, from + i, at))
    const context = { shopId, actor: { kind: 'system' as const }, at, tree: new Map() }
    await db.tx({ shopId }, (tx) =>
      saveProducts(
        tx,
        context,
        products.map((after) => ({ before: null, after })),
      ),
    )
    ids.push(...products.map(({ id }) => id))
  }
  return ids
}

function productOf(title: string, number: number, at: string): ProductRecord {
  return {
    id: newId(),
    code: null,
    state: 'on-sale',
    version: 1,
    title: title.slice(0, MAX_TITLE).toWellFormed(),
    subtitle: '',
    categoryId: null,
    brand: '',
    tags: [],
    attributes: [],
    options: [],
    pictures: [],
    detail: '',
    detailPictures: [],
    freightTemplateId: null,
    ...plainContentFields(),
    publishedAt: at,
    createdAt: at,
    updatedAt: at,
    skus: [
      {
        id: newId(),
        code: `T-${number}`,
        barcode: '',
        optionValues: [],
        priceFen: 1000 + ((number * 37) % 20_000),
        listPriceFen: null,
        costFen: null,
        weightGrams: 0,
        picture: null,
        position: 0,
        archived: false,
      },
    ],
  }
}

export interface Quality {
  queries: number
  /** Mean reciprocal rank of the first relevant product among the first ten. */
  mrr: number
  /** Share of the queries with a relevant product among the first ten. */
  recall: number
  /** Share of the queries without any result. */
  empty: number
}

/** Asks every query and compares the first ten answers with what was judged relevant. */
export async function measure(
  queries: readonly JudgedQuery[],
  ids: readonly string[],
  search: (query: string) => Promise<string[]>,
  onMiss?: (query: JudgedQuery, place: number, found: string[]) => void,
): Promise<Quality> {
  const numbers = new Map(ids.map((id, number) => [id, number]))
  let mrr = 0
  let recall = 0
  let empty = 0
  for (const query of queries) {
    const found = (await search(query.query)).slice(0, 10)
    const place = found.findIndex((id) => query.relevant.includes(numbers.get(id) ?? -1))
    if (place >= 0) {
      mrr += 1 / (place + 1)
      recall++
    }
    if (found.length === 0) empty++
    if (place !== 0) onMiss?.(query, place, found)
  }
  const count = queries.length
  return { queries: count, mrr: mrr / count, recall: recall / count, empty: empty / count }
}

/** A generator of numbers below `below` that gives the same ones in every run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return Math.floor((state / 0x8000_0000) * below)
  }
}

/**
 * Queries with a known answer that nothing was tuned on: two short pieces of a title in the other order, every second
 * one with a piece of some other title between them.
 */
export function heldOutQueries(titles: readonly string[], count: number): JudgedQuery[] {
  const next = numbersFrom(20_261_111)
  const pieceOf = (title: string): string => {
    const runs = title.match(/\p{Script=Han}{2,}|[a-z0-9]{2,}/giu) ?? []
    const run = runs[next(Math.max(1, runs.length))] ?? ''
    const from = next(Math.max(1, run.length - 3))
    return run.slice(from, from + 2 + next(3))
  }
  const queries: JudgedQuery[] = []
  for (let tries = 0; queries.length < count && tries < count * 20; tries++) {
    const number = next(titles.length)
    const [first, second, noise] = [
      pieceOf(titles[number]!),
      pieceOf(titles[number]!),
      pieceOf(titles[next(titles.length)]!),
    ]
    if (first === '' || second === '' || first === second) continue
    queries.push({ query: `${second}${queries.length % 2 === 0 ? noise : ''}${first}`, relevant: [number] })
  }
  return queries
}

const THINGS =
  '连衣裙 运动鞋 保温杯 手机壳 充电宝 台灯 电饭煲 双肩包 面膜 洗发水 咖啡豆 坚果礼盒 儿童积木 瑜伽垫 帐篷 猫砂 收纳箱 床单 毛巾 雨伞'.split(
    ' ',
  )
const QUALITIES =
  '纯棉 夏季 新款 宽松 圆领 情侣 百搭 透气 加厚 保暖 防水 便携 家用 学生 复古 简约 高级感 大容量 轻便 可折叠'.split(' ')
const BRANDS = '山野 青禾 云杉 白鹭 松果 海盐 木语 拾光 南风 一树'.split(' ')

/** Titles made of words, where there are no real ones. */
export function madeTitles(count: number): string[] {
  const next = numbersFrom(7)
  const pick = (words: readonly string[]) => words[next(words.length)]!
  return Array.from(
    { length: count },
    (_, i) =>
      `${pick(BRANDS)}${pick(QUALITIES)}${pick(QUALITIES)}${pick(THINGS)}${pick(QUALITIES)} ${1000 + (i % 977)}款`,
  )
}
