import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from './clock.ts'
import { Db, sql } from './db.ts'
import { newId } from './ids.ts'
import { defineEvent, emit } from './outbox.ts'
import { announceEvents } from './outbox-bell.ts'
import {
  createRealtimeHub,
  type Hearing,
  type RealtimeHub,
  type RealtimeOptions,
  type RealtimeSocket,
  realtimeTopic,
} from './realtime.ts'
import { createRedisNotifications } from './redis.ts'

type Caller = { shops: string[] }
type Received = { type: string; topic?: string; cursor?: string; data?: { n: number }; reason?: string }

const placed = defineEvent({
  name: 'test.placed',
  version: 1,
  payload: z.object({ n: z.int(), buyerId: z.uuid().optional() }),
})
const hidden = defineEvent({ name: 'test.hidden', version: 1, payload: z.object({ n: z.int() }) })
const topics = [
  realtimeTopic({
    name: 'shop:*:orders',
    events: [placed],
    map: (event) => ({ n: (event.payload as { n: number }).n }),
  }),
  realtimeTopic({
    name: 'buyer:*:orders',
    events: [placed],
    ids: (event) => [(event.payload as { buyerId?: string }).buyerId ?? ''],
    map: (event) => ({ n: (event.payload as { n: number }).n }),
  }),
]

let database: TestDatabase
let db: Db
let shopId: string
const clock = new TestClock()
const cleanUp: (() => Promise<unknown> | unknown)[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 8 })
})
beforeEach(() => {
  shopId = newId()
})
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

async function startHub(
  options: Partial<RealtimeOptions<Caller>> = {},
): Promise<{ hub: RealtimeHub<Caller>; url: string }> {
  const hub = createRealtimeHub<Caller>({
    db,
    clock,
    topics,
    authorise: async (caller, topic) => (caller.shops.includes(topic.id) ? 'events' : 'nothing'),
    pollMs: 600_000,
    ...options,
  })
  await hub.start()
  const server: FastifyInstance = Fastify()
  await server.register(websocket)
  server.get<{ Querystring: { shops: string } }>('/realtime', { websocket: true }, (socket, request) =>
    hub.connect(socket as RealtimeSocket, { shops: request.query.shops.split(',') }),
  )
  await server.listen({ port: 0, host: '127.0.0.1' })
  cleanUp.push(async () => {
    await hub.stop()
    await server.close()
  })
  return { hub, url: `ws://127.0.0.1:${(server.server.address() as AddressInfo).port}/realtime` }
}

class Client {
  readonly received: Received[] = []
  closed: number | undefined
  readonly #socket: WebSocket

