import { z } from 'zod'
import { Id, Instant, optionalText, PageQuery, Picture, page, text } from './common.ts'

export const MAX_REVIEW_PICTURES = 9
export const MAX_REVIEW_CHARS = 500
/** Reviews decided over in one request. */
export const MAX_MODERATED = 100

export const Stars = z.int().min(1).max(5)
export const ReviewState = z.enum(['pending', 'approved', 'rejected'])
export type ReviewState = z.infer<typeof ReviewState>

export const REVIEW_STATES: Record<ReviewState, { zh: string; en: string }> = {
  pending: { zh: '待审核', en: 'To be moderated' },
  approved: { zh: '已展示', en: 'Shown' },
  rejected: { zh: '未通过', en: 'Rejected' },
}

/** Tags that a buyer can tap beside the text. */
export const REVIEW_TAGS = ['质量好', '性价比高', '包装用心', '发货快', '与描述相符', '会再买', '不太满意'] as const

/** Good 4–5 stars, medium 3, bad 1–2. */
export const ReviewLevel = z.enum(['good', 'medium', 'bad'])
export type ReviewLevel = z.infer<typeof ReviewLevel>

const reviewText = z.object({
  id: Id,
  goodsStars: Stars,
  text: z.string(),
  tags: z.array(z.string()),
  pictures: z.array(Picture).max(MAX_REVIEW_PICTURES),
  videoUrl: z.string().nullable(),
  options: z.string(),
  createdAt: Instant,
  reply: z.object({ text: z.string(), at: Instant }).nullable(),
  addition: z
    .object({ text: z.string(), pictures: z.array(Picture).max(MAX_REVIEW_PICTURES), at: Instant, daysLater: z.int() })
    .nullable(),
}).shape

/** A review as everybody sees it. */
export const StoreReview = z
  .object({
    ...reviewText,
    /** Masked, or 匿名用户. */
    author: z.string(),
    isPinned: z.boolean(),
    helpfulCount: z.int(),
    /** Whether the buyer who asks found it helpful. */
    isVoted: z.boolean(),
    isOwn: z.boolean(),
  })
  .meta({ id: 'StoreReview' })
export type StoreReview = z.infer<typeof StoreReview>

export const ReviewPhrase = z
  .object({ phrase: z.string(), polarity: z.int().min(-1).max(1), count: z.int() })
  .meta({ id: 'ReviewPhrase' })
export type ReviewPhrase = z.infer<typeof ReviewPhrase>

/** What buyers say of a product, counted. */
export const ReviewSummary = z
  .object({
    count: z.int(),
    /** 10 to 50: stars times ten, or null without a review. */
    averageTenths: z.int().nullable(),
    /** Share of reviews of 4 and 5 stars in basis points. */
    goodRatioBp: z.int().nullable(),
    goodCount: z.int(),
    mediumCount: z.int(),
    badCount: z.int(),
    pictureCount: z.int(),
    /** Given by the clock to orders whose buyers said nothing; counted in nothing else. */
    defaultCount: z.int(),
    phrases: z.array(ReviewPhrase).max(20),
    /** Which SKUs were reviewed, those with most reviews first, with their option values in words as they were bought. */
    skus: z.array(z.object({ skuId: Id, options: z.string(), count: z.int() })).max(50),
  })
  .meta({ id: 'ReviewSummary' })
export type ReviewSummary = z.infer<typeof ReviewSummary>

export const ReviewSort = z.enum(['useful', 'new', 'low'])
export type ReviewSort = z.infer<typeof ReviewSort>

export const StoreReviewQuery = PageQuery.extend({
  sort: ReviewSort.default('useful'),
  level: ReviewLevel.optional(),
  withPictures: z.stringbool().optional(),
  withAddition: z.stringbool().optional(),
  skuId: Id.optional(),
  phrase: z.string().trim().max(20).optional(),
})
export const StoreReviewPage = page(StoreReview)

export const LineReviewInput = z.object({
  line: z.int().min(0).max(999),
  goodsStars: Stars,
  text: optionalText(MAX_REVIEW_CHARS),
  tags: z.array(text(10)).max(6).default([]),
  pictureFileIds: z.array(Id).max(MAX_REVIEW_PICTURES).default([]),
  videoFileId: Id.nullable().default(null),
  isAnonymous: z.boolean().default(false),
})
export type LineReviewInput = z.input<typeof LineReviewInput>

export const OrderReviewInput = z.object({
  serviceStars: Stars.default(5),
  logisticsStars: Stars.default(5),
  lines: z.array(LineReviewInput).min(1).max(200),
})

export const ReviewAdditionInput = z.object({
  text: text(MAX_REVIEW_CHARS),
  pictureFileIds: z.array(Id).max(MAX_REVIEW_PICTURES).default([]),
})

