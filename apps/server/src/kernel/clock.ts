/** An instant in UTC as an ISO 8601 string with milliseconds; such strings compare in time order. */
export type Instant = string

/** The program's only source of time. Tests move a `TestClock`; nothing else reads the wall clock. */
export interface Clock {
  millis(): number
  now(): Date
  instant(): Instant
  /** Milliseconds that only go on, whatever happens to the time of day: for waiting times and limits. */
  ticks(): number
}

export const systemClock: Clock = {
  millis: () => Date.now(),
  now: () => new Date(),
  instant: () => new Date().toISOString(),
  ticks: () => performance.now(),
}

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #millis: number
  #ticks = 0

  constructor(start: string | number = '2026-11-11T00:00:00.000Z') {
    this.#millis = new Date(start).getTime()
  }

  millis(): number {
    return this.#millis
  }

  now(): Date {
    return new Date(this.#millis)
  }

  instant(): Instant {
    return this.now().toISOString()
  }

  ticks(): number {
    return this.#ticks
  }

  advance(ms: number): void {
    this.#millis += ms
    this.#ticks += ms
  }

  jump(ms: number): void {
    this.#millis += ms
  }

  /** Somebody sets the time of day; no time has gone by. */
  set(instant: Instant): void {
    this.#millis = new Date(instant).getTime()
  }
}

/**
 * The machine's clock, some time behind it: an empty demo shop lives through its past before it opens. It only ever
 * catches up, so that nothing that has happened lies ahead.
 */
export class LaggingClock implements Clock {
  #behindMs = 0

  millis(): number {
    return Date.now() - this.#behindMs
  }

  now(): Date {
    return new Date(this.millis())
  }

  instant(): Instant {
    return this.now().toISOString()
  }

  ticks(): number {
    return performance.now()
  }

  get behindMs(): number {
    return this.#behindMs
  }

  /** Begins this far back. Nothing may have happened yet. */
  begin(behindMs: number): void {
    this.#behindMs = behindMs
  }

  /** Goes on to `millis`, at most to the present; what is past already stays past. */
  moveTo(millis: number): void {
    this.#behindMs = Math.max(0, Math.min(this.#behindMs, Date.now() - millis))
  }
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The instant `ms` after `instant`. */
export function plusMs(instant: Instant, ms: number): Instant {
  return new Date(new Date(instant).getTime() + ms).toISOString()
}
