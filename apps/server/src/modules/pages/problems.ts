import {
  type BlockLink,
  checkLayout,
  type DraftLayout,
  drawableBlocks,
  type LayoutProblem,
  type PageBlock,
} from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { PagesDeps } from './deps.ts'

interface Use<T> {
  blockId: string
  index: number
  field: string
  value: T
}

type Words = Pick<LayoutProblem, 'reason' | 'reasonEn'>

const NO_PICTURE: Words = {
  reason: '图片不存在，请重新上传',
  reasonEn: 'the picture does not exist, please upload it again',
}
const NO_PRODUCT: Words = {
  reason: '商品已下架或删除，页面上不会显示',
  reasonEn: 'the product is not on sale any more; the page leaves it out',
}
const NO_CATEGORY: Words = {
  reason: '类目已删除，页面上不会显示',
  reasonEn: 'the category was deleted; the page leaves it out',
}

/** Everything that is wrong with a draft: what is missing (keeps it from being published) and what leads nowhere. */
export async function problemsOf(
  tx: Tx,
  deps: PagesDeps,
  shopId: string,
  layout: DraftLayout,
): Promise<LayoutProblem[]> {
  const problems = [
    ...checkLayout(layout),
    ...(await missingPictures(tx, deps, shopId, layout)),
    ...(await deadEnds(tx, deps, shopId, layout)),
  ]
  return problems.sort((a, b) => a.index - b.index).slice(0, 200)
}

/** Pictures that the shop does not have. */
export async function missingPictures(
  tx: Tx,
  deps: PagesDeps,
  shopId: string,
  layout: DraftLayout,
): Promise<LayoutProblem[]> {
  const uses = placed(layout, picturesIn)
  if (uses.length === 0) return []
  const found = await deps.files.pictures(tx, shopId, [...new Set(uses.map(({ value }) => value))])
  return uses
    .filter(({ value }) => !found.has(value))
    .map(({ value: _, ...at }) => ({ ...at, ...NO_PICTURE, isWarning: false }))
}

/** Products and categories that are gone or not on sale: they are left out of the page. */
async function deadEnds(tx: Tx, deps: PagesDeps, shopId: string, layout: DraftLayout): Promise<LayoutProblem[]> {
  const products = placed(layout, productsIn)
  const categories = placed(layout, categoriesIn)
  const cards =
    products.length === 0
      ? []
      : await deps.catalog.cardsOf(tx, shopId, [...new Set(products.map(({ value }) => value))])
  const known = categories.length === 0 ? [] : await deps.catalog.listCategories(tx, shopId, true)
  const living = new Set([...cards, ...known].map(({ id }) => id))
  const gone = (uses: Use<string>[], words: Words) =>
    uses.filter(({ value }) => !living.has(value)).map(({ value: _, ...at }) => ({ ...at, ...words, isWarning: true }))
  return [...gone(products, NO_PRODUCT), ...gone(categories, NO_CATEGORY)]
}

type Found<T> = { field: string; value: T }[]

function placed<T>(layout: DraftLayout, find: (block: PageBlock) => Found<T>): Use<T>[] {
  const place = new Map(layout.blocks.map(({ id }, index) => [id, index]))
  return drawableBlocks(layout).flatMap((block) =>
    find(block).map((each) => ({ blockId: block.id, index: place.get(block.id)!, ...each })),
  )
}

function picturesIn(block: PageBlock): Found<string> {
  switch (block.kind) {
    case 'banner':
      return block.slides.map(({ fileId }, at) => ({ field: `slides.${at}.fileId`, value: fileId }))
    case 'nav':
      return block.items.flatMap(({ fileId }, at) =>
        fileId === null ? [] : [{ field: `items.${at}.fileId`, value: fileId }],
      )
    case 'picture':
    case 'hotspot':
      return [{ field: 'fileId', value: block.fileId }]
    default:
      return []
  }
}

function linksIn(block: PageBlock): Found<BlockLink> {
  const one = (field: string, link: BlockLink | null) => (link === null ? [] : [{ field, value: link }])
  switch (block.kind) {
    case 'banner':
      return block.slides.flatMap(({ link }, at) => one(`slides.${at}.link`, link))
    case 'nav':
      return block.items.flatMap(({ link }, at) => one(`items.${at}.link`, link))
    case 'hotspot':
      return block.areas.flatMap(({ link }, at) => one(`areas.${at}.link`, link))
    case 'picture':
    case 'notice':
      return one('link', block.link)
    case 'products':
      return one('more', block.more)
    case 'rich-text':
      return block.nodes.flatMap(({ spans }, node) =>
        spans.flatMap(({ link }, at) => one(`nodes.${node}.spans.${at}.link`, link)),
      )
    default:
      return []
  }
}

function productsIn(block: PageBlock): Found<string> {
  const linked = linksIn(block).flatMap(({ field, value }) =>
    value.kind === 'product' ? [{ field, value: value.productId }] : [],
  )
  if (block.kind !== 'products' || block.source.kind !== 'hand') return linked
  return [...linked, ...block.source.productIds.map((value, at) => ({ field: `source.productIds.${at}`, value }))]
}

function categoriesIn(block: PageBlock): Found<string> {
  const linked = linksIn(block).flatMap(({ field, value }) =>
    value.kind === 'category' ? [{ field, value: value.categoryId }] : [],
  )
  if (block.kind !== 'products' || block.source.kind !== 'rule' || block.source.categoryId === null) return linked
  return [...linked, { field: 'source.categoryId', value: block.source.categoryId }]
}
