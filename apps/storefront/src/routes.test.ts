import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchPath, PATHS, type PageName, type PageParams, pathOf } from './routes.ts'

describe('addresses', () => {
  test('UX-01 every page of every shop has one address', () => {
    expect(pathOf('home', {})).toBe('/')
    expect(pathOf('category', { id: 'c' }, '/s/tea')).toBe('/s/tea/category?id=c')
    expect(pathOf('detail', { id: 'x y' }, '/s/tea')).toBe('/s/tea/p/x%20y')
    expect(matchPath('/s/tea/p/1?from=card')).toEqual({
      name: 'detail',
      params: { id: '1', from: 'card' },
      base: '/s/tea',
      shop: 'tea',
    })
    expect(matchPath('/orders/7/pay')).toMatchObject({ name: 'pay', params: { order: '7' }, base: '', shop: undefined })
    expect(matchPath('/s/tea/')).toMatchObject({ name: 'home', shop: 'tea' })
    expect(matchPath('/nowhere')).toBeUndefined()
    expect(matchPath('/p/%E0%A4%A')).toBeUndefined()
  })

  test('UX-01 an address leads back to the page it was made for', () => {
    const names = Object.keys(PATHS) as PageName[]
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.string({ minLength: 1, maxLength: 20 }),
        (name, value, shop) => {
          fc.pre(!['.', '..'].includes(value))
          const keys = [...PATHS[name].matchAll(/:(\w+)/g)].map((found) => found[1]!)
          const params = Object.fromEntries([...keys, 'extra'].map((key) => [key, value]))
          const url = pathOf(name, params as unknown as PageParams[PageName], `/s/${encodeURIComponent(shop)}`)
          expect(matchPath(url)).toMatchObject({ name, params, shop })
        },
      ),
    )
  })
})
