import type { Fen } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  emptyRule,
  itemOf,
  type RuleItem,
  ruleInput,
  ruleValues,
  sheetText,
  wholeProduct,
  withSheet,
  withSku,
} from './rule-form.ts'

const SKUS = ['a', 'b', 'c', 'd']
const price = fc.option(fc.integer({ min: 1, max: 99_999 }), { nil: null })
const items = fc
  .record({
    whole: fc.option(price, { nil: undefined }),
    skus: fc.uniqueArray(fc.record({ skuId: fc.constantFrom(...SKUS), priceFen: price }), {
      selector: ({ skuId }) => skuId,
    }),
  })
  .map(({ whole, skus }): RuleItem[] => [...(whole === undefined ? [] : [{ skuId: null, priceFen: whole }]), ...skus])

test('CAT-04 changing one SKU of a rule leaves what the others come to', () => {
  fc.assert(
    fc.property(items, fc.constantFrom(...SKUS), fc.boolean(), price, (before, skuId, isIn, priceFen) => {
      const after = withSku(before, SKUS, { skuId, isIn, priceFen })
      expect(after.every((item) => item.skuId !== null)).toBe(true)
      for (const each of SKUS) {
        const expected = each === skuId ? (isIn ? priceFen : undefined) : itemOf(before, each)?.priceFen
        expect(itemOf(after, each)?.priceFen).toEqual(expected)
      }
    }),
  )
})

test('CAT-04 a rule that is opened and saved keeps its items, with single SKUs and prices of their own', () => {
  const goods = [
    { ...wholeProduct('p', '杯'), items: [{ skuId: null, priceFen: 900 }] },
    {
      id: 'q',
      title: '碗',
      items: [
        { skuId: 'a', priceFen: null },
        { skuId: 'b', priceFen: 500 },
      ],
    },
  ]
  const input = ruleInput({ ...emptyRule(goods), label: '双11' })
  expect(input.items).toEqual([
    { productId: 'p', skuId: null, priceFen: 900 },
    { productId: 'q', skuId: 'a', priceFen: null },
    { productId: 'q', skuId: 'b', priceFen: 500 },
  ])
  const titles = new Map(goods.map(({ id, title }) => [id, title]))
  const stored = {
    ...input,
    items: input.items.map((item) => ({ ...item, title: titles.get(item.productId)!, options: '' })),
  }
  expect(ruleValues(stored as never).goods).toEqual(goods)
})

test('CAT-04 a pasted sheet gives goods that are there its prices and puts the others behind them', () => {
  const goods = [
    {
      ...wholeProduct('tea', '茶'),
      items: [
        { skuId: 'a', priceFen: 1 },
        { skuId: 'b', priceFen: 2 },
      ],
    },
  ]
  const line = { line: 1, title: '', priceFen: 900 as Fen }
  const after = withSheet(goods, [
    { ...line, productId: 'tea', skuId: 'a' },
    { ...line, productId: 'cup', skuId: null, title: '杯', priceFen: null },
  ])
  expect(after).toEqual([
    {
      id: 'tea',
      title: '茶',
      items: [
        { skuId: 'b', priceFen: 2 },
        { skuId: 'a', priceFen: 900 },
      ],
    },
    wholeProduct('cup', '杯'),
  ])
})

test('CAT-04 a rule is copied as lines that a spreadsheet takes', () => {
  const item = { productId: 'tea', skuId: 'a', title: '茶\t礼盒', options: '红 / 大' }
  expect(
    sheetText(
      ['编码', '商品', '规格', '单独定价'],
      [
        { ...item, code: 'A-1', priceFen: 1990 as Fen },
        { ...item, code: 'A-2', priceFen: null },
      ],
    ),
  ).toBe('编码\t商品\t规格\t单独定价\nA-1\t茶 礼盒\t红 / 大\t19.90\nA-2\t茶 礼盒\t红 / 大\t')
})
