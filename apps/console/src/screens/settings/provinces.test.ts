import { expect, test } from 'vitest'
import { namedTwice, PROVINCES } from './provinces.ts'

test('ORD-04 all 34 provinces are there, each once', () => {
  const names = PROVINCES.flatMap((group) => group.names)
  expect(names).toHaveLength(34)
  expect(new Set(names).size).toBe(34)
})

test('ORD-04 a province that two rules name is found', () => {
  expect(namedTwice([{ provinces: ['上海市', '浙江省'] }, { provinces: ['浙江省'] }, { provinces: [] }])).toEqual([
    '浙江省',
  ])
})
