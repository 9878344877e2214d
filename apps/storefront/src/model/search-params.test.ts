import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asksForSomething,
  bandsOf,
  chosenTags,
  fenText,
  filterCount,
  isChosen,
  searchQueryOf,
  toggled,
  withoutFilters,
} from './search-params.ts'

const value = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\n'))

test('CAT-09 a filter chosen twice is as before, once it is set', () => {
  fc.assert(
    fc.property(fc.uniqueArray(value, { maxLength: 10 }), value, (chosen, one) => {
      const params = { q: '裙', ...(chosen.length ? { brands: chosen.join('\n') } : {}) }
      const once = toggled(params, 'brands', one)
      expect(isChosen(once, 'brands', one)).toBe(!chosen.includes(one))
      const twice = toggled(once, 'brands', one)
      expect(new Set(twice.brands?.split('\n'))).toEqual(new Set(params.brands?.split('\n')))
    }),
  )
})

test('CAT-09 whatever stands in an address, the query is one that the route takes', () => {
  fc.assert(
    fc.property(
      fc.record({ q: value, sort: value, category: value, min: value, max: value, stock: value }),
      (params) => {
        const query = searchQueryOf(params)
        expect(['default', 'new', 'sold', 'price-asc', 'price-desc']).toContain(query.sort)
        for (const fen of [query.minPriceFen, query.maxPriceFen])
          if (fen !== undefined) expect(Number.isSafeInteger(fen) && fen >= 0).toBe(true)
      },
    ),
  )
})

test('CAT-01 tag values in an address that are none are left out; a tag alone is something to look for', () => {
  const [camp, gift] = ['0198f000-0000-7000-8000-000000000001', '0198f000-0000-7000-8000-000000000002']
  const params = { tagged: `${camp}\n没有的\n${gift}` }
  expect(searchQueryOf(params).tagValues).toBe(`${camp},${gift}`)
  expect(searchQueryOf({ tagged: '没有的' }).tagValues).toBeUndefined()
  expect(
    [params, { tagged: '没有的' }, { q: ' ' }, { q: '裙' }].map((each) => asksForSomething(searchQueryOf(each))),
  ).toEqual([...[true, false, false, true]])
  const values = [
    { id: camp, name: '露营', products: 2 },
    { id: '0198f000-0000-7000-8000-000000000003', name: '通勤', products: 1 },
  ]
  const facets = { products: 3, categories: [], brands: [], tags: [], attributes: [], priceStepsFen: [] }
  expect(chosenTags(params, { ...facets, dimensions: [{ id: gift, name: '场景', values }] })).toEqual([values[0]])
  expect(chosenTags(params, null)).toEqual([])
})

test('CAT-09 price bands cover every price, and typed yuan become fen', () => {
  expect(bandsOf({ priceStepsFen: [] })).toEqual([])
  expect(bandsOf({ priceStepsFen: [50_00, 200_00] }).map(({ text }) => text)).toEqual([
    '50 元以下',
    '50–200 元',
    '200 元以上',
  ])
  expect(['19.9', '１００', ' 5 ', '', '-1', '1.234', 'abc'].map(fenText)).toEqual([
    '1990',
    '10000',
    '500',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('CAT-09 filters are counted by kind and cleared without the words and the order', () => {
  const params = { q: '裙', sort: 'sold', min: '100', max: '200', brands: '山野' }
  expect(filterCount(params)).toBe(2)
  expect(withoutFilters(params)).toEqual({ q: '裙', sort: 'sold' })
})
