import { randomBytes } from 'node:crypto'
import type { SimulatorClock } from '../clock.ts'
import type { SimulatorEnv } from '../credentials.ts'
import type { Database } from '../database.ts'
import type { CodeKind, CodeUse, People, Person } from '../people.ts'
import { OpenRefusal } from './refusal.ts'

const TOKEN_LIFE_MS = 7_200_000
const OVERLAP_MS = 300_000
const FORCE_DISTANCE_MS = 30_000
const FORCE_PER_DAY = 20
const DAY_MS = 86_400_000

interface TokenRow {
  token: string
  kind: 'app' | 'user'
  appid: string
  openid: string | null
  scope: string | null
  created_at: number
  expires_at: number
}

/** The mini program and the service account: secrets, access tokens, sign-in codes (facts §2.1, §2.2, §3). */
export class MiniApps {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #people: People
  readonly #secrets: Map<string, string>
  readonly miniAppid: string
  readonly mpAppid: string

  constructor(db: Database, clock: SimulatorClock, people: People, env: SimulatorEnv) {
    this.#db = db
    this.#clock = clock
    this.#people = people
    this.miniAppid = env.WECHAT_MINI_APPID
    this.mpAppid = env.WECHAT_MP_APPID
    this.#secrets = new Map([
      [env.WECHAT_MINI_APPID, env.WECHAT_MINI_SECRET],
      [env.WECHAT_MP_APPID, env.WECHAT_MP_SECRET],
    ])
  }

  has(appid: string): boolean {
    return this.#secrets.has(appid)
  }

  checkSecret(appid: unknown, secret: unknown): string {
    if (typeof appid !== 'string' || appid === '') throw new OpenRefusal(41002, 'appid missing')
    if (typeof secret !== 'string' || secret === '') throw new OpenRefusal(41004, 'appsecret missing')
    if (!this.#secrets.has(appid)) throw new OpenRefusal(40013, 'invalid appid')
    if (this.#secrets.get(appid) !== secret) throw new OpenRefusal(40125, 'invalid appsecret')
    return appid
  }

  /** Uses a one-time code, or throws 41008 / 40029 / 40163. */
  usePersonCode(kind: CodeKind, code: unknown, appid: string): { person: Person; scope: string } {
    if (typeof code !== 'string' || code === '') throw new OpenRefusal(41008, 'missing code')
    const use: CodeUse = this.#people.useCode(kind, code, appid)
    if (!use.ok)
      throw use.reason === 'used' ? new OpenRefusal(40163, 'code been used') : new OpenRefusal(40029, 'invalid code')
    return { person: this.#people.get(use.personId)!, scope: use.scope }
  }

  /** `wx.login` code → session. A mini program bound to an open-platform account also gets the unionid. */
  codeToSession(appid: string, code: unknown): Record<string, string> {
    const { person } = this.usePersonCode('login', code, appid)
    return {
      openid: person.openids[appid]!,
      session_key: randomBytes(16).toString('base64'),
      unionid: person.unionid,
    }
  }

  /** Stable token: the same one until five minutes before its end; forced: a new one, and the old dies at once. */
  stableToken(appid: string, force: boolean): { access_token: string; expires_in: number } {
    const now = this.#clock.now()
    const current = this.#db.one<TokenRow>(
      `SELECT * FROM tokens WHERE appid = ? AND kind = 'app' ORDER BY created_at DESC, rowid DESC LIMIT 1`,
      appid,
    )
    if (!force && current && current.expires_at - now > OVERLAP_MS) return this.#shown(current)
    if (force) this.#checkForce(appid)
    return this.#db.transaction(() => {
      if (force)
        this.#db.run(
          `UPDATE tokens SET expires_at = ? WHERE appid = ? AND kind = 'app' AND expires_at > ?`,
          now,
          appid,
          now,
        )
      return this.#shown(this.#newToken({ kind: 'app', appid, openid: null, scope: null }, force))
    })
  }

  /** Throws 41001 / 40001 / 42001 unless the token is a live one; returns the app it belongs to. */
  checkAppToken(token: unknown): string {
    if (typeof token !== 'string' || token === '') throw new OpenRefusal(41001, 'access_token missing')
    const row = this.#db.one<TokenRow & { forced: number }>(
      `SELECT * FROM tokens WHERE token = ? AND kind = 'app'`,
      token,
    )
    if (!row) throw new OpenRefusal(40001, 'invalid credential, access_token is invalid or not latest')
    if (row.expires_at > this.#clock.now()) return row.appid
    if (row.expires_at < row.created_at + TOKEN_LIFE_MS) {
      throw new OpenRefusal(40001, 'invalid credential, access_token is invalid or not latest')
    }
    throw new OpenRefusal(42001, 'access_token expired')
  }

  /** Web sign-in: code → user token, openid, scope (and unionid with snsapi_userinfo). */
  exchangeWebCode(appid: string, code: unknown): Record<string, unknown> {
    const { person, scope } = this.usePersonCode('oauth', code, appid)
    const openid = person.openids[appid]!
    const row = this.#newToken({ kind: 'user', appid, openid, scope }, false)
    return {
      access_token: row.token,
      expires_in: TOKEN_LIFE_MS / 1000,
      refresh_token: randomBytes(48).toString('base64url'),
      openid,
      scope,
      ...(scope === 'snsapi_userinfo' && { unionid: person.unionid }),
    }
  }

  userInfo(token: unknown, openid: unknown): Record<string, unknown> {
    const row = this.#db.one<TokenRow>(`SELECT * FROM tokens WHERE token = ? AND kind = 'user'`, String(token ?? ''))
    if (!row) throw new OpenRefusal(40001, 'invalid credential, access_token is invalid or not latest')
    if (row.expires_at <= this.#clock.now()) throw new OpenRefusal(42001, 'access_token expired')
    if (row.openid !== openid) throw new OpenRefusal(40003, 'invalid openid')
    if (row.scope !== 'snsapi_userinfo') throw new OpenRefusal(48001, 'api unauthorized')
    const person = this.#people.find(row.openid ?? '')!
    return {
      openid: row.openid,
      nickname: person.name,
      sex: 0,
      province: '',
      city: '',
      country: '',
      headimgurl: '',
      privilege: [],
      unionid: person.unionid,
    }
  }

  #checkForce(appid: string): void {
    const now = this.#clock.now()
    const row = this.#db.one<{ latest: number | null; count: number }>(
      `SELECT max(created_at) AS latest, count(*) AS count FROM tokens WHERE appid = ? AND forced = 1 AND created_at > ?`,
      ...[appid, now - DAY_MS],
    )
    if (row?.latest && now - row.latest < FORCE_DISTANCE_MS)
      throw new OpenRefusal(45011, 'api minute-quota reach limit')
    if (row && row.count >= FORCE_PER_DAY) throw new OpenRefusal(45009, 'reach max api daily quota limit')
  }

  #newToken(token: Pick<TokenRow, 'kind' | 'appid' | 'openid' | 'scope'>, forced: boolean): TokenRow {
    const now = this.#clock.now()
    const row: TokenRow = {
      ...token,
      token: `${randomBytes(1)[0]! % 90}_${randomBytes(96).toString('base64url')}`,
      created_at: now,
      expires_at: now + TOKEN_LIFE_MS,
    }
    this.#db.run(
      'INSERT INTO tokens (token, kind, appid, openid, scope, forced, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[row.token, row.kind, row.appid, row.openid, row.scope, forced ? 1 : 0, row.created_at, row.expires_at],
    )
    return row
  }

  #shown(row: TokenRow): { access_token: string; expires_in: number } {
    return { access_token: row.token, expires_in: Math.floor((row.expires_at - this.#clock.now()) / 1000) }
  }
}
