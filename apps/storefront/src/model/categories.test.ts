import { expect, test } from 'vitest'
import { categoryView } from './categories.ts'

const one = (id: string, parentId: string | null, productCount = 1) => ({
  id,
  parentId,
  name: id,
  position: 0,
  productCount,
})
const TREE = [one('茶', null), one('绿茶', '茶'), one('龙井', '绿茶'), one('红茶', '茶', 0), one('碗', null)]
const names = (found: readonly { id: string }[]) => found.map(({ id }) => id)

test('UX-02 the rail shows the first level, the page what lies below the current category', () => {
  const view = categoryView(TREE, '龙井')
  expect([names(view.top), view.root?.id, names(view.children), view.current?.id]).toEqual([
    ['茶', '碗'],
    '茶',
    ['绿茶'],
    '龙井',
  ])
})

test('UX-02 without a category, or with one that is gone or empty, the first that has goods is shown', () => {
  for (const id of [undefined, '没有', '红茶']) expect(categoryView(TREE, id).current?.id).toBe('茶')
  expect(categoryView([], undefined)).toEqual({ top: [], root: undefined, children: [], current: undefined })
})
