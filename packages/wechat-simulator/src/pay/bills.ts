import { createHash, randomBytes } from 'node:crypto'
import { billTime, startOfDay } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { SettingsStore } from '../settings.ts'
import type { Order } from './orders.ts'
import { feeOf, type Refund } from './refunds.ts'
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

const yuan = (fen: number) => (fen / 100).toFixed(2)
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
  readonly #mchid: string

  constructor(db: Database, clock: SimulatorClock, settings: SettingsStore, mchid: string) {
    this.#db = db
    this.#clock = clock
    this.#settings = settings
    this.#mchid = mchid
  }

  trade(day: string, type: TradeBillType): string {
    const { payments, refunds } = this.#ofDay(day)
    const rows = [
      ...(type === 'REFUND' ? [] : payments.map((each) => this.#paymentRow(each))),
      ...(type === 'SUCCESS' ? [] : refunds.map((each) => this.#refundRow(each))),
    ].sort((a, b) => (a.交易时间! < b.交易时间! ? -1 : 1))
    if (rows.length === 0) throw noStatement()
    const titles = shown(type)
    const paid = type === 'REFUND' ? 0 : payments.reduce((sum, each) => sum + each.amount, 0)
    const back = type === 'SUCCESS' ? 0 : refunds.reduce((sum, each) => sum + each.refund.amount, 0)
    const fee = rows.reduce((sum, each) => sum + Math.round(Number(each.手续费) * 100), 0)
    return this.#text(
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
      [rows.length, yuan(paid), yuan(back), '0.00', (fee / 100).toFixed(5), yuan(paid), yuan(back)],
    )
  }

  /** Everything this merchant earns moves through its basic account; the other two have nothing to list. */
  fundFlow(day: string, account: string): string {
    const start = this.#readyDay(day)
    if (account !== 'BASIC') throw noStatement()
    let balance = this.#balanceBefore(start)
    const { payments, refunds } = this.#ofDay(day)
    const feeBp = this.#settings.get().fee_bp
    const moves = [
      ...payments.flatMap((order) => [
        {
          at: order.success_at!,
          id: order.transaction_id!,
          kind: '交易',
          sign: 1,
          fen: order.amount,
          no: order.out_trade_no,
        },
        {
          at: order.success_at!,
          id: order.transaction_id!,
          kind: '扣除交易手续费',
          sign: -1,
          fen: feeOf(order.amount, feeBp),
          no: order.out_trade_no,
        },
      ]),
      ...refunds.map(({ refund }) => ({
        at: refund.success_at!,
        id: refund.refund_id,
        kind: '退款',
        sign: -1,
        fen: refund.amount - refund.fee_returned,
        no: refund.out_refund_no,
      })),
    ]
      .filter((move) => move.fen > 0)
      .sort((a, b) => a.at - b.at)
    if (moves.length === 0) throw noStatement()
    const rows = moves.map((move, index) => {
      balance += move.sign * move.fen
      const flow = `${day.replaceAll('-', '')}${String(index + 1).padStart(12, '0')}`
      const direction = move.sign > 0 ? '收入' : '支出'
      return [
        billTime(move.at),
        move.id,
        flow,
        move.kind,
        move.kind,
        direction,
        yuan(move.fen),
        yuan(balance),
        '系统',
        '',
        move.no,
      ]
    })
    const total = (sign: number) => moves.filter((move) => move.sign === sign)
    const sum = (sign: number) => yuan(total(sign).reduce((all, move) => all + move.fen, 0))
    return this.#text(
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

  #readyDay(day: string): number {
    const start = startOfDay(day)
    if (start === null)
      throw parameterError({ field: '/bill_date', value: day, issue: '日期格式错误，应为YYYY-MM-DD', place: 'query' })
    const now = this.#clock.now()
    const ready = start + DAY_MS + READY_AFTER_MS
    if (now < ready || now > ready + KEPT_DAYS * DAY_MS) throw noStatement()
    return start
  }

  #ofDay(day: string): { payments: Order[]; refunds: RefundedOrder[] } {
    const start = this.#readyDay(day)
    const payments = this.#db.all<Order>(
      'SELECT * FROM orders WHERE success_at >= ? AND success_at < ? ORDER BY success_at',
      ...[start, start + DAY_MS],
    )
    const refunds = this.#db.all<Refund>(
      'SELECT * FROM refunds WHERE success_at >= ? AND success_at < ? ORDER BY success_at',
      ...[start, start + DAY_MS],
    )
    const orderOf = (refund: Refund) =>
      this.#db.one<Order>('SELECT * FROM orders WHERE out_trade_no = ?', refund.out_trade_no)!
    return { payments, refunds: refunds.map((refund) => ({ ...orderOf(refund), refund })) }
  }

  #balanceBefore(start: number): number {
    const feeBp = this.#settings.get().fee_bp
    const sum = this.#db.one<{ fen: number }>(
      `SELECT coalesce((SELECT sum(amount - CAST(round(amount * ?1 / 10000.0) AS INTEGER)) FROM orders WHERE success_at < ?2), 0)
       - coalesce((SELECT sum(amount - fee_returned) FROM refunds WHERE success_at < ?2), 0) AS fen`,
      ...[feeBp, start],
    )
    return sum?.fen ?? 0
  }

  #common(order: Omit<Order, 'state'>): Record<string, string> {
    return {
      公众账号ID: order.appid,
      商户号: this.#mchid,
      特约商户号: '0',
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
      应结订单金额: yuan(order.amount),
      微信退款单号: '0',
      商户退款单号: '0',
      退款金额: '0.00',
      退款类型: '',
      退款状态: '',
      手续费: (feeOf(order.amount, this.#settings.get().fee_bp) / 100).toFixed(5),
      订单金额: yuan(order.amount),
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
      退款金额: yuan(refund.amount),
      退款类型: 'ORIGINAL',
      退款状态: refund.status,
      手续费: ((refund.fee_returned === 0 ? 0 : -refund.fee_returned) / 100).toFixed(5),
      订单金额: '0.00',
      申请退款金额: yuan(refund.amount),
    }
  }

  #text(
    titles: string[],
    rows: Array<Array<string | number>>,
    totals: string[],
    values: Array<string | number>,
  ): string {
    const lines = [titles.join(','), ...rows.map(line), totals.join(','), line(values)]
    return `${MARK}${lines.join('\r\n')}\r\n`
  }
}

export function noStatement(): PayRefusal {
  return new PayRefusal(400, 'NO_STATEMENT_EXIST', '账单不存在：请检查商户号、账单日期是否正确', NUMERIC.UNPUBLISHED)
}
