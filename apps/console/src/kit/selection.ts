import { useState } from 'react'
import { api, type Input } from './api.ts'
import type { PageRoute, RowOf } from './use-list.ts'

/** How many rows may be selected at once; beyond it one narrows the filter down. */
export const MAX_SELECTED = 1000
const PAGE = 100

export interface Selection<Row> {
  keys: string[]
  rows: Row[]
  has: (key: string) => boolean
  set: (row: Row, on: boolean) => void
  /** Of the rows on this page exactly these. */
  setPage: (keys: readonly string[]) => void
  replace: (rows: readonly Row[]) => void
  clear: () => void
}

/** The rows that are selected, over the pages of one filter; another filter begins with none. */
export function useSelection<Row>(scope: string, page: readonly Row[], keyOf: (row: Row) => string): Selection<Row> {
  const [state, setState] = useState<{ scope: string; rows: ReadonlyMap<string, Row> }>({ scope, rows: new Map() })
  const picked = state.scope === scope ? state.rows : new Map<string, Row>()
  // A row that is on the page is shown as it is now, not as it was when it was selected.
  const fresh = new Map(page.map((row) => [keyOf(row), row]))
  const keep = (rows: ReadonlyMap<string, Row>) => setState({ scope, rows })
  return {
    keys: [...picked.keys()],
    rows: [...picked].map(([key, row]) => fresh.get(key) ?? row),
    has: (key) => picked.has(key),
    set: (row, on) => {
      const next = new Map(picked)
      if (on) next.set(keyOf(row), row)
      else next.delete(keyOf(row))
      keep(next)
    },
    setPage: (keys) => {
      const wanted = new Set(keys)
      const elsewhere = [...picked].filter(([key]) => !fresh.has(key))
      keep(new Map([...elsewhere, ...[...fresh].filter(([key]) => wanted.has(key))]))
    },
    replace: (rows) => keep(new Map(rows.map((row) => [keyOf(row), row]))),
    clear: () => keep(new Map()),
  }
}

/** Every row of a list as filtered, page by page, at most `MAX_SELECTED`; `more` when there are others behind. */
export async function collectAll<Id extends PageRoute>(
  route: Id,
  input: Input<Id>,
): Promise<{ rows: RowOf<Id>[]; more: boolean }> {
  const rows: RowOf<Id>[] = []
  let cursor: string | undefined
  do {
    const query = { ...(input as { query?: object }).query, limit: PAGE, cursor }
    const answer = (await api(route, { ...input, query } as Input<Id>)) as {
      items: RowOf<Id>[]
      nextCursor: string | null
    }
    rows.push(...answer.items)
    cursor = answer.nextCursor ?? undefined
  } while (cursor !== undefined && rows.length < MAX_SELECTED)
  return { rows: rows.slice(0, MAX_SELECTED), more: cursor !== undefined || rows.length > MAX_SELECTED }
}
