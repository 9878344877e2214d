import { expect, test } from 'vitest'
import { namedIn } from './named.ts'

const id = (end: number) => `0190a000-0000-7000-8000-00000000000${end}`

test('UX-02 what a draft names is found in blocks that are not complete yet, each once', () => {
  const blocks = [
    { id: 'b', kind: 'banner' as const, isHidden: false, slides: [{ fileId: id(1), link: null }, { alt: '' }] },
    { id: 'p', kind: 'picture' as const, isHidden: false, fileId: id(1), link: { kind: 'product', productId: id(2) } },
    { id: 'l', kind: 'products' as const, isHidden: false, source: { kind: 'hand', productIds: [id(3), id(2)] } },
    { id: 'n', kind: 'nav' as const, isHidden: false, items: [{ fileId: null, title: id(4) }, { fileId: '坏的' }] },
  ]
  expect(namedIn({ version: 1, blocks })).toEqual({ pictures: [id(1)], products: [id(2), id(3)] })
})
