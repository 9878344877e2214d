import { plusMs } from './clock.ts'
import type { Tx } from './db.ts'
import { AppError } from './errors.ts'
import type { RelayOptions, Subscriber } from './outbox-relay.ts'
import {
  type Cursor,
  lockCursor,
  parkEvents,
  type ReadEvent,
  type Reading,
  readNext,
  saveCursor,
} from './outbox-store.ts'
import { redactText } from './redact.ts'

/** Thrown by a subscriber when something it needs is down: the events are kept and tried again, never parked. */
export class RetryLater extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RetryLater'
  }
}

/**
 * `more`: go on at once. `idle`: all done. `busy`: another process is active. `waiting`: after a failure.
 */
export type StepResult =
  | { state: 'more' | 'idle' | 'busy'; handled: number }
  | { state: 'waiting'; handled: number; waitMs: number }

/** A batch whose handler threw; what was read is needed to decide what becomes of it. */
class HandlerFailed extends Error {
  readonly cursor: Cursor
  readonly reading: Reading
  readonly events: readonly ReadEvent[]

  constructor(cursor: Cursor, reading: Reading, events: readonly ReadEvent[], cause: unknown) {
    super('The handler failed', { cause })
    this.cursor = cursor
    this.reading = reading
    this.events = events
  }
}

const DEFAULT_BATCH_SIZE = 200
const OUTAGE_CODES = /^(ECONN\w+|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|EHOST\w+|ENET\w+|08\w{3}|57P0\d|53\d{3}|25P03)$/

/** One subscriber's way through the stream: each step is one transaction. */
export class Consumer {
  readonly subscriber: Subscriber
  /** Names of the events it wants; null for all. */
  readonly names: readonly string[] | null
  readonly #options: RelayOptions
  #outages = 0

  constructor(subscriber: Subscriber, options: RelayOptions) {
    this.subscriber = subscriber
    this.#options = options
    const { events } = subscriber
    this.names = events === '*' ? null : events.map((event) => (typeof event === 'string' ? event : event.name))
  }

  wants(names: ReadonlySet<string> | '*'): boolean {
    return names === '*' || this.names === null || this.names.some((name) => names.has(name))
  }

  /** Hands over one batch and moves the cursor behind it, in one transaction. */
  async step(): Promise<StepResult> {
    try {
      const result = await this.#options.db.tx('system', (tx) => this.#stepIn(tx))
      this.#outages = 0
      return result
    } catch (error) {
      if (!(error instanceof HandlerFailed)) throw error
      this.#options.onError?.(this.subscriber.name, error.cause)
      return this.#options.db.tx('system', (tx) => this.#fail(tx, error))
    }
  }

  /** Like `step`; when the database itself fails, that is reported and waited for. */
  async safeStep(): Promise<StepResult> {
    try {
      return await this.step()
    } catch (error) {
      this.#options.onError?.(this.subscriber.name, error)
      return { state: 'waiting', handled: 0, waitMs: this.#pauseMs(++this.#outages) }
    }
  }

  async #stepIn(tx: Tx): Promise<StepResult> {
    const { clock } = this.#options
    const { name } = this.subscriber
    const most = this.subscriber.batchSize ?? DEFAULT_BATCH_SIZE
    // Sent together: the second is carried out when the first has the lock.
    const [cursor, next] = await Promise.all([lockCursor(tx, name), readNext(tx, name, this.names, most)])
    if (!cursor) return { state: 'busy', handled: 0 }
    const waitMs = cursor.retryAt === null ? 0 : new Date(cursor.retryAt).getTime() - clock.millis()
    if (waitMs > 0) return { state: 'waiting', handled: 0, waitMs }
    if (!next) return { state: 'idle', handled: 0 }
    const { reading, events, limit } = next
    const free = events.filter((event) => !event.blocked).map(withoutFlag)
    const blocked = events.filter((event) => event.blocked)
    if (blocked.length > 0)
      await parkEvents(tx, name, blocked, true, 'waits behind a parked event of its aggregate', clock.instant())
    if (free.length > 0) await this.#hand(tx, cursor, reading, events, free)
    const finished = events.length < limit
    saveCursor(
      tx,
      {
        ...cursor,
        settled: finished ? reading.target : reading.settled,
        target: finished ? null : reading.target,
        seq: finished ? 0 : events.at(-1)!.seq,
        failures: 0,
        singleUntil: finished ? 0 : cursor.singleUntil,
        retryAt: null,
      },
      clock.instant(),
    )
    // A finished set was the state of some moment; whoever committed since then has rung again.
    return { state: finished ? 'idle' : 'more', handled: events.length }
  }

  async #hand(
    tx: Tx,
    cursor: Cursor,
    reading: Reading,
    events: ReadEvent[],
    free: Omit<ReadEvent, 'blocked'>[],
  ): Promise<void> {
    try {
      await this.subscriber.handle(tx, free)
    } catch (cause) {
      if (isTransactionConflict(cause)) throw cause
      throw new HandlerFailed(cursor, reading, events, cause)
    }
  }

  /** Decides after a failure: again after a pause, one by one, or parked. */
  async #fail(tx: Tx, failed: HandlerFailed): Promise<StepResult> {
    const { clock, batchAttempts = 2, eventAttempts = 5 } = this.#options
    const cursor = await lockCursor(tx, this.subscriber.name)
    // Another process has taken over meanwhile, and will see for itself.
    if (!cursor || !samePlace(cursor, failed.cursor)) return { state: 'busy', handled: 0 }
    const at = clock.instant()
    const error = describe(failed.cause)
    const failures = cursor.failures + 1
    const outage = isOutage(failed.cause)
    const single = failed.events.length === 1
    if (!outage && single && failures >= eventAttempts) {
      const [event] = failed.events
      await parkEvents(tx, this.subscriber.name, [event!], false, error, at)
      const { settled, target } = failed.reading
      saveCursor(tx, { ...cursor, settled, target, seq: event!.seq, failures: 0, retryAt: null }, at, error)
      return { state: 'more', handled: 0 }
    }
    if (!outage && !single && failures >= batchAttempts) {
      const singleUntil = failed.events.at(-1)!.seq
      saveCursor(tx, { ...cursor, failures: 0, singleUntil, retryAt: null }, at, error)
      return { state: 'more', handled: 0 }
    }
    const waitMs = this.#pauseMs(failures)
    saveCursor(tx, { ...cursor, failures, retryAt: plusMs(at, waitMs) }, at, error)
    return { state: 'waiting', handled: 0, waitMs }
  }

  #pauseMs(failures: number): number {
    const { retryBaseMs = 1_000, retryMaxMs = 60_000 } = this.#options
    return Math.min(retryBaseMs * 2 ** Math.min(failures - 1, 20), retryMaxMs)
  }
}

function withoutFlag({ blocked: _, ...event }: ReadEvent): Omit<ReadEvent, 'blocked'> {
  return event
}

const samePlace = (a: Cursor, b: Cursor): boolean =>
  a.settled === b.settled && a.target === b.target && a.seq === b.seq && a.failures === b.failures

/** The database itself asks to run the transaction again. */
function isTransactionConflict(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === '40001' || code === '40P01'
}

function isOutage(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof RetryLater) return true
    if (cause instanceof AppError && (cause.code === 'UNAVAILABLE' || cause.code === 'BUSY')) return true
    if (OUTAGE_CODES.test(String((cause as { code?: unknown }).code))) return true
  }
  return false
}

function describe(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return redactText(text).slice(0, 2_000)
}
