import { billTime } from '../beijing.ts'
import type { Database } from '../database.ts'
import { type Bills, billText, noStatement, yuanText } from './bills.ts'
import type { SplitReturn } from './split-returns.ts'
import type { SplitReceiver } from './splits.ts'

/** WeChat publishes the layout of this bill, not its titles: these are an assumption. */
const TITLES =
  '分账时间,分账发起方,分账方,微信订单号,微信分账/回退单号,分账明细单号,商户分账/回退单号,订单金额,分账接收方,分账金额,业务类型,处理状态,' +
  '分账描述,备注'

type Joined<T> = T & { payer: string; order_id: string; transaction_id: string; order_amount: number }

const JOINS = `JOIN splits USING (out_order_no) JOIN orders ON orders.out_trade_no = splits.out_trade_no`
const COLUMNS = 'splits.payer, splits.order_id, orders.transaction_id, orders.amount AS order_amount'

/** The split bill of a day: every receiver and every return that succeeded. */
export class SplitBills {
  readonly #db: Database
  readonly #bills: Bills
  readonly #mchid: string

  constructor(db: Database, bills: Bills, mchid: string) {
    this.#db = db
    this.#bills = bills
    this.#mchid = mchid
  }

  write(day: string, payer: string): string {
    const { from, until } = this.#bills.readyDay(day)
    const shares = this.#db.all<Joined<SplitReceiver>>(
      `SELECT split_receivers.*, ${COLUMNS} FROM split_receivers ${JOINS}
       WHERE result = 'SUCCESS' AND finished_at >= ? AND finished_at < ? AND payer = ? AND account <> payer`,
      ...[from, until, payer],
    )
    const returns = this.#db.all<Joined<SplitReturn>>(
      `SELECT split_returns.*, ${COLUMNS} FROM split_returns ${JOINS}
       WHERE result = 'SUCCESS' AND finished_at >= ? AND finished_at < ? AND payer = ?`,
      ...[from, until, payer],
    )
    const rows = [...shares.map((each) => this.#share(each)), ...returns.map((each) => this.#back(each))]
    if (rows.length === 0) throw noStatement()
    rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
    const total = [...shares, ...returns].reduce((sum, each) => sum + each.amount, 0)
    return billText(TITLES.split(','), rows, ['总笔数', '总金额'], [rows.length, yuanText(total)])
  }

  #share(row: Joined<SplitReceiver>): string[] {
    return [
      ...[billTime(row.finished_at!), this.#mchid, row.payer, row.transaction_id, row.order_id, row.detail_id],
      ...[row.out_order_no, yuanText(row.order_amount), row.account, yuanText(row.amount), '分账', '成功'],
      ...[row.description, ''],
    ]
  }

  #back(row: Joined<SplitReturn>): string[] {
    return [
      ...[billTime(row.finished_at!), this.#mchid, row.return_mchid, row.transaction_id, row.return_id, row.return_id],
      ...[row.out_return_no, yuanText(row.order_amount), row.payer, yuanText(row.amount), '分账回退', '成功'],
      ...[row.description, `原分账单号 ${row.out_order_no}`],
    ]
  }
}
