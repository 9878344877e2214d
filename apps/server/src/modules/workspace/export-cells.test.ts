import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { cellsOf, columnsOf } from './export-cells.ts'

const zh = { timeZone: 'Asia/Shanghai', language: 'zh' as const }
const column = (field: string, labels?: Record<string, string>) => ({
  field,
  title: field,
  ...(labels ? { labels } : {}),
})

test('ACC-05 fen become yuan, instants local time, truth words, lists one cell', () => {
  const row = {
    totalFen: 1990,
    at: '2026-11-11T16:00:00.000Z',
    ok: true,
    state: 'shipped',
    lines: [
      { title: '茶', priceFen: 100 },
      { title: '杯', priceFen: 250 },
    ],
    none: null,
  }
  const fields = ['totalFen', 'at', 'ok', 'lines.title', 'lines.priceFen', 'none', 'gone.away']
  expect(
    cellsOf(
      row,
      fields.map((field) => column(field)),
      zh,
    ),
  ).toEqual([19.9, '2026-11-12 00:00:00', '是', '茶、杯', '1.00、2.50', '', ''])
  expect(cellsOf(row, [column('state', { shipped: '已发货' })], zh)).toEqual(['已发货'])
  expect(cellsOf(row, [column('ok')], { ...zh, language: 'en' })).toEqual(['yes'])
})

test('ACC-05 what a row inherits is no value of it', () => {
  for (const field of ['constructor', 'toString', 'hasOwnProperty.name'])
    expect(cellsOf({}, [column(field)], zh)).toEqual([''])
  expect(cellsOf({ state: 'constructor' }, [column('state', {})], zh)).toEqual(['constructor'])
})

test('ACC-05 any row gives one plain cell for each column', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.constantFrom('a', 'b', 'cFen', 'd') }), (row) => {
      const cells = cellsOf(
        row,
        ['a', 'b.a', 'cFen', 'd.b.a'].map((field) => column(field)),
        zh,
      )
      expect(cells).toHaveLength(4)
      for (const cell of cells) expect(['string', 'number']).toContain(typeof cell)
    }),
  )
})

test('ACC-05 the plain values of a row are its columns; ids and addresses of pictures are not', () => {
  const row = z
    .object({
      id: z.uuid(),
      title: z.string(),
      picture: z.object({ url: z.string(), width: z.int() }).nullable(),
      skuId: z.string(),
      tags: z.array(z.string()),
      lines: z.array(z.object({ title: z.string(), deep: z.object({ er: z.string() }) })),
    })
    .meta({ id: 'RowOfThisTest' })
  expect(columnsOf(row).map(({ field }) => field)).toEqual(['title', 'picture.width', 'tags', 'lines.title'])
})

test('ACC-05 of a list on the way a column can have one item’s value: what one warehouse has of the goods', () => {
  const row = {
    byWarehouse: [
      { warehouseId: 'front', available: 3 },
      { warehouseId: 'central', available: 40 },
    ],
  }
  const of = (is: string) => ({ ...column('byWarehouse.available'), where: { field: 'warehouseId', is } })
  expect(cellsOf(row, [of('central'), of('front'), of('closed')], zh)).toEqual([40, 3, ''])
  expect(cellsOf(row, [column('byWarehouse.available')], zh)).toEqual(['3、40'])
  expect(cellsOf({ byWarehouse: [null, 'front'] }, [of('front')], zh)).toEqual([''])
})
