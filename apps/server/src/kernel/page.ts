import type { z } from 'zod'
import { AppError } from './errors.ts'

/** One page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

const MAX_CURSOR_LENGTH = 1024

/** An opaque position in a list: the key of its last row as base64url JSON. */
export function encodeCursor(key: unknown): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url')
}

/**
 * Reads a cursor back; its key must satisfy `schema`. `undefined` (the first page) stays `undefined`.
 * @throws AppError INVALID_CURSOR
 */
export function decodeCursor<S extends z.ZodType>(
  cursor: string | null | undefined,
  schema: S,
): z.output<S> | undefined {
  if (cursor === undefined || cursor === null || cursor === '') return undefined
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(cursor)) throw new AppError('INVALID_CURSOR')
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (cause) {
    throw new AppError('INVALID_CURSOR', { cause })
  }
  const parsed = schema.safeParse(key)
  if (!parsed.success) throw new AppError('INVALID_CURSOR', { cause: parsed.error })
  return parsed.data
}

/**
 * Makes a page of rows that were read with `limit + 1`: the extra row only tells that there is more.
 * `keyOf` names what the next page continues after; it must be unique in the list's order.
 */
export function keysetPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => unknown): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null }
}
