import type { BlockLink, PageBlock, Picture, StoreBlock, StorePage, StoreProductCard } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { ANYBODY, type Viewer } from '../prices/index.ts'
import { defaultHome } from './default-page.ts'
import type { PublishedPage, StorefrontDeps } from './deps.ts'

export const HOME = 'home'

/** A page of the shop with everything resolved. @throws AppError NOT_FOUND */
export async function storePage(
  deps: StorefrontDeps,
  shopId: string,
  slug: string,
  viewer: Viewer,
  preview?: string,
): Promise<StorePage> {
  const shop = await deps.db.read('system', (tx) => deps.parties.findShop(tx, shopId))
  if (shop?.state !== 'open') throw new AppError('NOT_FOUND', { values: { what: `店铺 ${shopId}` } })
  return deps.db.read({ shopId }, async (tx) => {
    const page = await currentPage(tx, deps, shopId, slug, shop, preview)
    const { title, description } = page
    const words = description === '' ? {} : { description }
    return { slug, title, ...words, blocks: await drawBlocks(tx, deps, shopId, page.layout.blocks, viewer) }
  })
}

async function currentPage(
  tx: Tx,
  deps: StorefrontDeps,
  shopId: string,
  slug: string,
  shop: { name: string; notice: string },
  preview?: string,
): Promise<PublishedPage> {
  const published = await deps.publishedPage?.(tx, shopId, slug, preview)
  if (published) return published
  if (slug !== HOME) throw new AppError('NOT_FOUND', { values: { what: `页面 ${slug}` } })
  const categories = await deps.catalog.listCategories(tx, shopId, true)
  return { title: shop.name, description: '', layout: defaultHome({ notice: shop.notice, categories }) }
}

/** Everything that blocks name, fetched with one query of each kind. */
interface Found {
  pictures: ReadonlyMap<string, Picture>
  cards: ReadonlyMap<string, StoreProductCard>
  categories: ReadonlySet<string>
  /** Whose prices the cards carry. */
  viewer: Viewer
}

/**
 * Blocks as the storefront draws them. What is hidden, no longer exists or would be empty is left out: a page that a
 * shopkeeper published last year still shows nothing that leads nowhere.
 */
export async function drawBlocks(
  tx: Tx,
  deps: StorefrontDeps,
  shopId: string,
  blocks: readonly PageBlock[],
  viewer: Viewer = ANYBODY,
): Promise<StoreBlock[]> {
  const shown = blocks.filter(({ isHidden }) => !isHidden)
  const found: Found = {
    pictures: await picturesIn(tx, deps, shopId, shown),
    viewer,
    cards: await cardsIn(tx, deps, shopId, shown, viewer),
    categories: new Set((await deps.catalog.listCategories(tx, shopId, true)).map(({ id }) => id)),
  }
  const drawn: StoreBlock[] = []
  for (const block of shown) {
    const result = await drawBlock(tx, deps, shopId, block, found)
    if (result) drawn.push(result)
  }
  return drawn
}

async function picturesIn(tx: Tx, deps: StorefrontDeps, shopId: string, blocks: readonly PageBlock[]) {
  const ids = new Set(
    blocks.flatMap((block): (string | null)[] => {
      if (block.kind === 'banner') return block.slides.map(({ fileId }) => fileId)
      if (block.kind === 'nav') return block.items.map(({ fileId }) => fileId)
      return block.kind === 'picture' || block.kind === 'hotspot' ? [block.fileId] : []
    }),
  )
  ids.delete(null)
  return ids.size === 0 ? new Map<string, Picture>() : deps.files.pictures(tx, shopId, [...ids] as string[])
}

/** Cards of all products that stand in lists made by hand or are linked to. */
async function cardsIn(tx: Tx, deps: StorefrontDeps, shopId: string, blocks: readonly PageBlock[], viewer: Viewer) {
  const ids = new Set(linksIn(blocks).flatMap((link) => (link.kind === 'product' ? [link.productId] : [])))
  for (const block of blocks)
    if (block.kind === 'products' && block.source.kind === 'hand') for (const id of block.source.productIds) ids.add(id)
  const cards = ids.size === 0 ? [] : await deps.catalog.cardsOf(tx, shopId, [...ids], viewer)
  return new Map(cards.map((card) => [card.id, card]))
}

function linksIn(blocks: readonly PageBlock[]): BlockLink[] {
  const links = blocks.flatMap((block): (BlockLink | null)[] => {
    switch (block.kind) {
      case 'banner':
        return block.slides.map(({ link }) => link)
      case 'nav':
        return block.items.map(({ link }) => link)
      case 'hotspot':
        return block.areas.map(({ link }) => link)
      case 'rich-text':
        return block.nodes.flatMap(({ spans }) => spans.map(({ link }) => link))
      case 'products':
        return [block.more]
      case 'picture':
      case 'notice':
        return [block.link]
      default:
        return []
    }
  })
  return links.filter((link) => link !== null)
}

