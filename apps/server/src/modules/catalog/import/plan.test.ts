import { describe, expect, test } from 'vitest'
import { plainContentFields } from '../content.ts'
import type { ProductRecord, SkuRecord } from '../types.ts'
import type { Mapping } from './columns.ts'
import { groupRows } from './gather.ts'
import { type PlanContext, pathKey, planProducts } from './plan.ts'
import { createRowReader } from './rows.ts'

const COLUMNS = [
  '编码',
  '标题',
  '类目',
  '品牌',
  '属性',
  'SKU',
  '规格1',
  '规格2',
  '价格',
  '划线价',
  '库存',
  '图片',
  '副标题',
]
const MAPPING: Mapping = {
  编码: 'productCode',
  标题: 'title',
  类目: 'category',
  品牌: 'brand',
  属性: 'attributes',
  SKU: 'skuCode',
  规格1: 'option1',
  规格2: 'option2',
  价格: 'price',
  划线价: 'listPrice',
  库存: 'stock',
  图片: 'images',
  副标题: 'subtitle',
}
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>

const CONTEXT: Omit<PlanContext, 'columnOf' | 'newId'> = {
  options: { publish: false, defaultPriceFen: null, defaultStock: null },
  rules: { minPictures: 1 },
  products: [],
  categories: new Map([[pathKey(['杯']), 'cat-1']]),
  knownImage: () => undefined,
  knownVideo: () => undefined,
  tagValues: new Map(),
  at: '2026-11-11T00:00:00.000Z',
}

function plan(rows: Cells[], context: Partial<PlanContext> = {}, mapping = MAPPING) {
  const reader = createRowReader(COLUMNS, mapping)
  const read = groupRows(
    reader,
    rows.map((cells, i) => ({ line: i + 2, cells: COLUMNS.map((column) => cells[column] ?? '') })),
  )
  let ids = 0
  const made = planProducts(read.groups, {
    ...CONTEXT,
    columnOf: reader.columnOf,
    newId: () => `id-${++ids}`,
    ...context,
  })
  return { ...made, refusals: [...read.refusals, ...made.refusals] }
}

const sku = (code: string, optionValues: string[] = [], extra: Partial<SkuRecord> = {}): SkuRecord => ({
  id: `sku-${code}`,
  code,
  barcode: '',
  optionValues,
  priceFen: 1000,
  listPriceFen: null,
  costFen: null,
  weightGrams: 0,
  picture: null,
  position: 0,
  archived: false,
  ...extra,
})
const product = (extra: Partial<ProductRecord> = {}): ProductRecord => ({
  id: 'p-1',
  code: 'P1',
  state: 'draft',
  version: 3,
  title: '杯子',
  subtitle: '旧',
  categoryId: null,
  brand: '',
  tags: [],
  attributes: [],
  options: [],
  pictures: [],
  detail: '',
  detailPictures: [],
  freightTemplateId: null,
  ...plainContentFields(),
  publishedAt: null,
  createdAt: '',
  updatedAt: '',
  skus: [sku('A')],
  ...extra,
})

