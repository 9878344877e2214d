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
  const [cursor] = await tx.rows<Cursor>(sql`
    select ${CURSOR} from outbox_cursors where subscriber = ${subscriber}
    for update ${wait ? empty : raw('skip locked')}`)
  return cursor
}

/**
 * What the subscriber reads next, the set that is half done or everything that has been committed since, with up to
 * `limit` events of it (one at a time up to `single_until`). Undefined when there is nothing. Only to be believed when
 * the cursor is locked: ask for both at once, the lock first. Where the set begins is found by its transactions
 * (`offset 0` keeps the planner from walking through all events that are kept), once.
 */
export async function readNext(
  tx: Tx,
  subscriber: string,
  names: readonly string[] | null,
  limit: number,
): Promise<{ reading: Reading; limit: number; events: ReadEvent[] } | undefined> {
  const wanted = names === null ? empty : sql`and e.name = any(${names})`
  const rows = await tx.rows<ReadRow>(sql`
    with c as materialized (
      select settled, coalesce(target, pg_current_snapshot()) as target, single_until,
        case when target is not null then seq else (
          select min(since.seq) - 1 from (
            select seq from outbox_events
            where xact >= pg_snapshot_xmin(o.settled) and not pg_visible_in_snapshot(xact, o.settled)
            order by xact offset 0) since) end as first
      from outbox_cursors o where subscriber = ${subscriber}
    )
    select c.settled::text as settled, c.target::text as target, c.first, t.take, events.*
    from c
    cross join lateral (select case when c.first < c.single_until then 1 else ${limit}::int end as take) t
    left join lateral (
      select ${EVENT}, exists (
        select from outbox_parked p where p.subscriber = ${subscriber} and p.shop_id = e.shop_id
          and p.aggregate_id = e.aggregate_id and p.aggregate = e.aggregate) as blocked
      from outbox_events e
      where e.seq > c.first and pg_visible_in_snapshot(e.xact, c.target)
        and not pg_visible_in_snapshot(e.xact, c.settled) ${wanted}
      order by e.seq limit t.take
    ) events on true
    where c.first is not null
    order by events.seq`)
  const [head] = rows
  if (head === undefined) return undefined
  const { settled, target, first, take } = head
  const events = rows.flatMap(({ settled: _s, target: _t, first: _f, take: _k, ...event }) =>
    event.id === null ? [] : [event],
  )
  return { reading: { settled, target, seq: first }, limit: take, events }
}

type ReadRow = ReadEvent & { settled: string; target: string; first: number; take: number }

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

/** Moves the cursor, with the commit. */
export function saveCursor(tx: Tx, cursor: Cursor, at: Instant, error: string | null = null): void {
  const { subscriber, settled, target, seq, failures, singleUntil, retryAt } = cursor
  const values = [subscriber, settled, target, seq, failures, singleUntil, retryAt, error, at]
  tx.send('outbox-save-cursor', SAVE_CURSOR, values)
}

const SAVE_CURSOR = `
  update outbox_cursors set settled = $2::pg_snapshot, target = $3::pg_snapshot, seq = $4, failures = $5,
    single_until = $6, retry_at = $7, last_error = $8, updated_at = $9
  where subscriber = $1`

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
