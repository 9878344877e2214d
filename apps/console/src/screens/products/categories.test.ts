import type { Category } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { categoryTree, withDescendants } from './categories.ts'

const category = (id: string, parentId: string | null, position = 0): Category => ({
  id,
  parentId,
  name: id,
  position,
  productCount: 0,
})
const items = [category('b', null, 2), category('a', null, 1), category('a1', 'a'), category('a11', 'a1')]

test('CAT-01 the flat list becomes a tree in order of position', () => {
  const tree = categoryTree(items)
  expect(tree.map((node) => node.title)).toEqual(['a', 'b'])
  expect(tree[0]!.children[0]!.children[0]!.title).toBe('a11')
})

test('CAT-01 a category cannot be moved below itself', () => {
  expect([...withDescendants(items, 'a')].sort()).toEqual(['a', 'a1', 'a11'])
  expect([...withDescendants(items, 'b')]).toEqual(['b'])
})
