import { expect, test } from 'vitest'
import { ruleSentence } from './rule-sentence.ts'

const levels = new Map([['gold', '金卡']])
const rule = {
  ...{ method: 'percent', value: 9_000, rounding: 'fen' },
  ...{ levelIds: [], provinces: [], channels: [] },
} as const
const sentence = (changed: object) => ruleSentence({ ...rule, ...changed } as never, levels)

test('ORD-04 a price rule reads as one sentence', () => {
  expect(sentence({ value: 11_000, provinces: ['新疆维吾尔自治区', '西藏自治区'] })).toBe('新疆、西藏加价 10%')
  expect(sentence({ method: 'minus', value: 100, channels: ['mini'] })).toBe('小程序下单立减 ¥1.00')
  expect(sentence({ levelIds: ['gold'] })).toBe('金卡打 9 折')
  expect(sentence({ value: 8_500, rounding: 'nine' })).toBe('打 8.5 折，尾数 9')
  expect(sentence({ value: 8_000, rounding: 'jiao' })).toBe('打 8 折，取整到角')
  expect(sentence({ method: 'fixed', value: 8_600, levelIds: ['gone'] })).toBe('已删除的等级一口价 ¥86.00')
})

test('ORD-04 more places than fit are counted', () => {
  const provinces = ['广东省', '广西壮族自治区', '海南省', '福建省', '浙江省']
  expect(sentence({ provinces, channels: ['store'] })).toBe('广东、广西、海南、福建等 5 个地区，门店下单打 9 折')
})