  constructor(url: string, shops: string[]) {
    this.#socket = new WebSocket(`${url}?shops=${shops.join(',')}`)
    this.#socket.addEventListener('message', ({ data }) => this.received.push(JSON.parse(String(data)) as Received))
    this.#socket.addEventListener('close', ({ code }) => {
      this.closed = code
    })
    cleanUp.push(() => this.close())
  }

  async send(message: unknown): Promise<void> {
    await expect.poll(() => this.#socket.readyState).toBe(1)
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  async subscribe(topic: string, after?: string): Promise<Received> {
    const before = this.received.length
    await this.send({ type: 'subscribe', topic, ...(after === undefined ? {} : { after }) })
    const answer = () => this.received.slice(before).find((one) => one.topic === topic && one.type !== 'event')
    await expect.poll(answer).toBeDefined()
    return answer()!
  }

  get numbers(): number[] {
    return this.received.filter((one) => one.type === 'event').map((one) => one.data!.n)
  }

  get lastCursor(): string {
    return this.received.findLast((one) => one.cursor !== undefined)!.cursor!
  }

  close(): void {
    this.#socket.close()
  }
}

const place = (n: number, more: { shop?: string; buyerId?: string } = {}) =>
  db.tx({ shopId: more.shop ?? shopId }, (tx) =>
    emit(tx, placed, {
      shopId: more.shop ?? shopId,
      aggregate: 'order',
      aggregateId: newId(),
      payload: { n, ...(more.buyerId ? { buyerId: more.buyerId } : {}) },
      occurredAt: clock.instant(),
    }),
  )

test('SYS-03 a committed event reaches those who follow its topic, and nobody else', async () => {
  const { url } = await startHub()
  const other = newId()
  const buyerId = newId()
  const [mine, theirs, buyer] = [new Client(url, [shopId]), new Client(url, [other]), new Client(url, [buyerId])]
  expect(await mine.subscribe(`shop:${shopId}:orders`)).toMatchObject({ type: 'subscribed' })
  await theirs.subscribe(`shop:${other}:orders`)
  await buyer.subscribe(`buyer:${buyerId}:orders`)
  await place(1)
  await place(2, { shop: other })
  await place(3, { buyerId })
  await db.tx({ shopId }, (tx) =>
    emit(tx, hidden, { shopId, aggregate: 'x', aggregateId: newId(), payload: { n: 9 }, occurredAt: clock.instant() }),
  )
  await expect.poll(() => mine.numbers).toEqual([1, 3])
  await expect.poll(() => theirs.numbers).toEqual([2])
  await expect.poll(() => buyer.numbers).toEqual([3])
  await mine.send({ type: 'unsubscribe', topic: `shop:${shopId}:orders` })
  await mine.send({ type: 'ping' })
  await expect.poll(() => mine.received.at(-1)?.type).toBe('pong')
  await place(4)
  await place(5, { shop: other })
  await expect.poll(() => theirs.numbers).toEqual([2, 5])
  expect(mine.numbers).toEqual([1, 3])
})

test('ACC-05 a topic that the caller may not follow, that does not exist or has no id is refused', async () => {
  const { url, hub } = await startHub()
  const client = new Client(url, [shopId])
  for (const topic of [
    `shop:${newId()}:orders`,
    `shop:${shopId}:secrets`,
    'shop:*:orders',
    'x',
    `buyer:${newId()}:orders`,
  ])
    expect(await client.subscribe(topic), topic).toMatchObject({ type: 'refused', reason: 'forbidden' })
  expect(hub.stats()).toEqual({ sockets: 1, subscriptions: 0 })
})

test('ACC-05 who loses the right to a topic stops hearing of it at the next heartbeat', async () => {
  let hearing: Hearing = 'events'
  const { url, hub } = await startHub({ heartbeatMs: 50, authorise: async () => hearing })
  const client = new Client(url, [shopId])
  await client.subscribe(`shop:${shopId}:orders`)
  hearing = 'nothing'
  await expect.poll(() => client.received.at(-1)).toMatchObject({ type: 'refused', reason: 'forbidden' })
  expect(hub.stats().subscriptions).toBe(0)
})

test('ACC-05 who sees a part of the shop hears that something changed, never what', async () => {
  let ofPart: Hearing = 'changes'
  const { url, hub } = await startHub({
    heartbeatMs: 50,
    authorise: async ({ shops }) => (shops.includes('part') ? ofPart : 'events'),
  })
  const topic = `shop:${shopId}:orders`
  const [whole, part] = [new Client(url, [shopId]), new Client(url, ['part'])]
  await whole.subscribe(topic)
  const { cursor } = await part.subscribe(topic)
  await place(1, { shop: newId() })
  await hub.flush()
  expect(part.received.map(({ type }) => type)).toEqual(['subscribed'])
  await place(2)
  await expect.poll(() => whole.numbers).toEqual([2])
  await expect.poll(() => part.received.at(-1)?.type).toBe('reset')
  expect(Object.keys(part.received.at(-1)!).sort()).toEqual(['cursor', 'topic', 'type'])

  const again = new Client(url, ['part'])
  expect(await again.subscribe(topic, cursor)).toMatchObject({ type: 'reset' })
  await place(3)
  await expect.poll(() => again.received.filter(({ type }) => type === 'reset')).toHaveLength(2)
  expect([...part.numbers, ...again.numbers]).toEqual([])

  ofPart = 'events'
  const placedAgain = async () => {
    await place(4)
    return part.numbers
  }
  await expect.poll(placedAgain).toContain(4)
})

test('SYS-03 a client that was away receives what it missed, once and in order, from any process', async () => {
  const first = await startHub()
  const second = await startHub()
  const topic = `shop:${shopId}:orders`
  const before = new Client(first.url, [shopId])
  const { cursor: start } = await before.subscribe(topic)
  for (let n = 1; n <= 3; n++) await place(n)
  await expect.poll(() => before.numbers).toEqual([1, 2, 3])
  const cursors = before.received.filter((one) => one.type === 'event').map((one) => one.cursor!)
  before.close()
  for (let n = 4; n <= 6; n++) await place(n, n === 5 ? { shop: newId() } : {})
  for (const [after, expected] of [
    [start!, [1, 2, 3, 4, 6]],
    [cursors[0]!, [2, 3, 4, 6]],
    [cursors[2]!, [4, 6]],
  ] as const) {
    const client = new Client(second.url, [shopId])
    expect(await client.subscribe(topic, after)).toMatchObject({ type: 'subscribed' })
    expect(client.numbers).toEqual(expected)
    const middle = client.received.find((one) => one.type === 'event')!.cursor!
    const again = new Client(first.url, [shopId])
    await again.subscribe(topic, middle)
    expect(again.numbers).toEqual(expected.slice(1))
  }
})

test('SYS-03 clients that come and go while many write miss nothing and hear nothing twice', async () => {
  const { url } = await startHub()
  const topic = `shop:${shopId}:orders`
  const first = new Client(url, [shopId])
  await first.subscribe(topic)
  const total = 120
  const writing = Promise.all(
    [0, 1, 2].map(async (writer) => {
      for (let n = writer; n < total; n += 3)
        await db.tx({ shopId }, async (tx) => {
          await emit(tx, placed, {
            shopId,
            aggregate: 'order',
            aggregateId: newId(),
            payload: { n },
            occurredAt: clock.instant(),
          })
          if (n % 7 === 0) await tx.rows(sql`select pg_sleep(0.02)`)
        })
    }),
  )
  const heard: number[] = []
  let client = first
  let done = false
  void writing.then(() => {
    done = true
  })
  while (!done || heard.length + client.numbers.length < total) {
    await new Promise((resolve) => setTimeout(resolve, 15))
    const cursor = client.lastCursor
    heard.push(...client.numbers)
    client.received.length = 0
    client.close()
    const next = new Client(url, [shopId])
    await next.subscribe(topic, cursor)
    client = next
    if (heard.length > total) break
  }
  heard.push(...client.numbers)
  expect(heard.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, n) => n))
})

