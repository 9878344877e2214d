import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSheetLines } from './sheet-lines.ts'

const read = (text: string) => readSheetLines(text).map(({ line, code, price }) => [line, code, price])

describe('CAT-04 lines of a price sheet', () => {
  test('CAT-04 two columns copied out of a spreadsheet, with an empty line between', () => {
    expect(read('TEA-1\t59\r\n\r\nTEA-2\t1,299.00\r\n')).toEqual([
      [1, 'TEA-1', '59'],
      [3, 'TEA-2', '1,299.00'],
    ])
  })

  test('CAT-04 columns are found by their names, the SKU before the product, the last price', () => {
    expect(read('商品编码\tSKU编码\t商品\t售价\t会员价（元）\nP1\tS1\t茶\t88\t79\nP1\tS2\t茶\t98\t')).toEqual([
      [2, 'S1', '79'],
      [3, 'S2', ''],
    ])
  })

  test('CAT-04 typed with commas or spaces; a code alone follows the formula', () => {
    expect(read('TEA-1，59元\nTEA-2 60\nTEA-3')).toEqual([
      [1, 'TEA-1', '59元'],
      [2, 'TEA-2', '60'],
      [3, 'TEA-3', ''],
    ])
  })

  test('CAT-04 a first line of data is no header, whatever its code is called', () => {
    expect(read('SKU-1\t59')).toEqual([[1, 'SKU-1', '59']])
    expect(read('编码-乙,5.50')).toEqual([[1, '编码-乙', '5.50']])
  })

  test('CAT-04 any lines keep their numbers and nothing of them is lost', () => {
    const cell = fc.string({ minLength: 1 }).map((text) => text.replace(/[\s,，;；"]/g, '_'))
    const amount = fc.integer({ min: 1, max: 99_999 }).map(String)
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, amount)), (rows) => {
        const sheet = rows.map((row) => row.join('\t')).join('\n')
        expect(read(sheet)).toEqual(rows.map(([code, price], index) => [index + 1, code, price]))
      }),
    )
  })
})
