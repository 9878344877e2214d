import type { ReviewBoard } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { ReviewsDeps } from './deps.ts'
import { daysAfter, hoursAfter, ratioBp, tenths } from './rules.ts'
import { lowStarHours } from './settings.ts'
import { period, rising, shopScore, waitingCounts, worstProducts } from './store-board.ts'

const MAX_RISING = 12
const MAX_WORST = 5

/** How the shop is spoken of: what waits, averages, low stars with their clock, phrases that rise. (CAT-11) */
export function reviewBoard(deps: ReviewsDeps, shopId: string, days: number): Promise<ReviewBoard> {
  return deps.db.read({ shopId }, async (tx) => {
    const to = deps.clock.instant()
    const [middle, from] = [daysAfter(to, -days), daysAfter(to, -2 * days)]
    const all = await shopScore(tx, shopId)
    const recent = await period(tx, shopId, middle, to)
    const before = await period(tx, shopId, from, middle)
    const worst = await worstProducts(tx, shopId, middle, MAX_WORST)
    return {
      ...(await counts(tx, deps, shopId)),
      days,
      count: all.count,
      averageTenths: tenths(all.stars, all.count),
      goodRatioBp: ratioBp(all.good, all.count),
      serviceTenths: tenths(all.service, all.count),
      logisticsTenths: tenths(all.logistics, all.count),
      recent: figures(recent),
      before: figures(before),
      rising: await rising(tx, shopId, { from, middle, to }, MAX_RISING),
      worst: worst.map(({ stars, ...each }) => ({ ...each, averageTenths: tenths(stars, each.count) ?? 0 })),
    }
  })
}

/** What of the reviews waits for staff. */
export async function counts(tx: Tx, { settings, clock }: ReviewsDeps, shopId: string) {
  const hours = await settings.get(lowStarHours, { shopId }, tx)
  return waitingCounts(tx, shopId, hoursAfter(clock.instant(), -hours))
}

const figures = ({ count, stars, badCount }: { count: number; stars: number; badCount: number }) => ({
  count,
  averageTenths: tenths(stars, count),
  badCount,
})