test('SYS-03 events of another process arrive by NOTIFY, without Redis', async () => {
  const { url } = await startHub()
  const client = new Client(url, [shopId])
  await client.subscribe(`shop:${shopId}:orders`)
  await db.tx('system', async (tx) => {
    await tx.exec(sql`insert into outbox_events (shop_id, id, aggregate, aggregate_id, name, version, payload, occurred_at)
      values (${shopId}, ${newId()}, 'order', ${newId()}, 'test.placed', 1, '{"n": 1}', now())`)
    await tx.rows(sql`select pg_notify('zhanggui_outbox', 'test.placed')`)
  })
  await expect.poll(() => client.numbers).toEqual([1])
})

test('SYS-03 a cursor that is damaged, forged or of another database leads to a reset, never to an error', async () => {
  const { url } = await startHub()
  const topic = `shop:${shopId}:orders`
  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const after of [
    'x',
    forged({}),
    forged(['9:1:', '', 0]),
    forged(['99999999:99999999:', '', 0]),
    forged(['1:1:', '', -1]),
  ]) {
    const client = new Client(url, [shopId])
    const answer = await client.subscribe(topic, after)
    expect(answer.type, after).toBe('reset')
    await place(7)
    await expect.poll(() => client.numbers).toEqual([7])
  }
})

