import { createHash, randomBytes, randomInt } from 'node:crypto'
import { beijingDay, rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { SettingsStore } from '../settings.ts'
import type { Accounts } from './accounts.ts'
import { invalidRequest, NUMERIC, orderNotExist, PayRefusal } from './refusal.ts'

const DAY_MS = 86_400_000
const DEFAULT_LIFE_MS = 7 * DAY_MS
const LONGEST_LIFE_MS = 90 * DAY_MS
const SHORTEST_LIFE_MS = 60_000
const PREPAY_LIFE_MS = 7_200_000
const H5_LIFE_MS = 300_000

export type TradeType = 'JSAPI' | 'MWEB' | 'NATIVE'
export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED'

const STATE_TEXT: Record<TradeState, string> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  CLOSED: '订单已关闭',
}

export interface Order {
  out_trade_no: string
  trade_type: TradeType
  appid: string
  description: string
  attach: string
  notify_url: string
  amount: number
  device_id: string
  openid: string | null
  fingerprint: string
  state: TradeState
  created_at: number
  expires_at: number
  transaction_id: string | null
  payer_openid: string | null
  payer_id: string | null
  bank_type: string | null
  success_at: number | null
  /** Partner mode: whose order it is. */
  sub_mchid: string | null
  sub_appid: string | null
  /** Whose money it is, when it is not the merchant's own. */
  payee: string | null
  combine_no: string | null
  /** 1 when it was placed for profit sharing: paid money is frozen until split or unfrozen. */
  profit_sharing: number
  /** WeChat's fee, in fen, taken when it was paid. */
  fee: number
  frozen: number
  unfrozen_at: number | null
}

export interface NewOrder {
  trade_type: TradeType
  appid: string
  out_trade_no: string
  description: string
  attach: string
  notify_url: string
  amount: number
  device_id: string
  openid: string | null
  time_expire_ms: number | null
  sub_mchid?: string | undefined
  sub_appid?: string | undefined
  payee?: string | undefined
  combine_no?: string | undefined
  profit_sharing: boolean
  /** The whole request body: a repeat must say the same. */
  body: unknown
}

/** WeChat's fee on an amount, rounded to a fen as its bills round it. */
export const feeOf = (amountFen: number, feeBp: number) => Math.round((amountFen * feeBp) / 10_000)

const KINDS: Record<TradeType, { prefix: string; lifeMs: number }> = {
  JSAPI: { prefix: 'wx', lifeMs: PREPAY_LIFE_MS },
  MWEB: { prefix: 'wx', lifeMs: H5_LIFE_MS },
  NATIVE: { prefix: '', lifeMs: PREPAY_LIFE_MS },
}

