import { AppError } from '../../kernel/errors.ts'
import { variantUrl } from '../../kernel/files.ts'
import { buyerOf, staffOf } from '../../kernel/http/caller.ts'
import { takePictureOrVideo } from '../../kernel/http/media.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import { reviewBoard } from './board.ts'
import type { ReviewsDeps } from './deps.ts'
import { type By, moderate, pin, replyTo } from './moderate.ts'
import { consoleReviews, ordersToReview, ownReviews, reviewSummary, shownReviews } from './read-reviews.ts'
import { report, unvote, vote } from './vote.ts'
import { addToReview, orderReviews, reviewOrder } from './write-review.ts'

/** Uploads of one buyer in ten minutes: some orders full of pictures, no film festival. */
const MAX_UPLOADS = 60
const UPLOAD_WINDOW_MS = 600_000

export function reviewHandlers(deps: ReviewsDeps): Handlers {
  const countUpload = createRateLimit({ clock: deps.clock, limit: MAX_UPLOADS, windowMs: UPLOAD_WINDOW_MS })
  return {
    'store.reviewSummary': ({ params }) => reviewSummary(deps, params.shopId, params.productId),
    'store.reviews': ({ params, query, caller }) =>
      shownReviews(deps, params.shopId, params.productId, query, caller.kind === 'buyer' ? caller.buyerId : undefined),
    'buyer.uploadReviewMedia': (call) => {
      countUpload(buyerOf(call.caller))
      return upload(deps, call)
    },
    'buyer.ordersToReview': ({ params, query, caller }) =>
      ordersToReview(deps, { ...params, buyerId: buyerOf(caller) }, query),
    'buyer.orderReviews': ({ params, caller }) => orderReviews(deps, { ...params, buyerId: buyerOf(caller) }),
    'buyer.reviewOrder': ({ params, body, caller }) => reviewOrder(deps, { ...params, buyerId: buyerOf(caller) }, body),
    'buyer.reviews': ({ params, query, caller }) => ownReviews(deps, { ...params, buyerId: buyerOf(caller) }, query),
    'buyer.addToReview': ({ params, body, caller }) => addToReview(deps, { ...params, buyerId: buyerOf(caller) }, body),
    'buyer.voteReview': ({ params, caller }) => vote(deps, { ...params, buyerId: buyerOf(caller) }),
    'buyer.unvoteReview': ({ params, caller }) => unvote(deps, { ...params, buyerId: buyerOf(caller) }),
    'buyer.reportReview': async ({ params, body, caller }) => {
      await report(deps, { ...params, buyerId: buyerOf(caller) }, body.reason)
      return { ok: true }
    },
    'console.reviews': ({ params, query }) => consoleReviews(deps, params.shopId, query),
    'console.reviewBoard': ({ params, query }) => reviewBoard(deps, params.shopId, query.days),
    'console.moderateReviews': async (call) => ({ changed: await moderate(deps, madeBy(call), call.body) }),
    'console.replyReview': (call) => replyTo(deps, madeBy(call), call.params.reviewId, call.body.text),
    'console.pinReview': (call) => pin(deps, madeBy(call), call.params.reviewId, call.body.pinned),
  }
}

function madeBy({ caller, ip, requestId, params }: StaffCall): By {
  const { staffId, name } = staffOf(caller)
  return { shopId: params.shopId, actor: { kind: 'staff', id: staffId, name }, ip, requestId }
}

type StaffCall = Pick<Call, 'caller' | 'ip' | 'requestId'> & { params: { shopId: string } }

async function upload(
  deps: ReviewsDeps,
  { request, params: { shopId }, caller }: Pick<Call, 'request' | 'caller'> & { params: { shopId: string } },
) {
  if (!(await deps.db.read({ shopId }, (tx) => deps.isShop(tx, shopId))))
    throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
  const stored = await takePictureOrVideo(deps, request, shopId, { kind: 'buyer', id: buyerOf(caller) })
  return { fileId: stored.id, url: variantUrl(stored.id), width: stored.width, height: stored.height }
}
