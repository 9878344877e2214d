import type { SimulatorClock } from './clock.ts'
import type { Database } from './database.ts'

export interface MessageField {
  name: string
  value: string
}

/** A message as it lies in somebody's phone. */
export interface Message {
  id: number
  person_id: string
  kind: 'subscribe' | 'payment' | 'refund' | 'income'
  sender: string
  title: string
  fields: MessageField[]
  page: string | null
  created_at: number
}

type Row = Omit<Message, 'fields'> & { fields: string }

/** What arrived in people's phones: subscribe messages and WeChat Pay's own vouchers. */
export class Messages {
  readonly #db: Database
  readonly #clock: SimulatorClock

  constructor(db: Database, clock: SimulatorClock) {
    this.#db = db
    this.#clock = clock
  }

  add(message: Omit<Message, 'id' | 'created_at'>): void {
    this.#db.run(
      'INSERT INTO messages (person_id, kind, sender, title, fields, page, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[message.person_id, message.kind, message.sender, message.title, JSON.stringify(message.fields)],
      ...[message.page, this.#clock.now()],
    )
  }

  /** Newest first; `before` is the id of the last one seen. */
  list(filter: { person_id?: string | undefined; before?: number | undefined; limit?: number | undefined }): Message[] {
    const rows = this.#db.all<Row>(
      `SELECT * FROM messages WHERE (?1 IS NULL OR person_id = ?1) AND (?2 IS NULL OR id < ?2)
       ORDER BY id DESC LIMIT ?3`,
      ...[filter.person_id ?? null, filter.before ?? null, filter.limit ?? 50],
    )
    return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields) }))
  }
}
