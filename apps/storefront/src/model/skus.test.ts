import type { StoreSku } from '@zhanggui/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choose, chosenSku, firstChoice, openOptions, priceRange, valueState } from './skus.ts'

const sku = (optionValues: string[], available: number, priceFen = 1000) =>
  ({
    id: optionValues.join(),
    code: '',
    optionValues,
    priceFen,
    listPriceFen: null,
    picture: null,
    available,
  }) as unknown as StoreSku

const shirt = {
  options: [
    { name: '颜色', values: ['蓝', '白'] },
    { name: '尺码', values: ['S', 'M', 'L'] },
  ],
  skus: [sku(['蓝', 'S'], 3), sku(['蓝', 'M'], 0), sku(['白', 'M'], 5, 1500), sku(['白', 'L'], 1, 2000)],
}

describe('choosing a SKU', () => {
  test('UX-03 values that no SKU has with the other choices are impossible, sold out ones are gone', () => {
    const blue = choose(firstChoice(shirt), 0, '蓝')
    expect(valueState(shirt, blue, 1, 'S')).toBe('open')
    expect(valueState(shirt, blue, 1, 'M')).toBe('gone')
    expect(valueState(shirt, blue, 1, 'L')).toBe('impossible')
    expect(valueState(shirt, blue, 0, '白')).toBe('open')
  })

  test('UX-03 a complete choice names its SKU, an incomplete one says what is missing', () => {
    const blue = choose(firstChoice(shirt), 0, '蓝')
    expect(chosenSku(shirt, blue)).toBeUndefined()
    expect(openOptions(shirt, blue)).toEqual(['尺码'])
    expect(chosenSku(shirt, choose(blue, 1, 'S'))?.id).toBe('蓝,S')
    expect(chosenSku(shirt, ['蓝', 'L'])).toBeUndefined()
  })

  test('UX-03 choosing the chosen value takes it back', () => {
    expect(choose(['蓝', 'S'], 1, 'S')).toEqual(['蓝', undefined])
  })

  test('UX-03 a product without options has its one SKU chosen', () => {
    const plain = { options: [], skus: [sku([], 4)] }
    expect(chosenSku(plain, firstChoice(plain))?.available).toBe(4)
  })

  test('UX-03 an option with one value is chosen already', () => {
    const one = {
      options: [{ name: '颜色', values: ['蓝'] }, shirt.options[1]!],
      skus: [sku(['蓝', 'S'], 1), sku(['蓝', 'M'], 1)],
    }
    expect(firstChoice(one)).toEqual(['蓝', undefined])
  })

  test('UX-03 prices narrow with the choice', () => {
    expect(priceRange(shirt, firstChoice(shirt))).toEqual({ minFen: 1000, maxFen: 2000 })
    expect(priceRange(shirt, ['白', undefined])).toEqual({ minFen: 1500, maxFen: 2000 })
  })

  test('UX-03 a value is open exactly when a SKU in stock fits it and the other choices', () => {
    const values = fc.constantFrom('a', 'b', 'c')
    const skus = fc.uniqueArray(fc.record({ x: values, y: values, available: fc.nat(2) }), {
      selector: ({ x, y }) => x + y,
      minLength: 1,
    })
    fc.assert(
      fc.property(skus, fc.option(values, { nil: undefined }), values, (list, chosen, asked) => {
        const options = ['x', 'y'].map((name) => ({ name, values: ['a', 'b', 'c'] }))
        const product = { options, skus: list.map(({ x, y, available }) => sku([x, y], available)) }
        const isOpen = list.some(
          ({ x, y, available }) => (chosen === undefined || x === chosen) && y === asked && available > 0,
        )
        expect(valueState(product, [chosen, undefined], 1, asked) === 'open').toBe(isOpen)
      }),
    )
  })
})
