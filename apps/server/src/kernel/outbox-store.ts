import type { Instant } from './clock.ts'
import { empty, raw, type Sql, sql, type Tx } from './db.ts'
import type { OutboxEvent } from './outbox.ts'

/**
 * Where a subscriber stands. A snapshot of PostgreSQL tells exactly which transactions it sees, so "everything
 * that `target` sees and `settled` does not" is a fixed set of events, whatever commits meanwhile: nothing is
 * skipped and no long transaction is waited for. Within the set the order is that of `seq`. Two events of one
 * aggregate are written one after the other (their use cases lock it), so the later one is never in an earlier
 * set, and within a set it has the greater number.
 */
export interface Cursor {
  subscriber: string
  settled: string
  target: string | null
  seq: number
  failures: number
  singleUntil: number
  retryAt: Instant | null
}

/** The part of a cursor that says what is being read. */
export type Reading = Pick<Cursor, 'settled' | 'seq'> & { target: string }

export interface ReadEvent extends OutboxEvent {
  /** An earlier event of the same aggregate is parked for this subscriber. */
  blocked: boolean
}

export interface ParkedEvent {
  subscriber: string
  seq: number
  shopId: string
  eventId: string
  aggregate: string
  aggregateId: string
  name: string
  /** Not at fault itself: waits for an earlier event of its aggregate. */
  behind: boolean
  error: string
  parkedAt: Instant
}

/** A snapshot that sees no event at all. */
const NOTHING = '3:3:'
const CURSOR = sql`subscriber, settled::text, target::text, seq, failures, single_until, retry_at`
const EVENT = sql`e.shop_id, e.id, e.aggregate, e.aggregate_id, e.name, e.version, e.payload, e.actor, e.occurred_at, e.seq`

/** Makes the subscriber's cursor unless it has one. A new subscriber begins with the oldest event kept, or now. */
export async function ensureCursor(tx: Tx, subscriber: string, from: 'start' | 'now', at: Instant): Promise<void> {
  const settled = from === 'start' ? sql`${NOTHING}::pg_snapshot` : sql`pg_current_snapshot()`
  await tx.exec(sql`
    insert into outbox_cursors (subscriber, settled, updated_at) values (${subscriber}, ${settled}, ${at})
    on conflict do nothing`)
}

/** The cursor, locked until the transaction ends. Undefined when another consumer has it, unless told to wait. */
export async function lockCursor(tx: Tx, subscriber: string, wait = false): Promise<Cursor | undefined> {
  return tx.maybe<Cursor>(sql`
    select ${CURSOR} from outbox_cursors where subscriber = ${subscriber}
    for update ${wait ? empty : raw('skip locked')}`)
}

/** What to read next: the set that is half done, or everything that has been committed since. */
export async function nextReading(tx: Tx, cursor: Cursor): Promise<Reading | undefined> {
  if (cursor.target !== null) return { settled: cursor.settled, target: cursor.target, seq: cursor.seq }
  const { target, first } = await tx.one<{ target: string; first: number | null }>(sql`
    select pg_current_snapshot()::text as target, (
      select min(seq) from outbox_events
      where xact >= pg_snapshot_xmin(${cursor.settled}::pg_snapshot)
        and not pg_visible_in_snapshot(xact, ${cursor.settled}::pg_snapshot)) as first`)
  return first === null ? undefined : { settled: cursor.settled, target, seq: first - 1 }
}

/** Those for whom there is an event they want, or a set that is half done. */
export async function subscribersDue(
  tx: Tx,
  all: readonly { subscriber: { name: string }; names: readonly string[] | null }[],
): Promise<Set<string>> {
  const wishes = all.flatMap(({ subscriber, names }) =>
    (names ?? [null]).map((name) => ({ subscriber: subscriber.name, name })),
  )
  const found = await tx.rows<{ subscriber: string }>(sql`
    select distinct c.subscriber
    from unnest(${wishes.map((wish) => wish.subscriber)}::text[], ${wishes.map((wish) => wish.name)}::text[]) w (subscriber, name)
    join outbox_cursors c on c.subscriber = w.subscriber
    where c.target is not null or exists (
      select from outbox_events e
      where e.xact >= pg_snapshot_xmin(c.settled) and not pg_visible_in_snapshot(e.xact, c.settled)
        and (w.name is null or e.name = w.name))`)
  return new Set(found.map((each) => each.subscriber))
}

