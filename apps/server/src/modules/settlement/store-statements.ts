import type { StatementLineKind } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { ByAccount, LineSums } from './statement-rules.ts'

export interface StatementRow extends LineSums {
  shopId: string
  id: string
  number: string
  periodFrom: string
  periodTo: string
  firstDay: string
  lastDay: string
  opening: ByAccount
  closing: ByAccount
  orders: number
  lines: number
  createdAt: string
}

export interface LineRow extends LineSums {
  line: number
  kind: StatementLineKind
  orderId: string | null
  referenceType: string
  referenceId: string
  label: string
  happenedAt: string
  changes: ByAccount
  transferIds: string[]
}

const STATEMENT = sql`s.shop_id, s.id, s.number, s.period_from, s.period_to, s.first_day::text, s.last_day::text, s.opening,
  s.closing, s.orders, s.gross_fen, s.fee_fen, s.shares_fen, s.refunds_fen, s.other_fen, s.net_fen, s.lines, s.created_at`
const LINE = sql`l.line, l.kind, l.order_id, l.reference_type, l.reference_id, l.label, l.happened_at, l.gross_fen,
  l.fee_fen, l.shares_fen, l.refunds_fen, l.other_fen, l.net_fen, l.changes, l.transfer_ids`
const LINES_AT_ONCE = 2_000

/** The books of a shop are kept from an instant on. */
export async function beginPeriods(tx: Tx, shopId: string, from: string): Promise<void> {
  await tx.exec(sql`
    insert into statement_periods (shop_id, closed_to) values (${shopId}, ${from}) on conflict (shop_id) do nothing`)
}

export const closedPeriods = (tx: Tx, before: string, limit: number) =>
  tx.rows<{ shopId: string; closedTo: string }>(sql`
    select shop_id, closed_to from statement_periods where closed_to < ${before} order by closed_to limit ${limit}`)

export const closedTo = (tx: Tx, shopId: string) =>
  tx.maybe<{ closedTo: string }>(sql`select closed_to from statement_periods where shop_id = ${shopId}`)

/** Compare-and-set. */
export async function moveClosedTo(tx: Tx, shopId: string, from: string, to: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update statement_periods set closed_to = ${to} where shop_id = ${shopId} and closed_to = ${from}`)) === 1
  )
}

/** The last statement whose period ended by an instant. */
export const lastStatement = (tx: Tx, shopId: string, by: string) =>
  tx.maybe<StatementRow>(sql`
    select ${STATEMENT} from statements s where s.shop_id = ${shopId} and s.period_to <= ${by}
    order by s.period_from desc limit 1`)

export const findStatement = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<StatementRow>(sql`select ${STATEMENT} from statements s where s.shop_id = ${shopId} and s.id = ${id}`)

export async function insertStatement(tx: Tx, row: StatementRow, lines: readonly LineRow[]): Promise<void> {
  await tx.exec(sql`
    insert into statements (shop_id, id, number, period_from, period_to, first_day, last_day, opening, closing, orders,
      gross_fen, fee_fen, shares_fen, refunds_fen, other_fen, net_fen, lines, created_at)
    values (${row.shopId}, ${row.id}, ${row.number}, ${row.periodFrom}, ${row.periodTo}, ${row.firstDay}, ${row.lastDay},
      ${JSON.stringify(row.opening)}::jsonb, ${JSON.stringify(row.closing)}::jsonb, ${row.orders}, ${row.grossFen},
      ${row.feeFen}, ${row.sharesFen}, ${row.refundsFen}, ${row.otherFen}, ${row.netFen}, ${row.lines}, ${row.createdAt})`)
  for (let begin = 0; begin < lines.length; begin += LINES_AT_ONCE)
    await tx.exec(sql`
      insert into statement_lines (shop_id, statement_id, line, kind, order_id, reference_type, reference_id, label,
        happened_at, gross_fen, fee_fen, shares_fen, refunds_fen, other_fen, net_fen, changes, transfer_ids)
      select ${row.shopId}, ${row.id}, r.line, r.kind, r."orderId", r."referenceType", r."referenceId", r.label,
        r."happenedAt", r."grossFen", r."feeFen", r."sharesFen", r."refundsFen", r."otherFen", r."netFen", r.changes,
        r."transferIds"
      from jsonb_to_recordset(${JSON.stringify(lines.slice(begin, begin + LINES_AT_ONCE))}::jsonb) as r(line int,
        kind text, "orderId" uuid, "referenceType" text, "referenceId" text, label text, "happenedAt" timestamptz,
        "grossFen" bigint, "feeFen" bigint, "sharesFen" bigint, "refundsFen" bigint, "otherFen" bigint, "netFen" bigint,
        changes jsonb, "transferIds" uuid[])`)
}

export interface StatementFilter {
  from?: string | undefined
  to?: string | undefined
  after?: { at: string } | undefined
  limit: number
}

export const listStatements = (tx: Tx, shopId: string, { from, to, after, limit }: StatementFilter) =>
  tx.rows<StatementRow>(sql`
    select ${STATEMENT} from statements s where s.shop_id = ${shopId}
      ${from === undefined ? empty : sql`and s.period_to > ${from}`}
      ${to === undefined ? empty : sql`and s.period_from < ${to}`}
      ${after === undefined ? empty : sql`and s.period_from < ${after.at}`}
    order by s.period_from desc limit ${limit}`)

export interface LineFilter {
  kind?: StatementLineKind | undefined
  q?: string | undefined
  after?: number | undefined
  limit: number
}

export const listLines = (tx: Tx, shopId: string, statementId: string, { kind, q, after, limit }: LineFilter) =>
  tx.rows<LineRow>(sql`
    select ${LINE} from statement_lines l where l.shop_id = ${shopId} and l.statement_id = ${statementId}
      ${kind === undefined ? empty : sql`and l.kind = ${kind}`}
      ${q === undefined || q === '' ? empty : sql`and l.label = ${q}`}
      ${after === undefined ? empty : sql`and l.line > ${after}`}
    order by l.line limit ${limit}`)

export const findLine = (tx: Tx, shopId: string, statementId: string, line: number) =>
  tx.maybe<LineRow>(sql`
    select ${LINE} from statement_lines l
    where l.shop_id = ${shopId} and l.statement_id = ${statementId} and l.line = ${line}`)

/** What people call withdrawals, freezes and deposits, by id. */
export async function numbersOf(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = ids as string[]
  const rows = await tx.rows<{ id: string; number: string }>(sql`
    select id::text, number from withdrawals where shop_id = ${shopId} and id::text = any(${wanted}::text[])
    union all
    select id::text, number from freezes where shop_id = ${shopId} and id::text = any(${wanted}::text[])
    union all
    select id::text, 'BZ' || upper(right(id::text, 8)) from deposit_entries
    where shop_id = ${shopId} and id::text = any(${wanted}::text[])`)
  return new Map(rows.map(({ id, number }) => [id, number]))
}
