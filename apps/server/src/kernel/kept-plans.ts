import type pg from 'pg'

/** A text that came so often is kept prepared: one that came once is a report, or was put together for its occasion. */
const KEEP_AFTER = 10
/** Each costs every connection some ten kilobytes in the database. */
const MAX_KEPT = 400
const MAX_COUNTED = 5_000
/** Plans older than this are made anew: they were made for tables as large as these were then. */
const MAX_AGE_MS = 10_000

const counted = new Map<string, number>()
const names = new Map<string, string>()

/** The name under which a statement is kept prepared on every connection, once it has come often enough. */
export function keptName(text: string): string | undefined {
  const name = names.get(text)
  if (name !== undefined || names.size >= MAX_KEPT) return name
  const times = (counted.get(text) ?? 0) + 1
  if (times < KEEP_AFTER) {
    if (counted.size >= MAX_COUNTED) counted.clear()
    counted.set(text, times)
    return undefined
  }
  counted.delete(text)
  const kept = `kept-${names.size}`
  names.set(text, kept)
  return kept
}

const plannedAt = new WeakMap<pg.ClientBase, number>()

/** Before a transaction on this connection: has its plans made anew when they are older than this. */
export function forgetOldPlans(client: pg.ClientBase, maxAgeMs = MAX_AGE_MS): void {
  const now = performance.now()
  const since = plannedAt.get(client)
  if (since !== undefined && now - since < maxAgeMs) return
  plannedAt.set(client, now)
  // Should the connection be lost, the transaction that comes behind says so.
  if (since !== undefined) client.query('discard plans').catch(() => {})
}
