import { WechatPayError } from './errors.ts'
import type { FundFlowBill, FundFlowRow, SplitBill, SplitBillRow, TradeBill, TradeBillRow } from './port.ts'

type Line = (title: string) => string

const malformed = (message: string) =>
  new WechatPayError({ status: 200, code: 'RESPONSE_MALFORMED', message: `the bill cannot be read: ${message}` })

/**
 * A bill is two tables below each other, without quoting: every value begins with a backtick, so values are divided by
 * `` ,` `` and may contain commas (facts §1.10).
 */
function splitValues(line: string): string[] {
  return line.slice(1).split(',`')
}

interface Tables {
  rows: Line[]
  summary: Line
}

function readTables(text: string): Tables {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
  const titles = (lines[0] ?? '').split(',').map((title) => title.trim())
  const end = lines.findIndex((line, index) => index > 0 && !line.startsWith('`'))
  const last = lines[end + 1]
  if (end < 1 || last === undefined || !last.startsWith('`')) throw malformed('the summary is missing')
  const rows = lines.slice(1, end).map((line, index) => {
    const values = splitValues(line)
    if (values.length !== titles.length)
      throw malformed(`row ${index + 1} has ${values.length} values for ${titles.length} columns`)
    return lineReader(titles, values)
  })
  return { rows, summary: lineReader((lines[end] ?? '').split(','), splitValues(last)) }
}

function lineReader(titles: string[], values: string[]): Line {
  const byTitle = new Map(titles.map((title, index) => [title.trim(), values[index] ?? '']))
  return (title) => byTitle.get(title) ?? ''
}

/** Yuan as text → an exact integer in units of 10^-`places` yuan. Empty is zero. */
function decimal(text: string, places: number): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim() || '0')
  if (!match) throw malformed(`“${text}” is not an amount`)
  const fraction = (match[3] ?? '').padEnd(places, '0')
  if (/[1-9]/.test(fraction.slice(places))) throw malformed(`“${text}” has more than ${places} decimals`)
  const value = Number(`${match[2]}${fraction.slice(0, places)}`)
  if (!Number.isSafeInteger(value)) throw malformed(`“${text}” is too large`)
  return match[1] && value !== 0 ? -value : value
}

const fen = (text: string) => decimal(text, 2)
const fenOfE5 = (value: number) => Math.sign(value) * Math.round(Math.abs(value) / 1000)

function count(text: string): number {
  const value = decimal(text, 2)
  if (value % 100 !== 0 || value < 0) throw malformed(`“${text}” is not a number of rows`)
  return value / 100
}

/** Bill times are Beijing time. */
function instant(text: string): Date {
  const date = new Date(`${text.trim().replace(' ', 'T')}+08:00`)
  if (Number.isNaN(date.getTime())) throw malformed(`“${text}” is not a time`)
  return date
}

function rateBp(text: string): number {
  return decimal(text.replace('%', ''), 2)
}

const numberOrNull = (text: string) => (text === '' || text === '0' ? null : text)

function readTradeRow(line: Line): TradeBillRow {
  const feeE5 = decimal(line('手续费'), 5)
  return {
    tradedAt: instant(line('交易时间')),
    appid: line('公众账号ID'),
    mchid: line('商户号'),
    subMchid: line('特约商户号'),
    transactionId: line('微信订单号'),
    outTradeNo: line('商户订单号'),
    openid: line('用户标识'),
    tradeType: line('交易类型'),
    tradeState: line('交易状态'),
    bankType: line('付款银行'),
    currency: line('货币种类'),
    settledFen: fen(line('应结订单金额')),
    couponFen: fen(line('代金券金额')),
    refundId: numberOrNull(line('微信退款单号')),
    outRefundNo: numberOrNull(line('商户退款单号')),
    refundFen: fen(line('退款金额')),
    couponRefundFen: fen(line('充值券退款金额')),
    refundType: line('退款类型'),
    refundStatus: line('退款状态'),
    productName: line('商品名称'),
    attach: line('商户数据包'),
    feeE5,
    feeFen: fenOfE5(feeE5),
    feeRateBp: rateBp(line('费率')),
    orderFen: fen(line('订单金额')),
    requestedRefundFen: fen(line('申请退款金额')),
  }
}

