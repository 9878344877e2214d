import { z } from 'zod'
import { StoreProductCard } from './catalog.ts'
import { Id, OwnPath, Picture, text } from './common.ts'

/**
 * What a designed page consists of, in two forms: `PageLayout` as a shopkeeper edits and the server keeps it (files,
 * products and categories by id), and `StorePage` as the storefront draws it (everything resolved, what no longer
 * exists left out). Every list and text has a bound; `version` names the shape, so that a kept layout of an older
 * shape can be read by whoever comes later. (UX-02)
 */
export const LAYOUT_VERSION = 1
export const MAX_BLOCKS = 40
export const BLOCK_KINDS = [
  'banner',
  'nav',
  'hot',
  'new',
  'products',
  'coupons',
  'live',
  'picture',
  'rich-text',
  'notice',
  'gap',
  'hotspot',
  'feed',
] as const

/** Where a tap leads, always inside the shop. */
export const BlockLink = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('product'), productId: Id }),
  z.object({ kind: z.literal('category'), categoryId: Id }),
  z.object({ kind: z.literal('page'), slug: text(40) }),
  z.object({ kind: z.literal('search'), q: text(60) }),
  z.object({ kind: z.literal('place'), place: z.enum(['home', 'category', 'cart', 'orders', 'me']) }),
  z.object({ kind: z.literal('path'), path: OwnPath }),
])
export type BlockLink = z.infer<typeof BlockLink>

/** Height of a picture in per cent of its width; null: as the picture is. */
const RatioPercent = z.int().min(10).max(200).nullable()
const Alt = z.string().trim().max(60).default('')
const Title = z.string().trim().max(20).default('')
const Link = BlockLink.nullable().default(null)
const Percent = z.number().min(0).max(100)

/** A stretch of text with one look. */
const Span = z.object({ text: z.string().min(1).max(2_000), bold: z.boolean().default(false), link: Link })
const RichNode = z.object({
  kind: z.enum(['heading', 'paragraph', 'item', 'quote']),
  align: z.enum(['start', 'center']).default('start'),
  spans: z.array(Span).max(40),
})
export type RichNode = z.output<typeof RichNode>

export const PRODUCT_LAYOUTS = ['grid', 'rail', 'list', 'rank'] as const
const ProductLayout = z.enum(PRODUCT_LAYOUTS)
export type ProductLayout = z.infer<typeof ProductLayout>

/** Products chosen by hand, in this order, or by a rule that is asked anew whenever the page is shown. */
export const ProductSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hand'), productIds: z.array(Id).min(1).max(60) }),
  z.object({
    kind: z.literal('rule'),
    sort: z.enum(['default', 'new', 'sold', 'price-asc', 'price-desc']).default('default'),
    categoryId: Id.nullable().default(null),
  }),
])
export type ProductSource = z.infer<typeof ProductSource>

const base = {
  /** Stays with the block through edits, moves and copies of the page; made by the editor. */
  id: z.string().regex(/^[\w-]{1,40}$/),
  /** Kept in the layout, not shown. */
  isHidden: z.boolean().default(false),
}
const limit = (otherwise: number) => z.int().min(1).max(30).default(otherwise)

/** One block as it is edited and kept. */
export const PageBlock = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('banner'),
    slides: z
      .array(z.object({ fileId: Id, alt: Alt, link: Link }))
      .min(1)
      .max(10),
    ratioPercent: z.int().min(20).max(150).default(46),
    /** Moves on by itself after this long; 0 never. */
    intervalSeconds: z.int().min(0).max(30).default(5),
  }),
  z.object({
    ...base,
    kind: z.literal('nav'),
    columns: z.union([z.literal(3), z.literal(4), z.literal(5)]).default(5),
    items: z
      .array(z.object({ title: text(8), fileId: Id.nullable().default(null), link: BlockLink }))
      .min(1)
      .max(20),
  }),
  z.object({ ...base, kind: z.literal('hot'), title: Title, layout: ProductLayout.default('rank'), limit: limit(6) }),
  z.object({ ...base, kind: z.literal('new'), title: Title, layout: ProductLayout.default('rail'), limit: limit(8) }),
  z.object({
    ...base,
    kind: z.literal('products'),
    title: Title,
    source: ProductSource,
    layout: ProductLayout.default('grid'),
    limit: limit(8),
    more: Link,
  }),
  z.object({ ...base, kind: z.literal('coupons'), title: Title, limit: limit(4) }),
  z.object({ ...base, kind: z.literal('live'), title: Title, limit: limit(2) }),
  z.object({
    ...base,
    kind: z.literal('picture'),
    fileId: Id,
    alt: Alt,
    link: Link,
    ratioPercent: RatioPercent.default(null),
  }),
  z.object({ ...base, kind: z.literal('rich-text'), nodes: z.array(RichNode).min(1).max(60) }),
  z.object({ ...base, kind: z.literal('notice'), text: text(200), link: Link }),
  z.object({
    ...base,
    kind: z.literal('gap'),
    heightPx: z.int().min(4).max(120).default(16),
    hasLine: z.boolean().default(false),
  }),
  z.object({
    ...base,
    kind: z.literal('hotspot'),
    fileId: Id,
    alt: Alt,
    /** Areas of the picture in per cent of its width and height. */
    areas: z
      .array(z.object({ label: text(20), x: Percent, y: Percent, width: Percent, height: Percent, link: BlockLink }))
      .min(1)
      .max(20),
  }),
  /** Everything that is sold, without end; at most one, at the end. */
  z.object({ ...base, kind: z.literal('feed'), title: Title }),
])
export type PageBlock = z.infer<typeof PageBlock>
export type PageBlockInput = z.input<typeof PageBlock>
export type BlockKind = PageBlock['kind']

