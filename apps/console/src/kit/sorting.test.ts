import { expect, test } from 'vitest'
import { inOrder, lookFrom, PLAIN_LOOK } from './columns.tsx'
import { nextSorting, sortingFrom } from './sorting.ts'

test('a column head sorts downwards, upwards, and then not at all', () => {
  const first = nextSorting(undefined, 'price')
  const second = nextSorting(first, 'price')
  expect([first, second, nextSorting(second, 'price')]).toEqual(['-price', 'price', undefined])
  expect(nextSorting('-sold', 'price')).toBe('-price')
})

test('an address says what is sorted by, and nothing is nothing', () => {
  expect(sortingFrom('-price')).toEqual({ by: 'price', descending: true })
  expect(sortingFrom('price')).toEqual({ by: 'price', descending: false })
  expect([sortingFrom(undefined), sortingFrom(''), sortingFrom('-')]).toEqual([undefined, undefined, undefined])
})

test('columns stand in the chosen order, and a column that is new stays behind its neighbour', () => {
  const columns = ['a', 'b', 'new', 'c'].map((key) => ({ key }))
  const keys = (order: string[]) => inOrder(columns, order).map((column) => column.key)
  expect(keys([])).toEqual(['a', 'b', 'new', 'c'])
  expect(keys(['c', 'a', 'b'])).toEqual(['c', 'a', 'b', 'new'])
  expect(keys(['b', 'gone', 'a', 'c'])).toEqual(['b', 'new', 'a', 'c'])
})

test('a look that was kept by another version never breaks the table', () => {
  expect(lookFrom(null)).toEqual(PLAIN_LOOK)
  expect(lookFrom({ order: [1, 'a'], shown: { a: false, b: 'yes' }, dense: 'no' })).toEqual({
    order: ['a'],
    shown: { a: false },
    dense: false,
  })
})
