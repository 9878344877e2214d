import { buffer } from 'node:stream/consumers'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IMAGE_FORMATS, VIDEO_FORMATS } from '../../../kernel/files.ts'
import { sampleVideo } from '../../../kernel/testing-video.ts'
import { type ImportWorld, openImportWorld, sheet } from '../import/testing-import.ts'
import { callRoute, samplePicture } from '../testing.ts'
import { exportProducts, importTemplate } from './export-products.ts'

let world: ImportWorld

beforeAll(async () => {
  world = await openImportWorld()
})
afterAll(() => world.close())

describe('CAT-01 export', () => {
  test.each(['csv', 'csv-gb18030', 'xlsx'] as const)(
    'CAT-01 what %s exports is imported again without any change',
    async (format) => {
      const shopId = await world.newShop()
      const picture = await world.files.upload({
        shopId,
        name: 'a.png',
        content: await samplePicture(700),
        actor: { kind: 'system' },
      })
      const { id: categoryId } = await callRoute(world.catalog.handlers, 'console.createCategory', {
        params: { shopId },
        body: { name: '餐具' },
      })
      const sub = await callRoute(world.catalog.handlers, 'console.createCategory', {
        params: { shopId },
        body: { name: '杯/壶', parentId: categoryId },
      })
      const upload = (name: string, content: Buffer, accept = IMAGE_FORMATS) =>
        world.files.upload({ shopId, name, content, accept, actor: { kind: 'system' } })
      const white = await upload('b.png', await samplePicture(701))
      const video = await upload('v.mp4', sampleVideo({ seconds: 9, number: 40 }), VIDEO_FORMATS)
      const { values } = await callRoute(world.catalog.handlers, 'console.createTagDimension', {
        params: { shopId },
        body: { name: '场景', values: [{ name: '早餐、下午茶' }, { name: '送礼' }] },
      })
      await callRoute(world.catalog.handlers, 'console.createProduct', {
        params: { shopId },
        body: {
          pictureKinds: { [white.id]: 'white' },
          videoFileId: video.id,
          coreKeyword: '茶壶',
          role: 'traffic',
          tagValueIds: values.map(({ id }) => id),
          title: '=HYPERLINK("x"), "引号" 与\'单引号',
          subtitle: "'+1",
          categoryId: sub.id,
          brand: '@掌柜',
          tags: ['新品', '夏季'],
          attributes: [
            { name: '材质', value: '棉;麻' },
            { name: '材质', value: '丝' },
          ],
          options: [
            { name: '颜色', values: ['红', '蓝'] },
            { name: '尺码', values: ['S'] },
          ],
          pictureFileIds: [picture.id, white.id],
          detail: '第一行\n第二行，含 | 竖线',
          skus: [
            {
              code: '-X1',
              barcode: '0069',
              optionValues: ['红', 'S'],
              priceFen: 1999 as never,
              listPriceFen: 2999 as never,
              costFen: 1 as never,
              weightGrams: 12,
            },
            { code: 'X2', optionValues: ['蓝', 'S'], priceFen: 29 as never },
          ],
        },
      })
      await world.importAll(shopId, sheet(250, 'E'))
      const before = (await world.listed(shopId, { sort: 'created' })).items
      const bytes = await buffer(exportProducts(world.deps, shopId, {}, format).body)
      if (format === 'csv') expect(bytes.toString('utf8')).toContain(`"'=HYPERLINK(""x"")`)
      if (format === 'xlsx') {
        const book = new ExcelJS.Workbook()
        await book.xlsx.load(bytes as never)
        const cell = book.worksheets[0]!.getCell('B2')
        expect([cell.type, cell.formula]).toEqual([ExcelJS.ValueType.String, undefined])
      }
      const versions = await world.count(shopId, 'product_versions')
      const done = await world.importAll(shopId, bytes, {}, `goods.${format}`)
      expect(await world.refusals(shopId, done.id)).toEqual([])
      expect(done).toMatchObject({
        state: 'done',
        totalRows: 252,
        createdProducts: 0,
        updatedProducts: 0,
        refusedRows: 0,
      })
      expect(await world.count(shopId, 'product_versions')).toBe(versions)
      expect((await world.listed(shopId, { sort: 'created' })).items).toEqual(before)
    },
  )

  test('CAT-01 the template has every column and imports its example', async () => {
    const shopId = await world.newShop()

    const bytes = await buffer(importTemplate().body)
    const done = await world.importAll(shopId, bytes, {}, 'template.xlsx')
    expect(done).toMatchObject({ state: 'done', createdProducts: 1, refusedRows: 0 })
    expect(Object.keys(done.mapping)).toHaveLength(27)
  })
})