/** What blocks have to keep to together. */
export const LAYOUT_RULES = {
  twice: { zh: '组件编号重复', en: 'the id of a block is used twice' },
  feedLast: { zh: '“全部商品”只能放在页面最后', en: '“All products” can only stand at the end of the page' },
  outside: { zh: '热区超出了图片', en: 'the area reaches beyond its picture' },
} as const

export const PageLayout = z
  .object({
    version: z.literal(LAYOUT_VERSION),
    blocks: z.array(PageBlock).max(MAX_BLOCKS),
  })
  .superRefine(({ blocks }, check) => {
    const ids = new Set<string>()
    blocks.forEach((block, index) => {
      if (ids.has(block.id))
        check.addIssue({ code: 'custom', path: ['blocks', index, 'id'], message: LAYOUT_RULES.twice.zh })
      ids.add(block.id)
      if (block.kind === 'feed' && index !== blocks.length - 1)
        check.addIssue({ code: 'custom', path: ['blocks', index], message: LAYOUT_RULES.feedLast.zh })
      if (block.kind === 'hotspot')
        block.areas.forEach((area, place) => {
          if (area.x + area.width > 100.01 || area.y + area.height > 100.01)
            check.addIssue({
              code: 'custom',
              path: ['blocks', index, 'areas', place],
              message: LAYOUT_RULES.outside.zh,
            })
        })
    })
  })
  .meta({ id: 'PageLayout' })
export type PageLayout = z.infer<typeof PageLayout>

const Cards = z.array(StoreProductCard).max(30)
const shown = { id: z.string() }
const ShownLink = BlockLink.nullable()

/** What a coupon shows on a page; who issues coupons fills it in. */
export const StoreCoupon = z.object({
  id: Id,
  title: z.string(),
  /** In words, such as "满 99 减 10". */
  value: z.string(),
  note: z.string(),
  link: ShownLink,
})
/** A live room on a page; who runs live rooms fills it in. */
export const StoreLive = z.object({
  id: Id,
  title: z.string(),
  picture: Picture.nullable(),
  state: z.enum(['live', 'soon']),
  note: z.string(),
  link: ShownLink,
})
export type StoreCoupon = z.infer<typeof StoreCoupon>
export type StoreLive = z.infer<typeof StoreLive>

/** One block as it is drawn. Blocks that would show nothing are not sent. */
export const StoreBlock = z.discriminatedUnion('kind', [
  z.object({
    ...shown,
    kind: z.literal('banner'),
    slides: z.array(z.object({ picture: Picture, alt: z.string(), link: ShownLink })).max(10),
    ratioPercent: z.int(),
    intervalSeconds: z.int(),
  }),
  z.object({
    ...shown,
    kind: z.literal('nav'),
    columns: z.int(),
    items: z.array(z.object({ title: z.string(), picture: Picture.nullable(), link: BlockLink })).max(20),
  }),
  z.object({
    ...shown,
    kind: z.literal('products'),
    /** What the block was made as: hot and new ones are labelled so. */
    role: z.enum(['hot', 'new', 'products']),
    title: z.string(),
    layout: ProductLayout,
    products: Cards,
    more: ShownLink,
  }),
  z.object({ ...shown, kind: z.literal('coupons'), title: z.string(), coupons: z.array(StoreCoupon).max(30) }),
  z.object({ ...shown, kind: z.literal('live'), title: z.string(), rooms: z.array(StoreLive).max(30) }),
  z.object({
    ...shown,
    kind: z.literal('picture'),
    picture: Picture,
    alt: z.string(),
    link: ShownLink,
    ratioPercent: z.int().nullable(),
  }),
  z.object({ ...shown, kind: z.literal('rich-text'), nodes: z.array(RichNode).max(60) }),
  z.object({ ...shown, kind: z.literal('notice'), text: z.string(), link: ShownLink }),
  z.object({ ...shown, kind: z.literal('gap'), heightPx: z.int(), hasLine: z.boolean() }),
  z.object({
    ...shown,
    kind: z.literal('hotspot'),
    picture: Picture,
    alt: z.string(),
    areas: z
      .array(
        z.object({
          label: z.string(),
          x: z.number(),
          y: z.number(),
          width: z.number(),
          height: z.number(),
          link: BlockLink,
        }),
      )
      .max(20),
  }),
  z.object({ ...shown, kind: z.literal('feed'), title: z.string() }),
])
export type StoreBlock = z.infer<typeof StoreBlock>

export const StorePage = z
  .object({
    slug: z.string(),
    title: z.string(),
    /** For search engines and shared cards. */
    description: z.string().optional(),
    blocks: z.array(StoreBlock).max(MAX_BLOCKS),
  })
  .meta({ id: 'StorePage' })
export type StorePage = z.infer<typeof StorePage>
