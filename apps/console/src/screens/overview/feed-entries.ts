import type { Overview } from '@zhanggui/contract'

/** Something that has just happened in the shop. */
export interface FeedEntry {
  /** The same thing has the same key, whether it was read or announced. */
  key: string
  at: string
  event: string
  text: string
  orderId: string
  orderNo: string
  totalFen: number | null
  reviewId: string | null
  /** Of a review. */
  stars: number | null
}

const MOST = 20

/** A step happens once to an order; of one order there are several reviews. */
const keyOf = (orderId: string, event: string, reviewId: string | null): string =>
  `${orderId}:${event}${reviewId === null ? '' : `:${reviewId}`}`

/** What the server announces of an order, as `realtime-topics` maps it; undefined for anything else. */
export function entryFrom(data: unknown): FeedEntry | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { name, orderId, orderNo, totalFen, at } = data as Record<string, unknown>
  if (typeof name !== 'string' || typeof orderId !== 'string' || typeof orderNo !== 'string' || typeof at !== 'string')
    return undefined
  const event = name === 'reviews.review-written' ? 'reviewed' : name.replace(/^orders\.(order-)?/, '')
  const { reviewId, stars } = data as Record<string, unknown>
  const of = typeof reviewId === 'string' ? reviewId : null
  return {
    key: keyOf(orderId, event, of),
    at,
    event,
    text: '',
    orderId,
    orderNo,
    totalFen: typeof totalFen === 'number' ? totalFen : null,
    reviewId: of,
    stars: typeof stars === 'number' ? stars : null,
  }
}

/** What was read and what was announced since, newest first, each once; what was read has the better words. */
export function merged(read: Overview['feed'], announced: readonly FeedEntry[]): FeedEntry[] {
  const all = new Map(announced.map((entry) => [entry.key, entry]))
  for (const step of read) {
    const key = keyOf(step.orderId, step.event, step.reviewId)
    all.set(key, { ...step, key })
  }
  return [...all.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, MOST)
}
