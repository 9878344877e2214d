import type { Clock } from './clock.ts'

export interface KeptValuesOptions<T> {
  clock: Clock
  /** Bytes of a value, about. */
  sizeOf: (value: T) => number
  /** All values together. */
  maxBytes: number
  /**
   * The clock is cut into windows of this length, and a value is kept within its own only: so old it may be when another
   * process wrote without an event, and what begins or ends where a window does is seen on the instant.
   */
  windowMs: number
}

interface Entry<T> {
  writes: number
  window: number
  value: Promise<T>
  size: number
  asked: number
}

/** Of an entry beside its key and value. */
const ENTRY_BYTES = 500

/**
 * Values that are the same for every visitor, kept until something is written: in a rush thousands read what one has
 * read from the database. Whoever asks after a commit of this process never gets a value from before it.
 */
export class KeptValues<T> {
  readonly #options: KeptValuesOptions<T>
  readonly #entries = new Map<string, Entry<T>>()
  #bytes = 0
  /** Counts what was written: a value is as good as the count under which its reading began. */
  #writes = 0
  #hits = 0
  #misses = 0

  constructor(options: KeptValuesOptions<T>) {
    this.#options = options
  }

  /** Something that values may show has changed. */
  changed(): void {
    this.#writes++
  }

  stats(): { entries: number; bytes: number; hits: number; misses: number } {
    return { entries: this.#entries.size, bytes: this.#bytes, hits: this.#hits, misses: this.#misses }
  }

  /**
   * The value under this key, made by `make` where there is none that is still true; those who ask at the same time wait
   * for one. `asked`: how often it was asked for. A failure is not kept.
   */
  get(key: string, make: () => Promise<T>): { value: Promise<T>; asked: number } {
    const known = this.#entries.get(key)
    const window = Math.floor(this.#options.clock.millis() / this.#options.windowMs)
    if (known && known.writes === this.#writes && known.window === window) {
      this.#hits++
      known.asked++
      return known
    }
    this.#misses++
    if (known) this.#forget(key, known)
    const value = make()
    const entry: Entry<T> = { writes: this.#writes, window, value, size: 0, asked: 1 }
    this.#entries.set(key, entry)
    value.then(
      (made) => this.#weigh(key, entry, this.#options.sizeOf(made)),
      () => this.#forget(key, entry),
    )
    return entry
  }

  #weigh(key: string, entry: Entry<T>, size: number): void {
    if (this.#entries.get(key) !== entry) return
    entry.size = size + key.length + ENTRY_BYTES
    this.#bytes += entry.size
    for (const [oldest, each] of this.#entries) {
      if (this.#bytes <= this.#options.maxBytes) break
      this.#forget(oldest, each)
    }
  }

  #forget(key: string, entry: Entry<T>): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.size
  }
}
