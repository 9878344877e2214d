import type { Writable } from 'node:stream'
import type pg from 'pg'

const held = new WeakSet<Writable>()

/**
 * What is sent over this connection until the program's turn ends goes to the kernel in one call. Waking the database's
 * process is most of what a small statement costs us, so that the beginning of a transaction, and statements that do not
 * wait for one another, cost as much as one.
 */
export function writeTogether(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  if (held.has(stream)) return
  held.add(stream)
  stream.cork()
  process.nextTick(() => {
    held.delete(stream)
    stream.uncork()
  })
}
