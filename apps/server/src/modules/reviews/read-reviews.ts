import type {
  ConsoleReview,
  ConsoleReviewQuery,
  OrderToReview,
  OwnReview,
  ReviewSummary,
  StoreReview,
  StoreReviewQuery,
} from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { decodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { ReviewsDeps } from './deps.ts'
import { daysAfter, ratioBp, tenths } from './rules.ts'
import { additionDays, lowStarHours, reviewDays } from './settings.ts'
import { type ReviewRow, reviewById } from './store.ts'
import { openInvitations } from './store-invitations.ts'
import {
  listForConsole,
  listOfBuyer,
  listShown,
  positionOf,
  reportReasons,
  reviewedSkus,
  votedBy,
} from './store-lists.ts'
import { phrasesOf, scoresOf } from './store-scores.ts'
import { consoleView, mediaOf, ownView, storeView } from './views.ts'

const MAX_PHRASES = 12
const MAX_SKUS = 50
const Shown = z.tuple([z.string(), z.boolean(), z.union([z.number(), z.iso.datetime()]), z.uuid()])
const Place = z.object({ at: z.iso.datetime(), id: z.uuid() })

type Query<S extends z.ZodType> = z.output<S>

/** What buyers say of a product, from counters only. */
export function reviewSummary(deps: ReviewsDeps, shopId: string, productId: string): Promise<ReviewSummary> {
  return deps.db.read({ shopId }, async (tx) => {
    const [score] = await scoresOf(tx, shopId, [productId])
    const count = score?.reviewCount ?? 0
    return {
      count,
      averageTenths: tenths(score?.starSum ?? 0, count),
      goodRatioBp: ratioBp(score?.goodCount ?? 0, count),
      goodCount: score?.goodCount ?? 0,
      mediumCount: score?.mediumCount ?? 0,
      badCount: score?.badCount ?? 0,
      pictureCount: score?.pictureCount ?? 0,
      defaultCount: score?.defaultCount ?? 0,
      phrases: await phrasesOf(tx, shopId, productId, MAX_PHRASES),
      skus: await reviewedSkus(tx, shopId, productId, MAX_SKUS),
    }
  })
}

/** Approved reviews of a product. @throws AppError INVALID_CURSOR, also for a cursor of another order */
export function shownReviews(
  deps: ReviewsDeps,
  shopId: string,
  productId: string,
  query: Query<typeof StoreReviewQuery>,
  buyerId: string | undefined,
): Promise<Page<StoreReview>> {
  const { cursor, limit, sort, ...filter } = query
  const after = decodeCursor(cursor, Shown)
  if (after && after[0] !== sort) throw new AppError('INVALID_CURSOR')
  return deps.db.read({ shopId }, async (tx) => {
    const rows = await listShown(tx, {
      ...filter,
      ...{ shopId, productId, sort, limit: limit + 1 },
      after: after && [after[1], after[2], after[3]],
    })
    const page = keysetPage(rows, limit, (row) => [sort, ...positionOf(sort, row)])
    const ids = page.items.map(({ id }) => id)
    const voted = buyerId === undefined ? new Set<string>() : await votedBy(tx, shopId, buyerId, ids)
    const pictures = await mediaOf(tx, deps, shopId, page.items)
    return { ...page, items: page.items.map((row) => storeView(row, pictures, { buyerId, voted })) }
  })
}

/** What a buyer has written in a shop. */
export function ownReviews(
  deps: ReviewsDeps,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<OwnReview>> {
  const before = decodeCursor(cursor, Place)
  return deps.db.read({ shopId }, async (tx) => {
    const rows = await listOfBuyer(tx, shopId, buyerId, before, limit + 1)
    const page = keysetPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }))
    const goods = await goodsPictures(tx, deps, shopId, page.items)
    const pictures = await mediaOf(tx, deps, shopId, page.items)
    const as = { additionDays: await deps.settings.get(additionDays, { shopId }, tx), at: deps.clock.instant() }
    return {
      ...page,
      items: page.items.map((row) => ownView(row, pictures, { ...as, picture: goods.get(row.id) ?? null })),
    }
  })
}

