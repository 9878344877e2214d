import { beijingDay, rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Faults } from '../faults.ts'
import type { SettingsStore } from '../settings.ts'
import type { Accounts } from './accounts.ts'
import { digits, fingerprint, type Order, type Orders } from './orders.ts'
import { invalidRequest, NUMERIC, PayRefusal } from './refusal.ts'

const YEAR_MS = 365 * 86_400_000
const MOST_REFUNDS = 50
export const RECEIVED_ACCOUNT = '支付用户零钱'

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'

export interface Refund {
  out_refund_no: string
  refund_id: string
  out_trade_no: string
  amount: number
  /** Fen of WeChat's fee that come back with this refund. */
  fee_returned: number
  reason: string
  notify_url: string
  funds_account: string
  fingerprint: string
  status: RefundStatus
  /** What it will become when `finish_at` is reached. */
  outcome: RefundStatus
  created_at: number
  finish_at: number
  success_at: number | null
  /** Whether it is taken from what the order had frozen, or from the payee's available money. */
  source: 'frozen' | 'available'
}

export interface RefundRequest {
  sub_mchid?: string
  transaction_id?: string
  out_trade_no?: string
  out_refund_no: string
  reason?: string
  notify_url?: string
  funds_account?: string
  amount: { refund: number; total: number; currency: string }
}

/** Refunds: accepted at once, finished when the simulator's clock reaches `finish_at` (facts §1.9). */
export class Refunds {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly #orders: Orders
  readonly #accounts: Accounts
  readonly #faults: Faults

  constructor(world: {
    db: Database
    clock: SimulatorClock
    settings: SettingsStore
    orders: Orders
    accounts: Accounts
    faults: Faults
  }) {
    this.#db = world.db
    this.#clock = world.clock
    this.#settings = world.settings
    this.#orders = world.orders
    this.#accounts = world.accounts
    this.#faults = world.faults
  }

  get(outRefundNo: string): Refund | undefined {
    return this.#db.one<Refund>('SELECT * FROM refunds WHERE out_refund_no = ?', outRefundNo)
  }

  ofOrder(outTradeNo: string): Refund[] {
    return this.#db.all<Refund>('SELECT * FROM refunds WHERE out_trade_no = ? ORDER BY created_at', outTradeNo)
  }

  list(limit = 50): Refund[] {
    return this.#db.all<Refund>('SELECT * FROM refunds ORDER BY created_at DESC LIMIT ?', limit)
  }