/** Parses a trade bill of any type (ALL, SUCCESS, REFUND): columns are found by title. */
export function parseTradeBill(text: string): TradeBill {
  const { rows, summary } = readTables(text)
  const bill: TradeBill = {
    rows: rows.map(readTradeRow),
    summary: {
      count: count(summary('总交易单数')),
      settledFen: fen(summary('应结订单总金额')),
      refundFen: fen(summary('退款总金额')),
      couponRefundFen: fen(summary('充值券退款总金额')),
      feeFen: fenOfE5(decimal(summary('手续费总金额'), 5)),
      orderFen: fen(summary('订单总金额')),
      requestedRefundFen: fen(summary('申请退款总金额')),
    },
  }
  if (bill.rows.length !== bill.summary.count) {
    throw malformed(`it has ${bill.rows.length} rows and says ${bill.summary.count}`)
  }
  return bill
}

function readFlowRow(line: Line): FundFlowRow {
  const direction = line('收支类型')
  if (direction !== '收入' && direction !== '支出') throw malformed(`“${direction}” is neither income nor expense`)
  const amountFen = fen(line('收支金额（元）') || line('收支金额(元)'))
  return {
    bookedAt: instant(line('记账时间')),
    businessId: line('微信支付业务单号'),
    flowId: line('资金流水单号'),
    businessName: line('业务名称'),
    businessType: line('业务类型'),
    amountFen: direction === '收入' ? amountFen : -amountFen,
    balanceFen: fen(line('账户结余（元）') || line('账户结余(元)')),
    requestedBy: line('资金变更提交申请人'),
    remark: line('备注'),
    voucherNo: line('业务凭证号'),
  }
}

export function parseFundFlowBill(text: string): FundFlowBill {
  const { rows, summary } = readTables(text)
  const bill: FundFlowBill = {
    rows: rows.map(readFlowRow),
    summary: {
      count: count(summary('资金流水总笔数')),
      incomeCount: count(summary('收入笔数')),
      incomeFen: fen(summary('收入金额')),
      expenseCount: count(summary('支出笔数')),
      expenseFen: fen(summary('支出金额')),
    },
  }
  if (bill.rows.length !== bill.summary.count) {
    throw malformed(`it has ${bill.rows.length} rows and says ${bill.summary.count}`)
  }
  return bill
}

/** Titles of the split bill differ between WeChat's pages; the first that a bill has is read. */
const anyOf = (line: Line, ...titles: string[]) => titles.map(line).find((value) => value !== '') ?? ''

function readSplitRow(line: Line): SplitBillRow {
  return {
    at: instant(anyOf(line, '分账时间', '分账发起时间')),
    initiator: line('分账发起方'),
    payerMchid: anyOf(line, '分账方', '分账出资方'),
    transactionId: line('微信订单号'),
    orderId: anyOf(line, '微信分账/回退单号', '微信分账单号'),
    detailId: line('分账明细单号'),
    outNo: anyOf(line, '商户分账/回退单号', '商户分账单号'),
    orderFen: fen(anyOf(line, '订单金额', '订单金额（元）', '订单金额(元)')),
    receiver: line('分账接收方'),
    amountFen: fen(anyOf(line, '分账金额', '金额（元）', '金额(元)', '分账金额（元）')),
    businessType: line('业务类型'),
    state: line('处理状态'),
    description: line('分账描述'),
    remark: line('备注'),
  }
}

export function parseSplitBill(text: string): SplitBill {
  const { rows, summary } = readTables(text)
  const bill: SplitBill = {
    rows: rows.map(readSplitRow),
    summary: { count: count(summary('总笔数')), amountFen: fen(anyOf(summary, '总金额', '总金额（元）')) },
  }
  if (bill.rows.length !== bill.summary.count) {
    throw malformed(`it has ${bill.rows.length} rows and says ${bill.summary.count}`)
  }
  return bill
}
