import { expect, test } from 'vitest'
import { MAX_ROWS, TableBuilder } from './table.ts'

test('CAT-01 a spreadsheet is bounded in rows, columns and the length of a cell', () => {
  const table = new TableBuilder()
  for (let line = 1; line <= MAX_ROWS + 1; line++) table.add(line, ['a'])
  expect(() => table.add(MAX_ROWS + 2, ['a'])).toThrow(/超过 100000 行/)
  expect(() => new TableBuilder().add(3, new Array(201).fill('a'))).toThrow(/第 3 行有 201 列/)
  expect(() => new TableBuilder().add(4, ['a'.repeat(32_768)])).toThrow(/第 4 行/)
})

test('CAT-01 empty rows and cells behind the last are left out; what cannot be stored too', () => {
  const table = new TableBuilder()
  table.add(1, ['', ' '])
  table.add(2, [' a\0b ', 'c\r\nd', '', ''])
  expect(table.rows).toEqual([{ line: 2, cells: ['ab', 'c\nd'] }])
})
