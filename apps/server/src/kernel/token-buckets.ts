export interface BucketOptions {
  /** Tokens that come back in a second. */
  perSecond: number
  /** Tokens a bucket holds: so many calls may come at once. */
  burst: number
  /** Monotonic ms. */
  ticks: () => number
  /** Buckets that are remembered; the one that was not used for longest goes first. */
  maxKeys?: number
}

/** Token buckets by key, in this process. A bucket that has become full again need not be remembered. */
export class TokenBuckets {
  readonly #options: BucketOptions
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(options: BucketOptions) {
    this.#options = options
  }

  /** Takes a token; answers 0, or in how many ms there will be one. */
  take(key: string): number {
    const { perSecond, burst, ticks, maxKeys = 200_000 } = this.#options
    const now = ticks()
    const known = this.#buckets.get(key)
    const tokens = known ? Math.min(burst, known.tokens + ((now - known.at) / 1000) * perSecond) : burst
    const left = tokens >= 1 ? tokens - 1 : tokens
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: left, at: now })
    if (this.#buckets.size > maxKeys) this.#buckets.delete(this.#buckets.keys().next().value!)
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000)
  }
}
