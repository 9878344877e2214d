import { z } from 'zod'
import { BusinessDay, FenAmount, Id, optionalText, Picture, text } from './common.ts'
import { Completeness, CompletenessItem, CompletenessRules, PictureKind } from './completeness.ts'
import { DetailDocument } from './detail-document.ts'
import { TitleRules } from './title-rules.ts'

/** What a product is for in the assortment (CAT-07): 引流, 定制, 常规, 专供. */
export const PRODUCT_ROLES = ['traffic', 'custom', 'regular', 'exclusive'] as const
export const ProductRole = z.enum(PRODUCT_ROLES)
export type ProductRole = z.infer<typeof ProductRole>
export const PRODUCT_ROLE_NAMES: Record<ProductRole, { zh: string; en: string }> = {
  traffic: { zh: '引流', en: 'Traffic item' },
  custom: { zh: '定制', en: 'Custom' },
  regular: { zh: '常规', en: 'Regular' },
  exclusive: { zh: '专供', en: 'Exclusive' },
}

/** A picture of a product with what it shows and what was measured on it. */
export const ProductPicture = z
  .object({
    ...Picture.shape,
    kind: PictureKind,
    /** Share of white along its four edges, in 1/100 %; null when it was not measured yet. */
    whiteEdgeBp: z.int().nullable(),
  })
  .meta({ id: 'ProductPicture' })
export type ProductPicture = z.infer<typeof ProductPicture>

/** A video as it was read from its own boxes. */
export const ProductVideo = z
  .object({ ...Picture.shape, durationMs: z.int().nullable(), poster: Picture.nullable() })
  .meta({ id: 'ProductVideo' })
export type ProductVideo = z.infer<typeof ProductVideo>

export const MAX_TAG_VALUES = 60

/** Ids with commas between them: values of one dimension are alternatives, dimensions add up. */
export const TagValueIds = z
  .string()
  .max(MAX_TAG_VALUES * 37)
  .regex(/^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36})*$/, '标签筛选无效')
  .optional()

export const PurchaseLimit = z.int().min(1).max(9999)

/** What the product editor adds to title, SKUs and pictures. */
export const ProductContentInput = z.object({
  /** What the pictures show, by file id; those not named are plain main pictures. */
  pictureKinds: z.record(Id, PictureKind).default({}),
  videoFileId: Id.nullable().default(null),
  videoPosterFileId: Id.nullable().default(null),
  /** What buyers call the product: the core of its title. */
  coreKeyword: optionalText(30),
  /** The rich detail; when it is there, `detail` and `detailPictureFileIds` follow from it. */
  detailDocument: DetailDocument.nullable().default(null),
  /** Values of the shop's tag dimensions. */
  tagValueIds: z.array(Id).max(MAX_TAG_VALUES).default([]),
  role: ProductRole.default('regular'),
  /** Sold in the shop's WeChat channels only. */
  channelExclusive: z.boolean().default(false),
  /** Made for these provinces; empty for everywhere. */
  exclusiveProvinces: z.array(text(20)).max(34).default([]),
  /** Units that one buyer may have of the product, all its SKUs together; null: as many as they like. */
  purchaseLimit: PurchaseLimit.nullable().default(null),
})

/** The same as the editor reads it. */
export const ProductContent = z.object({
  pictures: z.array(ProductPicture),
  video: ProductVideo.nullable(),
  coreKeyword: z.string(),
  detailDocument: DetailDocument.nullable(),
  /** Pictures and videos of the detail, in no order. */
  detailFiles: z.array(Picture),
  tagValueIds: z.array(Id),
  role: ProductRole,
  channelExclusive: z.boolean(),
  exclusiveProvinces: z.array(z.string()),
  purchaseLimit: PurchaseLimit.nullable(),
  completeness: Completeness,
})

/** An uploaded picture or video with what was read from it. */
export const UploadedFile = z
  .object({
    ...Picture.shape,
    kind: z.enum(['image', 'video', 'document']),
    whiteEdgeBp: z.int().nullable(),
    durationMs: z.int().nullable(),
  })
  .meta({ id: 'UploadedFile' })
export type UploadedFile = z.infer<typeof UploadedFile>

