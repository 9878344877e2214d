import { createHash } from 'node:crypto'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import { isLast } from './journey.ts'
import { type Parcel, type Parcels, resultOf } from './parcels.ts'

/** A push that was not answered with `"result":true` is repeated so much later. How often is an assumption; facts §6.1. */
const REPEATS_MS: readonly number[] = [15_000, 3 * 60_000, 30 * 60_000]
const ANSWER_TIMEOUT_MS = 5000
const AT_ONCE = 16

export interface Push {
  id: number
  number: string
  created_at: number
  attempts: number
  next_at: number | null
  state: 'pending' | 'delivered' | 'given_up'
  last_answer: string
}

type Row = Push & { param: string }

/** Upper-case MD5 in hex: how Kuaidi100 signs. */
export const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex').toUpperCase()

/** The pushes to subscribers: all that is known of a parcel each time it moves, signed with the subscription's salt. */
export class Pushes {
  readonly #db: Database
  readonly #clock: SimulatorClock
  #onChange: () => void = () => {}

  constructor(db: Database, clock: SimulatorClock) {
    this.#db = db
    this.#clock = clock
  }

  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  /** Queues what is known of a parcel now. */
  add(parcel: Parcel, lines: ReturnType<Parcels['lines']>): void {
    const now = this.#clock.now()
    const isOver = isLast(parcel.state)
    const param = JSON.stringify({
      status: isOver ? 'shutdown' : 'polling',
      billstatus: parcel.state === '3' ? 'check' : 'got',
      message: '',
      autoCheck: '0',
      comOld: '',
      comNew: '',
      lastResult: resultOf(parcel, lines),
    })
    this.#db.run(
      `INSERT INTO parcel_pushes (number, param, created_at, attempts, next_at, state, last_answer)
       VALUES (?, ?, ?, 0, ?, 'pending', '')`,
      ...[parcel.number, param, now, now],
    )
    this.#onChange()
  }

  nextDueMs(): number | null {
    const sql = `SELECT min(next_at) AS due FROM parcel_pushes WHERE state = 'pending'`
    return this.#db.one<{ due: number | null }>(sql)?.due ?? null
  }

  /** Delivers what is due now, a bounded number side by side. Returns how many were tried. */
  async deliverDue(): Promise<number> {
    const due = this.#db.all<Row>(
      `SELECT * FROM parcel_pushes WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
      ...[this.#clock.now(), AT_ONCE],
    )
    await Promise.all(due.map((row) => this.#deliver(row)))
    return due.length
  }

  /** Newest first. */
  list(number: string, limit = 10): Push[] {
    return this.#db
      .all<Row>('SELECT * FROM parcel_pushes WHERE number = ? ORDER BY id DESC LIMIT ?', number, limit)
      .map(({ param: _param, ...push }) => push)
  }

  async #deliver(row: Row): Promise<void> {
    const parcel = this.#db.one<Parcel>('SELECT * FROM parcels WHERE number = ?', row.number)!
    const answer = await post(parcel.callback_url, row.param, parcel.salt)
    const attempts = row.attempts + 1
    const laterMs = REPEATS_MS[attempts - 1]
    const state = answer.ok ? 'delivered' : laterMs === undefined ? 'given_up' : 'pending'
    this.#db.run(
      'UPDATE parcel_pushes SET attempts = ?, state = ?, next_at = ?, last_answer = ? WHERE id = ?',
      ...[
        attempts,
        state,
        state === 'pending' ? this.#clock.now() + laterMs! : null,
        answer.text.slice(0, 300),
        row.id,
      ],
    )
  }
}

async function post(url: string, param: string, salt: string): Promise<{ ok: boolean; text: string }> {
  const form = new URLSearchParams({ ...(salt && { sign: md5(param + salt) }), param })
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    const text = await response.text()
    return { ok: response.ok && isAccepted(text), text: `${response.status} ${text}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { ok: false, text: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) }
  }
}

function isAccepted(text: string): boolean {
  try {
    return (JSON.parse(text) as { result?: unknown }).result === true
  } catch {
    return false
  }
}
