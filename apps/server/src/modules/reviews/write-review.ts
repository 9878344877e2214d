import type { OrderReviewInput, OrderReviews, OwnReview, Picture, ReviewAdditionInput } from '@zhanggui/contract'
import type { z } from 'zod'
import { localDay } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { emitMany } from '../../kernel/outbox.ts'
import type { OrderRow } from '../orders/index.ts'
import { checkTextByPatterns } from './check-text.ts'
import type { ReviewsDeps } from './deps.ts'
import { reviewWritten } from './events.ts'
import { loadOpinions, readOpinions } from './opinions.ts'
import { daysAfter, firstState, maskName } from './rules.ts'
import { additionDays, autoApprove, picturesByPerson, reviewDays } from './settings.ts'
import { insertReview, type ReviewRow, reviewById, setAddition } from './store.ts'
import { endInvitation } from './store-invitations.ts'
import { reviewsOfOrder } from './store-lists.ts'
import { countReviews, joinPhrase } from './store-scores.ts'
import { mediaOf, ownView } from './views.ts'

type Written = z.output<typeof OrderReviewInput>
type Added = z.output<typeof ReviewAdditionInput>

interface Buyer {
  shopId: string
  buyerId: string
}

/** The lines of an order with what the buyer has said. @throws AppError NOT_FOUND */
export function orderReviews(deps: ReviewsDeps, key: Buyer & { orderId: string }): Promise<OrderReviews> {
  return deps.db.read({ shopId: key.shopId }, async (tx) => viewOf(tx, deps, await requireOrder(tx, deps, key)))
}

/**
 * Reviews lines of a received order. What the machine finds clean is shown at once if the shop's settings say so.
 * @throws AppError NOT_FOUND, ORDER_STATE, REVIEW_TOO_LATE, DUPLICATE when a line has its review (CAT-11)
 */
export async function reviewOrder(
  deps: ReviewsDeps,
  key: Buyer & { orderId: string },
  input: Written,
): Promise<OrderReviews> {
  const { shopId, buyerId, orderId } = key
  await loadOpinions()
  const check = deps.checkText ?? checkTextByPatterns
  const findings = await Promise.all(input.lines.map(({ text, tags }) => check([text, ...tags].join(' '))))
  return deps.db.tx({ shopId }, async (tx) => {
    const order = await requireOrder(tx, deps, key)
    await requireInTime(tx, deps, order)
    const [summary] = await deps.orders.summariesOf(tx, [order])
    await requireMedia(tx, deps, shopId, input.lines)
    const rules = await rulesOf(tx, deps, shopId)
    const author = await authorOf(deps, buyerId)
    const at = deps.clock.instant()
    const rows: ReviewRow[] = []
    for (const [index, line] of input.lines.entries()) {
      const goods = summary!.lines.find((each) => each.line === line.line)
      if (!goods) throw new AppError('NOT_FOUND', { values: { what: `订单中的第 ${line.line} 行商品` } })
      const { opinions, polarity } = readOpinions([line.text, ...line.tags].join('，'))
      const hasMedia = line.pictureFileIds.length > 0 || line.videoFileId !== null
      const row = await insertReview(tx, shopId, {
        ...{ id: newId(), buyerId, author, orderId, orderNo: order.orderNo, source: 'buyer', createdAt: at },
        ...{ productId: goods.productId, skuId: goods.skuId, title: goods.title, options: goods.options },
        ...{ serviceStars: input.serviceStars, logisticsStars: input.logisticsStars, body: line.text },
        ...{ line: line.line, goodsStars: line.goodsStars, tags: [...new Set(line.tags)] },
        ...{ pictureFileIds: [...new Set(line.pictureFileIds)], videoFileId: line.videoFileId },
        isAnonymous: line.isAnonymous,
        state: firstState({ findings: findings[index]!, hasMedia }, rules),
        findings: findings[index]!,
        phrases: opinions.map(joinPhrase),
        polarity: polarity || Math.sign(line.goodsStars - 3),
      })
      if (!row) throw new AppError('DUPLICATE', { values: { what: '评价', value: goods.title } })
      rows.push(row)
    }
    await countReviews(
      tx,
      shopId,
      rows.filter(({ state }) => state === 'approved'),
      1,
      at,
    )
    const all = await reviewsOfOrder(tx, shopId, orderId)
    if (all.length >= summary!.lines.length) await endInvitation(tx, shopId, orderId, at)
    await emitMany(
      tx,
      reviewWritten,
      rows.map(({ id, orderNo, productId, goodsStars, hasMedia, state }) => ({
        ...{ shopId, aggregate: 'review', aggregateId: id, occurredAt: at, actor: { kind: 'buyer', id: buyerId } },
        payload: { reviewId: id, buyerId, orderId, orderNo, productId, goodsStars, hasPictures: hasMedia, state },
      })),
    )
    return viewOf(tx, deps, order)
  })
}

