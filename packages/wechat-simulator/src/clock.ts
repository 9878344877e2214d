/** Signature timestamps may be this far from the clock. Protocol facts §1.2. */
export const SIGNATURE_WINDOW_MS = 300_000

/**
 * The simulator's own time: a base clock (the machine's, or the one a test hands over) plus an offset that can only
 * grow; it may begin in the past, as long as nothing has happened. Business rules (expiry, retries, bills) read `now()`.
 *
 * Signatures are judged against `now()` or the base clock, whichever the caller lives in: a desk demo moves only the
 * simulator ahead to see a retry, while the shop stays in real time, and its next call must still be served.
 */
export class SimulatorClock {
  readonly #base: () => number
  #offsetMs: number
  #callerInBase = false

  constructor(base: () => number, offsetMs: number) {
    this.#base = base
    this.#offsetMs = offsetMs
  }

  now(): number {
    return this.#base() + this.#offsetMs
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Begins this far behind the base clock. Nothing may have happened yet. */
  begin(behindMs: number): void {
    this.#offsetMs = -behindMs
  }

  /** Moves forward; the clock never goes back, since states reached cannot be unreached. */
  move(byMs: number): void {
    this.#offsetMs += Math.max(0, byMs)
  }

  /** Whether a request's timestamp is inside the window; remembers which clock the caller lives in. */
  accepts(timestampMs: number): boolean {
    const near = (clockMs: number) => Math.abs(clockMs - timestampMs) <= SIGNATURE_WINDOW_MS
    if (near(this.now())) this.#callerInBase = false
    else if (near(this.#base())) this.#callerInBase = true
    else return false
    return true
  }

  /** The time written into outgoing signatures: the clock of the merchant's last accepted call. */
  signatureNow(): number {
    return this.#callerInBase ? this.#base() : this.now()
  }
}
