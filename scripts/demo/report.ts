import { isDeepStrictEqual } from 'node:util'
import { formatMoney } from '@zhanggui/contract'
import { table } from '../launcher/box.ts'

/** Something did not come out as it must. */
export class Deviation extends Error {}

/** @throws Deviation that says what was expected and what was found */
export function expect(what: string, found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted))
    throw new Deviation(`${what}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`)
}

export const money = (fen: number): string => formatMoney(fen)

export interface Report {
  /** Begins a step; the time since the last one is printed beside it. */
  step(title: string): void
  /** What came of it, name by name. */
  lines(rows: readonly (readonly [string, string | number])[]): void
}

/** A numbered account of what is done, for people. */
export function createReport(print: (line: string) => void): Report {
  let number = 0
  return {
    step(title) {
      number += 1
      print(`\n${String(number).padStart(2)}. ${title}`)
    },
    lines(rows) {
      for (const line of table(rows.map(([name, value]) => [`    ${name}`, String(value)]))) print(line)
    },
  }
}

/** Asks again until `isDone`; what arrives by itself (events, jobs, notifications) arrives soon. @throws Deviation */
export async function until<T>(what: string, ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (isDone(answer)) return answer
    if (Date.now() > deadline)
      throw new Deviation(
        `${what} did not happen within ${PATIENCE_MS / 1000} s; it stands at ${JSON.stringify(answer).slice(0, 400)}`,
      )
    await new Promise((done) => setTimeout(done, PAUSE_MS))
  }
}

const PATIENCE_MS = 30_000
const PAUSE_MS = 100
