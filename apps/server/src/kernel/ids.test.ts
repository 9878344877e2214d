import { expect, test } from 'vitest'
import { isUuid, newId } from './ids.ts'

test('SYS-01 new ids are UUIDs of version 7, each greater than the one before, and tell when they were made', () => {
  const before = Date.now()
  const ids = Array.from({ length: 200_000 }, newId)
  expect(ids.every(isUuid)).toBe(true)
  expect(ids.every((id) => /^.{14}7.{4}[89ab]/.test(id))).toBe(true)
  expect(ids.every((id, index) => index === 0 || id > ids[index - 1]!)).toBe(true)
  const millisOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  expect(millisOf(ids[0]!)).toBeGreaterThanOrEqual(before)
  expect(millisOf(ids.at(-1)!)).toBeLessThanOrEqual(Date.now() + 1)
})
