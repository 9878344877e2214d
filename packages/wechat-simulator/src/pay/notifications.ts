import { randomBytes, randomUUID } from 'node:crypto'
import { rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { SettingsStore } from '../settings.ts'
import type { PlatformSigner } from './signer.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** The distances between a failed delivery and the next, facts §1.8: 15 repeats over 24 h 4 min. */
export const RETRY_DELAYS_MS: readonly number[] = [
  ...[15 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS],
  ...[3 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS, 30 * MINUTE_MS, 30 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS],
  ...[3 * HOUR_MS, 3 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 6 * HOUR_MS],
]
const ANSWER_TIMEOUT_MS = 5000
const AT_ONCE = 16

export interface Notification {
  id: string
  event_type: string
  /** The merchant's number the notice is about. */
  subject: string
  url: string
  created_at: number
  attempts: number
  next_at: number | null
  state: 'pending' | 'delivered' | 'given_up'
  log: Attempt[]
}

export interface Attempt {
  at: number
  kind: 'delivery' | 'probe' | 'manual'
  status: number | null
  error: string | null
}

type Row = Omit<Notification, 'log'> & { body: string }

/** The outbox of notifications: signed, sealed, retried on WeChat's schedule in the simulator's clock. */
export class Notifications {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly #signer: PlatformSigner
  #onChange: () => void = () => {}

  constructor(db: Database, clock: SimulatorClock, settings: SettingsStore, signer: PlatformSigner) {
    this.#db = db
    this.#clock = clock
    this.#settings = settings
    this.#signer = signer
  }

  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  /** Queues one notice; the first delivery is due at once. */
  add(input: { eventType: string; kind: string; summary: string; subject: string; url: string; plain: unknown }): void {
    const now = this.#clock.now()
    const id = randomUUID()
    const body = JSON.stringify({
      id,
      create_time: rfc3339(now),
      resource_type: 'encrypt-resource',
      event_type: input.eventType,
      summary: input.summary,
      resource: {
        original_type: input.kind,
        algorithm: 'AEAD_AES_256_GCM',
        ...this.#signer.seal(JSON.stringify(input.plain), input.kind),
      },
    })
    this.#db.run(
      `INSERT INTO notifications (id, event_type, subject, url, body, created_at, attempts, next_at, state)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, 'pending')`,
      ...[id, input.eventType, input.subject, input.url, body, now, now],
    )
    this.#onChange()
  }

  nextDueMs(): number | null {
    const sql = `SELECT min(next_at) AS due FROM notifications WHERE state = 'pending'`
    return this.#db.one<{ due: number | null }>(sql)?.due ?? null
  }

  /** Delivers what is due now, a bounded number side by side. Returns how many were tried. */
  async deliverDue(): Promise<number> {
    const due = this.#db.all<Row>(
      `SELECT * FROM notifications WHERE state = 'pending' AND next_at <= ? ORDER BY next_at LIMIT ?`,
      this.#clock.now(),
      AT_ONCE,
    )
    await Promise.all(due.map((row) => this.#deliver(row)))
    return due.length
  }

  /** Sends a notice once more by hand, whatever became of it; it does not touch the schedule unless it succeeds. */
  async resend(id: string): Promise<Attempt | undefined> {
    const row = this.#db.one<Row>('SELECT * FROM notifications WHERE id = ?', id)
    if (!row) return undefined
    const attempt = await this.#post(row, 'manual')
    if (accepted(attempt)) this.#settle(row.id, 'delivered', null)
    return attempt
  }

  list(filter: { subject?: string | undefined; limit?: number | undefined }): Notification[] {
    const rows = this.#db.all<Row>(
      'SELECT * FROM notifications WHERE (?1 IS NULL OR subject = ?1) ORDER BY created_at DESC, rowid DESC LIMIT ?2',
      filter.subject ?? null,
      filter.limit ?? 50,
    )
    return rows.map(({ body: _body, ...row }) => ({
      ...row,
      log: this.#db.all<Attempt>(
        'SELECT at, kind, status, error FROM attempts WHERE notification_id = ? ORDER BY rowid',
        row.id,
      ),
    }))
  }

  async #deliver(row: Row): Promise<void> {
    const { signature_probes } = this.#settings.get()
    if (signature_probes > 0) {
      this.#settings.change({ signature_probes: signature_probes - 1 })
      await this.#post(row, 'probe')
    }
    const attempt = await this.#post(row, 'delivery')
    const tried = row.attempts + 1
    const delayMs = RETRY_DELAYS_MS[tried - 1]
    if (accepted(attempt)) this.#settle(row.id, 'delivered', null, tried)
    else if (delayMs === undefined) this.#settle(row.id, 'given_up', null, tried)
    else this.#settle(row.id, 'pending', this.#clock.now() + delayMs, tried)
  }

  #settle(id: string, state: Notification['state'], nextAt: number | null, attempts?: number): void {
    this.#db.run(
      'UPDATE notifications SET state = ?, next_at = ?, attempts = coalesce(?, attempts) WHERE id = ?',
      ...[state, nextAt, attempts ?? null, id],
    )
  }

  async #post(row: Row, kind: Attempt['kind']): Promise<Attempt> {
    const { notification_key } = this.#settings.get()
    const serial = notification_key === 'public_key' ? this.#signer.publicKeyId : this.#signer.certificateSerial
    const headers = this.#signer.headers(serial, row.body, this.#clock.signatureNow())
    if (kind === 'probe') {
      headers['Wechatpay-Signature'] = `WECHATPAY/SIGNTEST/${randomBytes(192).toString('base64')}`
    }
    const attempt: Attempt = { at: this.#clock.now(), kind, status: null, error: null }
    try {
      const response = await fetch(row.url, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json', Accept: '*/*', 'User-Agent': 'Mozilla/4.0' },
        body: row.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      })
      attempt.status = response.status
      attempt.error = response.ok ? null : (await response.text()).slice(0, 500)
      if (response.ok) await response.body?.cancel()
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      attempt.error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    }
    this.#db.run(
      'INSERT INTO attempts (notification_id, at, kind, status, error) VALUES (?, ?, ?, ?, ?)',
      ...[row.id, attempt.at, attempt.kind, attempt.status, attempt.error],
    )
    return attempt
  }
}

function accepted(attempt: Attempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300
}
