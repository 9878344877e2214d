import { EventBatch, TrackedEvent } from '@zhanggui/contract'
import { describe, expect, test } from 'vitest'
import { createTracker, type TrackerStorage, uuidv7 } from './index.ts'

const SHOP = '01890a5d-ac96-774b-bcce-b302099a8057'
const PRODUCT = '01890a5d-ac96-774b-bcce-b302099a8058'

/** A clock that only moves when told; timers fire as it passes them. */
function movedClock(startMs = 1_790_000_000_000) {
  let nowMs = startMs
  let timers: { at: number; work: () => void }[] = []
  return {
    now: () => nowMs,
    schedule: (work: () => void, delayMs: number) => {
      const timer = { at: nowMs + delayMs, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    async advance(ms: number) {
      nowMs += ms
      const due = timers.filter((timer) => timer.at <= nowMs)
      timers = timers.filter((timer) => timer.at > nowMs)
      for (const timer of due) timer.work()
      await settled()
    },
  }
}

const settled = () => new Promise((done) => setImmediate(done))

function memory(): TrackerStorage & { data: Map<string, string> } {
  const data = new Map<string, string>()
  return { data, get: (key) => data.get(key) ?? null, set: (key, value) => void data.set(key, value) }
}

function setUp(answer: () => Promise<boolean> = async () => true, storage = memory()) {
  const clock = movedClock()
  const sent: { batch: EventBatch; leaving: boolean }[] = []
  const tracker = createTracker({
    shopId: SHOP,
    platform: 'h5',
    storage,
    now: clock.now,
    schedule: clock.schedule,
    transport: async (batch, leaving) => {
      sent.push({ batch: structuredClone(batch), leaving })
      return answer()
    },
  })
  return { tracker, sent, clock, storage }
}

const names = (batch: EventBatch) => batch.events.map((event) => (event as TrackedEvent).name)

describe('tracker', () => {
  test('DAT-01 ids are UUIDv7 and sort by time', () => {
    const first = uuidv7(1_790_000_000_000)
    const second = uuidv7(1_790_000_000_001)
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(first < second).toBe(true)
    expect(Number.parseInt(first.replace('-', '').slice(0, 12), 16)).toBe(1_790_000_000_000)
  })

  test('DAT-01 events wait three seconds and go in one batch that the contract accepts', async () => {
    const { tracker, sent, clock } = setUp()
    tracker.track({ name: 'page', page: 'home' })
    tracker.track({ name: 'exposure', page: 'home', productId: PRODUCT, position: 3, list: 'home' })
    tracker.track({ name: 'search', q: '手冲咖啡', results: 12 })
    await clock.advance(2_999)
    expect(sent).toHaveLength(0)
    await clock.advance(1)
    expect(sent).toHaveLength(1)
    const batch = EventBatch.parse(sent[0]!.batch)
    expect(batch.events.map((event) => TrackedEvent.parse(event).name)).toEqual(['page', 'exposure', 'search'])
    expect(batch.sentAt).toBe(clock.now())
  })

  test('DAT-01 twenty events are sent at once, more in several batches', async () => {
    const { tracker, sent } = setUp()
    for (let i = 0; i < 45; i++) tracker.track({ name: 'click', page: 'home', target: `card-${i}` })
    await settled()
    expect(sent.map(({ batch }) => batch.events.length)).toEqual([20, 20, 5])
  })

  test('DAT-01 hiding the page sends what waits with a transport that survives it', async () => {
    const { tracker, sent } = setUp()
    tracker.track({ name: 'page', page: 'detail', productId: PRODUCT })
    await tracker.flush(true)
    expect(sent).toMatchObject([{ leaving: true }])
  })

  test('DAT-01 a failed batch is retried later with growing delays, the same ids, and nothing lost', async () => {
    let isUp = false
    const { tracker, sent, clock } = setUp(async () => isUp)
    tracker.track({ name: 'page', page: 'home' })
    await clock.advance(3_000)
    await clock.advance(5_000)
    expect(sent).toHaveLength(2)
    await clock.advance(9_999)
    expect(sent).toHaveLength(2)
    isUp = true
    await clock.advance(1)
    expect(sent).toHaveLength(3)
    const ids = sent.map(({ batch }) => (batch.events[0] as TrackedEvent).id)
    expect(new Set(ids).size).toBe(1)
    await clock.advance(600_000)
    expect(sent).toHaveLength(3)
  })

  test('DAT-01 a transport that throws counts as a failure', async () => {
    const { tracker, sent, clock } = setUp(() => Promise.reject(new Error('offline')))
    tracker.track({ name: 'page', page: 'home' })
    await clock.advance(3_000)
    await clock.advance(5_000)
    expect(sent).toHaveLength(2)
  })

  test('DAT-01 the queue is bounded, keeps the newest and survives a reload', async () => {
    const storage = memory()
    const first = setUp(async () => false, storage)
    for (let i = 0; i < 230; i++) first.tracker.track({ name: 'click', page: 'home', target: `t${i}` })
    await settled()
    const second = setUp(async () => true, storage)
    await second.clock.advance(3_000)
    await settled()
    const targets = second.sent.flatMap(({ batch }) =>
      batch.events.map((event) => (event as { target: string }).target),
    )
    expect(targets).toHaveLength(200)
    expect(targets[0]).toBe('t30')
    expect(targets.at(-1)).toBe('t229')
  })

  test('DAT-01 the device keeps its id; a visit ends after half an hour of silence', async () => {
    const { tracker, sent, clock } = setUp()
    const visitAfter = async (ms: number) => {
      await clock.advance(ms)
      tracker.track({ name: 'page', page: 'home' })
      await tracker.flush()
      return sent.at(-1)!.batch
    }
    const first = await visitAfter(0)
    const second = await visitAfter(29 * 60_000)
    const third = await visitAfter(31 * 60_000)
    expect(second.sessionId).toBe(first.sessionId)
    expect(third.sessionId).not.toBe(second.sessionId)
    expect(third.deviceId).toBe(first.deviceId)
  })

  test('DAT-01 broken storage is forgotten', async () => {
    const storage = memory()
    storage.set(`zg.events.${SHOP}`, '{not json')
    storage.set('zg.session', '"x"')
    const { tracker, sent, clock } = setUp(async () => true, storage)
    tracker.track({ name: 'page', page: 'home' })
    await clock.advance(3_000)
    expect(names(sent[0]!.batch)).toEqual(['page'])
  })
})
