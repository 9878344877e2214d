import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combinations, fillSkus, type SkuDraft, skuMatrix } from './sku-matrix.ts'

const colour = { name: '颜色', values: ['红', '蓝'] }
const size = { name: '尺码', values: ['S', 'M'] }

test('CAT-01 a product without options has one SKU', () => {
  expect(skuMatrix([], [], 'A')).toEqual([{ code: 'A-01', barcode: '', optionValues: [] }])
})

test('CAT-01 every combination once, the last option turning fastest', () => {
  expect(combinations([colour, size])).toEqual([
    ['红', 'S'],
    ['红', 'M'],
    ['蓝', 'S'],
    ['蓝', 'M'],
  ])
})

test('CAT-01 a combination that stays keeps its identity and its price', () => {
  const before: SkuDraft[] = [{ id: '1', code: 'X', barcode: '69', optionValues: ['红'], priceFen: 100 }]
  const after = skuMatrix([colour], before, 'A')
  expect(after[0]).toEqual(before[0])
  expect(after[1]).toMatchObject({ optionValues: ['蓝'] })
  expect(after[1]!.id).toBeUndefined()
})

test('CAT-01 a new option carries prices over, but no identity and no barcode', () => {
  const before: SkuDraft[] = [
    { id: '1', code: 'A-01', barcode: '69', optionValues: ['红'], priceFen: 100, costFen: 40 },
  ]
  const after = skuMatrix([colour, size], before, 'A')
  expect(after[0]).toEqual({
    code: 'A-02',
    barcode: '',
    optionValues: ['红', 'S'],
    priceFen: 100,
    costFen: 40,
    listPriceFen: undefined,
    weightGrams: undefined,
  })
  expect(after[2]!.priceFen).toBeUndefined()
})

test('CAT-01 codes are never given twice', () => {
  const values = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(values, values, (first, second) => {
      const once = skuMatrix([{ name: 'a', values: first }], [], 'P')
      const twice = skuMatrix(
        [
          { name: 'a', values: first },
          { name: 'b', values: second },
        ],
        once,
        'P',
      )
      expect(new Set(twice.map((sku) => sku.code)).size).toBe(twice.length)
      expect(twice).toHaveLength(first.length * second.length)
    }),
  )
})

test('CAT-01 batch fill leaves filled cells alone when asked to', () => {
  const skus = [
    { code: 'a', barcode: '', optionValues: [], priceFen: 1 },
    { code: 'b', barcode: '', optionValues: [] },
  ]
  expect(fillSkus(skus, { priceFen: 9 }, true).map((sku) => sku.priceFen)).toEqual([1, 9])
  expect(fillSkus(skus, { priceFen: 9, costFen: undefined }, false).map((sku) => sku.priceFen)).toEqual([9, 9])
})
