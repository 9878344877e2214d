import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from './errors.ts'
import { decodeCursor, encodeCursor, keysetPage, type Page } from './page.ts'

test('SYS-01 walking the pages of a list shows every row once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (numbers, limit) => {
      const rows = [...numbers].sort((a, b) => a - b)
      const seen: number[] = []
      let cursor: string | null = null
      do {
        const after: number | undefined = decodeCursor(cursor, z.int())
        const from: number = after === undefined ? 0 : rows.findIndex((row) => row > after)
        const page: Page<number> = keysetPage(from < 0 ? [] : rows.slice(from, from + limit + 1), limit, (row) => row)
        seen.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toEqual(rows)
    }),
  )
})

test('SYS-01 a cursor that somebody made up is refused with INVALID_CURSOR', () => {
  const schema = z.tuple([z.iso.datetime(), z.uuid()])
  const bad = [
    '%%%',
    'abc',
    encodeCursor('x'),
    encodeCursor(['2026-01-01', 7]),
    'A'.repeat(2000),
    `${encodeCursor(1)}=`,
  ]
  for (const cursor of bad) {
    expect(() => decodeCursor(cursor, schema)).toThrow(AppError)
    expect(() => decodeCursor(cursor, schema)).toThrow('分页位置无效')
  }
  expect(decodeCursor(undefined, schema)).toBeUndefined()
  expect(decodeCursor('', schema)).toBeUndefined()
})
