import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attributesText,
  BadValue,
  mergeAttributes,
  readAttributes,
  readCategory,
  readCode,
  readImages,
  readOption,
  readPrice,
  readRole,
  readStock,
  readTags,
  readTagValues,
  readVideo,
  readWeight,
  tagValuesText,
} from './values.ts'

describe('CAT-01 values of cells', () => {
  test('CAT-01 money as people type it, to the fen', () => {
    expect(readPrice('19.9')).toBe(1990)
    expect(readPrice('¥1,234.50')).toBe(123450)
    expect(readPrice('１２．５元')).toBe(1250)
    for (const bad of ['', 'abc', '1.234', '-1', '1e3', '99999999']) expect(() => readPrice(bad), bad).toThrow(BadValue)
    fc.assert(
      fc.property(fc.nat(10_000_000_00), (amountFen) => {
        expect(readPrice((amountFen / 100).toFixed(2))).toBe(amountFen)
        // As a spreadsheet stores it: a double, printed.
        expect(readPrice(String(Number((amountFen / 100).toPrecision(15))))).toBe(amountFen)
      }),
    )
  })

  test('CAT-01 stock and weight with units', () => {
    expect(readStock('1,200')).toBe(1200)
    expect(readStock('30件')).toBe(30)
    expect(readStock('5.0')).toBe(5)
    for (const bad of ['-1', '1.5', 'many']) expect(() => readStock(bad)).toThrow(BadValue)
    expect(readWeight('500', false)).toBe(500)
    expect(readWeight('500', true)).toBe(500_000)
    expect(readWeight('0.5kg', false)).toBe(500)
    expect(readWeight('1.2 千克', false)).toBe(1200)
    expect(readWeight('3斤', false)).toBe(1500)
    expect(() => readWeight('heavy', false)).toThrow(BadValue)
  })

  test('CAT-01 codes that a spreadsheet program has spoilt are refused', () => {
    expect(() => readCode('6.90123E+12', 32)).toThrow(/科学计数法/)
    expect(readCode('6901234567892', 32)).toBe('6901234567892')
    expect(() => readCode('x'.repeat(65), 64)).toThrow(/超过 64 个字符/)
  })

  test('CAT-01 attributes in both forms, each name once', () => {
    expect(readAttributes('材质:棉；产地：中国;材质:麻')).toEqual([
      { name: '材质', value: '棉、麻' },
      { name: '产地', value: '中国' },
    ])
    expect(readAttributes('净含量#:#230g#;#功效#:#柔顺#;#功效#:#滋养')).toEqual([
      { name: '净含量', value: '230g' },
      { name: '功效', value: '柔顺、滋养' },
    ])
    expect(readAttributes('比例#:#1:2;3')).toEqual([{ name: '比例', value: '1:2;3' }])
    expect(readAttributes(';;')).toEqual([])
    expect(() => readAttributes('没有冒号')).toThrow(/名称:值/)
  })

  test('CAT-01 attributes written by the export are read back the same', () => {
    const word = (max: number) =>
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: max })
        .map((text) => text.replace(/#/g, '').trim())
        .filter((text) => text !== '')
    const attributes = fc.array(fc.record({ name: word(6), value: word(12) }), { maxLength: 6 }).map(mergeAttributes)
    fc.assert(
      fc.property(attributes, (list) => {
        expect(readAttributes(attributesText(list))).toEqual(list)
      }),
    )
  })

  test('CAT-01 options carry their name or take it from the column', () => {
    expect(readOption('颜色:红', '规格1')).toEqual({ name: '颜色', value: '红' })
    expect(readOption('红', '颜色')).toEqual({ name: '颜色', value: '红' })
    expect(readOption('红', '规格1（名称:值）')).toEqual({ name: '规格', value: '红' })
  })

  test('CAT-01 categories by path or by two columns', () => {
    expect(readCategory('服饰 > 女装', '')).toEqual(['服饰', '女装'])
    expect(readCategory('消费电子', '麦克风/话筒')).toEqual(['消费电子', '麦克风/话筒'])
    expect(() => readCategory('a>b>c', 'd')).toThrow(/最多 3 级/)
  })

  test('CAT-01 images by address and by name', () => {
    const address = 'https://a.example/b.jpg?x-oss-process=image/resize,w_800'
    expect(readImages(`${address}, https://a.example/c.jpg`)).toEqual([address, 'https://a.example/c.jpg'])
    expect(readImages('a.jpg，b c.png;d.webp|a.jpg')).toEqual(['a.jpg', 'b c.png', 'd.webp'])
    expect(readTags('新品、夏季, 新品')).toEqual(['新品', '夏季'])
  })
})

describe('CAT-01 content columns', () => {
  const name = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(';', ':', '、', 'a'), minLength: 1 }),
    )
    .filter((text) => text.trim() === text && !/[#\n\r]/.test(text))
  test('CAT-01 tag values come back as they were written, whatever signs their names hold', () => {
    const tag = fc.record({ dimension: name, name })
    fc.assert(
      fc.property(
        fc.uniqueArray(tag, { maxLength: 12, selector: ({ dimension, name }) => `${dimension}:${name}` }),
        (tags) => {
          const read = readTagValues(tagValuesText(tags))
          const key = (dimension: string, value: string) => `${dimension}\n${value}`
          expect(read.map(({ dimension, value }) => key(dimension, value)).sort()).toEqual(
            tags.map((each) => key(each.dimension, each.name)).sort(),
          )
        },
      ),
    )
  })

  test('CAT-01 roles are read by their names, and anything else says what there is', () => {
    expect(['引流', '引流款', '常规品', 'exclusive', '专供'].map(readRole)).toEqual([
      ...['traffic', 'traffic', 'regular', 'exclusive', 'exclusive'],
    ])
    expect(() => readRole('爆款')).toThrow('商品角色应为：引流、定制、常规、专供')
    expect(() => readVideo('a.mp4;b.mp4')).toThrow('一个商品只能有一个视频')
  })
})
