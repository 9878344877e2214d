import { expect, test } from 'vitest'
import { followTopic, type Socket } from './live.ts'

const TOPIC = 'shop:1:orders'

class FakeSocket implements Socket {
  sent: unknown[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.drop(1000)
  }
  drop(code = 1006) {
    this.onclose?.({ code })
  }
  tell(message: object) {
    this.onmessage?.({ data: JSON.stringify({ topic: TOPIC, ...message }) })
  }
  event(cursor: string) {
    this.tell({ type: 'event', cursor, data: cursor })
  }
}

function follow() {
  const sockets: FakeSocket[] = []
  const told: unknown[] = []
  const states: boolean[] = []
  const waiting: { work: () => void; ms: number }[] = []
  const stop = followTopic({
    open: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    topic: TOPIC,
    onEvent: (data) => told.push(data),
    onReset: () => told.push('reset'),
    onState: (state) => states.push(state),
    later: (work, ms) => {
      const entry = { work, ms }
      waiting.push(entry)
      return () => waiting.splice(waiting.indexOf(entry), 1)
    },
    random: () => 1,
  })
  return { sockets, told, states, waiting, stop }
}

test('after a break it goes on behind the last cursor it was given', () => {
  const live = follow()
  live.sockets[0]!.onopen!()
  expect(live.sockets[0]!.sent).toEqual([{ type: 'subscribe', topic: TOPIC }])
  live.sockets[0]!.tell({ type: 'subscribed', cursor: '6' })
  live.sockets[0]!.event('7')
  live.sockets[0]!.drop()
  live.waiting.shift()!.work()
  live.sockets[1]!.onopen!()
  expect(live.sockets[1]!.sent).toEqual([{ type: 'subscribe', topic: TOPIC, after: '7' }])
  live.sockets[1]!.event('7')
  live.sockets[1]!.event('8')
  live.sockets[1]!.tell({ type: 'subscribed', cursor: '8' })
  expect(live.told).toEqual(['7', '8'])
  expect(live.states).toEqual([true, false, true])
})

test('a break before the first event still goes on from where it subscribed', () => {
  const live = follow()
  live.sockets[0]!.tell({ type: 'subscribed', cursor: '6' })
  live.sockets[0]!.drop()
  live.waiting.shift()!.work()
  live.sockets[1]!.onopen!()
  expect(live.sockets[1]!.sent).toEqual([{ type: 'subscribe', topic: TOPIC, after: '6' }])
})

test('when too much was missed the screen is loaded anew', () => {
  const live = follow()
  live.sockets[0]!.tell({ type: 'reset', cursor: '99' })
  live.sockets[0]!.event('100')
  expect(live.told).toEqual(['reset', '100'])
})

test('it waits longer each time nobody answers, and starts over once it has been connected', () => {
  const live = follow()
  const waits: number[] = []
  for (let round = 0; round < 3; round++) {
    live.sockets.at(-1)!.drop()
    const next = live.waiting.shift()!
    waits.push(next.ms)
    next.work()
  }
  live.sockets.at(-1)!.tell({ type: 'subscribed', cursor: '1' })
  live.sockets.at(-1)!.drop()
  waits.push(live.waiting.shift()!.ms)
  expect(waits).toEqual([500, 1000, 2000, 500])
})

test('a refusal for want of permission is final, one for want of strength is not', () => {
  const forbidden = follow()
  forbidden.sockets[0]!.tell({ type: 'refused', reason: 'forbidden' })
  expect(forbidden.waiting).toEqual([])
  const unavailable = follow()
  unavailable.sockets[0]!.tell({ type: 'refused', reason: 'unavailable' })
  expect(unavailable.waiting).toHaveLength(1)
})

test('messages of other topics and junk are passed over', () => {
  const live = follow()
  live.sockets[0]!.tell({ type: 'event', topic: 'shop:2:orders', cursor: '1' })
  for (const data of ['not json', '{}', 'null', 5]) live.sockets[0]!.onmessage!({ data })
  expect(live.told).toEqual([])
})

test('stopping, and being closed as not understood, end it', () => {
  const stopped = follow()
  stopped.stop()
  const refused = follow()
  refused.sockets[0]!.drop(1008)
  expect([stopped.waiting, refused.waiting]).toEqual([[], []])
})
