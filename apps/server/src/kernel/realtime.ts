import type { Clock } from './clock.ts'
import type { Db } from './db.ts'
import { isUuid } from './ids.ts'
import { createListener, type Listener } from './listener.ts'
import type { EventDefinition, OutboxEvent } from './outbox.ts'
import { hangBell, OUTBOX_CHANNEL } from './outbox-bell.ts'
import { RealtimeConnection, type RealtimeSocket, type Subscription } from './realtime-connection.ts'
import { currentSnapshot, decodePlace, encodePlace, eventsBetween, eventsSince } from './realtime-stream.ts'

export { CLOSE, type RealtimeSocket } from './realtime-connection.ts'

/** A kind of topic, with what of the event stream its subscribers are told. */
export interface RealtimeTopic {
  /** Where `*` stands for an id, e.g. `shop:*:orders`. */
  readonly name: string
  readonly events: readonly string[]
  /** Ids of the topics that an event belongs to. Undefined: the event's shop. */
  readonly ids: ((event: OutboxEvent) => readonly string[]) | null
  /** What subscribers receive (JSON, nothing secret); undefined tells them nothing. */
  readonly map: (event: OutboxEvent) => unknown
}

/**
 * `events`: everything that happens. `changes`: only that something happened, so that the screen is read anew with what
 * its reader may see; never what. `nothing`: may not follow.
 */
export type Hearing = 'events' | 'changes' | 'nothing'

export interface RealtimeOptions<Caller> {
  db: Db
  clock: Clock
  topics: readonly RealtimeTopic[]
  /** What the caller hears of the topic; asked at each subscription and again at every heartbeat. */
  authorise(caller: Caller, topic: { name: string; id: string }): Promise<Hearing>
  /** The process's listener; without one the hub opens a connection of its own. */
  listener?: Listener
  heartbeatMs?: number
  pollMs?: number
  maxBufferedBytes?: number
  onError?: (error: unknown) => void
}

export interface RealtimeHub<Caller> {
  start(): Promise<void>
  stop(): Promise<void>
  /** Takes over a socket that has just been opened (`ws`, or anything like it). */
  connect(socket: RealtimeSocket, caller: Caller): void
  stats(): { sockets: number; subscriptions: number }
  /** Sends what has been committed by now. For tests. */
  flush(): Promise<void>
}

const TOPIC_NAME = /^[a-z]{1,20}:\*:[a-z-]{1,40}$/

/** Declares a kind of topic. Throws a TypeError when its name is not like `shop:*:orders`. */
export function realtimeTopic(definition: {
  name: string
  events: readonly EventDefinition[]
  ids?: (event: OutboxEvent) => readonly string[]
  map: (event: OutboxEvent) => unknown
}): RealtimeTopic {
  if (!TOPIC_NAME.test(definition.name)) throw new TypeError(`Not a topic's name: ${definition.name}`)
  return Object.freeze({
    ...definition,
    ids: definition.ids ?? null,
    events: definition.events.map((event) => event.name),
  })
}

/**
 * Sends events to sockets as they are committed, in this and in all other processes. Clients send
 * `{type:'subscribe', topic, after?}`, `{type:'unsubscribe', topic}`, `{type:'ping'}`; they receive
 * `{type:'subscribed', topic, cursor}`, `{type:'event', topic, cursor, data}`, `{type:'reset', topic, cursor}` (load
 * anew: too much was missed, or something changed that the follower is not told of), `{type:'refused', topic, reason}` and `{type:'pong'}`. With the last `cursor` as
 * `after`, what was missed while away comes first, nothing twice and nothing left out.
 */
export function createRealtimeHub<Caller>(options: RealtimeOptions<Caller>): RealtimeHub<Caller> {
  return new Hub(options)
}

