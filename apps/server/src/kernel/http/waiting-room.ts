/** So many places are counted; the people behind them are told that they are at least so many. */
const MOST = 200_000
/** A second more between two looks for so many who are ahead, up to the most. */
const AHEAD_A_SECOND = 200
const MOST_PATIENCE_SECONDS = 20

/**
 * Visitors who wait for a page, in the order in which they came. Whoever came before a moment that moves on as there is
 * room is served; a place is a time, so that every process honours the places of the others.
 */
export class WaitingRoom {
  readonly #millis: () => number
  /** When each came who is not served yet, in order. */
  #came: number[] = []
  #servedUntil = 0
  #last = 0

  constructor(millis: () => number) {
    this.#millis = millis
  }

  get waiting(): number {
    return this.#came.length
  }

  /** A place at the end. */
  join(): number {
    // Two never have the same place, also when the time of day is set back.
    this.#last = Math.max(this.#millis(), this.#last + 1)
    if (this.#came.length < MOST) this.#came.push(this.#last)
    return this.#last
  }

  /** Whoever is before the first who waits; also with the place of another process. */
  isServed(at: number): boolean {
    return at <= this.#servedUntil || at < (this.#came[0] ?? Number.POSITIVE_INFINITY)
  }

  /** How many are before this place. */
  ahead(at: number): number {
    let [low, high] = [0, this.#came.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#came[middle]! < at) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Seconds that somebody may wait longer before they look again. */
  patience(at: number): number {
    return Math.min(MOST_PATIENCE_SECONDS, Math.floor(this.ahead(at) / AHEAD_A_SECOND))
  }

  /** There is room for so many. */
  serve(count: number): void {
    const served = this.#came.splice(0, Math.max(0, count))
    if (served.length > 0) this.#servedUntil = served.at(-1)!
  }
}
