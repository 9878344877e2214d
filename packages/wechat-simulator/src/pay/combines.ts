import { rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Accounts } from './accounts.ts'
import { fingerprint, type Order, type Orders, type TradeType } from './orders.ts'
import { invalidRequest, NUMERIC, orderNotExist, PayRefusal, parameterError } from './refusal.ts'

const DAY_MS = 86_400_000

export interface Combine {
  combine_out_trade_no: string
  trade_type: TradeType
  appid: string
  notify_url: string
  openid: string | null
  device_id: string
  fingerprint: string
  created_at: number
  expires_at: number
}

export interface AskedPart {
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  out_trade_no: string
  description: string
  attach: string
  amount: { total_amount: number }
  settle_info?: { profit_sharing?: boolean }
}

export interface AskedCombine {
  combine_appid: string
  combine_out_trade_no: string
  notify_url: string
  scene_info?: { device_id?: string }
  sub_orders: AskedPart[]
}

/** Combined orders: their parts are orders of their own, paid and closed together (facts §1.11). */
export class Combines {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #orders: Orders
  readonly #accounts: Accounts

  constructor(db: Database, clock: SimulatorClock, orders: Orders, accounts: Accounts) {
    this.#db = db
    this.#clock = clock
    this.#orders = orders
    this.#accounts = accounts
  }

  get(combineNo: string): Combine | undefined {
    return this.#db.one<Combine>('SELECT * FROM combines WHERE combine_out_trade_no = ?', combineNo)
  }

  /** Places a combined order, or repeats one that says the same; returns a fresh prepay token. */
  prepay(type: TradeType, asked: AskedCombine, more: { openid: string | null; expiresAt: number | null }): string {
    const print = fingerprint([type, asked])
    return this.#db.transaction(() => {
      const no = asked.combine_out_trade_no
      const known = this.get(no)
      if (known) for (const part of this.#orders.parts(no)) this.#orders.checkRepeat(part, part.fingerprint)
      if (known && known.fingerprint !== print) {
        const message = '合单商户订单号重复，重入参数与首次请求不一致'
        throw new PayRefusal(403, 'OUT_TRADE_NO_USED', message, NUMERIC.reentryDiffers)
      }
      if (!known) this.#insert(type, asked, print, more)
      return this.#orders.newToken(type, no)
    })
  }

  /** The parts that are asked to be closed must be those that were placed. */
  close(combineNo: string, parts: Array<{ mchid: string; out_trade_no: string; sub_mchid?: string }>): void {
    const placed = this.#orders.parts(combineNo)
    if (!this.get(combineNo)) throw orderNotExist()
    const name = (no: string, payee: string) => `${no} ${payee}`
    const asked = parts.map((each) => name(each.out_trade_no, each.sub_mchid ?? each.mchid)).sort()
    const known = placed.map((each) => name(each.out_trade_no, this.#orders.payeeOf(each))).sort()
    if (asked.join() !== known.join()) {
      throw parameterError({ field: '/sub_orders', issue: '子单信息与下单时不一致' })
    }
    for (const part of placed) this.#orders.close(part.out_trade_no)
  }

  /** What a phone shows of it: one amount, every description. */
  asOrder(combine: Combine): Order {
    const parts = this.#orders.parts(combine.combine_out_trade_no)
    const [first] = parts
    return {
      ...first!,
      out_trade_no: combine.combine_out_trade_no,
      description: parts.map((each) => each.description).join('；'),
      amount: parts.reduce((sum, each) => sum + each.amount, 0),
      openid: combine.openid,
    }
  }

  /** The combined object of query replies and notifications. */
  transaction(combine: Combine, mchid: string): Record<string, unknown> {
    const parts = this.#orders.parts(combine.combine_out_trade_no)
    const payer = parts[0]?.payer_openid ?? null
    return {
      combine_appid: combine.appid,
      combine_mchid: mchid,
      combine_out_trade_no: combine.combine_out_trade_no,
      scene_info: { device_id: combine.device_id },
      sub_orders: parts.map((part) => ({
        mchid: part.sub_mchid === null ? this.#orders.payeeOf(part) : mchid,
        ...(part.sub_mchid !== null && { sub_mchid: part.sub_mchid }),
        out_trade_no: part.out_trade_no,
        trade_state: part.state,
        attach: part.attach,
        amount: {
          total_amount: part.amount,
          currency: 'CNY',
          ...(part.success_at !== null && { payer_amount: part.amount, payer_currency: 'CNY' }),
        },
        ...(part.success_at !== null && {
          trade_type: part.trade_type,
          bank_type: part.bank_type,
          success_time: rfc3339(part.success_at),
          transaction_id: part.transaction_id,
        }),
      })),
      ...(payer !== null && { combine_payer_info: { openid: payer } }),
    }
  }

  #insert(
    type: TradeType,
    asked: AskedCombine,
    print: string,
    more: { openid: string | null; expiresAt: number | null },
  ): void {
    const now = this.#clock.now()
    const device = asked.scene_info?.device_id ?? ''
    const numbers = new Set(asked.sub_orders.map((each) => each.out_trade_no))
    if (numbers.size !== asked.sub_orders.length) throw invalidRequest('子单商户订单号重复')
    this.#db.run(
      `INSERT INTO combines (combine_out_trade_no, trade_type, appid, notify_url, openid, device_id, fingerprint,
       created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[asked.combine_out_trade_no, type, asked.combine_appid, asked.notify_url, more.openid, device, print],
      ...[now, more.expiresAt ?? now + 7 * DAY_MS],
    )
    for (const part of asked.sub_orders) {
      if (this.#orders.get(part.out_trade_no)) {
        throw new PayRefusal(
          403,
          'OUT_TRADE_NO_USED',
          `子单商户订单号重复：${part.out_trade_no}`,
          NUMERIC.reentryDiffers,
        )
      }
      const payee = this.#payeeOf(part)
      this.#orders.insert(
        {
          ...{ trade_type: type, appid: asked.combine_appid, notify_url: asked.notify_url, device_id: device },
          ...{ out_trade_no: part.out_trade_no, description: part.description, attach: part.attach },
          ...{ amount: part.amount.total_amount, openid: more.openid, time_expire_ms: more.expiresAt, body: part },
          ...{ sub_mchid: part.sub_mchid, sub_appid: part.sub_appid, payee },
          ...{ combine_no: asked.combine_out_trade_no, profit_sharing: part.settle_info?.profit_sharing === true },
        },
        fingerprint(part),
      )
    }
  }

  /** Undefined for the shop's own merchant. @throws PayRefusal when nobody knows the merchant */
  #payeeOf(part: AskedPart): string | undefined {
    const mchid = part.sub_mchid ?? part.mchid
    if (mchid === this.#accounts.mchid) return undefined
    if (this.#accounts.merchant(mchid)) return mchid
    throw new PayRefusal(404, 'MCH_NOT_EXISTS', `商户号不存在：${mchid}`, NUMERIC.UNPUBLISHED)
  }
}
