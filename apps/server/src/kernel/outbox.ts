import type { z } from 'zod'
import type { Actor } from './actor.ts'
import type { Instant } from './clock.ts'
import type { Tx } from './db.ts'
import { newId } from './ids.ts'
import { ringAfterCommit } from './outbox-bell.ts'
import { RowArray, type RowType } from './row-array.ts'

/** A kind of event: its name, the version of its payload and the payload's schema. */
export interface EventDefinition<P = unknown> {
  /** `<module>.<what-happened>`, e.g. `orders.order-placed`. */
  readonly name: string
  readonly version: number
  readonly payload: z.ZodType<P>
}

/** What a use case says about something that happened. */
export interface Emission<P> {
  shopId: string
  /** What it happened to, e.g. `order`; events of one aggregate reach every subscriber in order. */
  aggregate: string
  aggregateId: string
  payload: P
  occurredAt: Instant
  actor?: Actor
}

/** An event as a subscriber receives it. */
export interface OutboxEvent<P = unknown> {
  shopId: string
  id: string
  aggregate: string
  aggregateId: string
  name: string
  version: number
  payload: P
  actor: Actor | null
  occurredAt: Instant
  /** Grows with time, though not without gaps. */
  seq: number
}

export interface EmitManyOptions {
  /** Check every payload against its schema. By default on in tests and development, off in production. */
  validate?: boolean
}

const EVENT_NAME = /^[a-z][a-z0-9-]{0,40}\.[a-z][a-z0-9-]{0,60}$/
const VALIDATE_BATCHES = process.env.NODE_ENV !== 'production'

interface NewEvent extends Pick<Emission<unknown>, 'shopId' | 'aggregate' | 'aggregateId' | 'occurredAt'> {
  id: string
  payload: string
  actor: string | null
}

const NEW_EVENTS: RowType<NewEvent> = {
  name: 'new_event',
  columns: [
    ['uuid', (event) => event.shopId],
    ['uuid', (event) => event.id],
    ['text', (event) => event.aggregate],
    ['uuid', (event) => event.aggregateId],
    ['jsonb', (event) => event.payload],
    ['jsonb', (event) => event.actor],
    ['timestamptz', (event) => event.occurredAt],
  ],
}

const INSERT = `
  insert into outbox_events (shop_id, id, aggregate, aggregate_id, name, version, payload, actor, occurred_at)
  select e.shop_id, e.id, e.aggregate, e.aggregate_id, $1, $2, e.payload, e.actor, e.occurred_at
  from unnest($3::app.new_event[]) as e`

/** Declares a kind of event. Throws a TypeError when its name is not `<module>.<what-happened>`. */
export function defineEvent<S extends z.ZodType>(definition: {
  name: string
  version: number
  payload: S
}): EventDefinition<z.output<S>> {
  if (!EVENT_NAME.test(definition.name)) throw new TypeError(`Not an event name: ${definition.name}`)
  return Object.freeze({ ...definition, payload: definition.payload as unknown as z.ZodType<z.output<S>> })
}

/**
 * Writes one event in the caller's transaction; subscribers see it once that has committed. Answers its id.
 * The payload is checked against its schema; what does not fit is a defect of the caller and throws a ZodError.
 */
export async function emit<P>(tx: Tx, event: EventDefinition<P>, emission: Emission<P>): Promise<string> {
  const [id] = await emitMany(tx, event, [emission], { validate: true })
  return id!
}

/** Writes many events of one kind with one statement, in the given order. Answers their ids in that order. */
export async function emitMany<P>(
  tx: Tx,
  event: EventDefinition<P>,
  emissions: readonly Emission<P>[],
  options: EmitManyOptions = {},
): Promise<string[]> {
  if (emissions.length === 0) return []
  if (options.validate ?? VALIDATE_BATCHES) for (const { payload } of emissions) event.payload.parse(payload)
  const rows = emissions.map(({ payload, actor, ...head }) => ({
    ...head,
    id: newId(),
    payload: JSON.stringify(payload),
    actor: actor ? JSON.stringify(actor) : null,
  }))
  tx.send('outbox-emit', INSERT, [event.name, event.version, new RowArray(NEW_EVENTS, rows)])
  ringAfterCommit(tx, event.name)
  return rows.map(({ id }) => id)
}

/** Whether `event` is of this kind; its payload then has that kind's type. Any version counts. */
export function isEvent<P>(definition: EventDefinition<P>, event: OutboxEvent): event is OutboxEvent<P> {
  return event.name === definition.name
}
