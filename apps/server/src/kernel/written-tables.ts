/** Statements of a program are few, and texts that were put together come in few shapes. */
const MAX_KEPT = 5_000
const WRITES =
  /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?"?([a-z_][\w.]*)"?/gi
/** What follows `for update` and `do update`, which write nothing by themselves. */
const NO_TABLES: ReadonlySet<string> = new Set(['of', 'set', 'skip', 'nowait'])

const kept = new Map<string, readonly string[]>()

/** The tables that a statement writes, as it names them; functions that write are not seen. */
export function tablesWritten(text: string): readonly string[] {
  let tables = kept.get(text)
  if (tables === undefined) {
    const names = Array.from(text.matchAll(WRITES), ([, name]) => name!.toLowerCase())
    tables = [...new Set(names.filter((name) => !NO_TABLES.has(name)))]
    if (kept.size >= MAX_KEPT) kept.clear()
    kept.set(text, tables)
  }
  return tables
}
