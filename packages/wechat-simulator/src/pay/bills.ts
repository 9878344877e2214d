import { createHash, randomBytes } from 'node:crypto'
import { billTime, startOfDay } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { SettingsStore } from '../settings.ts'
import type { Accounts } from './accounts.ts'
import type { Order } from './orders.ts'
import type { Refund } from './refunds.ts'
import { NUMERIC, PayRefusal, parameterError } from './refusal.ts'

const DAY_MS = 86_400_000
const READY_AFTER_MS = 9 * 3_600_000
const KEPT_DAYS = 92
const LINK_LIFE_MS = 300_000
const MARK = '\uFEFF'

export type TradeBillType = 'ALL' | 'SUCCESS' | 'REFUND'
type RefundedOrder = Omit<Order, 'state'> & { refund: Refund }

/** The columns of the ALL bill; the other two types drop or add some. */
const TRADE_TITLES =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,' +
  '代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,' +
  '手续费,费率,订单金额,申请退款金额,费率备注'
const REFUND_TIMES = ['退款申请时间', '退款成功时间']
const REFUND_COLUMNS = [
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
  '申请退款金额',
]

export const yuanText = (fen: number) => (fen / 100).toFixed(2)
const line = (values: Array<string | number>) => values.map((each) => `\`${each}`).join(',')

function shown(type: TradeBillType): string[] {
  return TRADE_TITLES.split(',').filter((title) => {
    if (REFUND_TIMES.includes(title)) return type === 'REFUND'
    return type !== 'SUCCESS' || !REFUND_COLUMNS.includes(title)
  })
}

/** Trade and fund-flow bills of a Beijing day, in WeChat's CSV layout (facts §1.10), and their download links. */
export class Bills {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly #accounts: Accounts
  readonly #mchid: string

  constructor(db: Database, clock: SimulatorClock, settings: SettingsStore, accounts: Accounts) {
    this.#db = db
    this.#clock = clock
    this.#settings = settings
    this.#accounts = accounts
    this.#mchid = accounts.mchid
  }

