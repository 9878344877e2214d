import { expect, test } from 'vitest'
import { targetOf } from './block-link.ts'

const ID = '0190a000-0000-7000-8000-000000000001'

test.each([
  [{ kind: 'product', productId: ID } as const, { to: 'detail', params: { id: ID }, isTab: false }],
  [{ kind: 'category', categoryId: ID } as const, { to: 'category', params: { id: ID }, isTab: true }],
  [{ kind: 'page', slug: 'spring' } as const, { to: 'page', params: { slug: 'spring' }, isTab: false }],
  [{ kind: 'search', q: '红茶' } as const, { to: 'search', params: { q: '红茶' }, isTab: false }],
  [{ kind: 'place', place: 'cart' } as const, { to: 'cart', params: {}, isTab: true }],
  [{ kind: 'path', path: `/p/${ID}?from=x` } as const, { to: 'detail', params: { id: ID, from: 'x' }, isTab: false }],
  [{ kind: 'path', path: '/orders' } as const, { to: 'orders', params: {}, isTab: true }],
])('UX-02 a link of a designed page leads to a page of the shop: %o', (link, target) => {
  expect(targetOf(link)).toEqual(target)
})

test('UX-02 a path that is none of the shop’s pages leads nowhere', () => {
  expect(targetOf({ kind: 'path', path: '/console/' })).toBeUndefined()
})
