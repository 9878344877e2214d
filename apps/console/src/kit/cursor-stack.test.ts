import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cursorOf, cursorStackFrom, FIRST_PAGE, nextPage, previousPage } from './cursor-stack.ts'

test('the first page has no cursor and no page before it', () => {
  expect(cursorOf(FIRST_PAGE)).toBeUndefined()
  expect(previousPage(FIRST_PAGE)).toEqual([])
})

test('the last page keeps its cursor when the server gives no next one', () => {
  const second = nextPage(FIRST_PAGE, 'b')
  expect(nextPage(second, null)).toBe(second)
  expect(cursorOf(second)).toBe('b')
})

test('going forward and back as often ends on the page where it began', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), fc.array(fc.string({ minLength: 1 })), (start, steps) => {
      let stack = start as readonly string[]
      for (const cursor of steps) stack = nextPage(stack, cursor)
      for (const _ of steps) stack = previousPage(stack)
      expect(stack).toEqual(start)
    }),
  )
})

test('what the browser kept is trusted only when it is a list of texts', () => {
  expect(cursorStackFrom(['a', 'b'])).toEqual(['a', 'b'])
  for (const junk of [undefined, null, 'a', [1], { length: 1 }]) expect(cursorStackFrom(junk)).toEqual([])
})
