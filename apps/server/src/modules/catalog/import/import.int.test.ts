import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { ImportField } from '@zhanggui/contract'
import ExcelJS from 'exceljs'
import { zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportRefusals } from '../export/export-refusals.ts'
import { minPictures } from '../settings.ts'
import { callRoute, samplePicture } from '../testing.ts'
import { type ImportWorld, NO_OPTIONS, openImportWorld, sheet } from './testing-import.ts'

let world: ImportWorld

beforeAll(async () => {
  world = await openImportWorld()
})
afterAll(() => world.close())

async function workbook(
  rows: (string | number | null)[][],
  change?: (sheet: ExcelJS.Worksheet) => void,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const hidden = book.addWorksheet('说明', { state: 'hidden' })
  hidden.addRow(['这一页是隐藏的'])
  const page = book.addWorksheet('商品')
  for (const row of rows) page.addRow(row)
  change?.(page)
  return Buffer.from(await book.xlsx.writeBuffer())
}

describe('CAT-01 import of spreadsheets', () => {
  test('CAT-01 columns are proposed, preview says what would be, good rows go in and bad rows are reported', async () => {
    const shopId = await world.newShop()
    const text =
      '商品名称,类目,价格,库存,备注\n杯子,餐具 > 杯,9.9,5,x\n盘子,餐具,abc,1,\n,餐具,5,1,\n勺子,餐具,3,-1,\n碗,餐具,8,,\n'
    const job = await world.upload(shopId, text)
    expect(job).toMatchObject({
      state: 'mapping',
      encoding: 'UTF-8',
      columns: ['商品名称', '类目', '价格', '库存', '备注'],
      mapping: { 商品名称: 'title', 类目: 'category', 价格: 'price', 库存: 'stock' },
      mappingRemembered: false,
      totalRows: 5,
    })
    const preview = await callRoute(world.catalog.handlers, 'console.previewImport', {
      params: { shopId, importId: job.id },
      body: { mapping: job.mapping, options: NO_OPTIONS },
    })
    expect(preview).toMatchObject({ goodRows: 2, badRows: 3 })
    expect(preview.products.map(({ title, category }) => [title, category])).toEqual([
      ['杯子', '餐具 / 杯'],
      ['碗', '餐具'],
    ])
    expect(await world.count(shopId, 'products')).toBe(0)
    const done = await world.importAll(shopId, text)
    expect(done).toMatchObject({ state: 'done', doneRows: 5, createdProducts: 2, updatedProducts: 0, refusedRows: 3 })
    expect(await world.refusals(shopId, done.id)).toEqual([
      { line: 3, column: '价格', value: 'abc', reason: expect.any(String) },
      { line: 4, column: '商品名称', value: '', reason: '新商品缺少标题' },
      { line: 5, column: '库存', value: '-1', reason: expect.any(String) },
    ])
    expect(await world.units(shopId)).toBe(5)
    const file = (await buffer((await exportRefusals(world.deps, shopId, done.id)).body)).toString('utf8')
    expect(file.startsWith('\ufeff商品名称,类目,价格,库存,备注,原因\r\n盘子,餐具,abc,1,,')).toBe(true)
    const corrected = file.replace('abc', '4').replace('-1', '1').replace('\r\n,餐具', '\r\n叉子,餐具')
    expect(await world.importAll(shopId, corrected)).toMatchObject({ createdProducts: 3, refusedRows: 0 })
  })

  test('CAT-01 the mapping is remembered for files with the same columns', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, '甲,乙\n杯子,5\n')
    expect(job.mapping).toEqual({})
    const mapping: Record<string, ImportField> = { 甲: 'title', 乙: 'price' }
    const run = (body: object) =>
      callRoute(world.catalog.handlers, 'console.runImport', {
        params: { shopId, importId: job.id },
        body: body as never,
      })
    await expect(run({ mapping: {}, options: NO_OPTIONS })).rejects.toThrow(/至少要有一列/)
    await expect(run({ mapping: { ...mapping, 丙: 'brand' }, options: NO_OPTIONS })).rejects.toThrow(/没有「丙」/)
    await run({ mapping, options: NO_OPTIONS })
    await world.jobs.runNow()
    expect(await world.look(shopId, job.id)).toMatchObject({ state: 'done', createdProducts: 1 })
    expect(await world.upload(shopId, '甲,乙\n盘子,6\n')).toMatchObject({ mapping, mappingRemembered: true })
    await expect(run({ mapping, options: NO_OPTIONS })).rejects.toMatchObject({ code: 'IMPORT_STATE' })
  })

  test('CAT-01 CSV in GB18030 and UTF-16, tabs and quotes with line ends are read', async () => {
    const shopId = await world.newShop()
    const text = '标题\t售价\t详情\n𠮷野家"丼"\t10\t"第一行\n第二行"\n'
    for (const [encoding, name] of [
      ['gb18030', 'GB18030'],
      ['utf-16le', 'UTF-16LE'],
    ] as const) {
      const bytes = iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' })
      const job = await world.upload(shopId, bytes)
      expect(job.encoding).toBe(name)
      expect(job.sample).toEqual([['𠮷野家"丼"', '10', '第一行\n第二行']])
    }
  })

  test('CAT-01 a workbook: hidden sheet, note above the header, merged cells, numbers, formulas and rich text', async () => {
    const shopId = await world.newShop()
    const bytes = await workbook(
      [
        ['2026 秋季新品'],
        ['商品编码', '商品标题', '规格1', 'SKU 编码', '条码', '售价（元）', '重量(kg)'],
        ['P9', null, '颜色:红', 'P9-R', 6901234567892, 19.9, 0.5],
        [null, null, '颜色:蓝', 'P9-B', null, null, 0.25],
      ],
      (page) => {
        page.getCell('B3').value = { richText: [{ text: '加厚' }, { font: { bold: true }, text: '外套' }] }
        page.getCell('F4').value = { formula: 'F3+0.1', result: 20.000000000000004 }
        page.mergeCells('A3:A4')
        page.mergeCells('B3:B4')
      },
    )
    const job = await world.importAll(shopId, bytes, {}, 'goods.xlsx')
    expect(job).toMatchObject({ sheet: '商品', state: 'done', createdProducts: 1, refusedRows: 0, totalRows: 2 })
    const [row] = (await world.listed(shopId)).items
    const product = await callRoute(world.catalog.handlers, 'console.product', {
      params: { shopId, productId: row!.id },
    })
    expect(product.title).toBe('加厚外套')
    expect(
      product.skus.map(({ code, barcode, priceFen, weightGrams }) => [code, barcode, priceFen, weightGrams]),
    ).toEqual([
      ['P9-R', '6901234567892', 1990, 500],
      ['P9-B', '', 2000, 250],
    ])
  })

  test('CAT-01 what is not a spreadsheet is refused in words', async () => {
    const shopId = await world.newShop()
    await expect(world.upload(shopId, '')).rejects.toThrow(/空/)
    await expect(world.upload(shopId, Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'a.xls')).rejects.toThrow(/\.xls/)
    await expect(world.upload(shopId, Buffer.from('PK\u0003\u0004nonsense'))).rejects.toMatchObject({
      code: 'IMPORT_UNREADABLE',
    })
    await expect(world.upload(shopId, '标题,价格\n')).rejects.toThrow(/没有数据/)
    await expect(world.upload(shopId, await samplePicture(1))).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' })
    const two = zipSync({ 'a.csv': Buffer.from('标题\n1'), 'b.csv': Buffer.from('标题\n1') })
    await expect(world.upload(shopId, Buffer.from(two), 'a.zip')).rejects.toThrow(/有且只有一个表格/)
    const bomb = zipSync({ 'a.csv': Buffer.alloc(40_000_000, 'a') }, { level: 9 })
    expect(bomb.length).toBeLessThan(100_000)
    await expect(world.upload(shopId, Buffer.from(bomb), 'a.zip')).rejects.toThrow(/压缩比异常/)
  })

  test('CAT-01 rows whose SKU code exists update it; importing the same file again changes nothing', async () => {
    const shopId = await world.newShop()
    expect(await world.importAll(shopId, sheet(30))).toMatchObject({ createdProducts: 30 })
    const versions = await world.count(shopId, 'product_versions')
    expect(await world.importAll(shopId, sheet(30))).toMatchObject({
      createdProducts: 0,
      updatedProducts: 0,
      refusedRows: 0,
    })
    expect(await world.count(shopId, 'product_versions')).toBe(versions)
    expect(await world.units(shopId)).toBe(60)
    expect(await world.importAll(shopId, 'SKU编码,售价\nS-3,99\nS-4,5.5\n')).toMatchObject({ updatedProducts: 1 })
  })
})

