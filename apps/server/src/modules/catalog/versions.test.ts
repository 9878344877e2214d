import { expect, test } from 'vitest'
import { plainContentFields } from './content.ts'
import type { SkuRecord } from './types.ts'
import { changesBetween, type Snapshot } from './versions.ts'

const sku = (code: string, extra: Partial<SkuRecord> = {}): SkuRecord => ({
  id: `id-${code}`,
  code,
  barcode: '',
  optionValues: [],
  priceFen: 1000,
  listPriceFen: null,
  costFen: null,
  weightGrams: 0,
  picture: null,
  position: 0,
  archived: false,
  ...extra,
})
const product: Snapshot = {
  id: 'p',
  code: null,
  state: 'draft',
  title: '杯子',
  subtitle: '',
  categoryId: null,
  brand: '',
  tags: [],
  attributes: [],
  options: [],
  pictures: ['a', 'b'],
  detail: '',
  detailPictures: [],
  freightTemplateId: null,
  ...plainContentFields(),
  skus: [sku('A'), sku('B')],
}
const between = (change: Partial<Snapshot>) =>
  changesBetween(product, { ...product, ...change }, (id) => (id === null ? '—' : '餐具 / 杯'))

test('CAT-01 a product that did not change has no changes', () => {
  expect(between({})).toEqual([])
})

test('CAT-01 every field of a product is compared, in words', () => {
  expect(between({ state: 'on-sale' })).toEqual([{ field: '状态', before: '草稿', after: '在售' }])
  expect(between({ subtitle: '好' })).toEqual([{ field: '副标题', before: '—', after: '好' }])
  expect(between({ categoryId: 'c' })).toEqual([{ field: '类目', before: '—', after: '餐具 / 杯' }])
  expect(between({ tags: ['新品', '热卖'] })).toEqual([{ field: '标签', before: '—', after: '新品、热卖' }])
  expect(between({ attributes: [{ name: '材质', value: '棉' }] })).toEqual([
    { field: '属性', before: '—', after: '材质：棉' },
  ])
  expect(between({ options: [{ name: '色', values: ['红', '蓝'] }] })).toEqual([
    { field: '规格', before: '—', after: '色：红、蓝' },
  ])
  expect(between({ pictures: ['b', 'a'] })).toEqual([{ field: '主图', before: '2 张', after: '2 张（调整了顺序）' }])
  expect(between({ pictures: ['b', 'c'] })).toEqual([{ field: '主图', before: '2 张', after: '2 张（有更换）' }])
  expect(between({ freightTemplateId: 'f' })).toEqual([{ field: '运费模板', before: '—', after: 'f' }])
  expect(between({ detail: 'x'.repeat(400) })[0]!.after).toHaveLength(301)
  for (const field of ['code', 'title', 'brand'] as const) expect(between({ [field]: 'neu' })).toHaveLength(1)
})

test('CAT-01 SKUs are compared one by one: new, changed, stopped, reordered', () => {
  expect(between({ skus: [sku('A', { priceFen: 990, weightGrams: 5 }), sku('B')] })).toEqual([
    { field: 'SKU A 售价', before: '¥10.00', after: '¥9.90' },
    { field: 'SKU A 重量', before: '0 克', after: '5 克' },
  ])
  expect(between({ skus: [sku('A'), sku('B'), sku('C', { optionValues: ['红'] })] })).toEqual([
    { field: 'SKU C', before: '—', after: '新增，红，¥10.00' },
  ])
  expect(between({ skus: [sku('B')] })).toEqual([{ field: 'SKU A', before: '¥10.00', after: '停用' }])
  expect(between({ skus: [sku('B'), sku('A')] })).toEqual([{ field: 'SKU 顺序', before: 'A、B', after: 'B、A' }])
  expect(between({ skus: [sku('A2', { id: 'id-A' }), sku('B')] })).toEqual([
    { field: 'SKU A2 编码', before: 'A', after: 'A2' },
  ])
})
