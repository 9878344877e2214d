import { rfc3339 } from '../beijing.ts'
import { digits, fingerprint } from './orders.ts'
import { invalidRequest, NUMERIC, PayRefusal } from './refusal.ts'
import type { Split, SplitReceiver, Splits, SplitsWorld } from './splits.ts'

const DAY_MS = 86_400_000
const CALL = '/v3/profitsharing/return-orders'

export interface SplitReturn {
  out_return_no: string
  return_id: string
  out_order_no: string
  return_mchid: string
  amount: number
  description: string
  fingerprint: string
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED'
  fail_reason: string | null
  outcome: 'SUCCESS' | 'FAILED'
  created_at: number
  finish_at: number
  finished_at: number | null
}

export interface AskedReturn {
  out_order_no?: string
  order_id?: string
  out_return_no: string
  return_mchid: string
  amount: number
  description: string
}

/** What merchants who received give back: done on the spot unless a fault stalls it. */
export class SplitReturns {
  readonly #world: SplitsWorld
  readonly #splits: Splits

  constructor(world: SplitsWorld, splits: Splits) {
    this.#world = world
    this.#splits = splits
  }

  get(outReturnNo: string): SplitReturn | undefined {
    return this.#world.db.one<SplitReturn>('SELECT * FROM split_returns WHERE out_return_no = ?', outReturnNo)
  }

  ofSplit(outOrderNo: string): SplitReturn[] {
    const sql = 'SELECT * FROM split_returns WHERE out_order_no = ? ORDER BY rowid'
    return this.#world.db.all<SplitReturn>(sql, outOrderNo)
  }

  /** Accepts a return or repeats the one of the same number. `finished` when it ended just now. */
  request(asked: AskedReturn): { back: SplitReturn; finished: boolean } {
    return this.#world.db.transaction(() => {
      const print = fingerprint(asked)
      const known = this.get(asked.out_return_no)
      if (known && known.fingerprint !== print) throw invalidRequest('商户回退单号重复，与首次请求的参数不一致')
      if (known) return { back: known, finished: false }
      const split = asked.out_order_no
        ? this.#splits.get(asked.out_order_no)
        : this.#splits.byOrderId(asked.order_id ?? '')
      if (!split) throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '分账单不存在', NUMERIC.UNPUBLISHED)
      this.#check(split, asked)
      this.#insert(split, asked, print)
      const finished = this.finishOne(asked.out_return_no) !== undefined
      return { back: this.get(asked.out_return_no)!, finished }
    })
  }

  nextDueMs(): number | null {
    const sql = `SELECT min(finish_at) AS due FROM split_returns WHERE result = 'PROCESSING'`
    return this.#world.db.one<{ due: number | null }>(sql)?.due ?? null
  }

  /** Ends one return whose time has come (or the one asked for, if it has). */
  finishOne(outReturnNo: string | null = null): SplitReturn | undefined {
    const { db, clock } = this.#world
    const due = db.one<SplitReturn>(
      `SELECT * FROM split_returns WHERE result = 'PROCESSING' AND finish_at <= ?1 AND (?2 IS NULL OR out_return_no = ?2)
       ORDER BY finish_at LIMIT 1`,
      ...[clock.now(), outReturnNo],
    )
    if (!due) return undefined
    const split = this.#splits.get(due.out_order_no)!
    const isShort = due.outcome === 'SUCCESS' && this.#world.accounts.available(due.return_mchid) < due.amount
    const result = isShort ? 'FAILED' : due.outcome
    db.run(
      `UPDATE split_returns SET result = ?, fail_reason = ?, finished_at = ? WHERE out_return_no = ?`,
      ...[result, isShort ? 'BALANCE_NOT_ENOUGH' : due.fail_reason, clock.now(), due.out_return_no],
    )
    if (result === 'SUCCESS') {
      const flow = { business_id: due.return_id, kind: '分账回退', voucher_no: due.out_return_no }
      this.#world.accounts.book(due.return_mchid, { ...flow, amount: -due.amount })
      this.#world.accounts.book(split.payer, { ...flow, amount: due.amount })
    }
    return this.get(due.out_return_no)
  }

  reply(back: SplitReturn): Record<string, unknown> {
    const split = this.#splits.get(back.out_order_no)!
    const order = this.#world.orders.get(split.out_trade_no)!
    return {
      ...(order.sub_mchid !== null && { sub_mchid: order.sub_mchid }),
      order_id: split.order_id,
      out_order_no: back.out_order_no,
      out_return_no: back.out_return_no,
      return_id: back.return_id,
      return_mchid: back.return_mchid,
      amount: back.amount,
      description: back.description,
      result: back.result,
      ...(back.result === 'FAILED' && { fail_reason: back.fail_reason }),
      create_time: rfc3339(back.created_at),
      finish_time: rfc3339(back.finished_at ?? 0),
    }
  }

  #check(split: Split, asked: AskedReturn): void {
    const { clock, settings, accounts } = this.#world
    const got = this.#splits
      .receiversOf(split.out_order_no)
      .find((each): each is SplitReceiver => each.type === 'MERCHANT_ID' && each.account === asked.return_mchid)
    if (got?.result !== 'SUCCESS') throw invalidRequest('回退方不是该分账单的成功接收方，或不是商户')
    if (accounts.merchant(asked.return_mchid)?.allows_returns !== true) {
      throw new PayRefusal(403, 'NO_AUTH', '分账接收方未开启分账回退权限', NUMERIC.UNPUBLISHED)
    }
    const { split_returns_most: most, split_return_days: days } = settings.get()
    if (clock.now() - got.finished_at! > days * DAY_MS) throw invalidRequest('分账已超过可回退的最大期限')
    const earlier = this.ofSplit(split.out_order_no).filter((each) => each.return_mchid === asked.return_mchid)
    if (earlier.length >= most) {
      throw new PayRefusal(403, 'RULE_LIMIT', `同一接收方最多支持${most}次回退`, NUMERIC.UNPUBLISHED)
    }
    const back = earlier.reduce((sum, each) => sum + (each.result === 'FAILED' ? 0 : each.amount), 0)
    if (back + asked.amount > got.amount) throw invalidRequest('剩余可回退的金额不足')
  }

  #insert(split: Split, asked: AskedReturn, print: string): void {
    const now = this.#world.clock.now()
    const fate = this.#world.faults.result(CALL)
    this.#world.db.run(
      `INSERT INTO split_returns (out_return_no, return_id, out_order_no, return_mchid, amount, description, fingerprint,
       result, fail_reason, outcome, created_at, finish_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, ?, ?, ?)`,
      ...[asked.out_return_no, `31${digits(26)}`, split.out_order_no, asked.return_mchid, asked.amount],
      ...[asked.description, print, fate?.reason ?? null, fate?.reason === undefined ? 'SUCCESS' : 'FAILED'],
      ...[now, now + (fate?.stallMs ?? 0)],
    )
  }
}
