import { expect, test } from 'vitest'
import { TestClock } from '../kernel/clock.ts'
import { createLane, type LaneOptions } from './lane.ts'

type Command = { id: number; key?: string; tenant?: string; body?: string }

/** A lane whose batches run until they are let go. */
function openLane(options: Partial<LaneOptions<Command, string>> = {}) {
  const clock = new TestClock()
  const batches: Command[][] = []
  const gates: PromiseWithResolvers<void>[] = []
  let held = true
  const lane = createLane<Command, string>({
    name: 'test',
    clock,
    maxQueue: 4,
    maxBatch: 3,
    concurrency: 1,
    keyOf: (command) => command.key,
    sameCommand: (a, b) => a.body === b.body,
    process: async (batch) => {
      batches.push([...batch])
      if (held) {
        const gate = Promise.withResolvers<void>()
        gates.push(gate)
        await gate.promise
      }
      return batch.map(({ id }) => `done ${id}`)
    },
    ...options,
  })
  const letGo = () => {
    held = false
    for (const gate of gates.splice(0)) gate.resolve()
  }
  const submit = (...ids: number[]) => ids.map((id) => lane.submit({ id }))
  return { lane, clock, batches, letGo, submit, ids: () => batches.map((batch) => batch.map(({ id }) => id)) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const outcome = (promise: Promise<string>) =>
  promise.catch((error: { code?: string; message: string }) => error.code ?? error.message)
const outcomes = (promises: Promise<string>[]) => Promise.all(promises.map(outcome))

test('ORD-02 commands that arrive together are one batch, in order of arrival, up to its size', async () => {
  const { submit, ids, letGo, lane } = openLane()
  const first = submit(1, 2, 3, 4)
  await turn()
  const second = submit(5, 6)
  letGo()
  expect(await outcomes([...first, ...second])).toEqual([1, 2, 3, 4, 5, 6].map((id) => `done ${id}`))
  expect(ids()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ])
  expect(lane.stats()).toMatchObject({ depth: 0, accepted: 6, answered: 6, batches: 2, batchSize: { max: 3 } })
})

test('ORD-02 a full queue refuses the newcomer at once with a time to come back; those waiting are not disturbed', async () => {
  const { submit, letGo, lane } = openLane()
  const running = submit(1)
  await turn()
  const waiting = submit(2, 3, 4, 5)
  const error = await lane.submit({ id: 6 }).catch((refusal) => refusal)
  expect(error).toMatchObject({ code: 'BUSY', status: 503, details: { data: { why: 'full' } } })
  expect(error.details.retryAfterSeconds).toBeGreaterThanOrEqual(1)
  letGo()
  expect(await outcomes([...running, ...waiting])).toEqual([1, 2, 3, 4, 5].map((id) => `done ${id}`))
  expect(lane.stats()).toMatchObject({ refusedFull: 1, accepted: 5 })
})

test('ORD-02 one shop cannot fill the queue that others need', async () => {
  const { lane, letGo } = openLane({ tenantOf: (command) => command.tenant ?? '', maxPerTenant: 2 })
  const running = lane.submit({ id: 0, tenant: 'a' })
  await turn()
  const rush = [1, 2, 3].map((id) => lane.submit({ id, tenant: 'a' }))
  const other = [4, 5].map((id) => lane.submit({ id, tenant: 'b' }))
  const answers = outcomes([running, ...rush, ...other])
  letGo()
  expect(await answers).toEqual(['done 0', 'done 1', 'done 2', 'BUSY', 'done 4', 'done 5'])
  expect(await outcome(lane.submit({ id: 6, tenant: 'a' }))).toBe('done 6')
})

test('ORD-02 a rush in one shop does not make the others wait behind it: each has a share of every batch', async () => {
  const { lane, ids, letGo } = openLane({
    maxQueue: 100,
    maxPerTenant: 100,
    maxBatch: 4,
    tenantOf: ({ tenant = '' }) => tenant,
  })
  const submit = (tenant: string, ...all: number[]) => all.map((id) => lane.submit({ id, tenant }))
  const answers = [...submit('rush', 1, 2, 3, 4, 5, 6, 7, 8, 9), ...submit('quiet', 20, 21, 22), ...submit('one', 30)]
  await turn()
  letGo()
  await Promise.all(answers)
  // Shares of two of the rush, two of the quiet one; what the last one leaves goes to who came first.
  expect(ids()).toEqual([[1, 2, 20, 21], [3, 4, 22, 30], [5, 6, 7, 8], [9]])
})

test('ORD-02 a command that waited too long is refused and never carried out', async () => {
  const { lane, clock, letGo, ids } = openLane({ maxWaitMs: 1000 })
  const running = lane.submit({ id: 1 })
  await turn()
  const short = lane.submit({ id: 2 })
  const long = lane.submit({ id: 3 }, { maxWaitMs: 1001 })
  clock.advance(1000)
  const answers = outcomes([running, short, long])
  letGo()
  expect(await answers).toEqual(['done 1', 'BUSY', 'done 3'])
  expect(ids()).toEqual([[1], [3]])
})

test('ORD-02 a queue full of commands whose time is over has room', async () => {
  const { lane, clock, letGo, submit } = openLane({ maxWaitMs: 1000 })
  const running = submit(1)
  await turn()
  const late = outcomes(submit(2, 3, 4, 5))
  clock.advance(1000)
  const fresh = lane.submit({ id: 6 })
  letGo()
  expect(await late).toEqual(['BUSY', 'BUSY', 'BUSY', 'BUSY'])
  expect(await outcomes([...running, fresh])).toEqual(['done 1', 'done 6'])
})

test('ORD-02 those whose time is over are told so even while a batch hangs', async () => {
  const { lane, clock, letGo, submit } = openLane({ maxWaitMs: 1000 })
  const running = submit(1)
  await turn()
  const late = lane.submit({ id: 2 })
  clock.advance(1000)
  expect(await outcome(late)).toBe('BUSY')
  letGo()
  expect(await outcomes(running)).toEqual(['done 1'])
})

test('ORD-02 the same key twice is one command with one answer; other content under it is refused', async () => {
  const { lane, letGo, ids } = openLane()
  const first = lane.submit({ id: 1, key: 'k', body: 'x' })
  const twin = lane.submit({ id: 2, key: 'k', body: 'x' })
  await turn()
  const whileRunning = lane.submit({ id: 3, key: 'k', body: 'x' })
  const other = lane.submit({ id: 4, key: 'k', body: 'y' })
  const answers = outcomes([first, twin, whileRunning, other])
  letGo()
  expect(await answers).toEqual(['done 1', 'done 1', 'done 1', 'IDEMPOTENCY_KEY_REUSED'])
  expect(ids()).toEqual([[1]])
  expect(await outcome(lane.submit({ id: 5, key: 'k', body: 'y' }))).toBe('done 5')
})

test('ORD-02 one poison command is refused alone; the others are carried out, in order', async () => {
  const done: number[] = []
  const { lane, submit } = openLane({
    maxQueue: 100,
    maxBatch: 50,
    process: async (batch) => {
      if (batch.some(({ id }) => id === 13)) throw new Error('poison')
      done.push(...batch.map(({ id }) => id))
      return batch.map(({ id }) => `done ${id}`)
    },
  })
  const ids = Array.from({ length: 40 }, (_, index) => index)
  const answers = await outcomes(submit(...ids))
  expect(answers).toEqual(ids.map((id) => (id === 13 ? 'poison' : `done ${id}`)))
  expect(done).toEqual(ids.filter((id) => id !== 13))
  expect(lane.stats()).toMatchObject({ answered: 39, refusedByProcess: 1 })
})

test('ORD-02 a lost connection is tried once more as a whole, then everybody is told', async () => {
  let failures = 1
  const sizes: number[] = []
  const { lane, submit } = openLane({
    onFailure: () => 'again',
    process: async (batch) => {
      sizes.push(batch.length)
      if (failures-- > 0) throw new Error('connection lost')
      return batch.map(({ id }) => `done ${id}`)
    },
  })
  expect(await outcomes(submit(1, 2, 3))).toEqual(['done 1', 'done 2', 'done 3'])
  failures = 2
  expect(await outcomes(submit(4, 5))).toEqual(['connection lost', 'connection lost'])
  expect(sizes).toEqual([3, 3, 2, 2])
  expect(lane.stats()).toMatchObject({ failedBatches: 3 })
})

test('ORD-02 an Error among the answers, or too few of them, refuses only whom it concerns', async () => {
  const { submit } = openLane({
    process: async (batch) => {
      if (batch.length > 1 && batch.some(({ id }) => id === 3)) return []
      return batch.map(({ id }) => (id === 2 ? new Error('not you') : `done ${id}`))
    },
  })
  expect(await outcomes(submit(1, 2))).toEqual(['done 1', 'not you'])
  expect(await outcomes(submit(3, 4))).toEqual(['done 3', 'done 4'])
})

test('ORD-02 closing finishes what was accepted and takes nothing more', async () => {
  const { lane, submit, letGo } = openLane()
  const accepted = submit(1, 2, 3, 4)
  await turn()
  const closed = lane.close()
  expect(await outcome(lane.submit({ id: 5 }))).toBe('BUSY')
  letGo()
  await closed
  expect(await outcomes(accepted)).toEqual(['done 1', 'done 2', 'done 3', 'done 4'])
})

test('ORD-02 closing with a time-out refuses what has not begun and waits for what has', async () => {
  const { lane, submit, letGo } = openLane()
  const accepted = outcomes(submit(1, 2, 3, 4))
  await turn()
  const closed = lane.close({ timeoutMs: 1 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  letGo()
  await closed
  expect(await accepted).toEqual(['done 1', 'done 2', 'done 3', 'BUSY'])
})

test('ORD-02 drain waits for everybody and leaves the lane open', async () => {
  const { lane, submit, letGo } = openLane()
  await lane.drain()
  const accepted = submit(1, 2, 3, 4)
  const drained = lane.drain()
  await turn()
  letGo()
  await drained
  expect(lane.stats()).toMatchObject({ depth: 0, running: 0, answered: 4 })
  expect(await outcomes([...accepted, ...submit(5)])).toHaveLength(5)
})

test('ORD-02 with a delay a batch waits for company, but not once it is full', async () => {
  const { submit, ids, letGo } = openLane({ maxDelayMs: 5 })
  letGo()
  const one = submit(1)
  await turn()
  const two = submit(2)
  await outcomes([...one, ...two])
  await outcomes(submit(3, 4, 5, 6))
  expect(ids()).toEqual([[1, 2], [3, 4, 5], [6]])
})

test('ORD-02 batches run side by side up to the concurrency', async () => {
  const { submit, letGo, lane } = openLane({ concurrency: 2, maxQueue: 10 })
  const accepted = submit(1, 2, 3, 4, 5, 6, 7)
  await turn()
  expect(lane.stats()).toMatchObject({ running: 2, depth: 1 })
  letGo()
  await outcomes(accepted)
  expect(lane.stats()).toMatchObject({ running: 0, batches: 3 })
})
