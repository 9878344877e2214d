import type { Clock } from './clock.ts'
import { AppError } from './errors.ts'

export interface RateLimitOptions {
  clock: Clock
  /** Calls allowed to one key in a window. */
  limit: number
  windowMs: number
  /** Keys remembered at most; the oldest window goes first. */
  maxKeys?: number
}

/**
 * Counts calls by key in windows of fixed length, in this process.
 * @returns a function that counts one call and throws AppError TOO_MANY_REQUESTS beyond the limit
 */
export function createRateLimit({ clock, limit, windowMs, maxKeys = 50_000 }: RateLimitOptions): (key: string) => void {
  const windows = new Map<string, { endsAt: number; calls: number }>()
  return (key) => {
    const now = clock.ticks()
    let window = windows.get(key)
    if (window === undefined || window.endsAt <= now) {
      windows.delete(key)
      window = { endsAt: now + windowMs, calls: 0 }
      windows.set(key, window)
      if (windows.size > maxKeys) windows.delete(windows.keys().next().value!)
    }
    if (++window.calls <= limit) return
    const seconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000))
    throw new AppError('TOO_MANY_REQUESTS', { values: { seconds }, retryAfterSeconds: seconds })
  }
}
