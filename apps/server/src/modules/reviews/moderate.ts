import type { ConsoleReview } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit, emitMany } from '../../kernel/outbox.ts'
import type { ReviewsDeps } from './deps.ts'
import { reviewAnswered, reviewDecided } from './events.ts'
import { consoleReview } from './read-reviews.ts'
import { mostPinned } from './settings.ts'
import {
  clearReports,
  countPinned,
  lockReviews,
  type ReviewRow,
  setAdditionStates,
  setPinned,
  setReply,
  setStates,
} from './store.ts'
import { countReviews } from './store-scores.ts'

export interface By {
  shopId: string
  actor: Actor
  ip?: string
  requestId?: string
}

/**
 * Approves or rejects reviews and what was added to them; those that are so already stay as they are. Scores and
 * phrases follow in the same transaction. Answers the ids of those that changed. (CAT-11)
 */
export function moderate(
  deps: ReviewsDeps,
  by: By,
  { reviewIds, decision, reason }: { reviewIds: readonly string[]; decision: 'approve' | 'reject'; reason: string },
): Promise<string[]> {
  const { shopId, actor } = by
  return deps.db.tx({ shopId }, async (tx) => {
    const rows = await lockReviews(tx, shopId, reviewIds)
    const at = deps.clock.instant()
    const state = decision === 'approve' ? 'approved' : 'rejected'
    const isNew = (row: ReviewRow) => row.additionState === 'pending'
    // What was added is decided over by itself: rejecting it does not take the review away.
    const changing = rows.filter((row) => row.state !== state && !(isNew(row) && row.state === 'approved'))
    const added = rows.filter((row) => (isNew(row) ? true : changing.includes(row) && row.additionState !== null))
    const ids = changing.map(({ id }) => id)
    await setStates(tx, shopId, ids, { state, reason, by: actor.name ?? '', at })
    const addedIds = added.map(({ id }) => id)
    await setAdditionStates(tx, shopId, addedIds, { state, reason })
    const reported = rows.filter(({ reportCount }) => reportCount > 0).map(({ id }) => id)
    await clearReports(tx, shopId, reported)
    if (state === 'approved') await countReviews(tx, shopId, changing, 1, at)
    else
      await countReviews(
        tx,
        shopId,
        changing.filter((row) => row.state === 'approved'),
        -1,
        at,
      )
    await emitMany(
      tx,
      reviewDecided,
      changing.map(({ id, buyerId, orderId, productId, goodsStars }) => ({
        ...{ shopId, aggregate: 'review', aggregateId: id, occurredAt: at, actor },
        payload: { reviewId: id, buyerId, orderId, productId, goodsStars, decision, reason },
      })),
    )
    const changed = [...new Set([...ids, ...addedIds, ...reported])]
    if (changed.length > 0)
      await record(tx, deps, by, {
        action: `reviews.${decision}`,
        entityId: changed[0]!,
        summary: `${decision === 'approve' ? '通过' : '驳回'}评价 ${changed.length} 条${reason && `：${reason}`}`,
        after: { reviewIds: changed, reason },
      })
    return changed
  })
}

/** Answers a review in public; an empty text takes the answer away. @throws AppError NOT_FOUND */
export function replyTo(deps: ReviewsDeps, by: By, reviewId: string, text: string): Promise<ConsoleReview> {
  const { shopId, actor } = by
  return change(deps, by, reviewId, async (tx, row) => {
    const at = deps.clock.instant()
    if (row.reply === text) return
    await setReply(tx, shopId, reviewId, { text, by: actor.name ?? '', at })
    const { buyerId, orderId, productId } = row
    if (text !== '')
      await emit(tx, reviewAnswered, {
        ...{ shopId, aggregate: 'review', aggregateId: reviewId, occurredAt: at, actor },
        payload: { reviewId, buyerId, orderId, productId, text },
      })
    await record(tx, deps, by, {
      action: 'reviews.reply',
      entityId: reviewId,
      summary: text === '' ? `撤下对「${row.title}」评价的回复` : `回复「${row.title}」的评价`,
      before: { reply: row.reply },
      after: { reply: text },
    })
  })
}

/** Shows an approved review first, or no longer. @throws AppError NOT_FOUND, CONFLICT, LIMIT_REACHED */
export function pin(deps: ReviewsDeps, by: By, reviewId: string, pinned: boolean): Promise<ConsoleReview> {
  const { shopId } = by
  return change(deps, by, reviewId, async (tx, row) => {
    if (row.isPinned === pinned) return
    if (pinned) {
      if (row.state !== 'approved' || row.source !== 'buyer')
        throw new AppError('CONFLICT', { values: { what: '这条评价没有展示，不能置顶：它' } })
      const limit = await deps.settings.get(mostPinned, { shopId }, tx)
      if ((await countPinned(tx, shopId, row.productId)) >= limit)
        throw new AppError('LIMIT_REACHED', { values: { what: '每个商品置顶的评价', limit } })
    }
    await setPinned(tx, shopId, reviewId, pinned ? deps.clock.instant() : null)
    await record(tx, deps, by, {
      action: 'reviews.pin',
      entityId: reviewId,
      summary: `${pinned ? '置顶' : '取消置顶'}「${row.title}」的评价`,
    })
  })
}

async function change(
  deps: ReviewsDeps,
  { shopId }: By,
  reviewId: string,
  work: (tx: Tx, row: ReviewRow) => Promise<void>,
): Promise<ConsoleReview> {
  await deps.db.tx({ shopId }, async (tx) => {
    // one at a time, so that the limit of pinned ones holds
    await lockInOrder(tx, [`reviews:${shopId}`])
    const [row] = await lockReviews(tx, shopId, [reviewId])
    if (!row) throw new AppError('NOT_FOUND', { values: { what: '评价' } })
    await work(tx, row)
  })
  return consoleReview(deps, shopId, reviewId)
}

function record(
  tx: Tx,
  deps: ReviewsDeps,
  { shopId, actor, ip, requestId }: By,
  entry: { action: string; entityId: string; summary: string; before?: unknown; after?: unknown },
) {
  return audit(tx, deps.clock, {
    ...{ shopId, actor, entity: 'review' },
    ...(ip === undefined ? {} : { ip }),
    ...(requestId === undefined ? {} : { requestId }),
    ...entry,
  })
}
