import { expect, test } from 'vitest'
import { createSweeps, eachOf, SWEEP_BATCH } from './run-sweeps.ts'

/** A sweep whose rounds are let go one by one. */
function stepped() {
  const open: ((took: number) => void)[] = []
  const sweep = () => new Promise<number>((done) => void open.push(done))
  return { sweep, open, finish: async (took: number) => open.shift()!(took) }
}

/** Everything that can happen by itself has happened. */
async function ticks(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise((done) => setImmediate(done))
}

test('PAY-01 a sweep that is asked for while it runs looks once more, however often it was asked', async () => {
  const { sweep, open, finish } = stepped()
  const sweeps = createSweeps({ refunds: sweep }, () => {})
  const first = sweeps.run('refunds')
  const others = Array.from({ length: 50 }, () => sweeps.run('refunds'))
  for (let n = 0; n < 50; n++) sweeps.wake('refunds')
  await ticks()
  expect(open).toHaveLength(1)
  await finish(1)
  await ticks()
  expect(open).toHaveLength(1)
  await finish(0)
  expect(await Promise.all([first, ...others])).toEqual(Array(51).fill(1))
  await ticks()
  expect(open).toHaveLength(0)
  const later = sweeps.run('refunds')
  await finish(0)
  expect(await later).toBe(0)
})

test('PAY-01 full rounds are followed by another; a round that is not full ends the sweep', async () => {
  const rounds = [SWEEP_BATCH, SWEEP_BATCH, SWEEP_BATCH - 1, SWEEP_BATCH]
  const sweeps = createSweeps({ payments: async () => rounds.shift()! }, () => {})
  expect(await sweeps.run('payments')).toBe(3 * SWEEP_BATCH - 1)
  expect(rounds).toHaveLength(1)
})

test('PAY-01 a sweep that fails is told of when nobody waits for it, and can run again', async () => {
  const failures: unknown[] = []
  let isDown = true
  const sweep = async () => {
    if (isDown) throw new Error('down')
    return 0
  }
  const sweeps = createSweeps({ payments: sweep }, (kind, error) => failures.push([kind, (error as Error).message]))
  await expect(sweeps.run('payments')).rejects.toThrow('down')
  sweeps.wake('payments')
  await ticks()
  expect(failures).toEqual([['payments', 'down']])
  isDown = false
  expect(await sweeps.run('payments')).toBe(0)
})

test('PAY-01 SYS-01 closing waits for what runs and for what is tracked, and starts nothing more', async () => {
  const { sweep, open, finish } = stepped()
  const sweeps = createSweeps({ refunds: sweep }, () => {})
  const tracked = Promise.withResolvers<void>()
  sweeps.track(tracked.promise, 'refunds')
  sweeps.wake('refunds')
  await ticks()
  sweeps.wake('refunds')
  let isClosed = false
  const closing = sweeps.close().then(() => {
    isClosed = true
  })
  await ticks()
  expect([open.length, isClosed]).toEqual([1, false])
  await finish(SWEEP_BATCH)
  await ticks()
  expect(isClosed).toBe(false)
  tracked.resolve()
  await closing
  expect(await sweeps.run('refunds')).toBe(0)
  sweeps.wake('refunds')
  await ticks()
  expect(open).toHaveLength(0)
})

test('PAY-01 work on a round is waited for in full before its first failure is told', async () => {
  const done: number[] = []
  const work = async (item: number) => {
    if (item === 1) throw new Error('first')
    await ticks()
    done.push(item)
  }
  await expect(eachOf([1, 2, 3], work)).rejects.toThrow('first')
  expect(done).toEqual([2, 3])
  expect(await eachOf([4, 5], work)).toBe(2)
})