/** Adds to a review after some time of use, once. @throws AppError NOT_FOUND, DUPLICATE, REVIEW_TOO_LATE */
export async function addToReview(
  deps: ReviewsDeps,
  key: Buyer & { reviewId: string },
  input: Added,
): Promise<OwnReview> {
  const { shopId, buyerId, reviewId } = key
  const findings = await (deps.checkText ?? checkTextByPatterns)(input.text)
  return deps.db.tx({ shopId }, async (tx) => {
    const before = await reviewById(tx, shopId, reviewId)
    if (before?.buyerId !== buyerId || before.source !== 'buyer' || before.state === 'rejected')
      throw new AppError('NOT_FOUND', { values: { what: '可以追加的评价' } })
    const days = await deps.settings.get(additionDays, { shopId }, tx)
    const [at, until] = [deps.clock.instant(), daysAfter(before.createdAt, days)]
    if (at >= until) throw new AppError('REVIEW_TOO_LATE', { values: { what: '追加评价', until: localDay(until) } })
    await requireMedia(tx, deps, shopId, [{ ...input, videoFileId: null }])
    const state = firstState({ findings, hasMedia: input.pictureFileIds.length > 0 }, await rulesOf(tx, deps, shopId))
    const added = { text: input.text, pictureFileIds: [...new Set(input.pictureFileIds)], state, findings, at }
    if (!(await setAddition(tx, shopId, reviewId, added)))
      throw new AppError('DUPLICATE', { values: { what: '追加评价', value: before.title } })
    const row = (await reviewById(tx, shopId, reviewId))!
    return ownView(row, await mediaOf(tx, deps, shopId, [row]), { additionDays: days, at, picture: null })
  })
}

async function requireOrder(tx: Tx, deps: ReviewsDeps, key: Buyer & { orderId: string }): Promise<OrderRow> {
  const order = await deps.orders.findOrder(tx, key)
  if (!order) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
  return order
}

async function requireInTime(tx: Tx, deps: ReviewsDeps, order: OrderRow): Promise<void> {
  if (order.state !== 'completed' || order.completedAt === null)
    throw new AppError('ORDER_STATE', { values: { orderNo: order.orderNo, state: '未收货', action: '评价' } })
  const until = daysAfter(order.completedAt, await deps.settings.get(reviewDays, { shopId: order.shopId }, tx))
  if (deps.clock.instant() >= until)
    throw new AppError('REVIEW_TOO_LATE', { values: { what: '评价', until: localDay(until) } })
}

/** @throws AppError VALIDATION_FAILED unless pictures are pictures of this shop, and the video a video */
async function requireMedia(
  tx: Tx,
  deps: ReviewsDeps,
  shopId: string,
  lines: readonly { pictureFileIds: readonly string[]; videoFileId: string | null }[],
): Promise<void> {
  const videos = lines.flatMap(({ videoFileId }) => videoFileId ?? [])
  const pictures = lines.flatMap(({ pictureFileIds }) => pictureFileIds)
  const found = await deps.files.find(tx, shopId, [...pictures, ...videos])
  const isKind = (id: string, kind: string) => found.get(id)?.kind === kind && found.get(id)?.visibility === 'public'
  if (pictures.every((id) => isKind(id, 'image')) && videos.every((id) => isKind(id, 'video'))) return
  throw new AppError('VALIDATION_FAILED', {
    values: { field: '图片或视频', reason: '没有找到，请重新上传' },
    field: 'pictureFileIds',
  })
}

async function rulesOf(tx: Tx, { settings }: ReviewsDeps, shopId: string) {
  return {
    autoApprove: await settings.get(autoApprove, { shopId }, tx),
    picturesByPerson: await settings.get(picturesByPerson, { shopId }, tx),
  }
}

const authorOf = (deps: ReviewsDeps, buyerId: string): Promise<string> =>
  deps.db.read({ buyerId }, async (tx) => maskName((await deps.nicknames(tx, [buyerId])).get(buyerId) ?? ''))

async function viewOf(tx: Tx, deps: ReviewsDeps, order: OrderRow): Promise<OrderReviews> {
  const { shopId, id, orderNo, completedAt } = order
  const [summary] = await deps.orders.summariesOf(tx, [order])
  const rows = await reviewsOfOrder(tx, shopId, id)
  const pictures = await mediaOf(tx, deps, shopId, rows)
  const days = await deps.settings.get(additionDays, { shopId }, tx)
  const at = deps.clock.instant()
  const isReceived = order.state === 'completed' && completedAt !== null
  const until = isReceived ? daysAfter(completedAt, await deps.settings.get(reviewDays, { shopId }, tx)) : null
  const view = (line: number, picture: Picture | null): OwnReview | null => {
    const row = rows.find((each) => each.line === line)
    return row ? ownView(row, pictures, { additionDays: days, at, picture }) : null
  }
  const lines = summary!.lines.map(({ line, productId, skuId, title, options, picture }) => ({
    ...{ line, productId, skuId, title, options, picture },
    review: view(line, picture),
  }))
  const canReview = until !== null && at < until && lines.some(({ review }) => review === null)
  return { orderId: id, orderNo, reviewUntil: until, canReview, lines }
}
