import { brotliDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { TestClock } from '../clock.ts'
import { KeptValues } from '../kept-values.ts'
import { type Answer, sendKept } from './kept-answers.ts'

/** A server whose one answer is what `read` says, and how often it was asked. */
async function serve(options: { maxBytes?: number } = {}) {
  const clock = new TestClock('2026-11-11T00:00:00.000Z')
  const kept = new KeptValues<Answer>({
    clock,
    sizeOf: ({ bytes }) => bytes.length,
    maxBytes: 1_000_000,
    windowMs: 1_000,
    ...options,
  })
  const world = { value: 'one', reads: 0, wait: Promise.resolve() }
  const app = Fastify()
  app.get<{ Params: { key: string } }>('/:key', (request, reply) =>
    sendKept(kept, request.params.key, { request, reply }, async () => {
      world.reads++
      const { value } = world
      await world.wait
      if (value === 'bad') throw new Error('not now')
      return { value }
    }),
  )
  const get = (headers: Record<string, string> = {}, key = 'a') => app.inject({ url: `/${key}`, headers })
  return { clock, kept, world, get }
}

describe('sendKept', () => {
  test('CAT-09 thousands read what one has read, until something is written', async () => {
    const { kept, world, get } = await serve()
    const answers = await Promise.all(Array.from({ length: 50 }, () => get()))
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{"value":"one"}']))
    expect(world.reads).toBe(1)
    world.value = 'two'
    expect((await get()).json()).toEqual({ value: 'one' })
    kept.changed()
    expect((await get()).json()).toEqual({ value: 'two' })
    expect(kept.stats()).toMatchObject({ entries: 1, hits: 50, misses: 2 })
  })

  test('CAT-09 who asks after a write does not join a reading that began before it', async () => {
    const { kept, world, get } = await serve()
    const { promise, resolve } = Promise.withResolvers<void>()
    world.wait = promise
    const early = get()
    await expect.poll(() => world.reads).toBe(1)
    world.value = 'two'
    kept.changed()
    const late = get()
    await expect.poll(() => world.reads).toBe(2)
    resolve()
    expect((await early).json()).toEqual({ value: 'one' })
    expect((await late).json()).toEqual({ value: 'two' })
    expect((await get()).json()).toEqual({ value: 'two' })
  })

  test('CAT-09 what begins with a second is seen on the instant, and an answer that failed is not kept', async () => {
    const { clock, world, get } = await serve()
    await get()
    clock.advance(999)
    await get()
    expect(world.reads).toBe(1)
    clock.advance(1)
    world.value = 'bad'
    expect((await get()).statusCode).toBe(500)
    world.value = 'two'
    expect((await get()).json()).toEqual({ value: 'two' })
  })

  test('CAT-09 who has the answer gets 304; a larger one is compressed once it is asked for again', async () => {
    const { world, get } = await serve()
    const first = await get()
    expect((await get({ 'if-none-match': String(first.headers.etag) })).statusCode).toBe(304)
    expect(first.headers['cache-control']).toBe('private, no-cache')
    world.value = 'long '.repeat(1_000)
    const plain = await get({ 'accept-encoding': 'br' }, 'b')
    expect(plain.headers['content-encoding']).toBeUndefined()
    const pressed = await get({ 'accept-encoding': 'gzip, br' }, 'b')
    expect(pressed.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(pressed.rawPayload).toString()).toBe(plain.body)
  })

  test('CAT-09 whatever is asked, no more than the limit is kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { maxLength: 40 }),
        async (asked) => {
          const { kept, get } = await serve({ maxBytes: 2_000 })
          for (const [key, isWritten] of asked) {
            if (isWritten) kept.changed()
            await get({}, String(key))
            expect(kept.stats().bytes).toBeLessThanOrEqual(2_000)
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})
