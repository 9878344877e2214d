import { randomBytes, randomUUID } from 'node:crypto'
import { rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Faults, NoticeFault } from '../faults.ts'
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
/** Transfers have a schedule of their own: 15 s ten times, 5 min ten times, 30 min forty-four times. */
export const TRANSFER_RETRY_DELAYS_MS: readonly number[] = [
  ...Array.from({ length: 10 }, () => 15 * SECOND_MS),
  ...Array.from({ length: 10 }, () => 300 * SECOND_MS),
  ...Array.from({ length: 44 }, () => 1800 * SECOND_MS),
]
const PLANS = { payment: RETRY_DELAYS_MS, transfer: TRANSFER_RETRY_DELAYS_MS }
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
  /** `lost` was never sent, by a fault. */
  state: 'pending' | 'delivered' | 'given_up' | 'lost'
  /** Which retry schedule it follows. */
  plan: keyof typeof PLANS
  /** A fault still to be played on it. */
  fault: NoticeFault | null
  log: Attempt[]
}

export interface Attempt {
  at: number
  /** `forged` is signed wrongly, `duplicate` repeats one that arrived; both by faults. */
  kind: 'delivery' | 'probe' | 'manual' | 'forged' | 'duplicate'
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
  readonly #faults: Faults
  #onChange: () => void = () => {}

  constructor(world: {
    db: Database
    clock: SimulatorClock
    settings: SettingsStore
    signer: PlatformSigner
    faults: Faults
  }) {
    this.#db = world.db
    this.#clock = world.clock
    this.#settings = world.settings
    this.#signer = world.signer
    this.#faults = world.faults
  }

  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  /** Queues one notice; the first delivery is due at once, unless a fault has it otherwise. */
  add(input: {
    eventType: string
    kind: string
    summary: string
    subject: string
    url: string
    plain: unknown
    plan?: keyof typeof PLANS
  }): void {
    const now = this.#clock.now()
    const fault = this.#faults.notice(input.eventType)
    const isLost = fault?.kind === 'notice_lose'
    const waits = fault?.kind === 'notice_late' || fault?.kind === 'notice_swap'
    const dueAt = isLost ? null : now + (waits ? fault.delayMs : 0)
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
      `INSERT INTO notifications (id, event_type, subject, url, body, created_at, attempts, next_at, state, plan, fault)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
      ...[id, input.eventType, input.subject, input.url, body, now, dueAt, isLost ? 'lost' : 'pending'],
      ...[input.plan ?? 'payment', fault?.kind ?? null],
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
    const attempt = await this.#attempt(row)
    const tried = row.attempts + 1
    const delayMs = PLANS[row.plan][tried - 1]
    if (accepted(attempt)) this.#settle(row.id, 'delivered', null, tried)
    else if (delayMs === undefined) this.#settle(row.id, 'given_up', null, tried)
    else this.#settle(row.id, 'pending', this.#clock.now() + delayMs, tried)
  }

  /** One delivery of the schedule, with the fault that was to be played on the first. */
  async #attempt(row: Row): Promise<Attempt> {
    if (row.fault !== null) this.#db.run('UPDATE notifications SET fault = NULL WHERE id = ?', row.id)
    if (row.fault === 'notice_lose_once') return this.#log(row, lostAttempt(this.#clock.now()))
    if (row.fault === 'notice_bad_signature') return this.#post(row, 'forged')
    const attempt = await this.#post(row, 'delivery')
    if (row.fault === 'notice_twice') await this.#post(row, 'duplicate')
    if (row.fault !== 'notice_swap') this.#release(row.id)
    return attempt
  }

  /** Notices that wait for another to overtake them may go now. */
  #release(overtakerId: string): void {
    const sql = `UPDATE notifications SET next_at = ?, fault = NULL
                 WHERE fault = 'notice_swap' AND state = 'pending' AND id <> ?`
    this.#db.run(sql, this.#clock.now(), overtakerId)
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
    if (kind === 'probe' || kind === 'forged') {
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
    return this.#log(row, attempt)
  }

  #log(row: Row, attempt: Attempt): Attempt {
    this.#db.run(
      'INSERT INTO attempts (notification_id, at, kind, status, error) VALUES (?, ?, ?, ?, ?)',
      ...[row.id, attempt.at, attempt.kind, attempt.status, attempt.error],
    )
    return attempt
  }
}

const lostAttempt = (at: number): Attempt => ({ at, kind: 'delivery', status: null, error: 'lost on the way (fault)' })

function accepted(attempt: Attempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300
}
