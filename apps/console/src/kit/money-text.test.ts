import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moneyFieldText, readMoney } from './money-text.ts'

test.each([
  ['12', 1200],
  ['12.5', 1250],
  ['¥1,234.50', 123450],
  ['￥１２．５０', 1250],
  [' 99.9 元', 9990],
  ['0', 0],
])('%s is read as %i fen', (text, fen) => {
  expect(readMoney(text)).toEqual({ kind: 'amount', fen })
})

test.each(['abc', '1.234', '1..2', '--1', '12.'])('%s is no amount', (text) => {
  expect(readMoney(text)).toEqual({ kind: 'invalid' })
})

test('an empty field is nothing, not zero', () => {
  expect(readMoney('  ')).toEqual({ kind: 'empty' })
  expect(moneyFieldText(null)).toBe('')
  expect(moneyFieldText(0)).toBe('0')
})

test('what a field shows is read back as the same amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_00 }), (fen) => {
      expect(readMoney(moneyFieldText(fen))).toEqual({ kind: 'amount', fen })
    }),
  )
})
