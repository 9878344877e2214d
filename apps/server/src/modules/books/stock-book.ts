import type { StockBookGroup, StockBookRow, StockBookTotals } from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { decodeCursor, encodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { BooksDeps } from './deps.ts'
import { type Period, periodOf } from './period.ts'
import { figuresOf, type Moved } from './rules-stock.ts'
import {
  countDiffering,
  movedBySku,
  productsInStock,
  type StockFilter,
  skusInStock,
  warehouseNames,
} from './store-stock.ts'

export interface StockBookWish extends StockFilter {
  from?: string | undefined
  to?: string | undefined
  by: StockBookGroup
  totalRow: boolean
  cursor?: string | undefined
  limit: number
}

const Place = z.tuple([z.enum(['sku', 'product', 'category', 'warehouse']), z.string().max(200), z.string().max(64)])

/** One page of the stock book; with `totalRow` the last page ends with the sums. @throws AppError VALIDATION_FAILED */
export async function stockBook(
  tx: Tx,
  deps: BooksDeps,
  shopId: string,
  wish: StockBookWish,
): Promise<Page<StockBookRow>> {
  const period = await periodOf(tx, deps, shopId, wish)
  const after = decodeCursor(wish.cursor, Place)
  if (after !== undefined && after[0] !== wish.by) throw new AppError('INVALID_CURSOR')
  const page = await PAGES[wish.by](tx, deps, shopId, { period, filter: wish, after, limit: wish.limit })
  if (!wish.totalRow || page.nextCursor !== null) return page
  const sums = await stockTotals(tx, deps, shopId, wish)
  const total = { id: null, code: '', title: '合计', options: '', category: `${sums.from} 至 ${sums.to}` }
  return { ...page, items: [...page.items, { ...sums, ...total }] }
}

interface PageWish {
  period: Period
  filter: StockFilter
  after: readonly [string, string, string] | undefined
  limit: number
}
type ReadPage = (tx: Tx, deps: BooksDeps, shopId: string, wish: PageWish) => Promise<Page<StockBookRow>>

const PAGES: Record<StockBookGroup, ReadPage> = {
  async sku(tx, deps, shopId, { period, filter, after, limit }) {
    const paths = await categoryPaths(tx, deps, shopId)
    const rows = await skusInStock(tx, shopId, filter, { after: after?.[1], limit: limit + 1 })
    const page = keysetPage(rows, limit, ({ code }) => ['sku', code, ''])
    const { warehouseId } = filter
    const moved = await movedBySku(tx, shopId, period, { warehouseId }, { skuIds: page.items.map(({ id }) => id) })
    const bySku = Map.groupBy(moved, ({ skuId }) => skuId)
    return {
      ...page,
      items: page.items.map(({ categoryId, ...sku }) => ({
        ...sku,
        category: paths(categoryId),
        ...figuresOf(bySku.get(sku.id) ?? []),
      })),
    }
  },

  async product(tx, deps, shopId, { period, filter, after, limit }) {
    const paths = await categoryPaths(tx, deps, shopId)
    const place = after && ([after[1], after[2]] as const)
    const rows = await productsInStock(tx, shopId, filter, { after: place, limit: limit + 1 })
    const page = keysetPage(rows, limit, ({ id, title }) => ['product', title, id])
    const productIds = page.items.map(({ id }) => id)
    const byProduct = Map.groupBy(
      await movedBySku(tx, shopId, period, filter, { productIds }),
      ({ productId }) => productId,
    )
    return {
      ...page,
      items: page.items.map(({ categoryId, ...product }) => ({
        ...{ ...product, options: '', category: paths(categoryId) },
        ...figuresOf(byProduct.get(product.id) ?? []),
      })),
    }
  },

  async category(tx, deps, shopId, wish) {
    const paths = await categoryPaths(tx, deps, shopId)
    return grouped(
      tx,
      shopId,
      wish,
      'category',
      (row) => row.categoryId,
      (id) => ({
        ...{ id, code: '', options: '', category: '' },
        title: paths(id) || '未分类',
      }),
    )
  },

  async warehouse(tx, _deps, shopId, wish) {
    const names = new Map((await warehouseNames(tx, shopId)).map((each) => [each.id as string | null, each]))
    return grouped(
      tx,
      shopId,
      wish,
      'warehouse',
      (row) => row.warehouseId,
      (id) => ({
        ...{ id, options: '', category: '' },
        code: names.get(id)?.code ?? '',
        title: names.get(id)?.title ?? '',
      }),
    )
  },
}

/** Few groups: all are summed up at once, and a page of them is given. */
async function grouped(
  tx: Tx,
  shopId: string,
  { period, filter, after, limit }: PageWish,
  by: StockBookGroup,
  keyOf: (row: Moved) => string | null,
  headOf: (id: string | null) => Pick<StockBookRow, 'id' | 'code' | 'title' | 'options' | 'category'>,
): Promise<Page<StockBookRow>> {
  const groups = Map.groupBy(await movedBySku(tx, shopId, period, filter), keyOf)
  const rows = [...groups].map(([id, moved]) => ({ ...headOf(id), ...figuresOf(moved) }))
  const place = (row: StockBookRow): string => `${row.title}\u0000${row.id ?? ''}`
  rows.sort((a, b) => (place(a) < place(b) ? -1 : 1))
  const last = after && `${after[1]}\u0000${after[2]}`
  const rest = last === undefined ? rows : rows.filter((row) => place(row) > last)
  const items = rest.slice(0, limit)
  const end = items.at(-1)
  return { items, nextCursor: rest.length > limit && end ? encodeCursor([by, end.title, end.id ?? '']) : null }
}

/** Names of categories with those above them. */
async function categoryPaths(tx: Tx, deps: BooksDeps, shopId: string): Promise<(id: string | null) => string> {
  const tree = await deps.catalog.categories(tx, shopId)
  const path = (id: string | null): string => {
    const node = id === null ? undefined : tree.get(id)
    if (node === undefined) return ''
    return node.parentId === null ? node.name : `${path(node.parentId)} / ${node.name}`
  }
  return path
}

/** Sums of the whole book. Where it reaches into now, its closing is held against what stock reports. */
export async function stockTotals(
  tx: Tx,
  deps: BooksDeps,
  shopId: string,
  wish: StockFilter & { from?: string | undefined; to?: string | undefined },
): Promise<StockBookTotals> {
  const period = await periodOf(tx, deps, shopId, wish)
  const { warehouseId, q } = wish
  const moved = await movedBySku(tx, shopId, period, { warehouseId, q })
  const reachesNow = period.end > deps.clock.instant()
  return {
    ...{ from: period.from, to: period.to, skus: new Set(moved.map(({ skuId }) => skuId)).size },
    ...figuresOf(moved),
    differing: reachesNow ? await countDiffering(tx, shopId, { warehouseId, q }) : null,
  }
}
