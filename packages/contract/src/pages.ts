import { z } from 'zod'
import { StoreProductCard } from './catalog.ts'
import { Id, Instant, Ok, optionalText, PageQuery, Picture, page, ShopParams, shopParams, text } from './common.ts'
import { BLOCK_KINDS, LAYOUT_VERSION, MAX_BLOCKS } from './page-blocks.ts'
import { routes } from './route.ts'

/** Most characters of a layout as JSON: 40 full blocks stay far below. */
export const MAX_LAYOUT_LENGTH = 200_000

/** Most pictures, and most products, of a draft that its editor is shown. */
export const MAX_NAMED = 500

/** Small letters, digits and hyphens: what stands in the address of a page. */
export const PageSlug = z
  .string()
  .trim()
  .max(40)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, '请用小写字母、数字和连字符，如 mid-autumn')

/**
 * A block while somebody works on it: of a known kind, but possibly not complete yet. A draft is kept in this form so
 * that nothing is lost; what is missing is answered as problems, and publishing waits for them.
 */
export const DraftBlock = z.looseObject({
  id: z.string().regex(/^[\w-]{1,40}$/),
  kind: z.enum(BLOCK_KINDS),
  isHidden: z.boolean().default(false),
})
export type DraftBlock = z.infer<typeof DraftBlock>

export const DraftLayout = z
  .object({ version: z.literal(LAYOUT_VERSION), blocks: z.array(DraftBlock).max(MAX_BLOCKS) })
  .refine((layout) => JSON.stringify(layout).length <= MAX_LAYOUT_LENGTH, '页面内容过大，请删去一些组件')
  .meta({ id: 'DraftLayout' })
export type DraftLayout = z.infer<typeof DraftLayout>

/** What is wrong with one field of one block, in words. */
export const LayoutProblem = z
  .object({
    blockId: z.string(),
    /** Place of the block in the page, from 0. */
    index: z.int(),
    /** Path inside of the block, such as `slides.0.fileId`; empty for the block as a whole. */
    field: z.string(),
    reason: z.string(),
    reasonEn: z.string(),
    /** Does not keep the page from being published: the block or link is left out. */
    isWarning: z.boolean(),
  })
  .meta({ id: 'LayoutProblem' })
export type LayoutProblem = z.infer<typeof LayoutProblem>

const content = {
  title: text(30),
  /** For search engines and shared cards. */
  description: optionalText(120),
}

/** A version of the page that is shown in `[startsAt, endsAt)`; without an end, until something else is. */
export const PageShowing = z
  .object({
    id: Id,
    /** Null: the page is taken down. */
    versionNumber: z.int().nullable(),
    startsAt: Instant,
    endsAt: Instant.nullable(),
    state: z.enum(['running', 'upcoming']),
    createdBy: z.string(),
  })
  .meta({ id: 'PageShowing' })
export type PageShowing = z.infer<typeof PageShowing>

export const DesignedPageRow = z
  .object({
    id: Id,
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    /** Where buyers find it. */
    url: z.string(),
    /** Counts every change of the draft. */
    revision: z.int(),
    draftAt: Instant,
    draftBy: z.string(),
    /** Whether the draft is something else than what is shown. */
    hasChanges: z.boolean(),
    /** What is shown now. */
    shown: PageShowing.nullable(),
    /** What comes next by schedule. */
    next: PageShowing.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'DesignedPageRow' })
export type DesignedPageRow = z.infer<typeof DesignedPageRow>

export const DesignedPage = DesignedPageRow.extend({
  layout: DraftLayout,
  problems: z.array(LayoutProblem).max(200),
  /** Running and to come, by start. */
  showings: z.array(PageShowing).max(100),
  /** The pictures that the draft names, as far as the shop has them. */
  pictures: z.array(Picture).max(MAX_NAMED),
  /** The products that the draft names, as far as they are on sale. */
  products: z.array(StoreProductCard).max(MAX_NAMED),
}).meta({ id: 'DesignedPage' })
export type DesignedPage = z.infer<typeof DesignedPage>

export const PageVersionRow = z
  .object({
    number: z.int(),
    /** `kept`: a draft that somebody else's changes or a restore would have replaced. */
    kind: z.enum(['published', 'kept']),
    title: z.string(),
    note: z.string(),
    createdBy: z.string(),
    createdAt: Instant,
    isShown: z.boolean(),
  })
  .meta({ id: 'PageVersionRow' })
export type PageVersionRow = z.infer<typeof PageVersionRow>

export const PageVersion = PageVersionRow.extend({
  description: z.string(),
  layout: DraftLayout,
}).meta({ id: 'PageVersion' })
export type PageVersion = z.infer<typeof PageVersion>

/** Most pages of a shop, and showings of a page that are running or to come. */
export const MAX_SHOWINGS = 50

