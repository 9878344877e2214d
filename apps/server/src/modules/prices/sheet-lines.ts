/** A line of a price sheet: whose code it names, and the price as it was written ('' where there is none). */
export interface SheetLine {
  line: number
  text: string
  code: string
  price: string
}

const CODE_HEADER = /编码|编号|货号|款号|条码|\bcode\b|\bsku\b/i
const PRICE_HEADER = /价|price/i

/**
 * Lines of text copied out of a spreadsheet (cells between tabs) or typed (between commas or spaces). Names of columns
 * in the first line are understood: the code stands under the most exact of them (SKU before product), the price under
 * the last one that speaks of a price. Without them the code is the first cell and the price the last. Empty lines count
 * as lines and are left out.
 */
export function readSheetLines(text: string): SheetLine[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((each, index) => ({ line: index + 1, text: each.trim(), cells: cellsOf(each) }))
    .filter((each) => each.text !== '')
  const columns = lines[0] && columnsOf(lines[0].cells)
  return (columns ? lines.slice(1) : lines).map(({ line, text, cells }) => ({
    line,
    text,
    code: cells[columns?.code ?? 0] ?? '',
    price: columns ? (cells[columns.price] ?? '') : cells.length > 1 ? cells.at(-1)! : '',
  }))
}

function columnsOf(header: readonly string[]): { code: number; price: number } | undefined {
  const codes = header.flatMap((name, index) => (CODE_HEADER.test(name) ? [index] : []))
  const code = codes.find((index) => /sku/i.test(header[index]!)) ?? codes[0]
  const price = header.findLastIndex((name) => PRICE_HEADER.test(name))
  // A code may well be called like a column ("SKU-1"); a price never is.
  return code === undefined || header.some((cell) => /^[¥￥]?[\d,.]+元?$/.test(cell)) ? undefined : { code, price }
}

function cellsOf(line: string): string[] {
  const between = line.includes('\t') ? '\t' : /[,，;；]/.test(line) ? /[,，;；]/ : /\s+/
  return (between === '\t' ? line : line.trim()).split(between).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}
