import { expect, test } from 'vitest'
import { gather } from './gather.ts'

test('ORD-02 questions of one moment are one reading, each key once, and later ones wait for the next', async () => {
  const readings: number[][] = []
  const ask = gather(
    async (keys: number[]) => {
      readings.push(keys)
      await new Promise((resolve) => setImmediate(resolve))
      return new Map(keys.filter((key) => key % 2 === 0).map((key) => [key, `v${key}`]))
    },
    { most: 3, beside: 1 },
  )
  expect(await Promise.all([1, 2, 2, 4, 6, 8].map(ask))).toEqual([undefined, 'v2', 'v2', 'v4', 'v6', 'v8'])
  expect(readings).toEqual([
    [1, 2, 4],
    [6, 8],
  ])
})

test('ORD-02 a reading that fails is told to those who asked, and the next one reads anew', async () => {
  let fails = true
  const ask = gather(async (keys: string[]) => {
    if (fails) throw new Error('no connection')
    return new Map(keys.map((key) => [key, 1]))
  })
  await expect(Promise.all([ask('a'), ask('b')])).rejects.toThrow('no connection')
  fails = false
  expect(await ask('a')).toBe(1)
})