describe('CAT-01 rows become products', () => {
  test('CAT-01 rows with one product code are SKUs of one product, wherever they stand', () => {
    const made = plan([
      { 编码: 'P', 标题: '杯子', 规格1: '颜色:红', SKU: 'P-R', 价格: '10', 库存: '3' },
      { 编码: 'Q', 标题: '盘子', 价格: '5' },
      { 编码: 'P', 规格1: '颜色:蓝', 价格: '12' },
    ])
    expect(made.refusals).toEqual([])
    const [cup, plate] = made.changes.map(({ after }) => after)
    expect(cup).toMatchObject({ code: 'P', title: '杯子', options: [{ name: '颜色', values: ['红', '蓝'] }] })
    expect(cup!.skus.map(({ code, priceFen }) => [code, priceFen])).toEqual([
      ['P-R', 1000],
      [expect.stringMatching(/^P-\w{6}$/), 1200],
    ])
    expect(plate!.skus.map(({ code }) => code)).toEqual(['Q'])
    expect(made.stock).toEqual([{ skuId: cup!.skus[0]!.id, quantity: 3 }])
  })

  test('CAT-01 without codes, rows of the same words are SKUs of one product, and codes are the same each time', () => {
    const rows = [
      { 标题: '连衣裙', 类目: '杯', 规格1: '尺码:S', 价格: '99' },
      { 标题: '连衣裙', 类目: '杯', 规格1: '尺码:L', 价格: '99' },
    ]
    const first = plan(rows).changes
    expect(first).toHaveLength(1)
    expect(first[0]!.after.skus).toHaveLength(2)
    const codes = (changes: typeof first) =>
      changes.flatMap(({ after }) => [after.code, ...after.skus.map(({ code }) => code)])
    expect(codes(plan(rows).changes)).toEqual(codes(first))
    const again = plan(rows, { products: first.map(({ after }) => after) })
    expect(again.changes.map(({ before, after }) => [before?.id, after.skus.length])).toEqual([['id-1', 2]])
    expect(again.stock).toEqual([])
  })

  test('CAT-01 a row whose SKU code exists updates it; what it leaves empty stays', () => {
    const made = plan([{ SKU: 'A', 价格: '8.8' }], { products: [product()] })
    expect(made.refusals).toEqual([])
    expect(made.changes[0]!.after).toMatchObject({
      id: 'p-1',
      title: '杯子',
      subtitle: '旧',
      skus: [{ code: 'A', priceFen: 880 }],
    })
    expect(made.changes[0]!.before).toMatchObject({ skus: [{ priceFen: 1000 }] })
  })

  test('CAT-01 two groups may change one product one after the other', () => {
    const two = product({ options: [{ name: '色', values: ['红', '蓝'] }], skus: [sku('A', ['红']), sku('B', ['蓝'])] })
    const made = plan(
      [
        { SKU: 'A', 价格: '1' },
        { SKU: 'B', 价格: '2' },
      ],
      { products: [two] },
    )
    expect(made.changes).toHaveLength(1)
    expect(made.changes[0]!.after.skus.map(({ priceFen }) => priceFen)).toEqual([100, 200])
  })

  test('CAT-01 an archived SKU comes back with its code', () => {
    const made = plan([{ SKU: 'A', 价格: '1' }], { products: [product({ skus: [sku('A', [], { archived: true })] })] })
    expect(made.changes[0]!.after.skus).toEqual([expect.objectContaining({ id: 'sku-A', archived: false })])
  })

  test('CAT-01 a product without a code is given the one of the spreadsheet, found by its SKU', () => {
    const made = plan([{ 编码: 'NEW', SKU: 'A' }], { products: [product({ code: null })] })
    expect(made.changes[0]!.after).toMatchObject({ id: 'p-1', code: 'NEW' })
    const own = plan([{ 编码: 'p-1', SKU: 'A' }], { products: [product({ code: null })] })
    expect(own.changes[0]!.after.code).toBeNull()
  })

  test('CAT-01 the brand is taken from the attributes when there is no column for it', () => {
    const { 品牌: _, ...mapping } = MAPPING
    const row = { 标题: '洗发水', 价格: '1', 属性: '品牌#:#缤肌#;#产地#:#中国' }
    expect(plan([row], {}, mapping).changes[0]!.after.brand).toBe('缤肌')
    expect(plan([row]).changes[0]!.after.brand).toBe('')
  })

  test('CAT-01 defaults fill in price and opening stock of new SKUs', () => {
    const options = { publish: false, defaultPriceFen: 500, defaultStock: 7 }
    const made = plan([{ 标题: '甲' }, { 标题: '乙', 价格: '9', 库存: '0' }], { options })
    expect(made.changes.map(({ after }) => after.skus[0]!.priceFen)).toEqual([500, 900])
    expect(made.stock.map(({ quantity }) => quantity)).toEqual([7])
  })
})

