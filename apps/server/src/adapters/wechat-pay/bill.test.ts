import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFundFlowBill, parseTradeBill } from './bill.ts'

const TITLES =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const TOTALS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

const yuan = (fen: number) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
const line = (values: string[]) => values.map((each) => `\`${each}`).join(',')

function bill(rows: Array<{ fen: number; product: string; fee?: string }>): string {
  const lines = rows.map(({ fen, product, fee = '0.00000' }) =>
    line([
      ...['2026-03-01 00:00:00', 'wx1', '1900000001', '0', '', '4200001', 'ORDER1', 'o1', 'JSAPI', 'SUCCESS', 'OTHERS'],
      ...['CNY', yuan(fen), '0.00', '0', '0', '0.00', '0.00', '', '', product, '', fee, '0.60%', yuan(fen), '0.00', ''],
    ]),
  )
  const total = yuan(rows.reduce((sum, row) => sum + row.fen, 0))
  return `\uFEFF${[TITLES, ...lines, TOTALS, line([String(rows.length), total, '0.00', '0.00', '0.00', total, '0.00'])].join('\r\n')}\r\n`
}

describe('bills', () => {
  test('PAY-05 every amount of fen survives the bill exactly', () => {
    const row = fc.record({
      fen: fc.integer({ min: 0, max: 1_000_000_000 }),
      product: fc.string({ maxLength: 20 }).filter((text) => !/[`\r\n]/.test(text)),
    })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const parsed = parseTradeBill(bill(rows))
        expect(parsed.rows.map((each) => each.orderFen)).toEqual(rows.map((each) => each.fen))
        expect(parsed.rows.map((each) => each.productName)).toEqual(rows.map((each) => each.product))
      }),
    )
  })

  test('PAY-05 a product name with commas does not move the columns', () => {
    const [row] = parseTradeBill(bill([{ fen: 5, product: '茶, 杯, 盘' }])).rows
    expect(row).toMatchObject({ productName: '茶, 杯, 盘', orderFen: 5, feeRateBp: 60 })
  })

  test('PAY-05 returned fees are negative and keep their five decimals', () => {
    const rows = parseTradeBill(
      bill([
        { fen: 100, product: '', fee: '-0.01500' },
        { fen: 1, product: '', fee: '-0.00000' },
      ]),
    ).rows
    expect(rows.map((row) => [row.feeE5, row.feeFen])).toEqual([
      [-1500, -2],
      [0, 0],
    ])
  })

  test.each([
    ['without its summary', (text: string) => text.slice(0, text.indexOf('总交易单数'))],
    ['with a row cut short', (text: string) => text.replace(',`0.60%', '')],
    ['with an amount that is not one', (text: string) => text.replace('`0.05', '`5分')],
    ['that announces more rows than it has', (text: string) => text.replace('\r\n`1,', '\r\n`2,')],
  ])('PAY-05 a bill %s is refused instead of read wrongly', (_what, damage) => {
    const text = bill([{ fen: 5, product: '茶' }])
    expect(() => parseTradeBill(damage(text))).toThrow(/the bill cannot be read/)
  })

  test('PAY-05 fund flows are signed by direction', () => {
    const text = [
      '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号',
      line(['2026-03-01 08:00:00', '42001', 'F1', '交易', '交易', '收入', '10.00', '10.00', '系统', '', 'ORDER1']),
      line([
        '2026-03-01 08:00:00',
        '42001',
        'F2',
        '扣除交易手续费',
        '扣除交易手续费',
        '支出',
        '0.06',
        '9.94',
        '系统',
        '',
        'ORDER1',
      ]),
      '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
      line(['2', '1', '10.00', '1', '0.06']),
    ].join('\n')
    const { rows, summary } = parseFundFlowBill(text)
    expect(rows.map((row) => [row.amountFen, row.balanceFen])).toEqual([
      [1000, 1000],
      [-6, 994],
    ])
    expect(summary).toEqual({ count: 2, incomeCount: 1, incomeFen: 1000, expenseCount: 1, expenseFen: 6 })
  })
})
