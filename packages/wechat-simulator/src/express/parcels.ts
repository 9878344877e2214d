import { billTime } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { SettingsStore } from '../settings.ts'
import { type Course, isLast, journeyOf, type Stop, stopsBehind } from './journey.ts'

const HOUR_MS = 3_600_000

/** A parcel as the carriers' aggregator knows it. */
export interface Parcel {
  number: string
  /** The aggregator's code; empty while a parcel is only planned. */
  company: string
  from_city: string
  to_city: string
  course: Course
  /** Last digits of the phone that the carrier asks for, or empty. */
  phone: string
  callback_url: string
  salt: string
  /** How many stops of its journey were told. */
  step: number
  state: string
  created_at: number
  /** When the next stop is reached; null when none is to come. */
  next_at: number | null
}

export interface ParcelLine {
  at: number
  state: string
  text: string
  area: string
}

export interface Subscription {
  company: string
  number: string
  phone: string
  from: string
  to: string
  callbackUrl: string
  salt: string
}

/** What a desk says of a number before a shop ships with it. */
export interface Plan {
  number: string
  course: Course
  from: string
  to: string
  /** How old the label is: what lies behind by then is told at once, with its times in the past. */
  ageHours: number
}

/** All parcels, each on its way through its journey in the simulator's clock, as fast as `parcel_speed` says. */
export class Parcels {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly #onMove: (parcel: Parcel) => void

  constructor(db: Database, clock: SimulatorClock, settings: SettingsStore, onMove: (parcel: Parcel) => void) {
    this.#db = db
    this.#clock = clock
    this.#settings = settings
    this.#onMove = onMove
  }

  /** Newest first. */
  list(limit = 50): Parcel[] {
    return this.#db.all<Parcel>('SELECT * FROM parcels ORDER BY created_at DESC, rowid DESC LIMIT ?', limit)
  }

  find(number: string): Parcel | undefined {
    return this.#db.one<Parcel>('SELECT * FROM parcels WHERE number = ?', number)
  }

