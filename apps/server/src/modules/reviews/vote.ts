import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ReviewsDeps } from './deps.ts'
import { addReport, addVote, type ReviewRow, removeVote, reviewById } from './store.ts'

interface Ballot {
  shopId: string
  reviewId: string
  buyerId: string
}

/** This review was helpful; counted once per buyer. @throws AppError NOT_FOUND, CONFLICT for the buyer's own review */
export function vote(deps: ReviewsDeps, { shopId, reviewId, buyerId }: Ballot) {
  return deps.db.tx({ shopId }, async (tx) => {
    const review = await requireShown(tx, shopId, reviewId)
    if (review.buyerId === buyerId) throw new AppError('CONFLICT', { values: { what: '不能给自己的评价点赞：它' } })
    await addVote(tx, shopId, reviewId, buyerId, deps.clock.instant())
    return { helpfulCount: (await requireShown(tx, shopId, reviewId)).helpfulCount, isVoted: true }
  })
}

/** Takes the vote back. @throws AppError NOT_FOUND */
export function unvote(deps: ReviewsDeps, { shopId, reviewId, buyerId }: Ballot) {
  return deps.db.tx({ shopId }, async (tx) => {
    await requireShown(tx, shopId, reviewId)
    await removeVote(tx, shopId, reviewId, buyerId)
    return { helpfulCount: (await requireShown(tx, shopId, reviewId)).helpfulCount, isVoted: false }
  })
}

/** Somebody thinks that a review does not belong here; counted once per buyer. @throws AppError NOT_FOUND */
export function report(deps: ReviewsDeps, { shopId, reviewId, buyerId }: Ballot, reason: string): Promise<void> {
  return deps.db.tx({ shopId }, async (tx) => {
    await requireShown(tx, shopId, reviewId)
    await addReport(tx, { shopId, reviewId, buyerId, reason, at: deps.clock.instant() })
  })
}

async function requireShown(tx: Tx, shopId: string, reviewId: string): Promise<ReviewRow> {
  const review = await reviewById(tx, shopId, reviewId)
  if (review?.state !== 'approved') throw new AppError('NOT_FOUND', { values: { what: '评价' } })
  return review
}