const read = { audience: 'staff', permission: 'pages.read' } as const
const write = { audience: 'staff', permission: 'pages.write' } as const
const PageParams = shopParams({ pageId: Id })
const VersionParams = shopParams({ pageId: Id, number: z.coerce.number().int().min(1).max(1_000_000) })
const Revision = z.int().min(1)
const base = '/api/console/shops/:shopId/pages' as const

export const pageRoutes = routes({
  'console.pages': {
    method: 'GET',
    path: base,
    summary: 'Designed pages of the shop, newest first',
    access: read,
    params: ShopParams,
    query: PageQuery.extend({ q: z.string().trim().max(30).optional() }),
    response: page(DesignedPageRow),
  },
  'console.createPage': {
    method: 'POST',
    path: base,
    summary: 'Begin a page: `home`, or a campaign page at /pages/<slug>. Nothing is shown before it is published',
    access: write,
    params: ShopParams,
    body: z.object({ slug: PageSlug, ...content, layout: DraftLayout }),
    response: DesignedPage,
    errors: ['DUPLICATE', 'LIMIT_REACHED'],
  },
  'console.page': {
    method: 'GET',
    path: `${base}/:pageId`,
    summary: 'A page with its draft, what is wrong with it, and its schedule',
    access: read,
    params: PageParams,
    response: DesignedPage,
    errors: ['NOT_FOUND'],
  },
  'console.savePageDraft': {
    method: 'PUT',
    path: `${base}/:pageId/draft`,
    summary: 'Keep the draft. Refused when somebody else has changed it meanwhile, unless theirs is to be kept aside',
    access: write,
    params: PageParams,
    body: z.object({
      ...content,
      layout: DraftLayout,
      /** The revision that was edited. */
      revision: Revision,
      /** Take ours although the draft has moved on; theirs stays as a kept version. */
      keepTheirsAside: z.boolean().default(false),
    }),
    response: DesignedPage,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.publishPage': {
    method: 'POST',
    path: `${base}/:pageId/publish`,
    summary:
      'Show the draft as a new version: now or from a time on, for good or until a time, and then what was before',
    access: write,
    params: PageParams,
    body: z.object({
      revision: Revision,
      note: optionalText(60),
      /** Null: now. */
      startsAt: Instant.nullable().default(null),
      /** Null: for good. */
      endsAt: Instant.nullable().default(null),
      /** Ends a scheduled version that is running, which would stay in front otherwise. */
      endRunning: z.boolean().default(false),
    }),
    response: DesignedPage,
    errors: ['NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'LIMIT_REACHED', 'PAGE_INCOMPLETE', 'PAGE_SCHEDULE_TAKEN'],
  },
  'console.takeDownPage': {
    method: 'POST',
    path: `${base}/:pageId/take-down`,
    summary: 'Show the page no longer; the home page becomes the built-in one. Scheduled versions stay',
    access: write,
    params: PageParams,
    body: z.object({ revision: Revision }),
    response: DesignedPage,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.cancelPageShowing': {
    method: 'DELETE',
    path: `${base}/:pageId/showings/:showingId`,
    summary: 'Call off a scheduled version, or end one that is running: what was before is shown again',
    access: write,
    params: shopParams({ pageId: Id, showingId: Id }),
    response: DesignedPage,
    errors: ['NOT_FOUND'],
  },
  'console.pageVersions': {
    method: 'GET',
    path: `${base}/:pageId/versions`,
    summary: 'Versions of a page, newest first',
    access: read,
    params: PageParams,
    query: PageQuery,
    response: page(PageVersionRow),
    errors: ['NOT_FOUND'],
  },
  'console.pageVersion': {
    method: 'GET',
    path: `${base}/:pageId/versions/:number`,
    summary: 'One version with its layout, to look at and compare',
    access: read,
    params: VersionParams,
    response: PageVersion,
    errors: ['NOT_FOUND'],
  },
  'console.restorePageVersion': {
    method: 'POST',
    path: `${base}/:pageId/versions/:number/restore`,
    summary: 'Make a version the draft; the draft of before is kept as a version',
    access: write,
    params: VersionParams,
    body: z.object({ revision: Revision }),
    response: DesignedPage,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.previewPage': {
    method: 'POST',
    path: `${base}/:pageId/preview`,
    summary: 'A signed address that shows the draft, or a version, as buyers would see it; it expires',
    access: read,
    params: PageParams,
    body: z.object({ versionNumber: z.int().min(1).nullable().default(null) }),
    response: z.object({ url: z.string(), expiresAt: Instant }),
    errors: ['NOT_FOUND'],
  },
  'console.deletePage': {
    method: 'DELETE',
    path: `${base}/:pageId`,
    summary: 'Delete a page with all its versions; refused while it is shown or scheduled',
    access: write,
    params: PageParams,
    response: Ok,
    errors: ['NOT_FOUND', 'PAGE_IN_USE'],
  },
})
