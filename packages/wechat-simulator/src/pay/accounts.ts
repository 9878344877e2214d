import { randomInt } from 'node:crypto'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { SettingsStore } from '../settings.ts'

/** Merchants beside the shop's own: they receive splits, sell under a partner, or have a part of a combined order. */
export interface Merchant {
  mchid: string
  name: string
  /** Whether what was split to it may be taken back. */
  allows_returns: boolean
  /** The highest share of an order that may be split, in basis points. */
  max_ratio_bp: number
}

export interface Flow {
  id: number
  at: number
  business_id: string
  kind: string
  /** Positive is income. */
  amount: number
  balance: number
  voucher_no: string
}

const FIRST_MERCHANTS = ['云雾茶业有限公司', '星汉文化传媒有限公司', '海岳供应链有限公司', '掌柜技术服务有限公司']

type Row = Omit<Merchant, 'allows_returns'> & { allows_returns: number }
const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

/** Every merchant's basic account: what moved, in order, and what is left. */
export class Accounts {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly mchid: string

  constructor(db: Database, clock: SimulatorClock, settings: SettingsStore, mchid: string) {
    this.#db = db
    this.#clock = clock
    this.#settings = settings
    this.mchid = mchid
    if (!db.one('SELECT 1 AS found FROM merchants LIMIT 1')) for (const name of FIRST_MERCHANTS) this.create(name)
    if (!db.one('SELECT 1 AS found FROM flows LIMIT 1')) this.#bookThePast()
  }

  create(name: string): Merchant {
    const mchid = `16${digits(8)}`
    this.#db.run(
      'INSERT INTO merchants (mchid, name, allows_returns, max_ratio_bp) VALUES (?, ?, 1, 3000)',
      ...[mchid, name],
    )
    return this.merchant(mchid)!
  }

  /** By mchid or name. */
  merchant(key: string): Merchant | undefined {
    const row = this.#db.one<Row>('SELECT * FROM merchants WHERE mchid = ?1 OR name = ?1', key)
    return row && { ...row, allows_returns: row.allows_returns === 1 }
  }

  merchants(): Merchant[] {
    const rows = this.#db.all<Row>('SELECT * FROM merchants ORDER BY rowid LIMIT 500')
    return rows.map((row) => ({ ...row, allows_returns: row.allows_returns === 1 }))
  }

  change(mchid: string, part: Partial<Pick<Merchant, 'allows_returns' | 'max_ratio_bp'>>): void {
    const allows = part.allows_returns === undefined ? null : Number(part.allows_returns)
    this.#db.run(
      `UPDATE merchants SET allows_returns = coalesce(?, allows_returns), max_ratio_bp = coalesce(?, max_ratio_bp)
       WHERE mchid = ?`,
      ...[allows, part.max_ratio_bp ?? null, mchid],
    )
  }

  nameOf(mchid: string): string | undefined {
    return mchid === this.mchid ? this.#settings.get().merchant_name : this.merchant(mchid)?.name
  }

  ratioBp(mchid: string): number {
    return mchid === this.mchid
      ? this.#settings.get().split_max_ratio_bp
      : (this.merchant(mchid)?.max_ratio_bp ?? this.#settings.get().split_max_ratio_bp)
  }

  book(mchid: string, flow: Pick<Flow, 'business_id' | 'kind' | 'amount' | 'voucher_no'>): void {
    if (flow.amount === 0) return
    this.#db.run(
      `INSERT INTO flows (mchid, at, business_id, kind, amount, balance, voucher_no) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[mchid, this.#clock.now(), flow.business_id, flow.kind, flow.amount],
      ...[this.balance(mchid) + flow.amount, flow.voucher_no],
    )
  }

  /** Money that comes in from a bank, or (negative) goes out to one: not by trade, and not by this shop's doing. */
  move(mchid: string, fen: number): void {
    const no = `${fen < 0 ? 'TX' : 'CZ'}${digits(26)}`
    this.book(mchid, { business_id: no, kind: fen < 0 ? '提现' : '充值', amount: fen, voucher_no: no })
  }

  /** Everything in the account, frozen or promised money included. */
  balance(mchid: string): number {
    const sql = 'SELECT balance FROM flows WHERE mchid = ? ORDER BY id DESC LIMIT 1'
    return this.#db.one<{ balance: number }>(sql, mchid)?.balance ?? 0
  }

  frozen(mchid: string): number {
    const sql = `SELECT coalesce(sum(frozen), 0) AS fen FROM orders WHERE frozen > 0 AND coalesce(payee, ?2) = ?1`
    return this.#db.one<{ fen: number }>(sql, mchid, this.mchid)!.fen
  }

  /** What refunds and transfers under way have been promised. */
  held(mchid: string): number {
    const refunds = this.#db.one<{ fen: number }>(
      `SELECT coalesce(sum(refunds.amount - fee_returned), 0) AS fen FROM refunds JOIN orders USING (out_trade_no)
       WHERE refunds.status IN ('PROCESSING', 'ABNORMAL') AND source = 'available' AND coalesce(payee, ?2) = ?1`,
      ...[mchid, this.mchid],
    )!.fen
    if (mchid !== this.mchid) return refunds
    const transfers = this.#db.one<{ fen: number }>(
      // Those that have not ended are the ones with something still to come.
      'SELECT coalesce(sum(amount), 0) AS fen FROM transfers WHERE due_at IS NOT NULL',
    )!.fen
    return refunds + transfers
  }

  available(mchid: string): number {
    return this.balance(mchid) - this.frozen(mchid) - this.held(mchid)
  }

  /** Flows of `[from, until)` in order. */
  flows(mchid: string, from: number, until: number): Flow[] {
    const sql = 'SELECT * FROM flows WHERE mchid = ? AND at >= ? AND at < ? ORDER BY id'
    return this.#db.all<Flow>(sql, mchid, from, until)
  }

  /** Data folders from before there were flows: what was paid and refunded is booked with its own times. */
  #bookThePast(): void {
    const feeBp = this.#settings.get().fee_bp
    this.#db.transaction(() => {
      this.#db.run(
        `UPDATE orders SET fee = CAST(round(amount * ?1 / 10000.0) AS INTEGER) WHERE success_at IS NOT NULL AND fee = 0`,
        feeBp,
      )
      this.#db.run(
        `INSERT INTO flows (mchid, at, business_id, kind, amount, balance, voucher_no)
         SELECT ?1, at, id, kind, fen, sum(fen) OVER (ORDER BY at, place, id), no FROM (
           SELECT success_at AS at, 0 AS place, transaction_id AS id, '交易' AS kind, amount AS fen, out_trade_no AS no
             FROM orders WHERE success_at IS NOT NULL
           UNION ALL SELECT success_at, 1, transaction_id, '扣除交易手续费', -fee, out_trade_no
             FROM orders WHERE success_at IS NOT NULL AND fee > 0
           UNION ALL SELECT success_at, 2, refund_id, '退款', fee_returned - amount, out_refund_no
             FROM refunds WHERE success_at IS NOT NULL
         ) ORDER BY at, place, id`,
        this.mchid,
      )
    })
  }
}
