import { expect, test } from 'vitest'
import { percentText } from './percent-text.ts'

test.each([
  [0, '0%'],
  [500, '5%'],
  [1250, '12.5%'],
  [3333, '33.33%'],
])('%i basis points are %s', (bp, text) => {
  expect(percentText(bp)).toBe(text)
})

test('a share is rounded to the decimals that are asked for', () => {
  expect(percentText(3333, 1)).toBe('33.3%')
})