/** Stable text of a JSON value: members in name order, so that two equal bodies have one fingerprint. */
export function fingerprint(value: unknown): string {
  const ordered = JSON.stringify(value, (_key, each) =>
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
  return createHash('sha256').update(ordered).digest('hex')
}

export const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

/** 28 digits beginning 42000, with the Beijing day inside, as WeChat's are. */
function newTransactionId(nowMs: number): string {
  return `42000${digits(5)}${beijingDay(nowMs).replaceAll('-', '')}${digits(10)}`
}

/** Orders of the merchant and their state machine: NOTPAY → SUCCESS → REFUND, NOTPAY → CLOSED. */
export class Orders {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly #accounts: Accounts

  constructor(db: Database, clock: SimulatorClock, settings: SettingsStore, accounts: Accounts) {
    this.#db = db
    this.#clock = clock
    this.#settings = settings
    this.#accounts = accounts
  }

  /** The order by the merchant's number; an unpaid one past its expiry is closed on the way. */
  get(outTradeNo: string): Order | undefined {
    const order = this.#db.one<Order>('SELECT * FROM orders WHERE out_trade_no = ?', outTradeNo)
    if (order?.state !== 'NOTPAY' || order.expires_at > this.#clock.now()) return order
    this.#db.run(`UPDATE orders SET state = 'CLOSED' WHERE out_trade_no = ? AND state = 'NOTPAY'`, outTradeNo)
    return { ...order, state: 'CLOSED' }
  }

  byTransactionId(transactionId: string): Order | undefined {
    return this.#db.one<Order>('SELECT * FROM orders WHERE transaction_id = ?', transactionId)
  }

  /** Newest first. */
  list(filter: { payer_id?: string | undefined; before?: number | undefined; limit?: number | undefined }): Order[] {
    return this.#db.all<Order>(
      `SELECT * FROM orders WHERE (?1 IS NULL OR payer_id = ?1) AND (?2 IS NULL OR created_at < ?2)
       ORDER BY created_at DESC, rowid DESC LIMIT ?3`,
      ...[filter.payer_id ?? null, filter.before ?? null, filter.limit ?? 50],
    )
  }

  /** Native codes that wait to be scanned, newest first: what would hang on the wall. */
  waitingCodes(): Array<Order & { token: string }> {
    return this.#db.all<Order & { token: string }>(
      `SELECT orders.*, max(prepays.token) AS token FROM orders JOIN prepays USING (out_trade_no)
       WHERE state = 'NOTPAY' AND trade_type = 'NATIVE' AND orders.expires_at > ?1 AND prepays.expires_at > ?1
       GROUP BY out_trade_no ORDER BY created_at DESC LIMIT 10`,
      this.#clock.now(),
    )
  }

  /**
   * Places an order, or repeats one that says the same. Returns a fresh prepay token: prepay_id for JSAPI and H5, the
   * `pr` of the code for Native.
   */
  prepay(input: NewOrder): string {
    const print = fingerprint([input.trade_type, input.body])
    return this.#db.transaction(() => {
      const known = this.get(input.out_trade_no)
      if (known) this.checkRepeat(known, print)
      else this.insert(input, print)
      return this.newToken(input.trade_type, input.out_trade_no)
    })
  }

  /** The parts of a combined order, in their own order. */
  parts(combineNo: string): Order[] {
    const rows = this.#db.all<{ out_trade_no: string }>(
      'SELECT out_trade_no FROM orders WHERE combine_no = ? ORDER BY rowid',
      combineNo,
    )
    return rows.map((row) => this.get(row.out_trade_no)!)
  }

  /** The account the order's money goes to. */
  payeeOf(order: Pick<Order, 'payee'>): string {
    return order.payee ?? this.#accounts.mchid
  }

  /** The number a prepay token stands for, of an order or of a combined one. */
  tokenFor(token: string): { out_trade_no: string; expired: boolean } | undefined {
    const row = this.#db.one<{ out_trade_no: string; expires_at: number }>(
      'SELECT out_trade_no, expires_at FROM prepays WHERE token = ?',
      token,
    )
    return row && { out_trade_no: row.out_trade_no, expired: row.expires_at <= this.#clock.now() }
  }

  /** The order a prepay token stands for, whether or not the token has run out. */
  byToken(token: string): { order: Order; expired: boolean } | undefined {
    const found = this.tokenFor(token)
    const order = found && this.get(found.out_trade_no)
    return order && { order, expired: found.expired }
  }

  close(outTradeNo: string): void {
    const order = this.get(outTradeNo)
    if (!order) throw orderNotExist()
    if (order.state === 'SUCCESS' || order.state === 'REFUND') {
      throw new PayRefusal(400, 'ORDER_PAID', '该订单已支付，不能关闭', NUMERIC.orderPaid)
    }
    this.#db.run(`UPDATE orders SET state = 'CLOSED' WHERE out_trade_no = ? AND state = 'NOTPAY'`, outTradeNo)
  }

  /** Compare-and-set NOTPAY → SUCCESS; undefined when the order was not payable any more. */
  markPaid(outTradeNo: string, payer: { id: string; openid: string; bankType: string }): Order | undefined {
    const now = this.#clock.now()
    const feeBp = this.#settings.get().fee_bp
    const changed = this.#db.run(
      `UPDATE orders SET state = 'SUCCESS', transaction_id = ?, payer_openid = ?, payer_id = ?, bank_type = ?,
       success_at = ?, fee = CAST(round(amount * ?6 / 10000.0) AS INTEGER),
       frozen = CASE profit_sharing WHEN 1 THEN amount - CAST(round(amount * ?6 / 10000.0) AS INTEGER) ELSE 0 END
       WHERE out_trade_no = ?7 AND state = 'NOTPAY' AND expires_at > ?5`,
      ...[newTransactionId(now), payer.openid, payer.id, payer.bankType, now, feeBp, outTradeNo],
    )
    const order = changed === 1 ? this.get(outTradeNo) : undefined
    if (order) this.#bookPayment(order)
    return order
  }

  #bookPayment(order: Order): void {
    const flow = { business_id: order.transaction_id!, voucher_no: order.out_trade_no }
    this.#accounts.book(this.payeeOf(order), { ...flow, kind: '交易', amount: order.amount })
    this.#accounts.book(this.payeeOf(order), { ...flow, kind: '扣除交易手续费', amount: -order.fee })
  }

  /** What is frozen and promised to nobody: what may still be split, or refunded before the money is unfrozen. */
  unsplit(order: Order): number {
    const pending = this.#db.one<{ fen: number }>(
      `SELECT coalesce(sum(amount), 0) AS fen FROM split_receivers WHERE out_trade_no = ? AND result = 'PENDING'`,
      order.out_trade_no,
    )!
    return order.frozen - pending.fen
  }

  /** Takes from an order's frozen money, or (negative) puts back what comes back while it still is frozen. */
  thaw(outTradeNo: string, fen: number): void {
    const sql = `UPDATE orders SET frozen = max(0, frozen - ?1) WHERE out_trade_no = ?2 AND (?1 > 0 OR unfrozen_at IS NULL)`
    this.#db.run(sql, fen, outTradeNo)
  }

  /** Gives the rest to the payee; what is promised to receivers stays until they are done. */
  unfreeze(outTradeNo: string): void {
    const order = this.get(outTradeNo)!
    this.#db.run(
      'UPDATE orders SET frozen = ?, unfrozen_at = ? WHERE out_trade_no = ? AND unfrozen_at IS NULL',
      ...[order.frozen - this.unsplit(order), this.#clock.now(), outTradeNo],
    )
  }

  nextThawMs(): number | null {
    const sql = 'SELECT min(success_at) AS at FROM orders WHERE frozen > 0 AND unfrozen_at IS NULL'
    const first = this.#db.one<{ at: number | null }>(sql)?.at ?? null
    return first === null ? null : first + this.#settings.get().split_freeze_days * DAY_MS
  }

  /** Money that was frozen for too long unfreezes by itself, and can no longer be split. */
  thawDue(): number {
    const due = this.#db.all<{ out_trade_no: string }>(
      'SELECT out_trade_no FROM orders WHERE frozen > 0 AND unfrozen_at IS NULL AND success_at <= ? LIMIT 100',
      this.#clock.now() - this.#settings.get().split_freeze_days * DAY_MS,
    )
    for (const { out_trade_no } of due) this.unfreeze(out_trade_no)
    return due.length
  }

  /** One refund of any size turns the order to REFUND. */
  markRefunded(outTradeNo: string): void {
    this.#db.run(`UPDATE orders SET state = 'REFUND' WHERE out_trade_no = ? AND state = 'SUCCESS'`, outTradeNo)
  }

  /** The transaction object of query replies and notifications (facts §1.7). */
  transaction(order: Order, mchid: string): Record<string, unknown> {
    const base = {
      ...(order.sub_mchid === null
        ? { appid: order.appid, mchid }
        : {
            sp_appid: order.appid,
            sp_mchid: mchid,
            ...(order.sub_appid !== null && { sub_appid: order.sub_appid }),
            sub_mchid: order.sub_mchid,
          }),
      out_trade_no: order.out_trade_no,
      trade_state: order.state,
      trade_state_desc: STATE_TEXT[order.state],
      promotion_detail: [],
      scene_info: { device_id: order.device_id },
    }
    if (order.success_at === null) {
      return { ...base, amount: { total: order.amount, currency: 'CNY', payer_currency: 'CNY' } }
    }
    return {
      ...base,
      transaction_id: order.transaction_id,
      trade_type: order.trade_type,
      bank_type: order.bank_type,
      attach: order.attach,
      success_time: rfc3339(order.success_at),
      payer: this.#payer(order),
      amount: { total: order.amount, payer_total: order.amount, currency: 'CNY', payer_currency: 'CNY' },
    }
  }

  /** In partner mode an order of the sub-merchant's app is paid by its openids. */
  #payer(order: Order): Record<string, string | null> {
    if (order.sub_mchid === null) return { openid: order.payer_openid }
    const sql = 'SELECT appid FROM openids WHERE openid = ?'
    const appid = this.#db.one<{ appid: string }>(sql, order.payer_openid)?.appid
    return appid === order.sub_appid ? { sub_openid: order.payer_openid } : { sp_openid: order.payer_openid }
  }

  checkRepeat(known: Order, print: string): void {
    if (known.state === 'SUCCESS' || known.state === 'REFUND') {
      throw new PayRefusal(400, 'ORDERPAID', '该订单已支付', NUMERIC.alreadyPaid)
    }
    if (known.state === 'CLOSED') {
      throw new PayRefusal(400, 'ORDER_CLOSED', '该订单已关闭，请重新下单', NUMERIC.orderExpired)
    }
    if (known.fingerprint !== print) {
      throw new PayRefusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复，重入参数与首次请求不一致', NUMERIC.reentryDiffers)
    }
  }

  insert(input: NewOrder, print: string): void {
    const now = this.#clock.now()
    const wanted = input.time_expire_ms ?? now + DEFAULT_LIFE_MS
    if (wanted <= now) throw invalidRequest('time_expire 早于当前时间，订单已过期')
    const expiresAt = Math.min(Math.max(wanted, now + SHORTEST_LIFE_MS), now + LONGEST_LIFE_MS)
    this.#db.run(
      `INSERT INTO orders (out_trade_no, trade_type, appid, description, attach, notify_url, amount, device_id, openid,
       fingerprint, state, created_at, expires_at, sub_mchid, sub_appid, payee, combine_no, profit_sharing)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY', ?, ?, ?, ?, ?, ?, ?)`,
      ...[input.out_trade_no, input.trade_type, input.appid, input.description, input.attach, input.notify_url],
      ...[input.amount, input.device_id, input.openid, print, now, expiresAt],
      ...[input.sub_mchid ?? null, input.sub_appid ?? null, input.payee ?? null, input.combine_no ?? null],
      Number(input.profit_sharing),
    )
  }

  newToken(type: TradeType, outTradeNo: string): string {
    const { prefix, lifeMs } = KINDS[type]
    const now = this.#clock.now()
    const token = prefix
      ? `${prefix}${rfc3339(now).slice(0, 19).replace(/\D/g, '')}${randomBytes(10).toString('hex')}`
      : randomBytes(9).toString('base64url').replace(/[-_]/g, 'z').slice(0, 11)
    this.#db.run(
      'INSERT INTO prepays (token, kind, out_trade_no, expires_at) VALUES (?, ?, ?, ?)',
      ...[token, type, outTradeNo, now + lifeMs],
    )
    return token
  }
}
