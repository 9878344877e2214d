import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { type Admission, type AdmissionOptions, createAdmission, Gate } from './admission.ts'
import { buildHttp } from './server.ts'
import { closeSlowReaders } from './slow-readers.ts'
import { WaitingRoom } from './waiting-room.ts'

let app: FastifyInstance | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

const FREE = { perSecond: 1e6, burst: 1e6 }

/** A server whose answers come when they are let go, with room for two of each class. */
async function open(more: Partial<AdmissionOptions> = {}) {
  const room = { targetMs: 1_000, least: 1, most: 2 }
  const admission: Admission = createAdmission({
    secret: 'a secret of this test',
    ticks: () => performance.now(),
    millis: () => Date.now(),
    perAddress: FREE,
    ordersPerBuyer: FREE,
    classes: { orders: room, reads: room, console: room, pages: room, pay: room },
    ...more,
  })
  const http = await buildHttp({
    logger: pino({ level: 'silent' }),
    https: false,
    trustedOrigins: [],
    trustedProxies: 'loopback',
    admission,
  })
  app = http
  let go = Promise.withResolvers<void>()
  const wait = async () => {
    await go.promise
    return { ok: true }
  }
  http.post('/order', { config: { admission: 'orders' } }, async (request) => {
    const buyerId = request.headers['x-buyer']
    if (typeof buyerId === 'string') await admission.limitOrders(request, buyerId)
    return wait()
  })
  http.post('/notify', { config: { admission: 'vital' } }, async () => ({ ok: true }))
  http.get('/read', { config: { admission: 'reads' } }, wait)
  http.get('/page', async (_request, reply) => {
    await go.promise
    return reply.type('text/html').send('<h1>shop</h1>')
  })
  http.get('/big', async (_request, reply) => reply.send(Buffer.alloc(32 * 1024 * 1024, 'x')))
  await http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = http.server.address() as { port: number }
  const url = `http://127.0.0.1:${port}`
  return {
    port,
    admission,
    letGo() {
      go.resolve()
      go = Promise.withResolvers()
    },
    ask: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers }),
    post: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { method: 'POST', headers }),
    inside: async (name: string, count: number) => {
      while (admission.stats().find((each) => each.name === name)!.inside !== count) await delay(5)
    },
  }
}

test('ORD-02 beyond what fits inside buyers are refused at once in words, each told another time; notifications never are', async () => {
  const { post, ask, letGo, inside } = await open()
  const first = [post('/order'), post('/order')]
  await inside('orders', 2)
  const refused = await Promise.all(Array.from({ length: 40 }, () => post('/order')))
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]))
  expect(await refused[0]!.json()).toMatchObject({ error: { code: 'BUSY', message: '当前人多拥挤，请稍后重试' } })
  const waits = new Set(refused.map((each) => Number(each.headers.get('retry-after'))))
  expect(waits.size).toBeGreaterThan(1)
  expect(Math.max(...waits)).toBeLessThanOrEqual(5)
  // Another class has its own room, and a payment's notification needs none.
  const read = ask('/read')
  expect((await post('/notify')).status).toBe(200)
  await inside('reads', 1)
  letGo()
  expect((await Promise.all([...first, read])).map(({ status }) => status)).toEqual([200, 200, 200])
  await inside('orders', 0)
})

test('ORD-02 a caller who goes away makes room', async () => {
  const { port, inside } = await open()
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /order HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n')
  await inside('orders', 1)
  socket.destroy()
  await inside('orders', 0)
})

test('ORD-02 while answers take longer than their target fewer are let in, and again more once they do not', () => {
  const gate = new Gate({ targetMs: 100, least: 2, most: 8 })
  const window = (elapsedMs: number, lateMs = 0) => {
    let inside = 0
    while (gate.enter()) inside++
    for (let i = 0; i < inside; i++) gate.leave(elapsedMs)
    gate.follow(lateMs)
    return inside
  }
  expect(window(99)).toBe(8)
  expect([window(150), window(150), window(150)]).toEqual([8, 6, 5])
  for (let i = 0; i < 9; i++) window(150)
  expect(gate.limit).toBe(2)
  // A process that is late itself counts as slow, however quick each answer seems.
  expect(window(1, 200)).toBe(2)
  expect(gate.limit).toBe(2)
  for (let i = 0; i < 9; i++) window(50)
  expect(gate.limit).toBe(8)
  expect(gate.refused).toBeGreaterThan(0)
})

