import { hash } from 'node:crypto'
import { sql, type Tx } from '../../kernel/db.ts'

/** Numbers a process takes from the sequence at once; the step of the sequence. */
export const BLOCK = 1000
const DOMAIN = 1_000_000_000
const HALF_BITS = 15
const HALF_MASK = (1 << HALF_BITS) - 1
const ROUNDS = 4
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000

/**
 * A keyed permutation of 0 … 999,999,999: consecutive numbers come out unrelated, so that two orders do not tell how
 * many were placed between them. A Feistel network over 30 bits that walks on while it is outside (Black and Rogaway,
 * "Ciphers with Arbitrary Finite Domains", cycle walking).
 */
export function permute(key: string, number: number): number {
  let value = number
  do {
    let left = value >>> HALF_BITS
    let right = value & HALF_MASK
    for (let round = 0; round < ROUNDS; round++) {
      const next = left ^ roundValue(key, round, right)
      left = right
      right = next
    }
    value = left * 2 ** HALF_BITS + right
  } while (value >= DOMAIN)
  return value
}

/** Values of the round function of the key that was used last, -1 where not computed yet: 256 KB at most. */
const computed = { key: '', values: new Int16Array(0) }

function roundValue(key: string, round: number, half: number): number {
  if (computed.key !== key || computed.values.length === 0) {
    computed.key = key
    computed.values = new Int16Array(ROUNDS << HALF_BITS).fill(-1)
  }
  const place = (round << HALF_BITS) | half
  if (computed.values[place] === -1) {
    const digest = hash('sha256', `${key}.${round}.${half}`, 'buffer')
    computed.values[place] = digest.readUInt16BE(0) & HALF_MASK
  }
  return computed.values[place]!
}

/** The number people see: `yyMMdd` in China's time and nine digits. */
export const formatOrderNo = (key: string, number: number, atMs: number): string =>
  `${dayOf(atMs)}${String(permute(key, number)).padStart(9, '0')}`

/** The day that was asked for last: many orders are numbered at the same moment. */
const lastDay = { atMs: Number.NaN, text: '' }

function dayOf(atMs: number): string {
  if (lastDay.atMs !== atMs) {
    lastDay.atMs = atMs
    lastDay.text = new Date(atMs + SHANGHAI_OFFSET_MS).toISOString().slice(2, 10).replaceAll('-', '')
  }
  return lastDay.text
}

/** Hands out order numbers from blocks of a sequence that this process owns: unique over all processes and shops. */
export class OrderNumbers {
  readonly #key: string
  #next = 0
  #end = 0

  constructor(key: string) {
    this.#key = key
  }

  async take(tx: Tx, count: number, atMs: number): Promise<string[]> {
    const numbers: string[] = []
    while (numbers.length < count) {
      if (this.#next === this.#end) {
        const { start } = await tx.one<{ start: number }>(sql`select nextval('order_numbers') as start`)
        // Somebody else may have begun a block meanwhile; what is left of it is never used, which costs nothing.
        this.#next = start
        this.#end = start + BLOCK
      }
      numbers.push(formatOrderNo(this.#key, this.#next++, atMs))
    }
    return numbers
  }
}
