import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CategoryNode,
  categoryPath,
  checkPlacement,
  checkSkus,
  comboKey,
  descendants,
  missingOf,
  planSkus,
  priceSummary,
} from './rules.ts'
import type { SkuRecord } from './types.ts'

type SkuInput = Parameters<typeof checkSkus>[1][number]

const input = (code: string, optionValues: string[] = [], extra: Partial<SkuInput> = {}): SkuInput =>
  ({
    code,
    barcode: '',
    optionValues,
    priceFen: 100,
    listPriceFen: null,
    costFen: null,
    weightGrams: 0,
    pictureFileId: null,
    ...extra,
  }) as SkuInput
const stored = (id: string, code: string, optionValues: string[] = [], extra: Partial<SkuRecord> = {}): SkuRecord => ({
  id,
  code,
  barcode: '',
  optionValues,
  priceFen: 100,
  listPriceFen: null,
  costFen: null,
  weightGrams: 0,
  picture: null,
  position: 0,
  archived: false,
  ...extra,
})
const counter = () => {
  let next = 0
  return () => `new-${++next}`
}
const COLOURS = [{ name: '颜色', values: ['红', '蓝'] }]

describe('CAT-01 SKUs fit their options', () => {
  test('CAT-01 a SKU names one value of each option', () => {
    expect(() => checkSkus(COLOURS, [input('A', ['红']), input('B', ['蓝'])])).not.toThrow()
    expect(() => checkSkus(COLOURS, [input('A', [])])).toThrow(/1 个规格/)
    expect(() => checkSkus(COLOURS, [input('A', ['绿'])])).toThrow(/「绿」/)
    expect(() => checkSkus([], [input('A'), input('B')])).toThrow(/规格组合/)
  })

  test('CAT-01 codes and combinations stand once in a product', () => {
    expect(() => checkSkus(COLOURS, [input('A', ['红']), input('A', ['蓝'])])).toThrow(/规格编码 已存在：A/)
    expect(() => checkSkus(COLOURS, [input('A', ['红']), input('B', ['红'])])).toThrow(/规格组合 已存在：红/)
    expect(() => checkSkus([{ name: '色', values: ['红', '红'] }], [])).toThrow(/重复/)
  })
})

describe('CAT-01 which SKU is which after an edit', () => {
  test('CAT-01 by id, then by code, then by option values', () => {
    const existing = [stored('1', 'A', ['红']), stored('2', 'B', ['蓝']), stored('3', 'C', ['绿'])]
    const plan = planSkus(
      existing,
      [input('X', ['蓝']), input('A', ['黄']), input('N', ['白'], { id: '3' })],
      counter(),
    )
    expect(plan.map(({ id, code, archived }) => [id, code, archived])).toEqual([
      ['2', 'X', false],
      ['1', 'A', false],
      ['3', 'N', false],
    ])
  })

  test('CAT-01 an archived SKU comes back with its code, not with its option values', () => {
    const existing = [stored('1', 'A', ['红'], { archived: true })]
    expect(planSkus(existing, [input('A', ['红'])], counter())[0]!.id).toBe('1')
    expect(planSkus(existing, [input('B', ['红'])], counter()).map(({ id }) => id)).toEqual(['new-1', '1'])
  })

  test('CAT-01 an id of another product is refused', () => {
    expect(() => planSkus([], [input('A', [], { id: 'other' })], counter())).toThrow(/没有 SKU other/)
  })

  test('CAT-01 no SKU is ever lost and no id is given twice', () => {
    const codes = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), { maxLength: 6 })
    fc.assert(
      fc.property(codes, codes, fc.array(fc.nat(5), { maxLength: 6 }), (before, after, values) => {
        const existing = before.map((code, i) => stored(String(i), code, [`v${i}`], { archived: i % 3 === 2 }))
        const inputs = after.map((code, i) => input(code, [`v${values[i] ?? i + 10}`]))
        const plan = planSkus(existing, inputs, counter())
        const ids = plan.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        for (const { id } of existing) expect(ids).toContain(id)
        expect(plan.filter(({ archived }) => !archived).map(({ code }) => code)).toEqual(after)
        expect(new Set(plan.filter((sku) => !sku.archived).map(({ code }) => code)).size).toBe(after.length)
      }),
    )
  })
})

test('CAT-01 what keeps a product from being published is said in words', () => {
  const fit = { title: '杯子', categoryId: 'c', pictures: ['p'], skus: [stored('1', 'A')] }
  expect(missingOf(fit, { minPictures: 1 })).toEqual([])
  expect(missingOf({ title: ' ', categoryId: null, pictures: [], skus: [] }, { minPictures: 1 })).toEqual([
    '缺少标题',
    '缺少类目',
    '缺少 SKU',
    '缺少商品图片',
  ])
  expect(missingOf({ ...fit, skus: [stored('1', 'A', [], { priceFen: 0 })] }, { minPictures: 1 })).toEqual([
    'SKU A 没有售价',
  ])
  expect(missingOf({ ...fit, skus: [stored('1', 'A', [], { listPriceFen: 50 })] }, { minPictures: 1 })).toEqual([
    'SKU A 的划线价低于售价',
  ])
  expect(missingOf({ ...fit, pictures: ['a'] }, { minPictures: 3 })).toEqual(['商品图片不足 3 张（现有 1 张）'])
  expect(missingOf({ ...fit, pictures: [] }, { minPictures: 0 })).toEqual([])
})

test('CAT-01 the prices shown are those of the SKUs that are sold', () => {
  const skus = [
    stored('1', 'A', [], { priceFen: 300, listPriceFen: 900 }),
    stored('2', 'B', [], { priceFen: 200, listPriceFen: 500 }),
    stored('3', 'C', [], { priceFen: 1, archived: true }),
  ]
  expect(priceSummary(skus)).toEqual({ minPriceFen: 200, maxPriceFen: 300, listPriceFen: 500 })
  expect(priceSummary([])).toEqual({ minPriceFen: 0, maxPriceFen: 0, listPriceFen: null })
})

test('CAT-01 categories have three levels and no circles', () => {
  const nodes: CategoryNode[] = [
    { id: 'a', parentId: null, name: '服饰', position: 0 },
    { id: 'b', parentId: 'a', name: '女装', position: 0 },
    { id: 'c', parentId: 'b', name: '连衣裙', position: 0 },
    { id: 'd', parentId: null, name: '食品', position: 0 },
  ]
  const tree = new Map(nodes.map((node) => [node.id, node]))
  expect(categoryPath(tree, 'c')).toEqual(['服饰', '女装', '连衣裙'])
  expect([...descendants(nodes, 'a')].sort()).toEqual(['a', 'b', 'c'])
  expect(() => checkPlacement(tree, null, 'b')).not.toThrow()
  expect(() => checkPlacement(tree, null, 'c')).toThrow(/最多 3 级/)
  expect(() => checkPlacement(tree, 'a', 'd')).toThrow(/最多 3 级/)
  expect(() => checkPlacement(tree, 'b', 'd')).not.toThrow()
  expect(() => checkPlacement(tree, 'a', 'c')).toThrow(/子类目之下/)
  expect(() => checkPlacement(tree, 'a', 'gone')).toThrow(/上级类目/)
})

test('CAT-01 option values make different keys when they differ', () => {
  expect(comboKey(['a', 'b'])).not.toBe(comboKey(['a b']))
})
