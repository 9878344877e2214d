import { rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Faults } from '../faults.ts'
import type { SettingsStore } from '../settings.ts'
import type { Accounts } from './accounts.ts'
import { digits, fingerprint, type Order, type Orders } from './orders.ts'
import type { Receivers, ReceiverType } from './receivers.ts'
import { invalidRequest, NUMERIC, PayRefusal } from './refusal.ts'

const MOST_REQUESTS = 50
const CALL = '/v3/profitsharing/orders'

export interface Split {
  out_order_no: string
  order_id: string
  out_trade_no: string
  payer: string
  /** 1 when the rest is given to the payer at the end. */
  unfreezes: number
  fingerprint: string
  state: 'PROCESSING' | 'FINISHED'
  created_at: number
}

export interface SplitReceiver {
  detail_id: string
  out_order_no: string
  out_trade_no: string
  type: ReceiverType
  account: string
  amount: number
  description: string
  result: 'PENDING' | 'SUCCESS' | 'CLOSED'
  fail_reason: string | null
  /** What it will become at `finish_at`; PENDING waits for the control API. */
  outcome: 'PENDING' | 'SUCCESS' | 'CLOSED'
  created_at: number
  finish_at: number
  finished_at: number | null
}

export interface AskedShare {
  type: ReceiverType
  account: string
  /** Decrypted. */
  name: string | null
  amount: number
  description: string
}

export interface AskedSplit {
  out_order_no: string
  /** The app whose openids may receive. */
  appid: string
  receivers: AskedShare[]
  unfreeze_unsplit: boolean
}

export interface SplitsWorld {
  db: Database
  clock: SimulatorClock
  settings: SettingsStore
  orders: Orders
  accounts: Accounts
  receivers: Receivers
  faults: Faults
}

const ruleLimit = (message: string) => new PayRefusal(403, 'RULE_LIMIT', message, NUMERIC.UNPUBLISHED)
const notEnough = (message: string) => new PayRefusal(403, 'NOT_ENOUGH', message, NUMERIC.UNPUBLISHED)

/** Splits: accepted at once, each receiver ends for itself (facts §1.12). */
export class Splits {
  readonly #world: SplitsWorld

  constructor(world: SplitsWorld) {
    this.#world = world
  }

  get(outOrderNo: string): Split | undefined {
    return this.#world.db.one<Split>('SELECT * FROM splits WHERE out_order_no = ?', outOrderNo)
  }

  byOrderId(orderId: string): Split | undefined {
    return this.#world.db.one<Split>('SELECT * FROM splits WHERE order_id = ?', orderId)
  }

  list(limit = 50): Split[] {
    return this.#world.db.all<Split>('SELECT * FROM splits ORDER BY created_at DESC, rowid DESC LIMIT ?', limit)
  }

  receiversOf(outOrderNo: string): SplitReceiver[] {
    const sql = 'SELECT * FROM split_receivers WHERE out_order_no = ? ORDER BY rowid'
    return this.#world.db.all<SplitReceiver>(sql, outOrderNo)
  }

