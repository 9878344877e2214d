import { z } from 'zod'
import { defineEvent } from '../../kernel/outbox.ts'

const review = { reviewId: z.string(), buyerId: z.string(), orderId: z.string(), productId: z.string() }

/** A buyer reviewed a line of an order. Aggregate: the review. */
export const reviewWritten = defineEvent({
  name: 'reviews.review-written',
  version: 1,
  payload: z.object({
    ...review,
    orderNo: z.string().optional(),
    goodsStars: z.int(),
    hasPictures: z.boolean(),
    state: z.string(),
  }),
})

/** A review is shown from now on, or is no longer. */
export const reviewDecided = defineEvent({
  name: 'reviews.review-decided',
  version: 1,
  payload: z.object({ ...review, goodsStars: z.int(), decision: z.enum(['approve', 'reject']), reason: z.string() }),
})

/** The shop answered in public. */
export const reviewAnswered = defineEvent({
  name: 'reviews.review-answered',
  version: 1,
  payload: z.object({ ...review, text: z.string() }),
})

/** The time has come to ask the buyer of a received order for a review; whoever sends messages does. Aggregate: the order. */
export const reviewWanted = defineEvent({
  name: 'reviews.review-wanted',
  version: 1,
  payload: z.object({ orderId: z.string(), orderNo: z.string(), buyerId: z.string(), titles: z.array(z.string()) }),
})
