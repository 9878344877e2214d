import { expect, test } from 'vitest'
import { namedTwice, PROVINCES, shortProvince } from './provinces.ts'

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

test('ORD-04 provinces are called as people call them', () => {
  expect(
    ['上海市', '广东省', '内蒙古自治区', '广西壮族自治区', '新疆维吾尔自治区', '香港特别行政区'].map(shortProvince),
  ).toEqual(['上海', '广东', '内蒙古', '广西', '新疆', '香港'])
})