class Hub<Caller> implements RealtimeHub<Caller> {
  readonly #options: RealtimeOptions<Caller>
  readonly #topics: Map<string, RealtimeTopic>
  readonly #names: readonly string[]
  readonly #connections = new Set<RealtimeConnection<Caller>>()
  readonly #followers = new Map<string, Set<RealtimeConnection<Caller>>>()
  readonly #takeDown: (() => void)[] = []
  #ownListener: Listener | undefined
  #timers: NodeJS.Timeout[] = []
  /** Everything it sees has been sent to whoever follows. */
  #sent: string | undefined
  /** Reading the stream and joining it take turns, so nobody joins between an event's reading and its sending. */
  #turn: Promise<unknown> = Promise.resolve()
  #pulling = false
  #pullAgain = false

  constructor(options: RealtimeOptions<Caller>) {
    this.#options = options
    this.#topics = new Map(options.topics.map((topic) => [topic.name, topic]))
    if (this.#topics.size !== options.topics.length) throw new TypeError('Two topics have the same name')
    this.#names = [...new Set(options.topics.flatMap((topic) => topic.events))]
  }

  async start(): Promise<void> {
    const { db, listener, heartbeatMs = 30_000, pollMs = 5_000 } = this.#options
    const pull = () => this.#pullSoon()
    this.#takeDown.push(hangBell(pull))
    const heard = listener ?? createListener(db)
    if (!listener) this.#ownListener = heard
    this.#takeDown.push(await heard.listen(OUTBOX_CHANNEL, pull, pull))
    const beat = () => {
      for (const connection of this.#connections) void connection.beat().catch(this.#report)
    }
    this.#timers = [setInterval(beat, heartbeatMs), setInterval(pull, pollMs)]
    for (const timer of this.#timers) timer.unref()
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    for (const takeDown of this.#takeDown.splice(0)) takeDown()
    for (const connection of [...this.#connections]) connection.close('restart')
    await this.#turn
    await this.#ownListener?.close()
  }

  connect(socket: RealtimeSocket, caller: Caller): void {
    const connection: RealtimeConnection<Caller> = new RealtimeConnection(socket, caller, {
      maxBufferedBytes: this.#options.maxBufferedBytes ?? 1024 * 1024,
      join: (subscription) => this.#join(connection, subscription),
      leave: (topic) => this.#leave(connection, topic),
      hearing: (topic) => this.#hearing(connection, topic),
      gone: () => {
        this.#connections.delete(connection)
        for (const topic of connection.topics.keys()) this.#leave(connection, topic)
      },
      onError: this.#report,
    })
    this.#connections.add(connection)
  }

  stats(): { sockets: number; subscriptions: number } {
    let subscriptions = 0
    for (const followers of this.#followers.values()) subscriptions += followers.size
    return { sockets: this.#connections.size, subscriptions }
  }

  async flush(): Promise<void> {
    await this.#inTurn(() => this.#pull())
  }

  readonly #report = (error: unknown): void => this.#options.onError?.(error)

  /** Splits `shop:<id>:orders` into a kind of topic and an id. */
  #parse(topic: string): { kind: RealtimeTopic; id: string } | undefined {
    const [group, id, ...rest] = topic.split(':')
    const kind = this.#topics.get(`${group}:*:${rest.join(':')}`)
    return kind && id !== undefined && isUuid(id) ? { kind, id } : undefined
  }

  async #hearing(connection: RealtimeConnection<Caller>, topic: string): Promise<Hearing> {
    const parsed = this.#parse(topic)
    if (parsed === undefined) return 'nothing'
    return this.#options.authorise(connection.caller, { name: parsed.kind.name, id: parsed.id })
  }

  async #join(connection: RealtimeConnection<Caller>, { topic, after }: Subscription): Promise<void> {
    await this.#inTurn(async () => {
      this.#sent ??= await currentSnapshot(this.#options.db)
      const here = { settled: this.#sent, target: this.#sent, seq: 0 }
      const cursor = encodePlace(here)
      const { kind, id } = this.#parse(topic)!
      const place = after === undefined ? here : decodePlace(after)
      const missed =
        after === undefined
          ? []
          : place &&
            (await eventsBetween(this.#options.db, place, this.#sent, kind.events, kind.ids === null ? id : null))
      // Who hears of changes only reads anew after having been away, whether there was one or not.
      if (missed === undefined || (after !== undefined && connection.topics.get(topic) === 'changes'))
        connection.send({ type: 'reset', topic, cursor })
      else {
        for (const event of missed)
          if (idsOf(kind, event).includes(id)) this.#tell([connection], kind, topic, event, event.cursor)
        connection.send({ type: 'subscribed', topic, cursor })
      }
      const followers = this.#followers.get(topic) ?? new Set()
      this.#followers.set(topic, followers.add(connection))
    })
  }

  #leave(connection: RealtimeConnection<Caller>, topic: string): void {
    const followers = this.#followers.get(topic)
    followers?.delete(connection)
    if (followers?.size === 0) this.#followers.delete(topic)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work)
    this.#turn = mine.catch(() => {})
    return mine
  }

  /** Many commits while one reading is under way bring about one more reading. */
  #pullSoon(): void {
    this.#pullAgain = true
    if (this.#pulling) return
    this.#pulling = true
    const run = async () => {
      try {
        while (this.#pullAgain) {
          this.#pullAgain = false
          await this.#inTurn(() => this.#pull())
        }
      } catch (error) {
        this.#report(error)
      } finally {
        this.#pulling = false
      }
    }
    void run()
  }

  async #pull(): Promise<void> {
    if (this.#followers.size === 0) {
      // Nobody follows: whoever comes next begins with what is there then.
      this.#sent = undefined
      return
    }
    this.#sent ??= await currentSnapshot(this.#options.db)
    const settled = this.#sent
    const { target, events, complete } = await eventsSince(this.#options.db, settled, this.#names)
    const changed = new Set<string>()
    for (const event of events) {
      const cursor = encodePlace({ settled, target, seq: event.seq })
      for (const kind of this.#topics.values()) {
        if (!kind.events.includes(event.name)) continue
        for (const id of idsOf(kind, event)) {
          const topic = kind.name.replace('*', id)
          const followers = this.#followers.get(topic)
          if (!followers) continue
          changed.add(topic)
          this.#tell(hearing(followers, topic, 'events'), kind, topic, event, cursor)
        }
      }
    }
    this.#sent = target
    if (!complete) this.#reset(target, [...this.#followers.keys()])
    else this.#reset(target, changed, 'changes')
  }

  #tell(
    connections: Iterable<RealtimeConnection<Caller>>,
    kind: RealtimeTopic,
    topic: string,
    event: OutboxEvent,
    cursor: string,
  ): void {
    try {
      const data = kind.map(event)
      if (data === undefined) return
      const text = JSON.stringify({ type: 'event', topic, cursor, data })
      for (const connection of [...connections]) connection.sendText(text)
    } catch (error) {
      this.#report(error)
    }
  }

  /** Has followers load anew: all of them, or those who hear of changes only. */
  #reset(settled: string, topics: Iterable<string>, only?: Hearing): void {
    const cursor = encodePlace({ settled, target: settled, seq: 0 })
    for (const topic of topics) {
      const followers = this.#followers.get(topic) ?? []
      const told = only === undefined ? [...followers] : hearing(followers, topic, only)
      for (const connection of told) connection.send({ type: 'reset', topic, cursor })
    }
  }
}

const idsOf = (kind: RealtimeTopic, event: OutboxEvent): readonly string[] =>
  kind.ids === null ? [event.shopId] : kind.ids(event)

const hearing = <Caller>(
  followers: Iterable<RealtimeConnection<Caller>>,
  topic: string,
  wanted: Hearing,
): RealtimeConnection<Caller>[] => [...followers].filter((connection) => connection.topics.get(topic) === wanted)
