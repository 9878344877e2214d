import type { ReviewSummary } from '@zhanggui/contract'

/** Of fewer reviews than this a share in per cent says more than is known. */
const LEAST_FOR_SHARE = 5

/** How many of the reviews are good, in words; undefined while there are too few of them. */
export const goodShareText = ({
  count,
  goodRatioBp,
}: Pick<ReviewSummary, 'count' | 'goodRatioBp'>): string | undefined =>
  goodRatioBp === null || count < LEAST_FOR_SHARE ? undefined : `好评率 ${Math.round(goodRatioBp / 100)}%`
