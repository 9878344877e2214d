import type { ExportColumn } from '@zhanggui/contract'
import { z } from 'zod'

export type Cell = string | number

export interface CellContext {
  timeZone: string
  language: 'zh' | 'en'
}

const WORDS = { zh: { yes: '是', no: '否', and: '、' }, en: { yes: 'yes', no: 'no', and: ', ' } }
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/
/** A spreadsheet's cell holds no more. */
const MAX_CELL = 32_000
/** Names that stand for something and not for a person who reads a spreadsheet. */
const NOT_FOR_PEOPLE = /(^id|Id|Ids|url|Url|version|position)$/
const MAX_DEPTH = 2

/** The cells of a row, in the order of the columns. Fields that end in `Fen` become yuan, instants local time. */
export function cellsOf(row: unknown, columns: readonly ExportColumn[], context: CellContext): Cell[] {
  return columns.map((column) => cellOf(valuesAt(row, column.field.split('.'), column.where), column, context))
}

/** What stands at a path; a list on the way gives a value for each of its items, or of those that `where` names. */
function valuesAt(value: unknown, path: readonly string[], where: ExportColumn['where']): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => (isMeant(each, where) ? valuesAt(each, path, where) : []))
  const [name, ...rest] = path
  if (name === undefined) return [value]
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
  return valuesAt((value as Record<string, unknown>)[name], rest, where)
}

const isMeant = (item: unknown, where: ExportColumn['where']): boolean =>
  where === undefined || (item as Record<string, unknown> | null)?.[where.field] === where.is

function cellOf(values: readonly unknown[], column: ExportColumn, context: CellContext): Cell {
  const plain = values.filter((value) => value !== null && value !== undefined && typeof value !== 'object')
  const isMoney = column.field.endsWith('Fen')
  if (plain.length === 1 && typeof plain[0] === 'number') return isMoney ? plain[0] / 100 : plain[0]
  return plain
    .map((value) => textOf(value, column, isMoney, context))
    .join(WORDS[context.language].and)
    .slice(0, MAX_CELL)
}

function textOf(value: unknown, column: ExportColumn, isMoney: boolean, context: CellContext): string {
  if (typeof value === 'boolean') return WORDS[context.language][value ? 'yes' : 'no']
  if (typeof value === 'number') return isMoney ? (value / 100).toFixed(2) : String(value)
  const text = String(value)
  if (column.labels && Object.hasOwn(column.labels, text)) return column.labels[text]!
  return INSTANT.test(text) ? localTime(text, context.timeZone) : text
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-11 08:00:00` in the shop's time zone. */
function localTime(instant: string, timeZone: string): string {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(timeZone, format)
  }
  return format.format(new Date(instant))
}

/** Every plain value of a row by its own name, for a list nobody has named columns for. */
export function columnsOf(row: z.ZodType): ExportColumn[] {
  const schema = z.toJSONSchema(row, { unrepresentable: 'any', io: 'output' }) as JsonSchema
  const defs = schema.$defs ?? {}
  return fieldsOf(resolved(schema, defs), [], 1, defs).map((field) => ({ field, title: field }))
}

interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

function fieldsOf(schema: JsonSchema, path: string[], depth: number, defs: Record<string, JsonSchema>): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, raw]) => {
    if (NOT_FOR_PEOPLE.test(name)) return []
    const inner = resolved(raw, defs)
    const here = [...path, name]
    if (inner.properties) return depth < MAX_DEPTH ? fieldsOf(inner, here, depth + 1, defs) : []
    return [here.join('.')]
  })
}

/** Behind references, lists and nulls. */
function resolved(schema: JsonSchema, defs: Record<string, JsonSchema>): JsonSchema {
  if (schema.$ref) return resolved(defs[schema.$ref.split('/').at(-1)!] ?? {}, defs)
  if (schema.items) return resolved(schema.items, defs)
  const some = schema.anyOf?.find((each) => each.type !== 'null')
  return some ? resolved(some, defs) : schema
}