const livingLink = <L extends BlockLink | null>(link: L, found: Found): L | null => {
  if (link?.kind === 'product' && !found.cards.has(link.productId)) return null
  if (link?.kind === 'category' && !found.categories.has(link.categoryId)) return null
  return link
}

async function drawBlock(
  tx: Tx,
  deps: StorefrontDeps,
  shopId: string,
  block: PageBlock,
  found: Found,
): Promise<StoreBlock | undefined> {
  const { id } = block
  switch (block.kind) {
    case 'hot':
    case 'new':
    case 'products':
      return drawProducts(tx, deps, shopId, block, found)
    case 'coupons': {
      const coupons = (await deps.coupons?.(tx, shopId, block.limit)) ?? []
      return coupons.length === 0 ? undefined : { id, kind: 'coupons', title: block.title, coupons }
    }
    case 'live': {
      const rooms = (await deps.liveRooms?.(tx, shopId, block.limit)) ?? []
      return rooms.length === 0 ? undefined : { id, kind: 'live', title: block.title, rooms }
    }
    default:
      return drawStill(block, found)
  }
}

async function drawProducts(
  tx: Tx,
  deps: StorefrontDeps,
  shopId: string,
  block: Extract<PageBlock, { kind: 'hot' | 'new' | 'products' }>,
  found: Found,
): Promise<StoreBlock | undefined> {
  const products = await listed()
  if (products.length === 0) return undefined
  const { id, title, layout } = block
  const more = block.kind === 'products' ? livingLink(block.more, found) : null
  return { id, kind: 'products', role: block.kind, title, layout, products, more }

  async function listed(): Promise<StoreProductCard[]> {
    if (block.kind === 'products' && block.source.kind === 'hand')
      return block.source.productIds.flatMap((each) => found.cards.get(each) ?? []).slice(0, block.limit)
    const rule =
      block.kind === 'products' && block.source.kind === 'rule'
        ? block.source
        : { sort: block.kind === 'new' ? ('new' as const) : ('sold' as const), categoryId: null }
    // a category that was removed meanwhile lists nothing, not everything
    if (rule.categoryId !== null && !found.categories.has(rule.categoryId)) return []
    const category = rule.categoryId === null ? {} : { categoryId: rule.categoryId }
    return deps.catalog.topCards(tx, shopId, { sort: rule.sort, ...category, limit: block.limit }, found.viewer)
  }
}

type Still = Exclude<PageBlock, { kind: 'hot' | 'new' | 'products' | 'coupons' | 'live' }>

function drawStill(block: Still, found: Found): StoreBlock | undefined {
  const { id } = block
  switch (block.kind) {
    case 'banner': {
      const slides = block.slides.flatMap(({ fileId, alt, link }) => {
        const picture = found.pictures.get(fileId)
        return picture ? [{ picture, alt, link: livingLink(link, found) }] : []
      })
      const { ratioPercent, intervalSeconds } = block
      return slides.length === 0 ? undefined : { id, kind: 'banner', slides, ratioPercent, intervalSeconds }
    }
    case 'nav': {
      const items = block.items.flatMap(({ title, fileId, link }) => {
        const living = livingLink(link, found)
        const picture = fileId === null ? null : (found.pictures.get(fileId) ?? null)
        return living ? [{ title, picture, link: living }] : []
      })
      return items.length === 0 ? undefined : { id, kind: 'nav', columns: block.columns, items }
    }
    case 'picture': {
      const picture = found.pictures.get(block.fileId)
      const { alt, ratioPercent } = block
      return picture && { id, kind: 'picture', picture, alt, link: livingLink(block.link, found), ratioPercent }
    }
    case 'hotspot': {
      const picture = found.pictures.get(block.fileId)
      const areas = block.areas.flatMap((area) => (livingLink(area.link, found) ? [area] : []))
      return picture && { id, kind: 'hotspot', picture, alt: block.alt, areas }
    }
    case 'rich-text':
      return {
        id,
        kind: 'rich-text',
        nodes: block.nodes.map((node) => ({
          ...node,
          spans: node.spans.map((span) => ({ ...span, link: livingLink(span.link, found) })),
        })),
      }
    case 'notice':
      return { id, kind: 'notice', text: block.text, link: livingLink(block.link, found) }
    case 'gap':
      return { id, kind: 'gap', heightPx: block.heightPx, hasLine: block.hasLine }
    case 'feed':
      return { id, kind: 'feed', title: block.title }
  }
}
