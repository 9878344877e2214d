import type { Fen, Product, ProductRow, StoreProduct, StoreProductCard } from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { decodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import { ANYBODY, type Viewer } from '../prices/index.ts'
import { consoleContent, videoOf } from './completeness/product-content.ts'
import { blocksWith, contentFileIds, documentOf } from './content.ts'
import type { CatalogDeps } from './deps.ts'
import { inOrder, picturesOf } from './pictures.ts'
import type { SkuPrices } from './price-goods.ts'
import { listPriced } from './price-order.ts'
import { activeSkus, categoryPath, descendants, missingOf } from './rules.ts'
import { minPictures } from './settings.ts'
import { shownPrices, shownProduct } from './shown-prices.ts'
import { loadTree } from './store-categories.ts'
import {
  activeSkuIds,
  type ConsoleSort,
  type ListedProduct,
  type ListFilter,
  listProducts,
  productsByIds,
} from './store-lists.ts'
import { listOnSale, type StoreSort } from './store-on-sale.ts'
import { listVersions, loadProducts, soldCount } from './store-products.ts'
import { storeTagValues, tagGroups } from './tags/store-tags.ts'
import type { ProductRecord, SkuRecord } from './types.ts'
import type { Change } from './versions.ts'

interface PageInput<S> extends Omit<ListFilter, 'categoryIds' | 'tagGroups'> {
  categoryId?: string | undefined
  /** Ids with commas between them. */
  tagValues?: string | undefined
  sort: S
  cursor?: string | undefined
  limit: number
}

const Position = z.tuple([z.string().max(60)], z.union([z.string().max(200), z.number()]))
const PricedAt = z.iso.datetime()

/** The first products on sale of a list, as cards: for blocks of designed pages. */
export async function topCards(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  input: { sort: StoreSort; categoryId?: string; limit: number },
  viewer: Viewer = ANYBODY,
): Promise<StoreProductCard[]> {
  const query = { ...(await listQuery(tx, shopId, input)), limit: input.limit }
  return cards(tx, deps, shopId, await listPriced(tx, deps, query, viewer, deps.clock.instant()), viewer)
}

/** Cards of those of the products that are on sale, in the order of the ids. */
export async function cardsOf(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  productIds: readonly string[],
  viewer: Viewer = ANYBODY,
): Promise<StoreProductCard[]> {
  if (productIds.length === 0) return []
  const rows = await listOnSale(tx, { shopId, productIds, sort: 'new', limit: productIds.length })
  const byId = new Map((await cards(tx, deps, shopId, rows, viewer)).map((card) => [card.id, card]))
  return productIds.flatMap((id) => byId.get(id) ?? [])
}

export async function cards(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  rows: readonly ListedProduct[],
  viewer: Viewer,
): Promise<StoreProductCard[]> {
  const ids = rows.map(({ id }) => id)
  // Side by side: the statements of those that need no answer of another are sent at once.
  const [[pictures, available], prices, ratings] = await Promise.all([
    besides(tx, deps, shopId, rows),
    shownPrices(tx, deps, shopId, ids, viewer),
    deps.ratings?.(tx, shopId, ids),
  ])
  return rows.map((row) => ({
    ...toCard(row, pictures, available),
    ...prices.get(row.id),
    ...ratingOf(ratings, row.id),
  }))
}

/** Products of the back office. */
export async function consoleProducts(
  deps: CatalogDeps,
  shopId: string,
  input: PageInput<ConsoleSort>,
): Promise<Page<ProductRow>> {
  return deps.db.read({ shopId }, async (tx) => {
    const page = pageOf(await listProducts(tx, await listQuery(tx, shopId, input)), input)
    return { ...page, items: await toRows(tx, deps, shopId, page.items) }
  })
}

/** The named products as the back office lists them, in their order; unknown ids are absent. */
export async function productRows(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  ids: readonly string[],
): Promise<ProductRow[]> {
  return toRows(tx, deps, shopId, await productsByIds(tx, shopId, ids))
}

async function toRows(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  listed: readonly ListedProduct[],
): Promise<ProductRow[]> {
  const [pictures, available] = await besides(tx, deps, shopId, listed)
  const tree = await loadTree(tx, shopId)
  return listed.map((row) => ({
    ...row,
    categoryName: categoryPath(tree, row.categoryId).join(' / ') || null,
    picture: row.picture === null ? null : (pictures.get(row.picture) ?? null),
    available: available.get(row.id) ?? 0,
    minPriceFen: row.minPriceFen as Fen,
    maxPriceFen: row.maxPriceFen as Fen,
  }))
}

export async function listQuery<S extends string>(tx: Tx, shopId: string, input: PageInput<S>) {
  const after = decodeCursor(input.cursor, Position)
  const [order, pricedAt] = after?.[0].split('@') ?? []
  if (order !== undefined && order !== sortKey(input)) throw new AppError('INVALID_CURSOR')
  if (pricedAt !== undefined && !PricedAt.safeParse(pricedAt).success) throw new AppError('INVALID_CURSOR')
  return {
    shopId,
    ...(await filterOf(tx, shopId, input)),
    sort: input.sort,
    after: after?.slice(1),
    /** The instant whose prices a list goes by whose first page was read before. */
    pricedAt,
    limit: input.limit + 1,
  }
}

/** A filter as it is asked for, with the categories below and the dimensions of the tags. */
export async function filterOf(
  tx: Tx,
  shopId: string,
  input: Omit<PageInput<string>, 'sort' | 'cursor' | 'limit'>,
): Promise<ListFilter> {
  const { q, state, categoryId, tagValues, role, gap, completenessMax } = input
  const tree = categoryId === undefined ? undefined : await loadTree(tx, shopId)
  return {
    q,
    state,
    categoryIds: tree && [...descendants(tree.values(), categoryId!)],
    tagGroups: tagValues === undefined ? undefined : await tagGroups(tx, shopId, tagValues.split(',')),
    role,
    gap,
    completenessMax,
  }
}

/** A cursor belongs to one order; with another it would skip rows. */
const sortKey = (input: PageInput<string>): string => (input.q ? `${input.sort}?` : input.sort)

/** The next page goes on by the prices of the instant that the first one was read at, so that none moves between them. */
export const pageOf = (
  rows: readonly ListedProduct[],
  input: PageInput<string>,
  pricedAt?: string,
): Page<ListedProduct> =>
  keysetPage(rows, input.limit, (row) => [
    pricedAt === undefined ? sortKey(input) : `${sortKey(input)}@${pricedAt}`,
    ...row.position,
  ])

/** Pictures and stock of one page of products: one query each. */
async function besides(tx: Tx, deps: CatalogDeps, shopId: string, rows: readonly ListedProduct[]) {
  const [pictures, { skuIds, bySku }] = await Promise.all([
    picturesOf(
      tx,
      deps,
      shopId,
      rows.map(({ picture }) => picture),
    ),
    stockOf(tx, deps, shopId, rows),
  ])
  const available = new Map<string, number>()
  for (const [productId, ids] of skuIds)
    available.set(
      productId,
      ids.reduce((sum, id) => sum + Math.max(bySku.get(id) ?? 0, 0), 0),
    )
  return [pictures, available] as const
}

async function stockOf(tx: Tx, deps: CatalogDeps, shopId: string, rows: readonly ListedProduct[]) {
  const skuIds = await activeSkuIds(
    tx,
    shopId,
    rows.map(({ id }) => id),
  )
  return { skuIds, bySku: await deps.stock.available(tx, shopId, [...skuIds.values()].flat()) }
}

const ratingOf = (ratings: ReadonlyMap<string, { averageTenths: number; count: number }> | undefined, id: string) => {
  const rating = ratings?.get(id)
  return rating ? { rating } : {}
}

const toCard = (
  row: ListedProduct,
  pictures: Awaited<ReturnType<typeof picturesOf>>,
  available: ReadonlyMap<string, number>,
): StoreProductCard => ({
  id: row.id,
  title: row.title,
  subtitle: row.subtitle,
  picture: row.picture === null ? null : (pictures.get(row.picture) ?? null),
  minPriceFen: row.minPriceFen as Fen,
  maxPriceFen: row.maxPriceFen as Fen,
  listPriceFen: row.listPriceFen as Fen | null,
  soldCount: row.soldCount,
  soldOut: (available.get(row.id) ?? 0) <= 0,
  tags: row.tags,
})

/** What a screen shows beside a product: SKUs that are sold, pictures, and what is left of each SKU. */
async function shownWith(tx: Tx, deps: CatalogDeps, shopId: string, product: ProductRecord) {
  const skus = activeSkus(product)
  const pictures = await picturesOf(tx, deps, shopId, allPictures(product))
  const skuIds = skus.map(({ id }) => id)
  return { skus, pictures, available: await deps.stock.available(tx, shopId, skuIds) }
}

const presentProvince = (usualProvince: string | undefined) => (usualProvince === undefined ? {} : { usualProvince })

/** One product on sale. @throws AppError NOT_FOUND, for a product that is not on sale too. */
export async function storeProduct(
  deps: CatalogDeps,
  shopId: string,
  productId: string,
  viewer: Viewer = ANYBODY,
): Promise<StoreProduct> {
  const usualProvince = viewer.buyerId === null ? undefined : deps.usualProvince?.(viewer.buyerId)
  // Asked beside; should both fail, the first to be waited for says why.
  usualProvince?.catch(() => {})
  return deps.db.read({ shopId }, async (tx) => {
    const [product] = await loadProducts(tx, shopId, [productId])
    if (product?.state !== 'on-sale') throw new AppError('NOT_FOUND', { values: { what: '商品' } })
    const { skus, pictures, available } = await shownWith(tx, deps, shopId, product)
    const priced = (sku: SkuRecord): SkuPrices => ({ ...sku, skuId: sku.id, productId })
    const prices = await shownProduct(tx, deps, shopId, productId, skus.map(priced), viewer)
    return {
      id: product.id,
      shopId,
      title: product.title,
      subtitle: product.subtitle,
      picture: pictures.get(product.pictures[0] ?? '') ?? null,
      ...prices.product,
      soldCount: await soldCount(tx, shopId, productId),
      soldOut: skus.every(({ id }) => (available.get(id) ?? 0) <= 0),
      tags: product.tags,
      ...ratingOf(await deps.ratings?.(tx, shopId, [productId]), productId),
      categoryId: product.categoryId,
      categoryPath: categoryPath(await loadTree(tx, shopId), product.categoryId),
      brand: product.brand,
      pictures: inOrder(pictures, product.pictures),
      options: product.options,
      attributes: product.attributes,
      detail: product.detail,
      detailPictures: inOrder(pictures, product.detailPictures),
      detailBlocks: blocksWith(documentOf(product), pictures),
      video: await videoOf(tx, deps, shopId, product),
      ...(product.purchaseLimit === null ? {} : { purchaseLimit: product.purchaseLimit }),
      ...(product.exclusiveProvinces.length === 0 ? {} : { soldIn: product.exclusiveProvinces }),
      ...presentProvince(await usualProvince),
      tagValues: await storeTagValues(tx, shopId, product.tagValueIds),
      skus: skus.map((sku) => ({
        id: sku.id,
        code: sku.code,
        optionValues: sku.optionValues,
        ...prices.skuOf(priced(sku)),
        listPriceFen: sku.listPriceFen as Fen | null,
        picture: sku.picture === null ? null : (pictures.get(sku.picture) ?? null),
        available: Math.max(available.get(sku.id) ?? 0, 0),
      })),
    }
  })
}

/** One product with everything that its editor shows. @throws AppError NOT_FOUND */
export async function consoleProduct(deps: CatalogDeps, shopId: string, productId: string): Promise<Product> {
  return deps.db.read({ shopId }, async (tx) => {
    const [product] = await loadProducts(tx, shopId, [productId])
    if (!product) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
    const { skus, pictures, available } = await shownWith(tx, deps, shopId, product)
    const { code: _, publishedAt: _p, pictures: _ids, detailPictures: detailIds, content: _content, ...plain } = product
    return {
      ...plain,
      shopId,
      ...(await consoleContent(tx, deps, shopId, product, pictures)),
      detailPictures: inOrder(pictures, detailIds),
      skus: skus.map(({ picture, position: _position, archived: _archived, ...sku }) => ({
        ...sku,
        priceFen: sku.priceFen as Fen,
        listPriceFen: sku.listPriceFen as Fen | null,
        costFen: sku.costFen as Fen | null,
        picture: picture === null ? null : (pictures.get(picture) ?? null),
        available: available.get(sku.id) ?? 0,
      })),
      missing: missingOf(product, { minPictures: await deps.settings.get(minPictures, { shopId }, tx) }),
    }
  })
}

const allPictures = (product: ProductRecord): (string | null)[] => [
  ...product.pictures,
  ...product.detailPictures,
  ...product.skus.map(({ picture }) => picture),
  ...contentFileIds(product),
]

/** Who changed what in a product, newest first. */
export async function productVersions(
  deps: CatalogDeps,
  shopId: string,
  productId: string,
  input: { cursor?: string | undefined; limit: number },
): Promise<Page<{ version: number; at: string; actorName: string; changes: Change[] }>> {
  const before = decodeCursor(input.cursor, z.number().int().positive())
  const rows = await deps.db.read({ shopId }, (tx) =>
    listVersions(tx, shopId, productId, { ...(before === undefined ? {} : { before }), limit: input.limit + 1 }),
  )
  const page = keysetPage(rows, input.limit, ({ version }) => version)
  return {
    ...page,
    items: page.items.map(({ actor, ...row }) => ({
      ...row,
      actorName: actor.name ?? (actor.kind === 'system' ? '系统' : actor.kind),
    })),
  }
}
