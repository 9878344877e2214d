import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import type { Db, Tx } from './db.ts'
import { createListener, type Listener } from './listener.ts'
import type { EventDefinition, OutboxEvent } from './outbox.ts'
import { hangBell, OUTBOX_CHANNEL } from './outbox-bell.ts'
import { Consumer, type StepResult } from './outbox-consumer.ts'
import { rebaseIfRestored } from './outbox-retention.ts'
import {
  blameParked,
  ensureCursor,
  eventAt,
  lagOf,
  listParked,
  lockCursor,
  type OutboxLag,
  subscribersDue,
  unpark,
} from './outbox-store.ts'

export { RetryLater } from './outbox-consumer.ts'
export { listParked, type OutboxLag, type ParkedEvent } from './outbox-store.ts'

/** Somebody who reacts to events. */
export interface Subscriber {
  /** Stable: the subscriber's place in the stream is kept under this name. */
  name: string
  /** What it wants, or `*` for everything. */
  events: readonly (EventDefinition | string)[] | '*'
  /** Events handed over at once, at most. */
  batchSize?: number
  /** Where a new subscriber begins: with the oldest event that is kept (as by default), or with the next one. */
  from?: 'start' | 'now'
  /**
   * Handles events in order. Its effects through `tx` happen exactly once; anything else at least once, so it
   * is idempotent by event id. Throw RetryLater when the world is down: the event is then kept, however long.
   */
  handle(tx: Tx, events: OutboxEvent[]): Promise<void>
}

export interface RelayOptions {
  db: Db
  clock: Clock
  subscribers: readonly Subscriber[]
  /** The process's listener; without one the relay opens a connection of its own. */
  listener?: Listener
  /** How long a subscriber that nobody woke waits before it looks by itself. */
  pollMs?: number
  /** How long a woken subscriber waits for more to come. */
  lingerMs?: number
  /** How long after it began to look a subscriber looks again at the earliest: what a rush brings goes together. */
  restMs?: number
  /** Attempts for a batch, then for a single event, before it is parked. */
  batchAttempts?: number
  eventAttempts?: number
  /** The first pause after a failure; it doubles up to `retryMaxMs`. */
  retryBaseMs?: number
  retryMaxMs?: number
  onError?: (subscriber: string, error: unknown) => void
}

export interface Relay {
  /** Consumes until stopped, woken by commits. Several processes may run the same subscribers: one is active. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Handles all that is committed, and what that brings about, and answers how many events that were. */
  drain(): Promise<number>
  /** Hands parked events to their subscriber again, oldest first; answers how many it has handled. */
  replayParked(subscriber: string, filter?: { shopId?: string; aggregateId?: string }): Promise<number>
  /** How far each subscriber is behind. */
  lag(): Promise<OutboxLag[]>
}

const MAX_DRAIN_ROUNDS = 1_000
const CONTENTION_PAUSE_MS = 10

/** Makes the relay that hands committed events to subscribers. It does nothing until started or drained. */
export function createRelay(options: RelayOptions): Relay {
  const names = options.subscribers.map((subscriber) => subscriber.name)
  if (new Set(names).size !== names.length) throw new TypeError('Two subscribers have the same name')
  return new OutboxRelay(options)
}

class OutboxRelay implements Relay {
  readonly #options: RelayOptions
  readonly #consumers: Consumer[]
  readonly #runners: Runner[] = []
  readonly #takeDown: (() => void)[] = []
  #ownListener: Listener | undefined
  #prepared: Promise<void> | undefined

  constructor(options: RelayOptions) {
    this.#options = options
    this.#consumers = options.subscribers.map((subscriber) => new Consumer(subscriber, options))
  }

