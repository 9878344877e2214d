import { ApiError } from '@zhanggui/contract/client'

export interface Patience {
  /** For how long altogether, in ms. */
  limitMs: number
  /** Told before each wait: how long it will be, and the how manieth it is. */
  onWait: (waitMs: number, round: number) => void
  /** Whether the buyer no longer wants to. */
  isOver: () => boolean
  /** Resolves after so many ms, or sooner when the buyer gives up. */
  pause: (ms: number) => Promise<void>
  random?: () => number
  now?: () => number
}

const FIRST_MS = 1_000
/** Everybody is told the same number of seconds: who waits up to half as long again comes back beside the others. */
const SPREAD = 0.5

/**
 * Does what a shop that is overrun refuses for now (BUSY, UNAVAILABLE) again and again for the buyer, each time after
 * as long as the server asked for and a little more by chance. `work` must be safe to repeat. Undefined when the buyer
 * gave up; throws any other refusal at once, and the last one when the time is over.
 */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T | undefined> {
  const { limitMs, onWait, isOver, pause, random = Math.random, now = Date.now } = patience
  const until = now() + limitMs
  for (let round = 1; ; round++) {
    try {
      return await work()
    } catch (error) {
      if (!isRush(error)) throw error
      const askedMs = Math.max(FIRST_MS, (error.body?.retryAfterSeconds ?? 0) * 1000)
      const waitMs = Math.round(askedMs * (1 + random() * SPREAD))
      if (now() + waitMs > until) throw error
      onWait(waitMs, round)
      await pause(waitMs)
      if (isOver()) return undefined
    }
  }
}

const isRush = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.code === 'BUSY' || error.code === 'UNAVAILABLE')
