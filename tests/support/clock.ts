import type { Clock } from '../../apps/server/src/kernel/clock.ts'

/** A clock that a test can move. */
export interface MovableClock extends Clock {
  advance(ms: number): void
  /** Somebody sets the time of day wrong, or right again: no time has gone by. */
  jump(ms: number): void
}

/** Runs as the machine's clock does, and can be moved ahead: for tests with a browser, whose cookies know the real time. */
export function runningClock(): MovableClock {
  let aheadMs = 0
  let jumpedMs = 0
  const millis = () => Date.now() + aheadMs + jumpedMs
  return {
    millis,
    now: () => new Date(millis()),
    instant: () => new Date(millis()).toISOString(),
    ticks: () => performance.now() + aheadMs,
    jump(ms) {
      jumpedMs += ms
    },
    advance(ms) {
      aheadMs += ms
    },
  }
}
