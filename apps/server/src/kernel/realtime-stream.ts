import { z } from 'zod'
import { type Db, empty, sql, type Tx } from './db.ts'
import type { OutboxEvent } from './outbox.ts'
import { decodeCursor, encodeCursor } from './page.ts'

/** A place in the stream of events: all that `settled` sees is past, and of what `target` sees all up to `seq`. */
export interface StreamPlace {
  settled: string
  target: string
  seq: number
}

/** A missed event and the place after it. */
export interface MissedEvent extends OutboxEvent {
  cursor: string
}

/** Beyond so many events a client that was away loads its screen anew instead. */
const MAX_SCANNED = 20_000

const Snapshot = z
  .string()
  .max(4_000)
  .regex(/^\d{1,20}:\d{1,20}:[\d,]*$/)
const Place = z.tuple([Snapshot, Snapshot, z.int().min(0)])
const EVENT = sql`e.shop_id, e.id, e.aggregate, e.aggregate_id, e.name, e.version, e.payload, e.actor, e.occurred_at, e.seq`

/** The cursor that a client hands back to go on after a message. */
export const encodePlace = ({ settled, target, seq }: StreamPlace): string =>
  encodeCursor(target === settled ? [settled, '', seq] : [settled, target, seq])

/** Undefined when it is no cursor of ours. */
export function decodePlace(cursor: string): StreamPlace | undefined {
  try {
    const [settled, target, seq] = decodeCursor(
      cursor,
      z.tuple([Snapshot, z.union([Snapshot, z.literal('')]), z.int().min(0)]),
    )!
    const place = { settled, target: target === '' ? settled : target, seq }
    return Place.safeParse([place.settled, place.target, place.seq]).success ? place : undefined
  } catch {
    return undefined
  }
}

/** What the database sees now. */
export async function currentSnapshot(db: Db): Promise<string> {
  return db.tx('system', async (tx) => (await snapshotIn(tx)).now)
}

/** Events that were committed after `settled`, in order, and the snapshot up to which they reach. */
export async function eventsSince(
  db: Db,
  settled: string,
  names: readonly string[],
): Promise<{ target: string; events: OutboxEvent[]; complete: boolean }> {
  return db.tx('system', async (tx) => {
    const { now } = await snapshotIn(tx)
    const events = await select(tx, { settled, target: settled, seq: 0 }, now, names)
    return { target: now, events: events.slice(0, MAX_SCANNED), complete: events.length <= MAX_SCANNED }
  })
}

/**
 * Events between a client's place and the snapshot `until`; undefined when there are too many, or when the place
 * is not one of this database (any more).
 */
export async function eventsBetween(
  db: Db,
  place: StreamPlace,
  until: string,
  names: readonly string[],
  shopId: string | null,
): Promise<MissedEvent[] | undefined> {
  try {
    return await db.tx('system', async (tx) => {
      const { ahead } = await tx.one<{ ahead: boolean }>(sql`
        select greatest(pg_snapshot_xmax(${place.settled}::pg_snapshot)::text::bigint,
          pg_snapshot_xmax(${place.target}::pg_snapshot)::text::bigint)
          > pg_snapshot_xmax(pg_current_snapshot())::text::bigint as ahead`)
      const { many } = await tx.one<{ many: number }>(sql`
        select count(*) as many from (select from outbox_events
          where xact >= pg_snapshot_xmin(${place.settled}::pg_snapshot) limit ${MAX_SCANNED + 1}) scanned`)
      if (ahead || many > MAX_SCANNED) return undefined
      const events = await select(tx, place, until, names, shopId)
      return events.map(({ within, ...event }) => {
        const rest = within ? place : { settled: place.target, target: until }
        return { ...event, cursor: encodePlace({ ...rest, seq: event.seq }) }
      })
    })
  } catch (error) {
    // A snapshot that PostgreSQL cannot read was not made by it.
    if ((error as { code?: string }).code === '22P02') return undefined
    throw error
  }
}

function snapshotIn(tx: Tx): Promise<{ now: string }> {
  return tx.one<{ now: string }>(sql`select pg_current_snapshot()::text as now`)
}

async function select(
  tx: Tx,
  { settled, target, seq }: StreamPlace,
  until: string,
  names: readonly string[],
  shopId: string | null = null,
): Promise<(OutboxEvent & { within: boolean })[]> {
  return tx.rows(sql`
    select ${EVENT}, pg_visible_in_snapshot(e.xact, ${target}::pg_snapshot) as within from outbox_events e
    where e.xact >= pg_snapshot_xmin(${settled}::pg_snapshot)
      and not pg_visible_in_snapshot(e.xact, ${settled}::pg_snapshot)
      and (not pg_visible_in_snapshot(e.xact, ${target}::pg_snapshot) or e.seq > ${seq})
      and pg_visible_in_snapshot(e.xact, ${until}::pg_snapshot)
      and e.name = any(${names}) ${shopId === null ? empty : sql`and e.shop_id = ${shopId}`}
    order by within desc, e.seq
    limit ${MAX_SCANNED + 1}`)
}