describe('CAT-01 rows are refused with line, column, value and reason while good rows go in', () => {
  test('CAT-01 every unreadable cell of a row is named', () => {
    const made = plan([
      { 标题: '甲', 价格: '十元', 库存: '-3' },
      { 标题: '乙', 价格: '1' },
    ])
    expect(made.refusals).toEqual([
      { line: 2, column: '价格', value: '十元', reason: expect.stringContaining('金额') },
      { line: 2, column: '库存', value: '-3', reason: expect.stringContaining('整数') },
    ])
    expect(made.changes).toHaveLength(1)
  })

  test.each([
    ['no title', [{ SKU: 'N', 价格: '1' }], '标题', /缺少标题/],
    ['no price', [{ 标题: '甲' }], '价格', /缺少售价/],
    ['strike-through below price', [{ 标题: '甲', 价格: '5', 划线价: '4' }], '划线价', /低于售价/],
    [
      'the same SKU twice',
      [
        { 编码: 'P', 标题: '甲', SKU: 'X', 价格: '5' },
        { 编码: 'P', SKU: 'X', 价格: '6' },
      ],
      'SKU',
      /第 2 行是同一个 SKU/,
    ],
    [
      'no options although the product has some',
      [
        { 编码: 'P', 标题: '甲', 规格1: '色:红', 价格: '5' },
        { 编码: 'P', 价格: '6' },
      ],
      '规格1',
      /有规格「色」/,
    ],
    [
      'other options',
      [
        { 编码: 'P', 标题: '甲', 规格1: '色:红', 价格: '5' },
        { 编码: 'P', 规格1: '码:S', 价格: '6' },
      ],
      '规格1',
      /不一致/,
    ],
    ['unknown category beyond the limit', [{ 标题: '甲', 类目: '新', 价格: '5' }], '类目', /上限/],
  ] as [string, Cells[], string, RegExp][])('CAT-01 refused: %s', (_, rows, column, reason) => {
    const made = plan(rows)
    expect(made.refusals).toEqual([
      expect.objectContaining({ line: rows.length + 1, column, reason: expect.stringMatching(reason) }),
    ])
    expect(made.changes).toHaveLength(rows.length - 1)
  })

  test('CAT-01 a SKU code of another product is refused by name', () => {
    const made = plan([{ 编码: 'Z', 标题: '新', SKU: 'A', 价格: '5' }], { products: [product()] })
    expect(made.refusals[0]!.reason).toBe('SKU 编码已属于商品「杯子」')
    expect(made.changes).toEqual([])
  })

  test('CAT-01 a product has at most 200 SKUs', () => {
    const rows = Array.from({ length: 203 }, (_, i) => ({ 编码: 'P', 标题: '甲', 规格1: `色:${i}`, 价格: '1' }))
    const made = plan(rows)
    expect(made.changes[0]!.after.skus).toHaveLength(200)
    expect(made.refusals).toHaveLength(3)
  })
})

describe('CAT-01 publishing and pictures', () => {
  const options = { publish: true, defaultPriceFen: null, defaultStock: null }
  const row = { 标题: '甲', 类目: '杯', 价格: '5' }

  test('CAT-01 complete products go on sale; others are in, with a note what is missing', () => {
    const made = plan([row], { options })
    expect(made.notes).toEqual([expect.objectContaining({ line: 2, reason: '已导入，但未上架：缺少商品图片' })])
    expect(plan([row], { options, rules: { minPictures: 0 } }).changes[0]!.after.state).toBe('on-sale')
    const known = plan([{ ...row, 图片: '/files/x' }], { options, knownImage: () => 'file-1' })
    expect(known.changes[0]!.after).toMatchObject({ state: 'on-sale', pictures: ['file-1'] })
  })

  test('CAT-01 a product whose pictures are still to come waits with going on sale', () => {
    const made = plan([{ ...row, 图片: 'https://a.example/1.jpg;https://a.example/2.jpg' }], { options })
    expect(made.changes[0]!.after.state).toBe('draft')
    expect(made.notes).toEqual([])
    expect(made.pictures).toEqual([
      {
        productId: 'id-1',
        line: 2,
        sources: ['https://a.example/1.jpg', 'https://a.example/2.jpg'].map((source) => ({
          ...{ source, kind: null, fileId: null },
        })),
      },
    ])
  })
})