  /** Trades of the merchant, or of one sub-merchant of a partner; without either, of everybody the partner sells for. */
  trade(day: string, type: TradeBillType, subMchid: string | null = null): string {
    const { payments, refunds } = this.#ofDay(day, subMchid)
    const rows = [
      ...(type === 'REFUND' ? [] : payments.map((each) => this.#paymentRow(each))),
      ...(type === 'SUCCESS' ? [] : refunds.map((each) => this.#refundRow(each))),
    ].sort((a, b) => (a.交易时间! < b.交易时间! ? -1 : 1))
    if (rows.length === 0) throw noStatement()
    const titles = shown(type)
    const paid = type === 'REFUND' ? 0 : payments.reduce((sum, each) => sum + each.amount, 0)
    const back = type === 'SUCCESS' ? 0 : refunds.reduce((sum, each) => sum + each.refund.amount, 0)
    const fee = rows.reduce((sum, each) => sum + Math.round(Number(each.手续费) * 100), 0)
    return billText(
      titles,
      rows.map((row) => titles.map((title) => row[title] ?? '')),
      [
        '总交易单数',
        '应结订单总金额',
        '退款总金额',
        '充值券退款总金额',
        '手续费总金额',
        '订单总金额',
        '申请退款总金额',
      ],
      [rows.length, yuanText(paid), yuanText(back), '0.00', (fee / 100).toFixed(5), yuanText(paid), yuanText(back)],
    )
  }

  /** Everything this merchant earns moves through its basic account; the other two have nothing to list. */
  fundFlow(day: string, account: string): string {
    const start = this.#readyDay(day)
    if (account !== 'BASIC') throw noStatement()
    const moves = this.#accounts.flows(this.#mchid, start, start + DAY_MS)
    if (moves.length === 0) throw noStatement()
    const rows = moves.map((move) => [
      billTime(move.at),
      move.business_id,
      `${day.replaceAll('-', '')}${String(move.id).padStart(12, '0')}`,
      move.kind,
      move.kind,
      move.amount > 0 ? '收入' : '支出',
      yuanText(Math.abs(move.amount)),
      yuanText(move.balance),
      '系统',
      '',
      move.voucher_no,
    ])
    const total = (sign: number) => moves.filter((move) => Math.sign(move.amount) === sign)
    const sum = (sign: number) => yuanText(total(sign).reduce((all, move) => all + Math.abs(move.amount), 0))
    return billText(
      [
        '记账时间',
        '微信支付业务单号',
        '资金流水单号',
        '业务名称',
        '业务类型',
        '收支类型',
        '收支金额（元）',
        '账户结余（元）',
        '资金变更提交申请人',
        '备注',
        '业务凭证号',
      ],
      rows,
      ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额'],
      [moves.length, total(1).length, sum(1), total(-1).length, sum(-1)],
    )
  }

  /** Keeps a bill for download; the hash is of the uncompressed text. */
  publish(text: string, gzip: boolean, publicUrl: string): Record<string, string> {
    const token = randomBytes(24).toString('base64url')
    this.#db.run('DELETE FROM bills WHERE expires_at <= ?', this.#clock.now())
    this.#db.run(
      'INSERT INTO bills (token, content, gzip, expires_at) VALUES (?, ?, ?, ?)',
      ...[token, text, gzip ? 1 : 0, this.#clock.now() + LINK_LIFE_MS],
    )
    return {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(text).digest('hex'),
      download_url: `${publicUrl}/v3/billdownload/file?token=${token}`,
    }
  }

  download(token: string): { text: string; gzip: boolean } | undefined {
    const row = this.#db.one<{ content: string; gzip: number }>(
      'SELECT content, gzip FROM bills WHERE token = ? AND expires_at > ?',
      token,
      this.#clock.now(),
    )
    return row && { text: row.content, gzip: row.gzip === 1 }
  }

  readyDay(day: string): { from: number; until: number } {
    const from = this.#readyDay(day)
    return { from, until: from + DAY_MS }
  }

  #readyDay(day: string): number {
    const start = startOfDay(day)
    if (start === null)
      throw parameterError({ field: '/bill_date', value: day, issue: '日期格式错误，应为YYYY-MM-DD', place: 'query' })
    const now = this.#clock.now()
    const ready = start + DAY_MS + READY_AFTER_MS
    if (now < ready || now > ready + KEPT_DAYS * DAY_MS) throw noStatement()
    return start
  }

  #ofDay(day: string, subMchid: string | null): { payments: Order[]; refunds: RefundedOrder[] } {
    const start = this.#readyDay(day)
    // Parts of combined orders that other merchants sell are in those merchants' bills.
    const own = '(?3 IS NULL AND (payee IS NULL OR sub_mchid IS NOT NULL) OR sub_mchid = ?3)'
    const payments = this.#db.all<Order>(
      `SELECT * FROM orders WHERE success_at >= ?1 AND success_at < ?2 AND ${own} ORDER BY success_at`,
      ...[start, start + DAY_MS, subMchid],
    )
    const refunds = this.#db.all<Refund>(
      `SELECT refunds.* FROM refunds JOIN orders USING (out_trade_no)
       WHERE refunds.success_at >= ?1 AND refunds.success_at < ?2 AND ${own} ORDER BY refunds.success_at`,
      ...[start, start + DAY_MS, subMchid],
    )
    const orderOf = (refund: Refund) =>
      this.#db.one<Order>('SELECT * FROM orders WHERE out_trade_no = ?', refund.out_trade_no)!
    return { payments, refunds: refunds.map((refund) => ({ ...orderOf(refund), refund })) }
  }

  #common(order: Omit<Order, 'state'>): Record<string, string> {
    return {
      公众账号ID: order.appid,
      商户号: this.#mchid,
      特约商户号: order.sub_mchid ?? '0',
      设备号: order.device_id,
      微信订单号: order.transaction_id ?? '',
      商户订单号: order.out_trade_no,
      用户标识: order.payer_openid ?? '',
      交易类型: order.trade_type,
      付款银行: order.bank_type ?? '',
      货币种类: 'CNY',
      代金券金额: '0.00',
      充值券退款金额: '0.00',
      商品名称: order.description,
      商户数据包: order.attach,
      费率: `${(this.#settings.get().fee_bp / 100).toFixed(2)}%`,
      费率备注: '',
    }
  }

  #paymentRow(order: Order): Record<string, string> {
    return {
      ...this.#common(order),
      交易时间: billTime(order.success_at!),
      交易状态: 'SUCCESS',
      应结订单金额: yuanText(order.amount),
      微信退款单号: '0',
      商户退款单号: '0',
      退款金额: '0.00',
      退款类型: '',
      退款状态: '',
      手续费: (order.fee / 100).toFixed(5),
      订单金额: yuanText(order.amount),
      申请退款金额: '0.00',
    }
  }

  #refundRow({ refund, ...order }: RefundedOrder): Record<string, string> {
    return {
      ...this.#common(order),
      交易时间: billTime(refund.success_at!),
      退款申请时间: billTime(refund.created_at),
      退款成功时间: billTime(refund.success_at!),
      交易状态: 'REFUND',
      应结订单金额: '0.00',
      微信退款单号: refund.refund_id,
      商户退款单号: refund.out_refund_no,
      退款金额: yuanText(refund.amount),
      退款类型: 'ORIGINAL',
      退款状态: refund.status,
      手续费: ((refund.fee_returned === 0 ? 0 : -refund.fee_returned) / 100).toFixed(5),
      订单金额: '0.00',
      申请退款金额: yuanText(refund.amount),
    }
  }
}

export function billText(
  titles: string[],
  rows: Array<Array<string | number>>,
  totals: string[],
  values: Array<string | number>,
): string {
  const lines = [titles.join(','), ...rows.map(line), totals.join(','), line(values)]
  return `${MARK}${lines.join('\r\n')}\r\n`
}

export function noStatement(): PayRefusal {
  return new PayRefusal(400, 'NO_STATEMENT_EXIST', '账单不存在：请检查商户号、账单日期是否正确', NUMERIC.UNPUBLISHED)
}