  async start(): Promise<void> {
    await this.#prepare()
    for (const consumer of this.#consumers) this.#runners.push(new Runner(consumer, this.#options))
    const wake = (names: ReadonlySet<string> | '*') => {
      for (const runner of this.#runners) if (runner.consumer.wants(names)) runner.wake()
    }
    this.#takeDown.push(hangBell(wake))
    const listener = this.#options.listener ?? createListener(this.#options.db)
    if (!this.#options.listener) this.#ownListener = listener
    const heard = (payload: string) => wake(payload === '*' ? '*' : new Set(payload.split(',')))
    this.#takeDown.push(await listener.listen(OUTBOX_CHANNEL, heard, () => wake('*')))
    for (const runner of this.#runners) runner.start()
  }

  async stop(): Promise<void> {
    for (const takeDown of this.#takeDown.splice(0)) takeDown()
    await Promise.all(this.#runners.splice(0).map((runner) => runner.stop()))
    await this.#ownListener?.close()
    this.#ownListener = undefined
  }

  async drain(): Promise<number> {
    await this.#prepare()
    let total = 0
    for (let round = 0; round < MAX_DRAIN_ROUNDS; round++) {
      const due = await this.#options.db.tx('system', (tx) => subscribersDue(tx, this.#consumers))
      let handled = 0
      for (const consumer of this.#consumers) if (due.has(consumer.subscriber.name)) handled += await drainOne(consumer)
      total += handled
      if (handled === 0) return total
    }
    throw new Error('Events keep bringing about events without end')
  }

  async replayParked(name: string, filter: { shopId?: string; aggregateId?: string } = {}): Promise<number> {
    const { db } = this.#options
    const subscriber = this.#options.subscribers.find((each) => each.name === name)
    if (!subscriber) throw new TypeError(`No subscriber ${name}`)
    const failed = new Set<string>()
    let handled = 0
    let afterSeq = 0
    for (;;) {
      const parked = await db.tx('system', (tx) => listParked(tx, { ...filter, subscriber: name, afterSeq }))
      if (parked.length === 0) return handled
      afterSeq = parked.at(-1)!.seq
      for (const one of parked) {
        const aggregate = `${one.shopId}/${one.aggregate}/${one.aggregateId}`
        if (failed.has(aggregate)) continue
        const replay = async (tx: Tx) => {
          // While the cursor is locked the relay cannot park a later event of this aggregate meanwhile.
          await lockCursor(tx, name, true)
          const event = await eventAt(tx, one.shopId, one.seq)
          if (event) await subscriber.handle(tx, [event])
          await unpark(tx, name, one.shopId, one.seq)
        }
        try {
          await db.tx('system', replay)
          handled++
        } catch (error) {
          failed.add(aggregate)
          await db.tx('system', (tx) => blameParked(tx, one, String(error)))
        }
      }
    }
  }

  async lag(): Promise<OutboxLag[]> {
    await this.#prepare()
    return this.#options.db.tx('system', async (tx) => {
      const lags: OutboxLag[] = []
      for (const consumer of this.#consumers) lags.push(await lagOf(tx, consumer.subscriber.name, consumer.names))
      return lags
    })
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#options.db.tx('system', async (tx) => {
      await rebaseIfRestored(tx)
      const at = this.#options.clock.instant()
      for (const { name, from = 'start' } of this.#options.subscribers) await ensureCursor(tx, name, from, at)
    })
    this.#prepared.catch(() => {
      this.#prepared = undefined
    })
    return this.#prepared
  }
}

async function drainOne(consumer: Consumer): Promise<number> {
  let handled = 0
  for (;;) {
    const result = await consumer.step()
    handled += result.handled
    if (result.state === 'busy') await new Promise((resolve) => setTimeout(resolve, CONTENTION_PAUSE_MS))
    else if (result.state !== 'more') return handled
  }
}

/** Runs one consumer for as long as the process lives. */
class Runner {
  readonly consumer: Consumer
  readonly #pollMs: number
  readonly #lingerMs: number
  readonly #restMs: number
  #stopped = false
  #woken = false
  #rouse: (() => void) | undefined
  #done: Promise<void> = Promise.resolve()

  constructor(consumer: Consumer, options: RelayOptions) {
    this.consumer = consumer
    this.#pollMs = options.pollMs ?? 5_000
    this.#lingerMs = options.lingerMs ?? 5
    this.#restMs = options.restMs ?? 100
  }

  start(): void {
    this.#done = this.#run()
  }

  wake(): void {
    this.#woken = true
    this.#rouse?.()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.wake()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false
      const startedAt = performance.now()
      const result = await this.consumer.safeStep()
      if (result.state === 'more' || this.#stopped) continue
      if (!this.#woken) await this.#sleep(result)
      const waitMs = Math.max(this.#lingerMs, this.#restMs - (performance.now() - startedAt))
      if (waitMs > 0 && !this.#stopped) await delay(waitMs)
    }
  }

  async #sleep(result: StepResult): Promise<void> {
    const waitMs = result.state === 'waiting' ? Math.min(Math.max(result.waitMs, 1), this.#pollMs) : this.#pollMs
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.#rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#rouse = undefined
  }
}
