import { expect, test } from 'vitest'
import { changeText } from './change-text.ts'

test('a change is told in per cent of the day before', () => {
  expect(changeText(150, 100)).toBe('+50%')
  expect(changeText(50, 100)).toBe('-50%')
  expect(changeText(100, 100)).toBe('0%')
})

test('nothing is compared with nothing', () => {
  expect(changeText(5, 0)).toBeUndefined()
})