  /** Accepts a split or repeats the one of the same number; every rule is checked here. */
  request(order: Order, asked: AskedSplit, hurried: boolean): Split {
    return this.#world.db.transaction(() => {
      const print = fingerprint([order.out_trade_no, asked])
      const known = this.get(asked.out_order_no)
      if (known && known.fingerprint !== print) throw invalidRequest('商户分账单号重复，与首次请求的参数不一致')
      if (known) return known
      this.#checkOrder(order)
      this.#checkReceivers(order, asked)
      this.#checkAmounts(order, asked.receivers)
      this.#insert(order, { ...asked, fingerprint: print }, hurried)
      return this.get(asked.out_order_no)!
    })
  }

  /** Everything unsplit goes to the payer. A number that was used before does nothing. */
  unfreeze(order: Order, input: { out_order_no: string; description: string }, hurried: boolean): Split {
    return this.#world.db.transaction(() => {
      const known = this.get(input.out_order_no)
      if (known) return known
      if (order.profit_sharing !== 1) throw invalidRequest('非分账订单不支持分账')
      const amount = this.#world.orders.unsplit(order)
      if (order.unfrozen_at !== null || amount <= 0) throw notEnough('分账金额不足')
      const payer = this.#world.orders.payeeOf(order)
      const rest = { type: 'MERCHANT_ID' as const, account: payer, name: null, amount, description: input.description }
      const asked = { out_order_no: input.out_order_no, receivers: [rest], unfreeze_unsplit: true }
      this.#insert(order, { ...asked, fingerprint: fingerprint(input) }, hurried)
      return this.get(input.out_order_no)!
    })
  }

  /** Decides how a receiver who is not done will end. False when there is none. */
  decide(outOrderNo: string, account: string, outcome: SplitReceiver['outcome'], reason: string): boolean {
    const sql = `UPDATE split_receivers SET outcome = ?, fail_reason = ?, finish_at = min(finish_at, ?)
                 WHERE out_order_no = ? AND account = ? AND result = 'PENDING'`
    const failReason = outcome === 'CLOSED' ? reason : null
    return this.#world.db.run(sql, outcome, failReason, this.#world.clock.now(), outOrderNo, account) > 0
  }

  nextDueMs(): number | null {
    const sql = `SELECT min(finish_at) AS due FROM split_receivers WHERE result = 'PENDING' AND outcome <> 'PENDING'`
    return this.#world.db.one<{ due: number | null }>(sql)?.due ?? null
  }

  /** Ends one receiver whose time has come; the caller announces it. */
  finishOne(): { split: Split; receiver: SplitReceiver } | undefined {
    const { db, clock } = this.#world
    const due = db.one<SplitReceiver>(
      `SELECT * FROM split_receivers WHERE result = 'PENDING' AND outcome <> 'PENDING' AND finish_at <= ?
       ORDER BY finish_at, rowid LIMIT 1`,
      clock.now(),
    )
    if (!due) return undefined
    const split = this.get(due.out_order_no)!
    this.#moveMoney(split, due)
    db.run(
      'UPDATE split_receivers SET result = outcome, finished_at = ? WHERE detail_id = ?',
      ...[clock.now(), due.detail_id],
    )
    const rows = this.receiversOf(due.out_order_no)
    if (rows.every((each) => each.result !== 'PENDING')) {
      db.run(`UPDATE splits SET state = 'FINISHED' WHERE out_order_no = ?`, due.out_order_no)
      if (split.unfreezes === 1) this.#world.orders.unfreeze(split.out_trade_no)
    }
    return { split, receiver: rows.find((each) => each.detail_id === due.detail_id)! }
  }

  /** The split object of replies. */
  reply(split: Split, order: Order): Record<string, unknown> {
    return {
      ...(order.sub_mchid !== null && { sub_mchid: order.sub_mchid }),
      transaction_id: order.transaction_id,
      out_order_no: split.out_order_no,
      order_id: split.order_id,
      state: split.state,
      receivers: this.receiversOf(split.out_order_no).map((each) => ({
        amount: each.amount,
        description: each.description,
        type: each.type,
        account: each.account,
        result: each.result,
        ...(each.result === 'CLOSED' && { fail_reason: each.fail_reason }),
        detail_id: each.detail_id,
        create_time: rfc3339(each.created_at),
        finish_time: rfc3339(each.finished_at ?? 0),
      })),
    }
  }

  #moveMoney(split: Split, receiver: SplitReceiver): void {
    const { orders, accounts } = this.#world
    const order = orders.get(split.out_trade_no)!
    if (receiver.outcome === 'SUCCESS') {
      orders.thaw(split.out_trade_no, receiver.amount)
      if (receiver.account === split.payer) return
      const flow = { business_id: receiver.detail_id, kind: '分账', voucher_no: split.out_order_no }
      accounts.book(split.payer, { ...flow, amount: -receiver.amount })
      if (receiver.type === 'MERCHANT_ID') accounts.book(receiver.account, { ...flow, amount: receiver.amount })
    } else if (order.unfrozen_at !== null) {
      // The order was unfrozen around it: what the receiver does not get goes the same way.
      orders.thaw(split.out_trade_no, receiver.amount)
    }
  }

  #checkOrder(order: Order): void {
    const { clock, settings, db, orders } = this.#world
    if (order.success_at === null) throw invalidRequest('订单未支付，不能分账')
    if (order.profit_sharing !== 1) throw invalidRequest('非分账订单不支持分账')
    if (order.unfrozen_at !== null) throw invalidRequest('分账订单已完结，不能再次分账')
    if (clock.now() - order.success_at < settings.get().split_wait_ms) {
      throw invalidRequest('订单处理中，暂时无法分账，请稍后再试')
    }
    if (orders.unsplit(order) <= 0) throw notEnough('分账金额不足')
    const sql = 'SELECT count(*) AS count FROM splits WHERE out_trade_no = ?'
    if (db.one<{ count: number }>(sql, order.out_trade_no)!.count >= MOST_REQUESTS) {
      throw ruleLimit('同一笔订单最多支持50次分账')
    }
  }

  #checkReceivers(order: Order, asked: AskedSplit): void {
    const payer = this.#world.orders.payeeOf(order)
    const seen = new Set<string>()
    for (const receiver of asked.receivers) {
      const key = `${receiver.type} ${receiver.account}`
      if (seen.has(key)) throw invalidRequest('分账接收方列表中存在重复的接收方')
      seen.add(key)
      if (receiver.account === payer) continue
      if (!this.#world.receivers.has(payer, receiver.type, receiver.account)) {
        throw invalidRequest('分账接收方与分账方不存在分账关系，请先添加分账接收方')
      }
      this.#world.receivers.checkAccount(receiver, asked.appid)
    }
  }

  /** What goes to others may not be more than the payer's ratio allows, over all splits of the order. */
  #checkAmounts(order: Order, receivers: AskedShare[]): void {
    const { db, orders, accounts } = this.#world
    const payer = orders.payeeOf(order)
    const sum = (list: AskedShare[]) => list.reduce((all, each) => all + each.amount, 0)
    if (sum(receivers) > orders.unsplit(order)) throw notEnough('分账金额不足')
    const earlier = db.one<{ fen: number }>(
      `SELECT coalesce(sum(amount), 0) AS fen FROM split_receivers
       WHERE out_trade_no = ? AND account <> ? AND result <> 'CLOSED'`,
      ...[order.out_trade_no, payer],
    )!.fen
    const most = Math.floor((order.amount * accounts.ratioBp(payer)) / 10_000)
    if (earlier + sum(receivers.filter((each) => each.account !== payer)) > most) {
      throw ruleLimit(`分账金额超过最大分账比例，该订单最多可分 ${most} 分`)
    }
  }

  #insert(order: Order, asked: Omit<AskedSplit, 'appid'> & { fingerprint: string }, hurried: boolean): void {
    const { db, clock, settings, orders, faults } = this.#world
    const now = clock.now()
    db.run(
      `INSERT INTO splits (out_order_no, order_id, out_trade_no, payer, unfreezes, fingerprint, state, created_at)
       VALUES (?, ?, ?, ?, ?, ?, 'PROCESSING', ?)`,
      ...[asked.out_order_no, `30${digits(26)}`, order.out_trade_no, orders.payeeOf(order)],
      ...[Number(asked.unfreeze_unsplit), asked.fingerprint, now],
    )
    for (const receiver of asked.receivers) {
      const fate = faults.result(CALL)
      const delayMs = fate?.stallMs ?? (hurried ? 0 : settings.get().split_delay_ms)
      db.run(
        `INSERT INTO split_receivers (detail_id, out_order_no, out_trade_no, type, account, amount, description, result,
         fail_reason, outcome, created_at, finish_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'PENDING', ?, ?, ?, ?)`,
        ...[`36${digits(26)}`, asked.out_order_no, order.out_trade_no, receiver.type, receiver.account],
        ...[receiver.amount, receiver.description, fate?.reason ?? null],
        ...[fate?.reason === undefined ? 'SUCCESS' : 'CLOSED', now, now + delayMs],
      )
    }
  }
}
