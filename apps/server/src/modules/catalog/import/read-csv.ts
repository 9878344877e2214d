import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import iconv from 'iconv-lite'
import { type Table, TableBuilder, unreadable } from './table.ts'

const CHUNK_BYTES = 256 * 1024
const MAX_RECORD_BYTES = 4 * 1024 * 1024
const SAMPLE_LENGTH = 20_000
/** What GB18030 cannot read becomes this; a text has none of it. */
const REPLACEMENT = '\ufffd'

/** Reads comma, tab or semicolon separated text in UTF-8, UTF-16 or GB18030. @throws AppError IMPORT_UNREADABLE */
export async function readCsv(bytes: Buffer): Promise<Table> {
  const { encoding, start } = detectEncoding(bytes)
  const sample = iconv.decode(bytes.subarray(start, start + SAMPLE_LENGTH), encoding)
  if (sample.includes(REPLACEMENT) && !sample.endsWith(REPLACEMENT)) throw unreadable('文字编码不是 UTF-8 或 GB18030')
  if (sample.includes('\0')) throw unreadable('不是文本文件')
  const table = new TableBuilder()
  const parser = parse({
    delimiter: delimiterOf(sample),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: MAX_RECORD_BYTES,
    raw: false,
  })
  const source = Readable.from(decoded(bytes, start, encoding)).pipe(parser)
  let line = 0
  try {
    for await (const cells of source as AsyncIterable<string[]>) table.add(++line, cells.map(withoutGuard))
  } catch (error) {
    source.destroy()
    if ((error as { code?: string }).code?.startsWith('CSV_')) throw unreadable(`第 ${line + 1} 行格式有误`, error)
    throw error
  }
  return { rows: table.rows, encoding: encoding === 'utf8' ? 'UTF-8' : encoding.toUpperCase(), sheet: null }
}

/** By its byte order mark; else UTF-8 when every byte fits; else GB18030, which contains GBK and GB2312. */
export function detectEncoding(bytes: Buffer): {
  encoding: 'utf8' | 'utf-16le' | 'utf-16be' | 'gb18030'
  start: number
} {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf8', start: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', start: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', start: 2 }
  return { encoding: isUtf8(bytes) ? 'utf8' : 'gb18030', start: 0 }
}

/** The separator of which the first line has the most, outside quotes. */
export function delimiterOf(sample: string): string {
  const counts = new Map([',', '\t', ';'].map((delimiter) => [delimiter, 0]))
  let quoted = false
  for (const letter of sample) {
    if (letter === '"') quoted = !quoted
    else if (!quoted && letter === '\n' && [...counts.values()].some((count) => count > 0)) break
    else if (!quoted && counts.has(letter)) counts.set(letter, counts.get(letter)! + 1)
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

async function* decoded(bytes: Buffer, start: number, encoding: string): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding)
  for (let at = start; at < bytes.length; at += CHUNK_BYTES) yield decoder.write(bytes.subarray(at, at + CHUNK_BYTES))
  const rest = decoder.end()
  if (rest) yield rest
}

/** Our exports put an apostrophe before what a spreadsheet program could take for a formula. */
const withoutGuard = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
