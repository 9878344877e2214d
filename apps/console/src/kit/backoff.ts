const FIRST_MS = 500
const LONGEST_MS = 30_000

/**
 * How long to wait before connecting again: doubling from half a second to half a minute, of which a random
 * half is taken off, so that the browsers of a restarted server do not all come back at once.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling * (0.5 + random() / 2))
}
