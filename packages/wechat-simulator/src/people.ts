import { randomBytes } from 'node:crypto'
import type { SimulatorClock } from './clock.ts'
import type { Database } from './database.ts'

const CODE_LIFE_MS = 300_000

const FIRST_PEOPLE = [
  { name: '林晓雨', phone: '13800010001', avatar_color: '#e5747f' },
  { name: '陈志远', phone: '13800010002', avatar_color: '#4d8fd6' },
  { name: '王秀英', phone: '13800010003', avatar_color: '#d39a3c' },
  { name: '赵明轩', phone: '13800010004', avatar_color: '#3fa58b' },
  { name: '苏婉清', phone: '13800010005', avatar_color: '#9a7bd0' },
  { name: '周大海', phone: '13800010006', avatar_color: '#5f7d95' },
]

/** A person with a phone, as the control API shows them. `openids` is keyed by appid. */
export interface Person {
  id: string
  name: string
  phone: string
  avatar_color: string
  unionid: string
  openids: Record<string, string>
}

export type CodeKind = 'login' | 'phone' | 'oauth'
export type CodeUse =
  | { ok: true; personId: string; scope: string }
  | { ok: false; reason: 'unknown' | 'expired' | 'used' }

type PersonRow = Omit<Person, 'openids'>

/** The people who own phones, their openids in each app, and the short-lived codes those phones hand out. */
export class People {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #appids: string[]

  constructor(db: Database, clock: SimulatorClock, appids: string[]) {
    this.#db = db
    this.#clock = clock
    this.#appids = appids
    if (!db.one('SELECT 1 AS found FROM people LIMIT 1')) for (const person of FIRST_PEOPLE) this.create(person)
  }

  create(input: { name: string; phone: string; avatar_color?: string }): Person {
    const id = `p_${randomBytes(6).toString('hex')}`
    this.#db.transaction(() => {
      this.#db.run(
        'INSERT INTO people (id, name, phone, avatar_color, unionid, created_at) VALUES (?, ?, ?, ?, ?, ?)',
        ...[id, input.name, input.phone, input.avatar_color ?? '#07c160'],
        `o6_${randomBytes(19).toString('base64url').slice(0, 25)}`,
        this.#clock.now(),
      )
      for (const appid of this.#appids) {
        const openid = `o${randomBytes(21).toString('base64url').slice(0, 27)}`
        this.#db.run('INSERT INTO openids (openid, person_id, appid) VALUES (?, ?, ?)', openid, id, appid)
      }
    })
    return this.get(id)!
  }

  list(): Person[] {
    const rows = this.#db.all<PersonRow>(
      'SELECT id, name, phone, avatar_color, unionid FROM people ORDER BY rowid LIMIT 500',
    )
    return rows.map((row) => this.#withOpenids(row))
  }

  get(id: string): Person | undefined {
    const row = this.#db.one<PersonRow>('SELECT id, name, phone, avatar_color, unionid FROM people WHERE id = ?', id)
    return row && this.#withOpenids(row)
  }

  /** By id, phone, name or openid, so that a test can say who pays in its own words. */
  find(key: string): Person | undefined {
    const row = this.#db.one<{ id: string }>(
      `SELECT id FROM people WHERE id = ?1 OR phone = ?1 OR name = ?1
       UNION SELECT person_id FROM openids WHERE openid = ?1 LIMIT 1`,
      key,
    )
    return row && this.get(row.id)
  }

  phoneTaken(phone: string): boolean {
    return this.#db.one('SELECT 1 AS found FROM people WHERE phone = ?', phone) !== undefined
  }

  /** Which app an openid belongs to, if it exists at all. */
  appOf(openid: string): string | undefined {
    return this.#db.one<{ appid: string }>('SELECT appid FROM openids WHERE openid = ?', openid)?.appid
  }

  newCode(kind: CodeKind, personId: string, appid: string, scope = ''): string {
    const code = `0${randomBytes(24).toString('base64url').replace(/[-_]/g, 'x').slice(0, 31)}`
    const expiresAt = this.#clock.now() + CODE_LIFE_MS
    this.#db.run(
      'INSERT INTO codes (code, kind, appid, person_id, scope, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[code, kind, appid, personId, scope, expiresAt],
    )
    return code
  }

  /** Codes work once, for five minutes, in the app they were made for. */
  useCode(kind: CodeKind, code: string, appid: string): CodeUse {
    const row = this.#db.one<{ person_id: string; scope: string; expires_at: number; used_at: number | null }>(
      'SELECT person_id, scope, expires_at, used_at FROM codes WHERE code = ? AND kind = ? AND appid = ?',
      ...[code, kind, appid],
    )
    if (!row) return { ok: false, reason: 'unknown' }
    if (row.used_at !== null) return { ok: false, reason: 'used' }
    if (row.expires_at <= this.#clock.now()) return { ok: false, reason: 'expired' }
    this.#db.run('UPDATE codes SET used_at = ? WHERE code = ?', this.#clock.now(), code)
    return { ok: true, personId: row.person_id, scope: row.scope }
  }

  #withOpenids(row: PersonRow): Person {
    const openids = this.#db.all<{ appid: string; openid: string }>(
      'SELECT appid, openid FROM openids WHERE person_id = ?',
      row.id,
    )
    return { ...row, openids: Object.fromEntries(openids.map((each) => [each.appid, each.openid])) }
  }
}
