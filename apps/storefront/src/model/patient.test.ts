import { ApiError } from '@zhanggui/contract/client'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patiently } from './patient.ts'

const refusal = (code: string, retryAfterSeconds?: number) =>
  new ApiError(503, { code, message: '人多', requestId: 'x', ...(retryAfterSeconds && { retryAfterSeconds }) } as never)

/** Answers refusals first, then `done`; a clock that the pauses move. */
function scene(refusals: Error[], options: { limitMs?: number; random?: () => number; givesUpAfter?: number } = {}) {
  let nowMs = 0
  const waits: number[] = []
  const run = patiently(
    async () => {
      const next = refusals.shift()
      if (next) throw next
      return 'done'
    },
    {
      limitMs: options.limitMs ?? 60_000,
      random: options.random ?? (() => 0),
      now: () => nowMs,
      onWait: (ms) => waits.push(ms),
      isOver: () => waits.length >= (options.givesUpAfter ?? Number.POSITIVE_INFINITY),
      pause: async (ms) => {
        nowMs += ms
      },
    },
  )
  return { run, waits, now: () => nowMs }
}

describe('patiently', () => {
  test('ORD-02 waits as long as the server asks for, and gets in', async () => {
    const { run, waits } = scene([refusal('BUSY', 3), refusal('UNAVAILABLE'), refusal('BUSY', 2)])
    expect(await run).toBe('done')
    expect(waits).toEqual([3_000, 1_000, 2_000])
  })

  test('ORD-02 any other refusal is told at once', async () => {
    const { run, waits } = scene([refusal('OUT_OF_STOCK')])
    await expect(run).rejects.toMatchObject({ code: 'OUT_OF_STOCK' })
    expect(waits).toEqual([])
  })

  test('ORD-02 who gives up hears no more', async () => {
    expect(await scene([refusal('BUSY', 1), refusal('BUSY', 1)], { givesUpAfter: 1 }).run).toBeUndefined()
  })

  test('ORD-02 however long the rush is, nobody waits beyond the limit or is sent back all at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (seconds, chance) => {
          const limitMs = 120_000
          const { run, waits, now } = scene(
            seconds.map((each) => refusal('BUSY', each)),
            { limitMs, random: () => chance },
          )
          await run.catch((error) => expect(error).toMatchObject({ code: 'BUSY' }))
          expect(now()).toBeLessThanOrEqual(limitMs)
          for (const [index, ms] of waits.entries()) {
            expect(ms).toBeGreaterThanOrEqual(seconds[index]! * 1000)
            expect(ms).toBeLessThanOrEqual(Math.ceil(seconds[index]! * 1500))
          }
        },
      ),
    )
  })
})