test('SYS-03 what is not understood closes the socket', async () => {
  const { url } = await startHub()
  for (const bad of [
    '{',
    '{"type":"what"}',
    JSON.stringify({ type: 'subscribe', topic: 'x'.repeat(200) }),
    'x'.repeat(20_000),
  ]) {
    const client = new Client(url, [shopId])
    await client.send(bad)
    await expect.poll(() => client.closed).toBe(1008)
  }
})

class FakeSocket extends EventEmitter implements RealtimeSocket {
  bufferedAmount = 0
  readonly sent: Received[] = []
  closedWith: number | undefined
  terminated = false
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Received)
  }
  close(code: number): void {
    this.closedWith = code
  }
  terminate(): void {
    this.terminated = true
  }
  readonly #answers: boolean
  constructor(answers: boolean) {
    super()
    this.#answers = answers
  }
  ping(): void {
    if (this.#answers) this.emit('pong')
  }
}

test('SYS-03 a consumer that is too slow is disconnected and resumes without loss; one that is gone is dropped', async () => {
  const { hub, url } = await startHub({ maxBufferedBytes: 100, heartbeatMs: 40 })
  const slow = new FakeSocket(true)
  hub.connect(slow, { shops: [shopId] })
  slow.emit('message', JSON.stringify({ type: 'subscribe', topic: `shop:${shopId}:orders` }), false)
  await expect.poll(() => slow.sent.length).toBe(1)
  await place(1)
  await expect.poll(() => slow.sent.length).toBe(2)
  slow.bufferedAmount = 101
  await place(2)
  await expect.poll(() => slow.closedWith).toBe(4001)
  const resumed = new Client(url, [shopId])
  await resumed.subscribe(`shop:${shopId}:orders`, slow.sent[1]!.cursor)
  expect(resumed.numbers).toEqual([2])
  const gone = new FakeSocket(false)
  hub.connect(gone, { shops: [] })
  await expect.poll(() => gone.terminated).toBe(true)
  await expect.poll(() => hub.stats().sockets).toBe(1)
})

/** The part of Redis that notifications use: SUBSCRIBE and PUBLISH in its own protocol. */
function pubSubServer(): Promise<Server> {
  const followers = new Map<string, Set<Socket>>()
  const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        const parts = command.split('\r\n').filter((_, index) => index > 0 && index % 2 === 0)
        const [name, channel = '', text = ''] = parts
        if (name?.toLowerCase() === 'subscribe') {
          followers.set(channel, (followers.get(channel) ?? new Set()).add(socket))
          socket.write(`>3\r\n${bulk('subscribe')}${bulk(channel)}:1\r\n`)
        } else if (name?.toLowerCase() === 'publish') {
          for (const follower of followers.get(channel) ?? [])
            follower.write(`>3\r\n${bulk('message')}${bulk(channel)}${bulk(text)}`)
          socket.write(':1\r\n')
        } else if (name?.toLowerCase() === 'info') socket.write(bulk('redis_version:8.0.0\r\nloading:0'))
        else if (name?.toLowerCase() === 'hello') socket.write(`%1\r\n${bulk('proto')}:3\r\n`)
        else socket.write('+OK\r\n')
      }
    })
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

test('SYS-03 with Redis, announcements go that way instead', async () => {
  const server = await pubSubServer()
  const redis = createRedisNotifications(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: string[] = []
  await redis.listener.listen(
    'zhanggui_outbox',
    (payload) => heard.push(payload),
    () => {},
  )
  const announcer = announceEvents(db, { publish: redis.publish })
  cleanUp.push(async () => {
    await announcer.close()
    await redis.close()
    server.close()
  })
  await place(1)
  await expect.poll(() => heard).toEqual(['test.placed'])
})
