import { expect, test } from 'vitest'
import { changesBetween } from './diff.ts'
import { moveItem } from './move-item.ts'

test('ACC-05 an audit entry shows only what changed, nested fields by their path', () => {
  const before = { name: '甲', rule: { days: 7, free: true }, tags: ['a'] }
  const after = { name: '甲', rule: { days: 10, free: true }, tags: ['a', 'b'] }
  expect(changesBetween(before, after)).toEqual([
    { field: 'rule.days', before: '7', after: '10' },
    { field: 'tags', before: '["a"]', after: '["a","b"]' },
  ])
})

test('ACC-05 creating and removing are told field by field', () => {
  expect(changesBetween(null, { a: 1 })).toEqual([{ field: 'a', before: '', after: '1' }])
  expect(changesBetween({ a: 'x' }, null)).toEqual([{ field: 'a', before: 'x', after: '' }])
})

test('ACC-05 plain values are compared as they are', () => {
  expect(changesBetween(30, 45)).toEqual([{ field: '', before: '30', after: '45' }])
  expect(changesBetween('a', 'a')).toEqual([])
  expect(changesBetween({ a: 1 }, 'b')).toEqual([{ field: '', before: '{"a":1}', after: 'b' }])
})

test('a picture moved comes to stand where it was dropped', () => {
  expect(moveItem(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(moveItem(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  expect(moveItem(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'b', 'c'])
})
