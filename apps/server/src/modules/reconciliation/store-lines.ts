import { plainArray, textArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import { type BillLineRow, firstTradeNo, orderNoOf } from './rules.ts'

/**
 * Writes lines of a day's bill, each under the shop its number belongs to; what belongs to none goes to `otherwise`. A
 * line that is there already is left as it is. Scope `system`.
 */
export async function saveLines(tx: Tx, day: string, lines: readonly BillLineRow[], otherwise: string): Promise<void> {
  if (lines.length === 0) return
  const column = <K extends keyof BillLineRow>(key: K) => textArray(lines.map((line) => String(line[key])))
  await tx.exec(sql`
    insert into bill_lines (shop_id, day, bill, line_key, kind, number, channel_id, happened_at, state, amount_fen, fee_fen, title)
    select coalesce(p.shop_id, w.shop_id, o.shop_id, ${otherwise}), ${day}::date, l.bill, l.line_key, l.kind, l.number, l.channel_id,
      l.happened_at, l.state, l.amount_fen, l.fee_fen, l.title
    from unnest(${column('bill')}::text[], ${column('lineKey')}::text[], ${column('kind')}::text[], ${column('number')}::text[],
      ${column('channelId')}::text[], ${plainArray(lines.map((line) => line.happenedAt))}::timestamptz[], ${column('state')}::text[],
      ${plainArray(lines.map((line) => line.amountFen))}::bigint[], ${plainArray(lines.map((line) => line.feeFen))}::bigint[],
      ${column('title')}::text[], ${textArray(lines.map((line) => firstTradeNo(line.number) ?? line.number))}::text[])
      as l(bill, line_key, kind, number, channel_id, happened_at, state, amount_fen, fee_fen, title, trade_no)
    left join lateral (select shop_id from payments where out_trade_no = l.trade_no limit 1) p on true
    left join lateral (select shop_id from withdrawals where p.shop_id is null and number = l.number limit 1) w on true
    left join (
      select o.shop_id, o.order_no from shops s join orders o on o.shop_id = s.id
      where o.order_no = any(${textArray([...new Set(await strangers(tx, lines))])}::text[])) o
      on p.shop_id is null and l.trade_no = o.order_no || 'P01'
    on conflict do nothing`)
}

/** Order numbers of lines whose first payment is not in anybody's books: few, so that all shops may be asked. */
async function strangers(tx: Tx, lines: readonly BillLineRow[]): Promise<string[]> {
  const numbers = new Map(lines.map(({ number }) => [firstTradeNo(number) ?? number, orderNoOf(number)]))
  const unknown = await tx.rows<{ no: string }>(sql`
    select no from unnest(${textArray([...numbers.keys()])}::text[]) as no
    where not exists (select from payments where out_trade_no = no)`)
  return unknown.flatMap(({ no }) => numbers.get(no) ?? [])
}

/** An earlier copy of a day's bill; another takes its place in this transaction. Scope `system`. */
export async function forgetBill(tx: Tx, day: string, bill: BillLineRow['bill']): Promise<void> {
  await tx.exec(sql`delete from bill_lines where day = ${day} and bill = ${bill}`)
}

/** Has the planner count the lines anew, for a day may bring more than all days before. */
export const countBills = (tx: Tx): Promise<number> => tx.exec(sql`select app.count_bills()`)
