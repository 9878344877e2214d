import { expect, test } from 'vitest'
import { matching, paletteGroups, recentFrom, withRecent } from './palette-items.ts'

const item = (title: string) => ({ key: title, title, to: `/${title}` })

test('ACC-05 a page is found by any part of its name; names that begin with the words come first', () => {
  expect(matching([item('商品导入'), item('订单'), item('导入商品')], '导入').map(({ title }) => title)).toEqual([
    '导入商品',
    '商品导入',
  ])
  expect(matching([item('Product list')], 'LIST prod')).toHaveLength(1)
})

test('ACC-05 without words there is what one did last; with words what is found, groups without hits left out', () => {
  const base = { pages: [item('订单')], actions: [item('新建商品')], recent: [item('上次')], base: '/s/x' }
  const kinds = (q: string, found = [] as never[]) => paletteGroups({ ...base, q, found }).map(({ kind }) => kind)
  expect(kinds('')).toEqual(['recent', 'actions', 'pages'])
  expect(kinds('zzz')).toEqual([])
  const hit = { id: '1', title: '杯', subtitle: '', to: 'products/1', pictureUrl: null }
  const [group] = paletteGroups({ ...base, q: 'zzz', found: [{ kind: 'products', items: [hit] }] })
  expect(group).toMatchObject({ kind: 'products', items: [{ key: 'products:1', to: '/s/x/products/1' }] })
})

test('ACC-05 what was visited again moves up, and a broken memory is an empty one', () => {
  expect(withRecent([item('a'), item('b')], item('b')).map(({ title }) => title)).toEqual(['b', 'a'])
  expect([recentFrom(null), recentFrom('{'), recentFrom('[1,{"key":"a"}]')]).toEqual([[], [], []])
})