/** A review as its writer sees it. */
export const OwnReview = z
  .object({
    ...reviewText,
    orderId: Id,
    line: z.int(),
    productId: Id,
    title: z.string(),
    picture: Picture.nullable(),
    source: z.enum(['buyer', 'default']),
    isAnonymous: z.boolean(),
    state: ReviewState,
    rejectReason: z.string(),
    additionState: ReviewState.nullable(),
    /** Until when something can be added; null when it cannot. */
    addUntil: Instant.nullable(),
    helpfulCount: z.int(),
  })
  .meta({ id: 'OwnReview' })
export type OwnReview = z.infer<typeof OwnReview>

export const ReviewableLine = z.object({
  line: z.int(),
  productId: Id,
  skuId: Id,
  title: z.string(),
  options: z.string(),
  picture: Picture.nullable(),
  review: OwnReview.nullable(),
})

/** What a buyer can still say about an order. */
export const OrderReviews = z
  .object({
    orderId: Id,
    orderNo: z.string(),
    /** Null while the goods have not been received. */
    reviewUntil: Instant.nullable(),
    canReview: z.boolean(),
    lines: z.array(ReviewableLine),
  })
  .meta({ id: 'OrderReviews' })
export type OrderReviews = z.infer<typeof OrderReviews>

/** A received order of which something waits for its review. */
export const OrderToReview = z
  .object({
    id: Id,
    orderNo: z.string(),
    receivedAt: Instant,
    lines: z.array(z.object({ title: z.string(), picture: Picture.nullable() })),
  })
  .meta({ id: 'OrderToReview' })
export type OrderToReview = z.infer<typeof OrderToReview>

/** A review as staff see it. */
export const ConsoleReview = z
  .object({
    ...reviewText,
    productId: Id,
    title: z.string(),
    picture: Picture.nullable(),
    orderId: Id,
    orderNo: z.string(),
    buyerNickname: z.string(),
    isAnonymous: z.boolean(),
    source: z.enum(['buyer', 'default']),
    serviceStars: Stars,
    logisticsStars: Stars,
    state: ReviewState,
    rejectReason: z.string(),
    findings: z.array(z.string()),
    phrases: z.array(z.string()),
    polarity: z.int(),
    additionState: ReviewState.nullable(),
    additionFindings: z.array(z.string()),
    isPinned: z.boolean(),
    helpfulCount: z.int(),
    reportCount: z.int(),
    /** The newest reasons of those who reported it. */
    reportReasons: z.array(z.string()).max(5),
    decidedBy: z.string(),
    repliedBy: z.string(),
    /** Low stars and no answer yet: until when the shop wants to have answered. */
    answerBy: Instant.nullable(),
    isLate: z.boolean(),
  })
  .meta({ id: 'ConsoleReview' })
export type ConsoleReview = z.infer<typeof ConsoleReview>

export const ConsoleReviewQuery = PageQuery.extend({
  state: ReviewState.optional(),
  /** Something of it waits: the review itself, or what was added. */
  waiting: z.stringbool().optional(),
  level: ReviewLevel.optional(),
  unanswered: z.stringbool().optional(),
  reported: z.stringbool().optional(),
  withPictures: z.stringbool().optional(),
  productId: Id.optional(),
  skuId: Id.optional(),
  buyerId: Id.optional(),
  phrase: z.string().trim().max(20).optional(),
  q: z.string().trim().max(60).optional(),
  sort: z.enum(['new', 'old']).default('new'),
})
export const ConsoleReviewPage = page(ConsoleReview)

/** How the shop is spoken of. */
export const ReviewBoard = z
  .object({
    waiting: z.int(),
    reported: z.int(),
    unanswered: z.int(),
    /** Low stars without an answer, and those of them whose time is over. */
    lowUnanswered: z.int(),
    lowLate: z.int(),
    count: z.int(),
    averageTenths: z.int().nullable(),
    goodRatioBp: z.int().nullable(),
    serviceTenths: z.int().nullable(),
    logisticsTenths: z.int().nullable(),
    days: z.int(),
    /** Of the last days, beside the same number of days before. */
    recent: z.object({ count: z.int(), averageTenths: z.int().nullable(), badCount: z.int() }),
    before: z.object({ count: z.int(), averageTenths: z.int().nullable(), badCount: z.int() }),
    /** Phrases that are said more often than before, those that rise most first. */
    rising: z.array(z.object({ phrase: z.string(), polarity: z.int(), count: z.int(), before: z.int() })).max(20),
    /** Products with the most low stars of late. */
    worst: z
      .array(z.object({ productId: Id, title: z.string(), badCount: z.int(), count: z.int(), averageTenths: z.int() }))
      .max(10),
  })
  .meta({ id: 'ReviewBoard' })
export type ReviewBoard = z.infer<typeof ReviewBoard>