  /** Accepts a refund or repeats the one of the same number; every rule of facts §1.9 is checked here. */
  request(input: RefundRequest, hurried = false): Refund {
    return this.#db.transaction(() => {
      const print = fingerprint(input)
      const known = this.get(input.out_refund_no)
      if (known && known.fingerprint !== print) {
        throw invalidRequest('商户退款单号重复，与之前请求的参数不一致，请核实后再试')
      }
      if (known) return known
      const order = this.#paidOrder(input)
      this.#checkAmounts(order, input)
      return this.#insert(order, input, print, hurried)
    })
  }

  /**
   * Decides how an open refund will end; for the control API. An abnormal one is open too: the merchant finishes it by
   * hand. False when it already ended.
   */
  decide(outRefundNo: string, outcome: RefundStatus): boolean {
    const sql = `UPDATE refunds SET outcome = ?, status = 'PROCESSING'
                 WHERE out_refund_no = ? AND status IN ('PROCESSING', 'ABNORMAL')`
    return this.#db.run(sql, outcome, outRefundNo) === 1
  }

  nextDueMs(): number | null {
    const sql = `SELECT min(finish_at) AS due FROM refunds WHERE status = 'PROCESSING' AND outcome <> 'PROCESSING'`
    return this.#db.one<{ due: number | null }>(sql)?.due ?? null
  }

  /** Ends one refund whose time has come; the caller announces it. */
  finishOne(): Refund | undefined {
    const now = this.#clock.now()
    const due = this.#db.one<Refund>(
      `SELECT * FROM refunds WHERE status = 'PROCESSING' AND outcome <> 'PROCESSING' AND finish_at <= ?
       ORDER BY finish_at LIMIT 1`,
      now,
    )
    if (!due) return undefined
    const successAt = due.outcome === 'SUCCESS' ? now : null
    this.#db.run(
      `UPDATE refunds SET status = outcome, success_at = ? WHERE out_refund_no = ? AND status = 'PROCESSING'`,
      successAt,
      due.out_refund_no,
    )
    this.#moveMoney(due)
    return this.get(due.out_refund_no)
  }

  /** The refund object of replies (facts §1.9). */
  reply(refund: Refund, order: Order): Record<string, unknown> {
    return {
      refund_id: refund.refund_id,
      out_refund_no: refund.out_refund_no,
      transaction_id: order.transaction_id,
      out_trade_no: refund.out_trade_no,
      channel: 'ORIGINAL',
      user_received_account: RECEIVED_ACCOUNT,
      ...(refund.success_at !== null && { success_time: rfc3339(refund.success_at) }),
      create_time: rfc3339(refund.created_at),
      status: refund.status,
      funds_account: refund.funds_account,
      amount: {
        total: order.amount,
        refund: refund.amount,
        from: [],
        payer_total: order.amount,
        payer_refund: refund.amount,
        settlement_refund: refund.amount,
        settlement_total: order.amount,
        discount_refund: 0,
        currency: 'CNY',
      },
      promotion_detail: [],
    }
  }

  #paidOrder(input: RefundRequest): Order {
    const order = input.transaction_id
      ? this.#orders.byTransactionId(input.transaction_id)
      : this.#orders.get(input.out_trade_no ?? '')
    if (!order) throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在', NUMERIC.orderNotExist)
    if (input.out_trade_no && input.out_trade_no !== order.out_trade_no) {
      throw invalidRequest('微信支付订单号与商户订单号不匹配')
    }
    if (order.sub_mchid !== (input.sub_mchid ?? null)) throw invalidRequest('子商户号与订单不匹配')
    if (order.success_at === null) throw invalidRequest('订单未支付，不能退款')
    if (this.#clock.now() - order.success_at > YEAR_MS) throw invalidRequest('订单已超过可退款的最大期限')
    return order
  }

  #checkAmounts(order: Order, input: RefundRequest): void {
    if (input.amount.total !== order.amount) throw invalidRequest('订单金额与原订单不一致，请核实后再试')
    const earlier = this.ofOrder(order.out_trade_no).filter((each) => each.status !== 'CLOSED')
    if (earlier.length >= MOST_REFUNDS) throw invalidRequest('一笔订单最多支持50次部分退款')
    const refunded = earlier.reduce((sum, each) => sum + each.amount, 0)
    if (refunded + input.amount.refund > order.amount) {
      throw invalidRequest(`申请退款金额大于订单可退金额，可退 ${order.amount - refunded} 分`)
    }
    // The minute is published, the refusal is not: assumed to be the one for callers in a hurry.
    const latest = earlier.at(-1)
    if (latest && this.#clock.now() - latest.created_at < this.#settings.get().refund_interval_ms) {
      throw new PayRefusal(429, 'FREQUENCY_LIMITED', '同一订单两次退款需间隔1分钟', NUMERIC.frequency)
    }
  }

  #moveMoney(refund: Refund): void {
    const net = refund.amount - refund.fee_returned
    if (refund.outcome === 'SUCCESS') {
      const flow = { business_id: refund.refund_id, kind: '退款', amount: -net, voucher_no: refund.out_refund_no }
      this.#accounts.book(this.#orders.payeeOf(this.#orders.get(refund.out_trade_no)!), flow)
    } else if (refund.outcome === 'CLOSED' && refund.source === 'frozen') {
      this.#orders.thaw(refund.out_trade_no, -net)
    }
  }

  /** Money still frozen for splitting pays for refunds up to what is unsplit; after that the available money does. */
  #takeMoney(order: Order, net: number): Refund['source'] {
    if (order.profit_sharing === 1 && order.unfrozen_at === null) {
      if (net > this.#orders.unsplit(order)) {
        const message = '申请退款金额大于剩余未分账金额，请等待分账完成后再试'
        throw new PayRefusal(403, 'RULE_LIMIT', message, NUMERIC.UNPUBLISHED)
      }
      this.#orders.thaw(order.out_trade_no, net)
      return 'frozen'
    }
    if (net > this.#accounts.available(this.#orders.payeeOf(order))) {
      throw new PayRefusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起', NUMERIC.UNPUBLISHED)
    }
    return 'available'
  }

  #insert(order: Order, input: RefundRequest, print: string, hurried: boolean): Refund {
    const now = this.#clock.now()
    const earlier = this.ofOrder(order.out_trade_no).filter((each) => each.status !== 'CLOSED')
    const refunded = earlier.reduce((sum, each) => sum + each.amount, input.amount.refund)
    const feeBack = earlier.reduce((sum, each) => sum + each.fee_returned, 0)
    const feeReturned = Math.floor((order.fee * refunded) / order.amount) - feeBack
    const source = this.#takeMoney(order, input.amount.refund - feeReturned)
    const { reason, stallMs } = this.#faults.result('/v3/refund') ?? {}
    const delayMs = stallMs ?? (hurried ? 0 : this.#settings.get().refund_delay_ms)
    const outcome = reason === undefined ? 'SUCCESS' : reason === 'ABNORMAL' ? 'ABNORMAL' : 'CLOSED'
    this.#db.run(
      `INSERT INTO refunds (out_refund_no, refund_id, out_trade_no, amount, fee_returned, reason, notify_url,
       funds_account, fingerprint, status, outcome, created_at, finish_at, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, ?, ?, ?)`,
      ...[input.out_refund_no, `50${digits(9)}${beijingDay(now).replaceAll('-', '')}${digits(10)}`],
      ...[order.out_trade_no, input.amount.refund, feeReturned, input.reason ?? '', input.notify_url ?? ''],
      ...[input.funds_account ?? 'UNSETTLED', print, outcome, now, now + delayMs, source],
    )
    this.#orders.markRefunded(order.out_trade_no)
    return this.get(input.out_refund_no)!
  }
}
