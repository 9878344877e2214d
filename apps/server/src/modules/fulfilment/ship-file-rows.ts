import { type CarrierCode, carrierByName, carriersByNumber, MAX_SHIP_ROWS, TrackingNo } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'

/** One row of an uploaded spreadsheet, understood as far as it can be without looking at orders. */
export interface ParsedRow {
  line: number
  /** A parcel's code or an order number. */
  code: string
  carrierText: string
  /** What was said, or recognised from the number; null when neither tells. */
  carrierCode: CarrierCode | null
  trackingNo: string
  /** Why the row cannot be taken; empty when it can. */
  refusal: string
}

const COLUMNS = {
  parcel: /^(包裹号|包裹编号|parcel)$/i,
  order: /^(订单号|订单编号|order ?(no|number)?)$/i,
  carrier: /^(快递公司|快递|物流公司|承运商|carrier)$/i,
  tracking: /^(运单号|快递单号|物流单号|单号|tracking ?(no|number)?)$/i,
}
type Column = keyof typeof COLUMNS

const HEADER_ROWS = 10
const MAX_TEXT = 60

/**
 * Finds the columns by their names in one of the first rows, whatever order they are in, and reads the rows below.
 * Rows without a tracking number have not been shipped yet: they are left out.
 * @throws AppError IMPORT_UNREADABLE without the columns, or with too many rows
 */
export function parseShipRows(table: readonly { line: number; cells: readonly string[] }[]): ParsedRow[] {
  const header = table.slice(0, HEADER_ROWS).findIndex(({ cells }) => cells.some((cell) => is('tracking', cell)))
  const unreadable = (reason: string) => new AppError('IMPORT_UNREADABLE', { values: { reason } })
  if (header < 0) throw unreadable('没有找到“运单号”一列，请使用下载的发货表')
  const cells = table[header]!.cells
  const at = (column: Column) => cells.findIndex((cell) => is(column, cell))
  const [parcel, order, carrier, tracking] = [at('parcel'), at('order'), at('carrier'), at('tracking')]
  if (parcel < 0 && order < 0) throw unreadable('没有找到“包裹号”或“订单号”一列')
  const rows = table.slice(header + 1).flatMap(({ line, cells: row }) => {
    const cell = (index: number) => (index < 0 ? '' : (row[index] ?? '').trim())
    const trackingNo = cell(tracking).replace(/\s/g, '').toUpperCase()
    const code = cell(parcel) || cell(order)
    return trackingNo === '' ? [] : [parseRow({ line, code, carrierText: cell(carrier), trackingNo })]
  })
  if (rows.length === 0) throw unreadable('没有填写运单号的行')
  if (rows.length > MAX_SHIP_ROWS) throw unreadable(`一次最多 ${MAX_SHIP_ROWS} 行，请拆分后上传`)
  return refuseRepeats(rows)
}

const is = (column: Column, cell: string): boolean => COLUMNS[column].test(cell.trim())

function parseRow(row: Pick<ParsedRow, 'line' | 'code' | 'carrierText' | 'trackingNo'>): ParsedRow {
  const { code, carrierText, trackingNo } = row
  const named = carrierText === '' ? undefined : carrierByName(carrierText)
  const byNumber = carriersByNumber(trackingNo)
  const carrierCode = named ?? (byNumber.length === 1 ? byNumber[0]! : null)
  const problems: string[] = []
  if (code === '') problems.push('没有填写包裹号或订单号')
  const checked = TrackingNo.safeParse(trackingNo)
  if (!checked.success) problems.push(`${checked.error.issues[0]!.message}：${trackingNo.slice(0, 20)}`)
  if (carrierText !== '' && named === undefined) problems.push(`不认识的快递公司「${carrierText.slice(0, 20)}」`)
  const short = (text: string) => text.slice(0, MAX_TEXT)
  return {
    line: row.line,
    code: short(code),
    carrierText: short(carrierText),
    trackingNo: short(trackingNo),
    carrierCode,
    refusal: problems.join('；'),
  }
}

/** The same parcel twice with two numbers: which of them is right, only a person knows. */
function refuseRepeats(rows: readonly ParsedRow[]): ParsedRow[] {
  const first = new Map<string, ParsedRow>()
  return rows.map((row) => {
    const before = first.get(row.code)
    if (before === undefined) {
      first.set(row.code, row)
      return row
    }
    if (before.trackingNo === row.trackingNo || row.refusal !== '') return row
    return { ...row, refusal: `第 ${before.line} 行给了另一个运单号 ${before.trackingNo}` }
  })
}