const CATALOGUE = path.resolve(
  import.meta.dirname,
  '../../../../../../../shared/data/06-chinese/titles_search/openbg_catalog_1000.csv',
)
const why = existsSync(CATALOGUE) ? '' : ' (skipped: the file is not there)'

describe.skipIf(why !== '')(`CAT-01 a real catalogue${why}`, () => {
  test('CAT-01 a thousand real titles are imported, published and found', async () => {
    const shopId = await world.newShop()
    await world.db.tx({ shopId }, (tx) => world.settings.set(tx, minPictures, { shopId }, 0, { kind: 'system' }))
    const job = await world.upload(shopId, await readFile(CATALOGUE), 'openbg_catalog_1000.csv')
    expect(job.mapping).toEqual({
      title: 'title',
      coarse_category: 'category',
      fine_category: 'subcategory',
      attributes: 'attributes',
    })
    await world.run(shopId, job, { publish: true, defaultPriceFen: 9900, defaultStock: 10 })
    await world.jobs.runNow()
    const done = await world.look(shopId, job.id)
    expect(await world.refusals(shopId, job.id)).toEqual([])
    expect(done).toMatchObject({ state: 'done', doneRows: 1000, createdProducts: 1000, refusedRows: 0 })
    const front = await callRoute(world.catalog.handlers, 'store.products', {
      params: { shopId },
      query: { q: '洗发水', limit: 100 },
    })
    expect(front.items.length).toBeGreaterThan(10)
    expect(front.items.slice(0, 10).every(({ title }) => title.includes('洗发水'))).toBe(true)
    expect(front.items[0]).toMatchObject({ minPriceFen: 9900, soldOut: false })
    const product = await callRoute(world.catalog.handlers, 'store.product', {
      params: { shopId, productId: front.items[0]!.id },
    })
    expect(product.brand).not.toBe('')
    expect(product.categoryPath).toHaveLength(2)
    expect(product.attributes.length).toBeGreaterThan(3)
  })
})
