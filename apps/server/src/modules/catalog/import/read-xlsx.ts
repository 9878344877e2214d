import path from 'node:path'
import type { Readable } from 'node:stream'
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'
import type { ArchiveEntry } from './read-archive.ts'
import { type Table, TableBuilder, unreadable } from './table.ts'

const MAX_SHARED_STRINGS = 2_000_000
const MAX_MERGES = 100_000

/**
 * Reads the first visible sheet of an Office Open XML workbook, as Excel, WPS and libraries write it: shared, inline
 * and rich strings, numbers, booleans, results of formulas. A merged cell's value stands in all its rows, which is how
 * people write several SKUs of one product.
 * @throws AppError IMPORT_UNREADABLE
 */
export async function readXlsx(entries: readonly ArchiveEntry[]): Promise<Table> {
  const byName = new Map(entries.map((entry) => [entry.name.replace(/^\//, '').toLowerCase(), entry]))
  const part = (name: string) => byName.get(name.replace(/^\//, '').toLowerCase())
  const workbook = part('xl/workbook.xml')
  const relations = part('xl/_rels/workbook.xml.rels')
  if (!workbook || !relations) throw unreadable('不是有效的 xlsx 文件')
  const sheets = await readSheets(workbook)
  const targets = await readRelations(relations)
  const sheet = sheets.find(({ hidden }) => !hidden) ?? sheets[0]
  const target = sheet && targets.get(sheet.relation)
  const data = target && part(path.posix.resolve('/xl', target.path))
  if (!sheet || !data) throw unreadable('工作簿里没有工作表')
  const stringsPath = [...targets.values()].find(({ type }) => type.endsWith('/sharedStrings'))?.path
  const stringsPart = stringsPath === undefined ? undefined : part(path.posix.resolve('/xl', stringsPath))
  const strings = stringsPart ? await readStrings(stringsPart) : []
  return { rows: await readRows(data, strings), encoding: null, sheet: sheet.name }
}

/** The workbook and nothing else in a zip, by its parts. */
export const isXlsx = (entries: readonly ArchiveEntry[]): boolean =>
  entries.some(({ name }) => /^\/?xl\/workbook\.xml$/i.test(name))

async function readSheets(entry: ArchiveEntry): Promise<{ name: string; relation: string; hidden: boolean }[]> {
  const sheets: { name: string; relation: string; hidden: boolean }[] = []
  await parseXml(entry, {
    open(tag) {
      if (tag.local !== 'sheet') return
      const relation = Object.values(tag.attributes).find(({ local, prefix }) => local === 'id' && prefix !== '')
      sheets.push({
        name: attribute(tag, 'name'),
        relation: relation?.value ?? '',
        hidden: attribute(tag, 'state').includes('idden'),
      })
    },
  })
  return sheets
}

async function readRelations(entry: ArchiveEntry): Promise<Map<string, { path: string; type: string }>> {
  const relations = new Map<string, { path: string; type: string }>()
  await parseXml(entry, {
    open(tag) {
      if (tag.local === 'Relationship')
        relations.set(attribute(tag, 'Id'), { path: attribute(tag, 'Target'), type: attribute(tag, 'Type') })
    },
  })
  return relations
}

async function readStrings(entry: ArchiveEntry): Promise<string[]> {
  const strings: string[] = []
  const text = textCollector()
  await parseXml(entry, {
    open(tag) {
      if (tag.local === 'si') text.reset()
      text.open(tag.local)
    },
    text: text.text,
    close(tag) {
      text.close(tag.local)
      if (tag.local !== 'si') return
      strings.push(text.value())
      if (strings.length > MAX_SHARED_STRINGS) throw unreadable('表格文字过多，请拆分后分次导入')
    },
  })
  return strings
}

/** Text of `t` elements; what a phonetic guide (`rPh`) says is not part of it. */
function textCollector() {
  let collected = ''
  let inText = false
  let inGuide = false
  return {
    reset: () => {
      collected = ''
    },
    open(local: string) {
      if (local === 't') inText = true
      if (local === 'rPh') inGuide = true
    },
    text(chunk: string) {
      if (inText && !inGuide) collected += chunk
    },
    close(local: string) {
      if (local === 't') inText = false
      if (local === 'rPh') inGuide = false
    },
    value: () =>
      collected.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  }
}

interface Merge {
  top: number
  bottom: number
  column: number
}

async function readRows(entry: ArchiveEntry, strings: readonly string[]): Promise<Table['rows']> {
  const table = new TableBuilder()
  const merges: Merge[] = []
  const inline = textCollector()
  let cells: string[] = []
  let line = 0
  let column = -1
  let type = ''
  let value = ''
  let inValue = false
  await parseXml(entry, {
    open(tag) {
      if (tag.local === 'row') {
        line = Number(attribute(tag, 'r')) || line + 1
        cells = []
        column = -1
      } else if (tag.local === 'c') {
        column = columnOf(attribute(tag, 'r')) ?? column + 1
        type = attribute(tag, 't')
        value = ''
        inline.reset()
      } else if (tag.local === 'v') inValue = true
      else if (tag.local === 'mergeCell') addMerge(merges, attribute(tag, 'ref'))
      inline.open(tag.local)
    },
    text(chunk) {
      if (inValue) value += chunk
      inline.text(chunk)
    },
    close(tag) {
      inline.close(tag.local)
      if (tag.local === 'v') inValue = false
      else if (tag.local === 'row') table.add(line, cells)
      else if (tag.local === 'c') {
        const text = type === 'inlineStr' ? inline.value() : cellText(type, value, strings)
        if (text !== '' && column < 1_000) {
          while (cells.length < column) cells.push('')
          cells[column] = text
        }
      }
    },
  })
  fillMerged(table.rows, merges)
  return table.rows
}

function cellText(type: string, value: string, strings: readonly string[]): string {
  if (value === '' || type === 'e') return ''
  if (type === 's') return strings[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'str' || type === 'd') return value
  return numberText(value)
}

/** 19.900000000000002 → 19.9; whole numbers with all their digits. */
function numberText(value: string): string {
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (Number.isSafeInteger(number)) return String(number)
  return String(Number(number.toPrecision(15)))
}

/** `AB12` → 27. */
function columnOf(reference: string): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0]
  if (letters === undefined) return undefined
  let index = 0
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64
  return index - 1
}

function addMerge(merges: Merge[], reference: string): void {
  const match = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(reference)
  if (!match || merges.length >= MAX_MERGES) return
  const top = Number(match[2])
  const bottom = Number(match[4])
  if (match[1] === match[3] && bottom > top) merges.push({ top, bottom, column: columnOf(match[1]!)! })
}

function fillMerged(rows: Table['rows'], merges: readonly Merge[]): void {
  const byLine = new Map(rows.map((row) => [row.line, row.cells]))
  for (const { top, bottom, column } of merges) {
    const value = byLine.get(top)?.[column] ?? ''
    // A merge may reach far below the last row; only rows that are there are filled.
    if (value === '' || bottom - top > 1_000) continue
    for (let line = top + 1; line <= bottom; line++) {
      const cells = byLine.get(line)
      if (!cells) continue
      while (cells.length < column) cells.push('')
      cells[column] = value
    }
  }
}

interface XmlHandlers {
  open(tag: SaxesTagNS): void
  text?(chunk: string): void
  close?(tag: SaxesTagNS): void
}

async function parseXml(entry: ArchiveEntry, handlers: XmlHandlers): Promise<void> {
  const parser = new SaxesParser({ xmlns: true, position: false })
  // A document type is where XML bombs live; workbooks have none.
  parser.on('doctype', () => {
    throw unreadable('表格含有不允许的内容')
  })
  parser.on('error', (error) => {
    throw unreadable('表格内容已损坏', error)
  })
  parser.on('opentag', handlers.open)
  if (handlers.text) parser.on('text', handlers.text)
  if (handlers.close) parser.on('closetag', handlers.close)
  const stream: Readable = await entry.open()
  stream.setEncoding('utf8')
  try {
    for await (const chunk of stream) parser.write(chunk as string)
    parser.close()
  } catch (error) {
    if ((error as { code?: string }).code === 'IMPORT_UNREADABLE') throw error
    throw unreadable('表格内容已损坏', error)
  } finally {
    stream.destroy()
  }
}

function attribute(tag: SaxesTagNS, name: string): string {
  const found = tag.attributes[name] as SaxesAttributeNS | undefined
  return found?.value ?? ''
}
