import { expect, test } from 'vitest'
import { KEPT_MS, keepShare, keptShare } from './attribution.ts'

function memory() {
  const kept = new Map<string, string>()
  return { get: (key: string) => kept.get(key) ?? null, set: (key: string, value: string) => void kept.set(key, value) }
}

test('UX-05 the share a visitor came by is in force for a week, and a newer one takes over', () => {
  const storage = memory()
  keepShare(storage, 'abc123XYZ_', 1_000)
  keepShare(storage, undefined, 2_000)
  expect(keptShare(storage, 1_000 + KEPT_MS - 1)).toBe('abc123XYZ_')
  expect(keptShare(storage, 1_000 + KEPT_MS)).toBeUndefined()
  keepShare(storage, 'poster', 5_000)
  expect(keptShare(storage, 6_000)).toBe('poster')
})

test('UX-05 what is no code, or was not written by us, is nothing', () => {
  const storage = memory()
  keepShare(storage, '<script>', 1_000)
  keepShare(storage, 'x'.repeat(41), 1_000)
  expect(keptShare(storage, 1_000)).toBeUndefined()
  for (const broken of ['', 'abc', 'abc x', 'abc 99999999999999']) {
    storage.set('zg.from', broken)
    expect(keptShare(storage, 1_000)).toBeUndefined()
  }
})
