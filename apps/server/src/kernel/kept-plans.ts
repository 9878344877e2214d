import type pg from 'pg'

/** A text that came so often is kept prepared: one that came once is a report, or was put together for its occasion. */
const KEEP_AFTER = 10
/** Each costs every connection some ten kilobytes in the database. */
const MAX_KEPT = 400
const MAX_COUNTED = 5_000
/** Plans older than this are made anew: they were made for tables as large as these were then. */
const MAX_AGE_MS = 10_000

/** The statements of one database that its connections keep prepared. */
export class KeptPlans {
  readonly #maxAgeMs: number
  readonly #counted = new Map<string, number>()
  readonly #names = new Map<string, string>()
  readonly #plannedAt = new WeakMap<pg.ClientBase, number>()

  constructor(maxAgeMs = MAX_AGE_MS) {
    this.#maxAgeMs = maxAgeMs
  }

  /** The name under which a statement is kept on every connection, once it has come often enough. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text)
    if (name !== undefined || this.#names.size >= MAX_KEPT) return name
    const times = (this.#counted.get(text) ?? 0) + 1
    if (times < KEEP_AFTER) {
      if (this.#counted.size >= MAX_COUNTED) this.#counted.clear()
      this.#counted.set(text, times)
      return undefined
    }
    this.#counted.delete(text)
    const kept = `kept-${this.#names.size}`
    this.#names.set(text, kept)
    return kept
  }

  /** Before a transaction on this connection: has its plans made anew when they are old. */
  refresh(client: pg.ClientBase): void {
    const now = performance.now()
    const since = this.#plannedAt.get(client)
    if (since !== undefined && now - since < this.#maxAgeMs) return
    this.#plannedAt.set(client, now)
    // Should the connection be lost, the transaction that comes behind says so.
    if (since !== undefined) client.query('discard plans').catch(() => {})
  }
}
