import type { ExportColumn } from '@zhanggui/contract'
import type { Column } from './columns.tsx'
import type { Filter } from './filters.tsx'

/**
 * What the shown columns are in an export. A column says its field or fields; else its key is the field where the rows
 * have a plain value under it. Values are called as the column's labels, or the choices of the filter of the same name, say.
 */
export function exportColumns<Row>(
  columns: readonly Column<Row>[],
  filters: readonly Filter[],
  rows: readonly Row[],
): ExportColumn[] {
  return columns.flatMap((column) => {
    const field = column.field ?? (isPlain(rows, column.key) ? column.key : false)
    if (field === false || column.title === '') return []
    if (typeof field !== 'string') return [...field]
    const labels = column.labels ?? labelsOf(filters, column.key)
    return [{ field, title: column.title, ...(labels ? { labels } : {}) }]
  })
}

function isPlain(rows: readonly unknown[], key: string): boolean {
  const values = rows.map((row) => (row as Record<string, unknown>)[key])
  return (
    values.length > 0 &&
    values.every((value) => value === null || ['string', 'number', 'boolean'].includes(typeof value))
  )
}

function labelsOf(filters: readonly Filter[], name: string): Record<string, string> | undefined {
  const filter = filters.find((each) => each.kind === 'choice' && each.name === name)
  if (filter?.kind !== 'choice') return undefined
  return Object.fromEntries(filter.options.map(({ value, label }) => [value, label]))
}
