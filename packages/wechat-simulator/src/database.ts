import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL UNIQUE, avatar_color TEXT NOT NULL,
  unionid TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS openids (
  openid TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES people(id), appid TEXT NOT NULL,
  UNIQUE (person_id, appid)) STRICT;
CREATE TABLE IF NOT EXISTS codes (
  code TEXT PRIMARY KEY, kind TEXT NOT NULL, appid TEXT NOT NULL, person_id TEXT NOT NULL, scope TEXT,
  expires_at INTEGER NOT NULL, used_at INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, appid TEXT NOT NULL, openid TEXT, scope TEXT, forced INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS tokens_by_app ON tokens (appid, kind, created_at);
CREATE TABLE IF NOT EXISTS orders (
  out_trade_no TEXT PRIMARY KEY, trade_type TEXT NOT NULL, appid TEXT NOT NULL, description TEXT NOT NULL,
  attach TEXT NOT NULL, notify_url TEXT NOT NULL, amount INTEGER NOT NULL, device_id TEXT NOT NULL,
  openid TEXT, fingerprint TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  transaction_id TEXT UNIQUE, payer_openid TEXT, payer_id TEXT, bank_type TEXT, success_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS orders_by_success ON orders (success_at);
CREATE INDEX IF NOT EXISTS orders_by_created ON orders (created_at);
CREATE TABLE IF NOT EXISTS prepays (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, out_trade_no TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS prepays_by_order ON prepays (out_trade_no);
CREATE TABLE IF NOT EXISTS refunds (
  out_refund_no TEXT PRIMARY KEY, refund_id TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL, amount INTEGER NOT NULL,
  fee_returned INTEGER NOT NULL, reason TEXT NOT NULL, notify_url TEXT NOT NULL, funds_account TEXT NOT NULL,
  fingerprint TEXT NOT NULL, status TEXT NOT NULL, outcome TEXT NOT NULL, created_at INTEGER NOT NULL,
  finish_at INTEGER NOT NULL, success_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS refunds_by_order ON refunds (out_trade_no);
CREATE INDEX IF NOT EXISTS refunds_open ON refunds (finish_at) WHERE status = 'PROCESSING';
CREATE TABLE IF NOT EXISTS notifications (
  id TEXT PRIMARY KEY, event_type TEXT NOT NULL, subject TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER, state TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (next_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS notifications_by_created ON notifications (created_at);
CREATE TABLE IF NOT EXISTS attempts (
  notification_id TEXT NOT NULL REFERENCES notifications(id), at INTEGER NOT NULL, kind TEXT NOT NULL,
  status INTEGER, error TEXT) STRICT;
CREATE INDEX IF NOT EXISTS attempts_by_notification ON attempts (notification_id);
CREATE TABLE IF NOT EXISTS bills (
  token TEXT PRIMARY KEY, content TEXT NOT NULL, gzip INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, person_id TEXT NOT NULL, kind TEXT NOT NULL, sender TEXT NOT NULL, title TEXT NOT NULL,
  fields TEXT NOT NULL, page TEXT, created_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_person ON messages (person_id, id);
CREATE TABLE IF NOT EXISTS templates (id TEXT PRIMARY KEY, title TEXT NOT NULL, fields TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS grants (
  openid TEXT NOT NULL, template_id TEXT NOT NULL, remaining INTEGER NOT NULL, PRIMARY KEY (openid, template_id)) STRICT;
CREATE TABLE IF NOT EXISTS shipments (
  transaction_id TEXT PRIMARY KEY, detail TEXT NOT NULL, reshipped INTEGER NOT NULL, uploaded_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS parcels (
  number TEXT PRIMARY KEY, company TEXT NOT NULL, from_city TEXT NOT NULL, to_city TEXT NOT NULL, course TEXT NOT NULL,
  phone TEXT NOT NULL, callback_url TEXT NOT NULL, salt TEXT NOT NULL, step INTEGER NOT NULL, state TEXT NOT NULL,
  created_at INTEGER NOT NULL, next_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS parcels_due ON parcels (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS parcel_lines (
  number TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, text TEXT NOT NULL, area TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS parcel_lines_of ON parcel_lines (number, at);
CREATE TABLE IF NOT EXISTS parcel_pushes (
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, param TEXT NOT NULL, created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL, next_at INTEGER, state TEXT NOT NULL, last_answer TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS parcel_pushes_due ON parcel_pushes (next_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS parcel_pushes_of ON parcel_pushes (number, id);
CREATE TABLE IF NOT EXISTS merchants (
  mchid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, allows_returns INTEGER NOT NULL, max_ratio_bp INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS flows (
  id INTEGER PRIMARY KEY, mchid TEXT NOT NULL, at INTEGER NOT NULL, business_id TEXT NOT NULL, kind TEXT NOT NULL,
  amount INTEGER NOT NULL, balance INTEGER NOT NULL, voucher_no TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS flows_of_merchant ON flows (mchid, id);
CREATE INDEX IF NOT EXISTS flows_by_time ON flows (mchid, at);
CREATE TABLE IF NOT EXISTS receivers (
  payer TEXT NOT NULL, type TEXT NOT NULL, account TEXT NOT NULL, name TEXT, relation TEXT NOT NULL,
  custom_relation TEXT, PRIMARY KEY (payer, type, account)) STRICT;
CREATE TABLE IF NOT EXISTS splits (
  out_order_no TEXT PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL, payer TEXT NOT NULL,
  unfreezes INTEGER NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS splits_by_order ON splits (out_trade_no);
CREATE TABLE IF NOT EXISTS split_receivers (
  detail_id TEXT PRIMARY KEY, out_order_no TEXT NOT NULL, out_trade_no TEXT NOT NULL, type TEXT NOT NULL,
  account TEXT NOT NULL, amount INTEGER NOT NULL, description TEXT NOT NULL, result TEXT NOT NULL, fail_reason TEXT,
  outcome TEXT NOT NULL, created_at INTEGER NOT NULL, finish_at INTEGER NOT NULL, finished_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS split_receivers_of ON split_receivers (out_order_no);
CREATE INDEX IF NOT EXISTS split_receivers_of_order ON split_receivers (out_trade_no);
CREATE INDEX IF NOT EXISTS split_receivers_open ON split_receivers (finish_at) WHERE result = 'PENDING';
CREATE INDEX IF NOT EXISTS split_receivers_done ON split_receivers (finished_at) WHERE result = 'SUCCESS';
CREATE TABLE IF NOT EXISTS split_returns (
  out_return_no TEXT PRIMARY KEY, return_id TEXT NOT NULL UNIQUE, out_order_no TEXT NOT NULL, return_mchid TEXT NOT NULL,
  amount INTEGER NOT NULL, description TEXT NOT NULL, fingerprint TEXT NOT NULL, result TEXT NOT NULL, fail_reason TEXT,
  outcome TEXT NOT NULL, created_at INTEGER NOT NULL, finish_at INTEGER NOT NULL, finished_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS split_returns_of ON split_returns (out_order_no);
CREATE INDEX IF NOT EXISTS split_returns_open ON split_returns (finish_at) WHERE result = 'PROCESSING';
CREATE TABLE IF NOT EXISTS transfers (
  out_bill_no TEXT PRIMARY KEY, transfer_bill_no TEXT NOT NULL UNIQUE, appid TEXT NOT NULL, openid TEXT NOT NULL,
  person_id TEXT NOT NULL, amount INTEGER NOT NULL, remark TEXT NOT NULL, user_name TEXT, scene_id TEXT NOT NULL,
  perception TEXT NOT NULL, notify_url TEXT NOT NULL, package_info TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
  state TEXT NOT NULL, outcome TEXT NOT NULL, fail_reason TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  due_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS transfers_due ON transfers (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS transfers_of_person ON transfers (person_id, created_at);
CREATE TABLE IF NOT EXISTS combines (
  combine_out_trade_no TEXT PRIMARY KEY, trade_type TEXT NOT NULL, appid TEXT NOT NULL, notify_url TEXT NOT NULL,
  openid TEXT, device_id TEXT NOT NULL, fingerprint TEXT NOT NULL, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) STRICT;
`

/** Columns that tables of older data folders lack. */
const LATER_COLUMNS: Record<string, Record<string, string>> = {
  orders: {
    sub_mchid: 'TEXT',
    sub_appid: 'TEXT',
    /** Whose money it is, when it is not the merchant's own. */
    payee: 'TEXT',
    combine_no: 'TEXT',
    profit_sharing: 'INTEGER NOT NULL DEFAULT 0',
    fee: 'INTEGER NOT NULL DEFAULT 0',
    frozen: 'INTEGER NOT NULL DEFAULT 0',
    unfrozen_at: 'INTEGER',
  },
  notifications: { fault: 'TEXT', plan: `TEXT NOT NULL DEFAULT 'payment'` },
  refunds: { source: `TEXT NOT NULL DEFAULT 'available'` },
}
const LATER_INDEXES = `
CREATE INDEX IF NOT EXISTS orders_frozen ON orders (success_at) WHERE frozen > 0;
CREATE INDEX IF NOT EXISTS refunds_held ON refunds (out_trade_no) WHERE status IN ('PROCESSING', 'ABNORMAL');
CREATE INDEX IF NOT EXISTS orders_of_combine ON orders (combine_no) WHERE combine_no IS NOT NULL;
`

/** SQLite with the four verbs the simulator needs. Everything is synchronous, so a handler's writes are one step. */
export class Database {
  readonly #sqlite: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** `folder` null keeps everything in memory (tests). */
  constructor(folder: string | null) {
    if (folder) mkdirSync(folder, { recursive: true })
    const path = folder ? join(folder, 'simulator.sqlite') : ':memory:'
    this.#sqlite = new DatabaseSync(path)
    if (folder) chmodSync(path, 0o600)
    this.#sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;')
    this.#sqlite.exec(SCHEMA)
    this.#addColumns()
    this.#sqlite.exec(LATER_INDEXES)
  }

  #addColumns(): void {
    for (const [table, columns] of Object.entries(LATER_COLUMNS)) {
      const present = new Set(this.all<{ name: string }>(`PRAGMA table_info(${table})`).map((each) => each.name))
      for (const [name, type] of Object.entries(columns)) {
        if (!present.has(name)) this.#sqlite.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`)
      }
    }
  }

  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    const row = this.#prepare(sql).get(...values)
    return row && ({ ...row } as Row)
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql)
      .all(...values)
      .map((row) => ({ ...row }) as Row)
  }

  /** Runs a write and returns how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes)
  }

  /** All or nothing. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    this.#sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#sqlite.exec('COMMIT')
      return result
    } catch (error) {
      this.#sqlite.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.#statements.clear()
    this.#sqlite.close()
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#sqlite.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}