/** Up to `limit` events of the set after `seq`. */
export async function readEvents(
  tx: Tx,
  subscriber: string,
  reading: Reading,
  names: readonly string[] | null,
  limit: number,
): Promise<ReadEvent[]> {
  const wanted = names === null ? empty : sql`and e.name = any(${names})`
  return tx.rows<ReadEvent>(sql`
    select ${EVENT}, exists (
      select from outbox_parked p where p.subscriber = ${subscriber} and p.shop_id = e.shop_id
        and p.aggregate_id = e.aggregate_id and p.aggregate = e.aggregate) as blocked
    from outbox_events e
    where e.seq > ${reading.seq} and pg_visible_in_snapshot(e.xact, ${reading.target}::pg_snapshot)
      and not pg_visible_in_snapshot(e.xact, ${reading.settled}::pg_snapshot) ${wanted}
    order by e.seq limit ${limit}`)
}

export async function saveCursor(tx: Tx, cursor: Cursor, at: Instant, error: string | null = null): Promise<void> {
  await tx.exec(sql`
    update outbox_cursors set settled = ${cursor.settled}::pg_snapshot, target = ${cursor.target}::pg_snapshot,
      seq = ${cursor.seq}, failures = ${cursor.failures}, single_until = ${cursor.singleUntil},
      retry_at = ${cursor.retryAt}, last_error = ${error}, updated_at = ${at}
    where subscriber = ${cursor.subscriber}`)
}

export async function parkEvents(
  tx: Tx,
  subscriber: string,
  events: readonly OutboxEvent[],
  behind: boolean,
  error: string,
  at: Instant,
): Promise<void> {
  for (const event of events)
    await tx.exec(sql`
      insert into outbox_parked (shop_id, subscriber, seq, event_id, aggregate, aggregate_id, name, behind, error, parked_at)
      values (${event.shopId}, ${subscriber}, ${event.seq}, ${event.id}, ${event.aggregate}, ${event.aggregateId},
        ${event.name}, ${behind}, ${error}, ${at})`)
}

/** Parked events, oldest first. */
export async function listParked(
  tx: Tx,
  filter: { subscriber?: string; shopId?: string; aggregateId?: string; afterSeq?: number; limit?: number },
): Promise<ParkedEvent[]> {
  const { subscriber = null, shopId = null, aggregateId = null, afterSeq = 0, limit = 100 } = filter
  return tx.rows<ParkedEvent>(sql`
    select subscriber, seq, shop_id, event_id, aggregate, aggregate_id, name, behind, error, parked_at
    from outbox_parked
    where (${subscriber}::text is null or subscriber = ${subscriber}) and (${shopId}::uuid is null or shop_id = ${shopId})
      and (${aggregateId}::uuid is null or aggregate_id = ${aggregateId}) and seq > ${afterSeq}
    order by seq, subscriber limit ${limit}`)
}

/** The event of a parked row, as long as retention keeps it. */
export async function eventAt(tx: Tx, shopId: string, seq: number): Promise<OutboxEvent | undefined> {
  return tx.maybe<OutboxEvent>(sql`
    select ${EVENT} from outbox_events e where e.seq = ${seq} and e.shop_id = ${shopId}`)
}

export async function unpark(tx: Tx, subscriber: string, shopId: string, seq: number): Promise<void> {
  await tx.exec(sql`
    delete from outbox_parked where subscriber = ${subscriber} and seq = ${seq} and shop_id = ${shopId}`)
}

export async function blameParked(tx: Tx, parked: ParkedEvent, error: string): Promise<void> {
  await tx.exec(sql`
    update outbox_parked set error = ${error}, behind = false
    where subscriber = ${parked.subscriber} and seq = ${parked.seq} and shop_id = ${parked.shopId}`)
}

export interface OutboxLag {
  subscriber: string
  /** Events it has not handled yet; counting stops at 10,000. */
  waiting: number
  /** When the oldest of them happened. */
  oldestAt: Instant | null
  parked: number
  lastError: string | null
}

const MAX_COUNTED = 10_000

export async function lagOf(tx: Tx, subscriber: string, names: readonly string[] | null): Promise<OutboxLag> {
  const wanted: Sql = names === null ? empty : sql`and e.name = any(${names})`
  return tx.one<OutboxLag>(sql`
    select c.subscriber, waiting.count as waiting, waiting.oldest_at, c.last_error,
      (select count(*) from outbox_parked p where p.subscriber = c.subscriber) as parked
    from outbox_cursors c, lateral (
      select count(*), min(occurred_at) as oldest_at from (
        select e.occurred_at from outbox_events e
        where e.xact >= pg_snapshot_xmin(c.settled) and not pg_visible_in_snapshot(e.xact, c.settled)
          and (c.target is null or e.seq > c.seq or not pg_visible_in_snapshot(e.xact, c.target)) ${wanted}
        order by e.xact, e.seq limit ${MAX_COUNTED}) unhandled) waiting
    where c.subscriber = ${subscriber}`)
}
