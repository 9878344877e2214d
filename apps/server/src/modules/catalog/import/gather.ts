import type { Tx } from '../../../kernel/db.ts'
import { isUuid, newId } from '../../../kernel/ids.ts'
import type { CatalogDeps } from '../deps.ts'
import { type CategoryNode, categoryPath } from '../rules.ts'
import { insertCategory, loadTree, lockTree, MAX_CATEGORIES } from '../store-categories.ts'
import { loadProducts, productIdsByCodes } from '../store-products.ts'
import { skusByCodes } from '../store-skus.ts'
import { loadDimensions, tagValuesAmong } from '../tags/store-tags.ts'
import type { ProductRecord } from '../types.ts'
import { codeOf, defaultSkuCode, pathKey, type RowGroup, tagKey } from './plan.ts'
import type { KnownMedia } from './plan-media.ts'
import type { ParsedRow, Refusal, RowReader, SourceRow } from './rows.ts'
import { fetchedBefore } from './store-pictures.ts'

/** Rows by product, and what cannot be read. */
export function groupRows(reader: RowReader, rows: readonly SourceRow[]): { groups: RowGroup[]; refusals: Refusal[] } {
  const groups = new Map<string, RowGroup>()
  const refusals: Refusal[] = []
  for (const source of rows) {
    const read = reader.read(source)
    if ('refusals' in read) {
      refusals.push(...read.refusals)
      continue
    }
    const key = reader.keyOf(source)
    const group = groups.get(key) ?? { key, rows: [] }
    group.rows.push(read.row)
    groups.set(key, group)
  }
  return { groups: [...groups.values()], refusals }
}

const rowsOf = (groups: readonly RowGroup[]): ParsedRow[] => groups.flatMap(({ rows }) => rows)

/** Every product that the groups may mean, by its code or by the code of one of its SKUs; locked on wish. */
export async function meantProducts(
  tx: Tx,
  shopId: string,
  groups: readonly RowGroup[],
  lock: boolean,
): Promise<ProductRecord[]> {
  const productCodes = groups.map(({ key }) => codeOf(key)).filter((code) => code !== null)
  const skuCodes = groups.flatMap(({ key, rows }) => rows.map((row) => row.skuCode ?? defaultSkuCode(codeOf(key), row)))
  const [byCode, bySku] = [
    await productIdsByCodes(tx, shopId, [...new Set(productCodes)]),
    await skusByCodes(tx, shopId, [...new Set(skuCodes)]),
  ]
  return loadProducts(tx, shopId, [...new Set([...byCode, ...bySku.map(({ productId }) => productId)])], lock)
}

export interface Categories {
  tree: Map<string, CategoryNode>
  /** Ids by `pathKey` of the names from the root. */
  ids: Map<string, string>
}

/** The categories that the groups name; those that are missing are created while there is room. */
export async function ensureCategories(
  tx: Tx,
  shopId: string,
  groups: readonly RowGroup[],
  at: string,
): Promise<Categories> {
  const wanted = wantedPaths(groups)
  const found = indexTree(await loadTree(tx, shopId))
  if (wanted.every((path) => found.ids.has(pathKey(path)))) return found
  await lockTree(tx, shopId)
  const { tree, ids } = indexTree(await loadTree(tx, shopId))
  for (const path of wanted) {
    for (let depth = 1; depth <= path.length && tree.size < MAX_CATEGORIES; depth++) {
      const names = path.slice(0, depth)
      if (ids.has(pathKey(names))) continue
      const parentId = depth === 1 ? null : ids.get(pathKey(names.slice(0, -1)))!
      const node = { id: newId(), parentId, name: names.at(-1)!, position: 0 }
      await insertCategory(tx, shopId, node, at)
      tree.set(node.id, node)
      ids.set(pathKey(names), node.id)
    }
  }
  return { tree, ids }
}

/** As `ensureCategories` would make them, without making any. */
export async function foreseenCategories(
  tx: Tx,
  shopId: string,
  groups: readonly RowGroup[],
): Promise<Map<string, string>> {
  const { ids } = indexTree(await loadTree(tx, shopId))
  for (const path of wantedPaths(groups)) if (!ids.has(pathKey(path))) ids.set(pathKey(path), newId())
  return ids
}

function wantedPaths(groups: readonly RowGroup[]): string[][] {
  const paths = new Map(rowsOf(groups).flatMap(({ category }) => (category ? [[pathKey(category), category]] : [])))
  return [...paths.values()]
}

function indexTree(tree: Map<string, CategoryNode>): Categories {
  return { tree, ids: new Map([...tree.keys()].map((id) => [pathKey(categoryPath(tree, id)), id])) }
}

/** `/files/<id>`, in our own address or anybody's: what our export writes. */
const OWN_FILE = /(?:^|\/)files\/([0-9a-f-]{36})(?:\?|$)/

/** Files of pictures and videos that are already here, by kind: our own, and addresses fetched before. */
export async function knownMedia(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files'>,
  shopId: string,
  groups: readonly RowGroup[],
): Promise<KnownMedia> {
  const sources = [...new Set(rowsOf(groups).flatMap(sourcesOf))]
  const known = await fetchedBefore(tx, shopId, sources)
  for (const source of sources) {
    const id = OWN_FILE.exec(source)?.[1]
    if (id !== undefined && isUuid(id)) known.set(source, id)
  }
  const here = await deps.files.find(tx, shopId, [...known.values()])
  const ofKind = (kind: 'image' | 'video') => (source: string) => {
    const file = here.get(known.get(source) ?? '')
    return file?.kind === kind && file.visibility === 'public' ? file.id : undefined
  }
  return { knownImage: ofKind('image'), knownVideo: ofKind('video') }
}

const sourcesOf = ({ images = [], kindImages = {}, video }: ParsedRow): string[] => [
  ...images,
  ...Object.values(kindImages).flat(),
  ...(video === undefined ? [] : [video]),
]

/** Values of the shop's tag dimensions by `tagKey`; on wish those that the groups name stay until the transaction ends. */
export async function tagValuesOf(
  tx: Tx,
  shopId: string,
  groups: readonly RowGroup[],
  hold: boolean,
): Promise<Map<string, string>> {
  const wanted = new Set(rowsOf(groups).flatMap(({ tagValues }) => (tagValues ?? []).map(tagKey)))
  if (wanted.size === 0) return new Map()
  const ids = new Map<string, string>()
  for (const { name, values } of await loadDimensions(tx, shopId))
    for (const value of values) {
      const key = tagKey({ dimension: name, value: value.name })
      if (wanted.has(key)) ids.set(key, value.id)
    }
  if (!hold) return ids
  const held = new Set(await tagValuesAmong(tx, shopId, [...ids.values()]))
  return new Map([...ids].filter(([, id]) => held.has(id)))
}
