import { ClickHouseFailure } from './failure.ts'

const LINE_FORMATS = /^(JSON(Compact)?(Strings)?EachRow|TabSeparated(Raw)?|TSV(Raw)?|CSV|JSONAsString|LineAsString)$/i
const HEADER_FORMATS = /^(JSONCompact(Strings)?EachRow|TabSeparated|TSV|CSV)With(Names|NamesAndTypes)$/i

/** The format a statement names at its end (`… FORMAT JSONEachRow`, also before SETTINGS), if it names one. */
export function formatOf(statement: string): string | undefined {
  return /\bFORMAT\s+([A-Za-z]\w*)\s*(?:SETTINGS\b[^;]*)?;?\s*$/i.exec(statement)?.[1]
}

/** Rows in the data of an INSERT, for formats that hold a row per line; 0 when that cannot be told. */
export function countRows(format: string | undefined, data: string): number {
  if (!format) return 0
  const headerLines = HEADER_FORMATS.test(format) ? (/AndTypes$/i.test(format) ? 2 : 1) : 0
  if (!LINE_FORMATS.test(format) && headerLines === 0) return 0
  let rows = 0
  for (let at = 0; at < data.length; ) {
    const newline = data.indexOf('\n', at)
    const end = newline === -1 ? data.length : newline
    if (data.slice(at, end).trim() !== '') rows++
    at = end + 1
  }
  return Math.max(0, rows - headerLines)
}

/** Formats whose data is not text; such data is not accepted in the body of an INSERT, only produced. */
export function isBinaryFormat(format: string | undefined): boolean {
  return (
    format !== undefined && /^(Parquet|Arrow|ArrowStream|ORC|Avro|Native|RowBinary|MsgPack|Protobuf|BSON)/i.test(format)
  )
}

/** The content type ClickHouse sends for an output format. */
export function contentType(format: string): string {
  if (/^JSON.*EachRow|^NDJSON/i.test(format)) return 'application/x-ndjson; charset=UTF-8'
  if (/^JSON/i.test(format)) return 'application/json; charset=UTF-8'
  if (/^CSV/i.test(format)) return 'text/csv; charset=UTF-8; header=absent'
  if (/^(TabSeparated|TSV)/i.test(format)) return 'text/tab-separated-values; charset=UTF-8'
  if (isBinaryFormat(format)) return 'application/octet-stream'
  return 'text/plain; charset=UTF-8'
}

/** The text fields of a multipart body: the official client sends long query parameters that way. */
export function readMultipart(body: Buffer, contentTypeHeader: string): [string, string][] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentTypeHeader)?.[1]
  if (!boundary) throw new ClickHouseFailure(36, 'BAD_ARGUMENTS', 'A multipart body without a boundary')
  const fields: [string, string][] = []
  for (const part of body.toString('utf8').split(`--${boundary}`).slice(1, -1)) {
    const split = part.indexOf('\r\n\r\n')
    const name = /name="([^"]*)"/.exec(part.slice(0, split))?.[1]
    if (split === -1 || name === undefined)
      throw new ClickHouseFailure(36, 'BAD_ARGUMENTS', 'A multipart part without a name')
    fields.push([name, part.slice(split + 4, -2)])
  }
  return fields
}
