/**
 * Where one stands in a keyset-paged list: the cursors of the pages passed so far. The first page has none,
 * so the length is the number of the page, counted from zero.
 */
export type CursorStack = readonly string[]

export const FIRST_PAGE: CursorStack = []

/** The cursor to ask the server with; undefined on the first page. */
export const cursorOf = (stack: CursorStack): string | undefined => stack.at(-1)

/** Goes on with the cursor of the answer; stays where it is when there is none. */
export const nextPage = (stack: CursorStack, nextCursor: string | null): CursorStack =>
  nextCursor === null ? stack : [...stack, nextCursor]

/** Back to the page before; the first page stays the first. */
export const previousPage = (stack: CursorStack): CursorStack => stack.slice(0, -1)

/** Reads a stack that the browser kept in its history; anything else is the first page. */
export function cursorStackFrom(kept: unknown): CursorStack {
  return Array.isArray(kept) && kept.every((each) => typeof each === 'string') ? (kept as string[]) : FIRST_PAGE
}