/** Received orders that wait for a review, as long as they can have one. */
export function ordersToReview(
  deps: ReviewsDeps,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<OrderToReview>> {
  const before = decodeCursor(cursor, Place)
  return deps.db.read({ shopId }, async (tx) => {
    const days = await deps.settings.get(reviewDays, { shopId }, tx)
    const since = daysAfter(deps.clock.instant(), -days)
    const rows = await openInvitations(tx, shopId, buyerId, { since, before, limit: limit + 1 })
    const page = keysetPage(rows, limit, ({ receivedAt, orderId }) => ({ at: receivedAt, id: orderId }))
    const orders = await deps.orders.ordersByIds(
      tx,
      shopId,
      page.items.map(({ orderId }) => orderId),
    )
    const goods = new Map((await deps.orders.summariesOf(tx, orders)).map((order) => [order.id, order.lines]))
    return {
      ...page,
      items: page.items.map(({ orderId, orderNo, receivedAt }) => ({
        ...{ id: orderId, orderNo, receivedAt },
        lines: (goods.get(orderId) ?? []).map(({ title, picture }) => ({ title, picture })),
      })),
    }
  })
}

/** Reviews as staff list them. */
export function consoleReviews(
  deps: ReviewsDeps,
  shopId: string,
  { cursor, limit, ...filter }: Query<typeof ConsoleReviewQuery>,
): Promise<Page<ConsoleReview>> {
  const after = decodeCursor(cursor, Place)
  return deps.db.read('system', async (tx) => {
    const rows = await listForConsole(tx, shopId, { ...filter, after, limit: limit + 1 })
    const page = keysetPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }))
    return { ...page, items: await consoleViews(tx, deps, shopId, page.items) }
  })
}

/** One review as staff see it. @throws AppError NOT_FOUND */
export function consoleReview(deps: ReviewsDeps, shopId: string, reviewId: string): Promise<ConsoleReview> {
  return deps.db.read('system', async (tx) => {
    const row = await reviewById(tx, shopId, reviewId)
    if (!row) throw new AppError('NOT_FOUND', { values: { what: '评价' } })
    return (await consoleViews(tx, deps, shopId, [row]))[0]!
  })
}

async function consoleViews(
  tx: Tx,
  deps: ReviewsDeps,
  shopId: string,
  rows: readonly ReviewRow[],
): Promise<ConsoleReview[]> {
  const names = await deps.nicknames(
    tx,
    rows.map(({ buyerId }) => buyerId),
  )
  const reasons = await reportReasons(
    tx,
    shopId,
    rows.filter(({ reportCount }) => reportCount > 0).map(({ id }) => id),
  )
  const pictures = await mediaOf(tx, deps, shopId, rows)
  const goods = await goodsPictures(tx, deps, shopId, rows)
  const hours = await deps.settings.get(lowStarHours, { shopId }, tx)
  return rows.map((row) =>
    consoleView(row, pictures, {
      nickname: names.get(row.buyerId) ?? '',
      reasons: reasons.get(row.id) ?? [],
      picture: goods.get(row.id) ?? null,
      lowStarHours: hours,
      at: deps.clock.instant(),
    }),
  )
}

/** The picture of what was bought, by review. */
async function goodsPictures(tx: Tx, deps: ReviewsDeps, shopId: string, rows: readonly ReviewRow[]) {
  const orders = await deps.orders.ordersByIds(tx, shopId, [...new Set(rows.map(({ orderId }) => orderId))])
  const lines = new Map((await deps.orders.summariesOf(tx, orders)).map((order) => [order.id, order.lines]))
  return new Map(
    rows.map(
      (row) => [row.id, lines.get(row.orderId)?.find(({ line }) => line === row.line)?.picture ?? null] as const,
    ),
  )
}