  /** Oldest first. */
  lines(number: string): ParcelLine[] {
    return this.#db.all<ParcelLine>(
      'SELECT at, state, text, area FROM parcel_lines WHERE number = ? ORDER BY at, rowid',
      number,
    )
  }

  /** Says how a number that nobody follows yet will fare; false when it is on its way already. */
  plan({ number, course, from, to, ageHours }: Plan): boolean {
    const now = this.#clock.now()
    const changed = this.#db.run(
      `INSERT INTO parcels (number, company, from_city, to_city, course, phone, callback_url, salt, step, state, created_at, next_at)
       VALUES (?1, '', ?2, ?3, ?4, '', '', '', 0, '', ?5, NULL)
       ON CONFLICT (number) DO UPDATE SET from_city = ?2, to_city = ?3, course = ?4, created_at = ?5 WHERE company = ''`,
      ...[number, from, to, course, now - ageHours * HOUR_MS],
    )
    return changed === 1
  }

  /** Begins to follow a parcel; false when somebody does already. */
  follow(wanted: Subscription): boolean {
    const known = this.find(wanted.number)
    if (known && known.company !== '') return false
    const now = this.#clock.now()
    const [from, to] = [known?.from_city || wanted.from, known?.to_city || wanted.to]
    const createdAt = known?.created_at ?? now
    this.#db.run(
      `INSERT OR REPLACE INTO parcels (number, company, from_city, to_city, course, phone, callback_url, salt, step, state, created_at, next_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, NULL)`,
      ...[wanted.number, wanted.company, from, to, known?.course ?? 'delivered', wanted.phone],
      ...[wanted.callbackUrl, wanted.salt, createdAt],
    )
    const parcel = this.find(wanted.number)!
    const stops = stopsOf(parcel)
    const behind = stopsBehind(stops, now - createdAt)
    for (const stop of stops.slice(0, behind)) this.#tell(parcel, stop, createdAt + stop.afterMs)
    this.#goOn({ ...parcel, step: behind, state: stops[behind - 1]?.state ?? '' }, now - createdAt)
    if (behind > 0) this.#onMove(this.find(wanted.number)!)
    return true
  }

  nextDueMs(): number | null {
    return this.#db.one<{ due: number | null }>('SELECT min(next_at) AS due FROM parcels')?.due ?? null
  }

  /** Moves one parcel that is due. Returns how many moved. */
  runDue(): number {
    const due = this.#db.one<Parcel>(
      'SELECT * FROM parcels WHERE next_at <= ? ORDER BY next_at, rowid LIMIT 1',
      this.#clock.now(),
    )
    if (!due) return 0
    this.#db.transaction(() => this.#step(due))
    return 1
  }

  /** Takes a parcel to its next stop now; false when none is to come. */
  move(number: string): boolean {
    const parcel = this.find(number)
    if (!parcel || parcel.company === '' || parcel.step >= stopsOf(parcel).length) return false
    this.#db.transaction(() => this.#step(parcel))
    return true
  }

  /** Changes how the rest of the way goes; false when the parcel has come to its end. */
  steer(number: string, course: Course): boolean {
    const parcel = this.find(number)
    if (!parcel || isLast(parcel.state)) return false
    this.#db.transaction(() => {
      this.#db.run('UPDATE parcels SET course = ? WHERE number = ?', course, number)
      if (parcel.company === '') return
      // What is behind stays; of the other journey only what comes after it is still to come.
      const told = parcel.step === 0 ? 0 : (stopsOf(parcel)[parcel.step - 1]?.afterMs ?? 0)
      this.#goOn({ ...parcel, course, step: stopsBehind(journeyOf(course, cities(parcel)), told) }, told)
    })
    return true
  }

  #step(parcel: Parcel): void {
    const stop = stopsOf(parcel)[parcel.step]!
    this.#tell(parcel, stop, this.#clock.now())
    this.#goOn({ ...parcel, step: parcel.step + 1, state: stop.state }, stop.afterMs)
    this.#onMove(this.find(parcel.number)!)
  }

  /** Carriers write times to the second: of two stops in one the later is a second later. */
  #tell(parcel: Parcel, stop: Stop, at: number): void {
    const last = this.lines(parcel.number).at(-1)
    this.#db.run(
      'INSERT INTO parcel_lines (number, at, state, text, area) VALUES (?, ?, ?, ?, ?)',
      ...[parcel.number, last ? Math.max(at, last.at + 1000) : at, stop.state, stop.text, stop.area],
    )
  }

  /** Sets out for the next stop: `behindMs` of the journey's own time lie behind. */
  #goOn(parcel: Parcel, behindMs: number): void {
    const next = stopsOf(parcel)[parcel.step]
    const { parcel_speed } = this.#settings.get()
    const nextAt = next ? this.#clock.now() + Math.max(0, Math.round((next.afterMs - behindMs) / parcel_speed)) : null
    this.#db.run(
      'UPDATE parcels SET step = ?, state = ?, next_at = ? WHERE number = ?',
      ...[parcel.step, parcel.state, nextAt, parcel.number],
    )
  }
}

const cities = ({ from_city: from, to_city: to }: Parcel) => ({ from, to })
const stopsOf = (parcel: Parcel): Stop[] => journeyOf(parcel.course, cities(parcel))

/** What is told of a parcel in Kuaidi100's words (`resultv2=4`): the newest line first, times in Beijing. */
export function resultOf(parcel: Parcel, lines: readonly ParcelLine[]) {
  const state = parcel.state === '' ? '0' : parcel.state
  return {
    message: 'ok',
    nu: parcel.number,
    ischeck: parcel.state === '3' ? '1' : '0',
    com: parcel.company,
    status: '200',
    condition: 'F00',
    state,
    data: lines.toReversed().map((line) => ({
      time: billTime(line.at),
      ftime: billTime(line.at),
      context: line.text,
      statusCode: line.state,
      status: WORDS[line.state] ?? '在途',
      ...(line.area && { areaName: line.area }),
    })),
  }
}

const WORDS: Record<string, string> = {
  0: '在途',
  1: '揽收',
  2: '疑难',
  3: '签收',
  4: '退签',
  5: '派件',
  6: '退回',
  14: '拒签',
}