test('SYS-03 one address and one buyer have only so many requests; those of others are answered', async () => {
  const { ask, post, letGo, inside } = await open({
    perAddress: { perSecond: 1, burst: 3 },
    ordersPerBuyer: { perSecond: 1, burst: 1 },
    classes: {},
  })
  const from = (ip: string) => ask('/nothing', { 'x-forwarded-for': ip }).then(({ status }) => status)
  expect(await Promise.all([1, 2, 3, 4, 5].map(() => from('203.0.113.7')))).toEqual(
    expect.arrayContaining([404, 404, 404, 429, 429]),
  )
  expect(await from('203.0.113.8')).toBe(404)
  const mine = { 'x-buyer': 'one', 'x-forwarded-for': '203.0.113.9' }
  const order = post('/order', mine)
  await inside('orders', 1)
  const again = await post('/order', { ...mine, 'x-forwarded-for': '203.0.113.11' })
  expect([again.status, again.headers.get('retry-after')]).toEqual([429, '1'])
  const theirs = post('/order', { 'x-buyer': 'another', 'x-forwarded-for': '203.0.113.10' })
  await inside('orders', 2)
  letGo()
  expect((await Promise.all([order, theirs])).map(({ status }) => status)).toEqual([200, 200])
})

test('UX-01 a page that cannot be had is a queue that comes back by itself and keeps the visitor’s place', async () => {
  const { ask, letGo, inside, admission } = await open()
  const html = { accept: 'text/html' }
  const first = [ask('/page', html), ask('/page', html)]
  await inside('pages', 2)
  const wait = await ask('/page', html)
  expect([wait.status, wait.headers.get('cache-control')]).toEqual([503, 'no-store'])
  const text = await wait.text()
  expect(text).toContain('正在为您排队')
  expect(text).toMatch(/<meta http-equiv="refresh" content="\d+">/)
  expect(text).not.toMatch(/<script|<link|<img/)
  const cookie = wait.headers.get('set-cookie')!.split(';')[0]!
  const behind = await ask('/page', html)
  expect(await behind.text()).toContain('前面约有 <b>1</b> 人')
  // The same place again, not a new one; a forged one is nobody's.
  const again = await ask('/page', { ...html, cookie })
  expect(again.headers.get('set-cookie')!.split(';')[0]).toBe(cookie)
  const forged = await ask('/page', {
    ...html,
    cookie: 'zg_wait=1000000000000.1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  })
  expect(forged.status).toBe(503)
  letGo()
  await Promise.all(first)
  await delay(150)
  const mine = ask('/page', { ...html, cookie })
  await inside('pages', 1)
  letGo()
  expect((await mine).status).toBe(200)
  admission.drain()
  const closing = await ask('/page', html)
  expect([closing.status, closing.headers.get('connection')]).toEqual([503, 'close'])
})

test('UX-01 the queue serves in the order of coming, honours places of other processes, and no place is given twice', () => {
  let now = 1_000
  const room = new WaitingRoom(() => now)
  const places = [room.join(), room.join(), room.join()]
  expect(new Set(places).size).toBe(3)
  now = 500
  expect(room.join()).toBeGreaterThan(places[2]!)
  expect(places.map((at) => [room.ahead(at), room.isServed(at)])).toEqual([
    [0, false],
    [1, false],
    [2, false],
  ])
  expect(room.isServed(places[0]! - 10)).toBe(true)
  room.serve(2)
  expect(places.map((at) => room.isServed(at))).toEqual([true, true, false])
  room.serve(9)
  expect(room.isServed(99_999)).toBe(true)
})

test('SYS-03 who does not take an answer is closed, and it is kept for nobody', async () => {
  const { port } = await open()
  closeSlowReaders(app!.server, { checkMs: 100, leastBytes: 1_000 })
  const socket = connect(port, '127.0.0.1')
  socket.pause()
  socket.write('GET /big HTTP/1.1\r\nhost: x\r\n\r\n')
  socket.on('error', () => {})
  const closed = once(app!.server, 'connection').then(([theirs]) => once(theirs as NodeJS.EventEmitter, 'close'))
  await Promise.race([closed, delay(5_000).then(() => Promise.reject(new Error('still open')))])
  socket.destroy()
})

test('SYS-03 who never ends their headers is closed', async () => {
  const { port } = await open()
  app!.server.headersTimeout = 200
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /read HTTP/1.1\r\nhost: x\r\nx-slow: ')
  const closed = once(socket, 'close')
  socket.resume()
  await Promise.race([closed, delay(4_000).then(() => Promise.reject(new Error('still open')))])
})
