import { brotliDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createPress } from './pressed.ts'

test('UX-01 a page that many ask for is compressed once, also when they ask together', async () => {
  const press = createPress(1_000_000)
  const [one, other] = await Promise.all([press('a', 'text'.repeat(500)), press('a', 'text'.repeat(500))])
  expect(other).toBe(one)
  expect(await press('a', 'text'.repeat(500))).toBe(one)
  expect(brotliDecompressSync(one!).toString()).toBe('text'.repeat(500))
})

test('UX-01 what nobody asked for lately makes room', async () => {
  const noise = (seed: number) => Array.from({ length: 400 }, (_, i) => ((i * seed * 7919) % 9973).toString(36)).join()
  const press = createPress(1_500)
  const first = await press('a', noise(3))
  await press('b', noise(5))
  await press('c', noise(7))
  expect(await press('a', noise(3))).not.toBe(first)
  expect(await press('a', noise(3))).toEqual(first)
})
