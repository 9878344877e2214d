import type { Tx } from '../../kernel/db.ts'
import type { Schedule } from '../orders/index.ts'
import { askSubscriber, giveDefaults, remindDue } from './ask.ts'
import { counts } from './board.ts'
import { reviewsBuyerPart } from './buyer-part.ts'
import type { ReviewsDeps } from './deps.ts'
import { reviewHandlers } from './routes.ts'
import { tenths } from './rules.ts'
import { moveReviews, recentReviews } from './store.ts'
import { countReviews } from './store-lists.ts'
import { scoresOf } from './store-scores.ts'

export type { CheckText } from './check-text.ts'
export type { ReviewsDeps } from './deps.ts'
export { reviewAnswered, reviewDecided, reviewWanted, reviewWritten } from './events.ts'

const SWEEP_SECONDS = 60

/** What buyers say of goods: asked for, written, moderated, answered, counted, shown. */
export function createReviews(deps: ReviewsDeps) {
  const schedules: Schedule[] = [
    {
      name: 'reviews.remind-due',
      every: { everySeconds: SWEEP_SECONDS },
      handler: async () => void (await remindDue(deps)),
    },
    {
      name: 'reviews.give-defaults',
      every: { everySeconds: SWEEP_SECONDS },
      handler: async () => void (await giveDefaults(deps)),
    },
  ]
  return {
    handlers: reviewHandlers(deps),
    subscribers: [askSubscriber(deps)],
    schedules,
    remindDue: () => remindDue(deps),
    giveDefaults: () => giveDefaults(deps),
    /** Stars of products by id, as their cards show them; products without a review are absent. */
    async ratings(tx: Tx, shopId: string, productIds: readonly string[]) {
      const rows = await scoresOf(tx, shopId, productIds)
      return new Map(
        rows.flatMap(({ productId, starSum, reviewCount }) => {
          const averageTenths = tenths(starSum, reviewCount)
          return averageTenths === null ? [] : [[productId, { averageTenths, count: reviewCount }] as const]
        }),
      )
    },
    countReviews,
    recentReviews,
    countWaiting: async (tx: Tx, shopId: string) => (await counts(tx, deps, shopId)).waiting,
    countLowLate: async (tx: Tx, shopId: string) => (await counts(tx, deps, shopId)).lowLate,
    buyerPart: reviewsBuyerPart,
    /** Two buyers turned out to be one person. Scope `system`. */
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveReviews(tx, move.fromBuyerId, move.buyerId),
  }
}

export type Reviews = ReturnType<typeof createReviews>
