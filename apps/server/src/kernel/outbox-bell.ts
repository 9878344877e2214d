import { type Db, sql, type Tx } from './db.ts'

/** Channel on which committed events are announced; the payload lists their names, or `*`. */
export const OUTBOX_CHANNEL = 'zhanggui_outbox'

/** Called after commits with the names of the events they brought. */
export type Bell = (names: ReadonlySet<string>) => void

// A NOTIFY inside the writing transaction would make all commits wait for one another (PostgreSQL holds a
// global lock from there until the commit is on disk), so transactions ring the bells of their process after
// they have committed, and one of those bells passes it on to the other processes.
const bells = new Set<Bell>()
const pending = new WeakMap<Tx, Set<string>>()

const MAX_PAYLOAD_LENGTH = 4000

/** Rings every bell of this process once when `tx` has committed, naming all events it wrote. */
export function ringAfterCommit(tx: Tx, name: string): void {
  const names = pending.get(tx)
  if (names) {
    names.add(name)
    return
  }
  const first = new Set([name])
  pending.set(tx, first)
  tx.afterCommit(() => {
    for (const bell of bells) bell(first)
  })
}

/** Hangs a bell in this process. Answers how to take it down. */
export function hangBell(bell: Bell): () => void {
  bells.add(bell)
  return () => void bells.delete(bell)
}

export interface AnnounceOptions {
  onError?: (error: Error) => void
  /** Another way to tell the other processes, e.g. Redis; NOTIFY unless given. */
  publish?: (channel: string, payload: string) => Promise<void>
}

/**
 * Announces this process's committed events to all others, with at most one statement at a time, which names
 * everything that came meanwhile. A lost announcement costs only time: relays also look by themselves.
 */
export function announceEvents(db: Db, options: AnnounceOptions = {}): { close(): Promise<void> } {
  const { onError = () => {}, publish = notifyWith(db) } = options
  const waiting = new Set<string>()
  let running: Promise<void> | undefined
  const run = async () => {
    while (waiting.size > 0) {
      const names = [...waiting].join(',')
      waiting.clear()
      await publish(OUTBOX_CHANNEL, names.length > MAX_PAYLOAD_LENGTH ? '*' : names).catch(onError)
    }
    running = undefined
  }
  const takeDown = hangBell((names) => {
    for (const name of names) waiting.add(name)
    running ??= run()
  })
  return {
    async close() {
      takeDown()
      await running
    },
  }
}

const notifyWith = (db: Db) => async (channel: string, payload: string) => {
  await db.tx('system', (tx) => tx.rows(sql`select pg_notify(${channel}, ${payload})`))
}
