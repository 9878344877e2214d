import { NoticeKind } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FACTS, goodsWords, messageData, pauseSeconds, readFields, timeWords } from './rules.ts'
import { TEMPLATES } from './settings.ts'

/** What WeChat accepts, by the kind of the key (facts §2.3). */
const ACCEPTED: Record<string, RegExp> = {
  thing: /^.{1,20}$/su,
  character_string: /^[\x20-\x7e]{1,32}$/,
  phrase: /^\p{Script=Han}{1,5}$/u,
  amount: /^¥-?\d{1,10}/,
  number: /^-?[\d.-]{1,32}$/,
}

test('ACC-01 whatever stands in an order, a message looks as WeChat wants it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (value) => {
      const fields = Object.fromEntries(Object.keys(ACCEPTED).map((kind) => [`${kind}1`, '商品名称']))
      const amount = messageData({ amount1: '价格' }, { 价格: '12.50' })
      expect(amount).toEqual({ amount1: '¥12.50' })
      for (const [key, fitted] of Object.entries(messageData(fields, { 商品名称: value }))) {
        const kind = key.slice(0, -1)
        if (kind !== 'amount' && kind !== 'number') expect(fitted, `${kind} of ${value}`).toMatch(ACCEPTED[kind]!)
      }
    }),
  )
})

test('ACC-01 the fields of a template are read, and what does not fit is named in words', () => {
  expect(readFields('restock', 'thing1=商品名称，amount2：价格')).toEqual({ thing1: '商品名称', amount2: '价格' })
  expect(readFields('restock', 'thing1=订单号')).toBe(`「订单号」不可用，可选：${FACTS.restock.join('、')}`)
  expect(readFields('restock', '商品名称')).toContain('「商品名称」应写成')
  expect(readFields('restock', 'thing1=规格 thing1=价格')).toBe('「thing1」写了两次')
  expect(readFields('restock', '  ')).toBe('至少填写一项')
  for (const kind of NoticeKind.options) {
    const { fields } = TEMPLATES[kind]
    expect(readFields(kind, fields.default)).toBeTypeOf('object')
    expect(fields.schema.safeParse('nonsense').success).toBe(false)
  }
})

test('ACC-01 times are the shop’s own, goods are told in few words, pauses grow', () => {
  expect(timeWords('2026-11-25T16:05:00.000Z', 'Asia/Shanghai')).toBe('2026年11月26日 00:05')
  expect(goodsWords(['青瓷杯'])).toBe('青瓷杯')
  expect([...goodsWords(['云南保山小粒咖啡豆 中度烘焙 250g', '杯'])].length).toBeLessThanOrEqual(20)
  expect([1, 2, 3, 30].map(pauseSeconds)).toEqual([30, 60, 120, 3600])
})
