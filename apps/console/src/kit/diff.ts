export interface Change {
  field: string
  before: string
  after: string
}

const MAX_CHANGES = 200

/** What differs between two JSON values, field by field, in words short enough to read. */
export function changesBetween(before: unknown, after: unknown): Change[] {
  const changes: Change[] = []
  collect(before, after, '', changes)
  return changes.slice(0, MAX_CHANGES)
}

function collect(before: unknown, after: unknown, path: string, changes: Change[]): void {
  if (isRecord(before) || isRecord(after)) {
    if (
      (before !== null && before !== undefined && !isRecord(before)) ||
      (after !== null && after !== undefined && !isRecord(after))
    )
      return void changes.push({ field: path, before: wordOf(before), after: wordOf(after) })
    const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
    for (const name of names)
      collect(before?.[name as never], after?.[name as never], path === '' ? name : `${path}.${name}`, changes)
    return
  }
  const was = wordOf(before)
  const is = wordOf(after)
  if (was !== is) changes.push({ field: path, before: was, after: is })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function wordOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
