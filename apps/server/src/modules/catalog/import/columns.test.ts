import { IMPORT_FIELDS } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import {
  columnLetter,
  columnNames,
  columnSignature,
  headerIndex,
  IMPORT_FIELD_NAMES,
  proposeMapping,
} from './columns.ts'

test('CAT-01 columns are recognised by Chinese and English names, with what people add to them', () => {
  expect(proposeMapping(['* 商品名称', '售价（元）', '原价(元)', '库存数量', '颜色', '尺码', '备注'])).toEqual({
    '* 商品名称': 'title',
    '售价（元）': 'price',
    '原价(元)': 'listPrice',
    库存数量: 'stock',
    颜色: 'option1',
    尺码: 'option2',
  })
  expect(proposeMapping(['title', 'coarse_category', 'fine_category', 'attributes'])).toEqual({
    title: 'title',
    coarse_category: 'category',
    fine_category: 'subcategory',
    attributes: 'attributes',
  })
  expect(proposeMapping(['SKU Code', 'Product ID', 'Price', 'List Price'])).toEqual({
    'SKU Code': 'skuCode',
    'Product ID': 'productCode',
    Price: 'price',
    'List Price': 'listPrice',
  })
})

test('CAT-01 our own titles are recognised, each as its own field, and a field is proposed once', () => {
  const titles = IMPORT_FIELD_NAMES.map((field) => IMPORT_FIELDS[field].zh)
  expect(proposeMapping(titles)).toEqual(Object.fromEntries(IMPORT_FIELD_NAMES.map((field, i) => [titles[i], field])))
  expect(proposeMapping(['标题', '商品名称'])).toEqual({ 标题: 'title' })
})

test('CAT-01 the header is found below a title line and a note', () => {
  expect(headerIndex([['2026 年秋季商品表'], ['请勿修改表头'], ['商品名称', '价格'], ['杯子', '9.9']])).toBe(2)
  expect(headerIndex([[''], ['甲', '乙'], ['1', '2']])).toBe(1)
  expect(headerIndex([[''], ['', ' ']])).toBe(-1)
})

test('CAT-01 every column has a name of its own', () => {
  expect(columnNames(['标题', '', '标题 ', 'a\nb'], 5)).toEqual(['标题', '列 B', '标题 (2)', 'a b', '列 E'])
  expect([0, 25, 26, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA'])
})

test('CAT-01 files with the same columns have the same signature', () => {
  expect(columnSignature(['a', ' b'])).toBe(columnSignature(['a ', 'b']))
  expect(columnSignature(['a', 'b'])).not.toBe(columnSignature(['b', 'a']))
})
