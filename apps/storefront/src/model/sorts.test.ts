import { expect, test } from 'vitest'
import { sortKeys, sortOf } from './sorts.ts'

test('UX-02 the price is one key: cheapest first, then dearest first, and back; an unknown order is the usual one', () => {
  const price = (value: string | undefined) => sortKeys(sortOf(value)).at(-1)
  expect(price('sold')).toEqual({ text: '价格', to: 'price-asc', isOn: false })
  expect(price('price-asc')).toEqual({ text: '价格 ↑', to: 'price-desc', isOn: true })
  expect(price('price-desc')).toEqual({ text: '价格 ↓', to: 'price-asc', isOn: true })
  expect(
    sortKeys(sortOf('nonsense'))
      .filter(({ isOn }) => isOn)
      .map(({ text }) => text),
  ).toEqual(['综合'])
})