/** The shop's rules for product content, for the editor's live checks. */
export const ContentRules = z
  .object({ completeness: CompletenessRules, title: TitleRules, videoMaxSeconds: z.int() })
  .meta({ id: 'ContentRules' })
export type ContentRules = z.infer<typeof ContentRules>

/** How the shop's products on sale stand, and what costs the most points: what to fix first. */
export const CompletenessOverview = z
  .object({
    products: z.int(),
    average: z.int(),
    /** Products by score: 0–39, 40–59, 60–79, 80–99, 100. */
    bands: z.array(z.object({ from: z.int(), to: z.int(), products: z.int() })).max(5),
    gaps: z
      .array(
        z.object({
          item: CompletenessItem,
          /** Products that lack something of it. */
          products: z.int(),
          /** Points that the average would rise by if all of them had it, in 1/100 of a point. */
          gainCentipoints: z.int(),
        }),
      )
      .max(20),
  })
  .meta({ id: 'CompletenessOverview' })
export type CompletenessOverview = z.infer<typeof CompletenessOverview>

export const TagValue = z
  .object({ id: Id, name: z.string(), position: z.int(), productCount: z.int() })
  .meta({ id: 'TagValue' })
export const TagDimension = z
  .object({
    id: Id,
    name: z.string(),
    position: z.int(),
    /** Buyers may filter by it. */
    storefront: z.boolean(),
    values: z.array(TagValue).max(100),
  })
  .meta({ id: 'TagDimension' })
export type TagDimension = z.infer<typeof TagDimension>

export const TagDimensionInput = z.object({
  name: text(12),
  position: z.int().min(0).max(9999).default(0),
  storefront: z.boolean().default(true),
  /** In their order. A value that keeps its id is renamed; one that is left out goes, unless products carry it. */
  values: z.array(z.object({ id: Id.optional(), name: text(20) })).max(100),
})
export type TagDimensionInput = z.infer<typeof TagDimensionInput>

/** One dimension as buyers filter by it, with how many products each value would leave. */
export const TagFacet = z
  .object({
    id: Id,
    name: z.string(),
    values: z.array(z.object({ id: Id, name: z.string(), productCount: z.int() })).max(100),
  })
  .meta({ id: 'TagFacet' })
export type TagFacet = z.infer<typeof TagFacet>

/** How the products of one role did in a period (CAT-07). Money is what buyers paid for the goods. */
export const RoleFigures = z
  .object({
    role: ProductRole,
    products: z.int(),
    soldUnits: z.int(),
    revenueFen: FenAmount,
    /** Of the lines whose SKU has a cost; null when there is none. */
    marginBp: z.int().nullable(),
    /** Share of the revenue whose cost is known. */
    costKnownBp: z.int(),
    refundedFen: FenAmount,
    refundRateBp: z.int().nullable(),
    /** Units on hand, on average of the period's beginning and end. */
    averageStock: z.int(),
    /** Units sold per 30 days for each unit on hand, in 1/100. */
    turnoverPerMonthCenti: z.int().nullable(),
    /** What the shop's settings expect. */
    targets: z.object({ turnoverPerMonthCenti: z.int(), marginBp: z.int(), refundRateBp: z.int() }),
  })
  .meta({ id: 'RoleFigures' })
export type RoleFigures = z.infer<typeof RoleFigures>

const ExclusiveShare = z.object({
  onSale: z.int(),
  exclusive: z.int(),
  shareBp: z.int(),
  targetShareBp: z.int(),
  /** Over all exclusive products with a cost, by list of prices; null when no cost is known. */
  marginBp: z.int().nullable(),
  targetMarginBp: z.int(),
  /** Exclusive products below the margin, worst first. */
  below: z.array(z.object({ productId: Id, title: z.string(), marginBp: z.int().nullable() })).max(20),
})

export const RolesReport = z
  .object({
    from: BusinessDay,
    to: BusinessDay,
    roles: z.array(RoleFigures).max(4),
    channelExclusive: ExclusiveShare,
    /** Goods made for provinces, by province. */
    regionExclusive: z.array(z.object({ province: z.string(), products: z.int() })).max(34),
  })
  .meta({ id: 'RolesReport' })
export type RolesReport = z.infer<typeof RolesReport>
