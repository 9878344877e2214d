import { expect, test } from 'vitest'
import type { Column } from './columns.tsx'
import { exportColumns } from './export-columns.ts'
import { sameView } from './view-state.ts'

type Row = Record<string, string | number | null>
const column = (key: string, more: Pick<Column<Row>, 'field'> = {}): Column<Row> => ({
  key,
  title: key.toUpperCase(),
  render: () => null,
  ...more,
})

test('ACC-05 a column is exported by its field, by its key where that is a plain value, or not at all', () => {
  const rows = [
    { name: 'a', lines: [], total: null },
    { name: 'b', lines: [], total: 3 },
  ] as unknown as Row[]
  const columns = [column('name'), column('lines'), column('total'), column('who', { field: 'person.name' })]
  expect(exportColumns(columns, [], rows).map(({ field }) => field)).toEqual(['name', 'total', 'person.name'])
  expect(exportColumns([column('name', { field: false })], [], rows)).toEqual([])
  const several = [
    { field: 'code', title: 'Code' },
    { field: 'lines.title', title: 'Goods' },
  ]
  expect(exportColumns([column('goods', { field: several })], [], rows)).toEqual(several)
})

test('ACC-05 values are called as the filter calls them', () => {
  const options = [{ value: 'draft', label: '草稿' }]
  const [exported] = exportColumns(
    [column('state')],
    [{ kind: 'choice', name: 'state', label: '', options }],
    [{ state: 'draft' }],
  )
  expect(exported).toEqual({ field: 'state', title: 'STATE', labels: { draft: '草稿' } })
})

test('ACC-05 a view is the current one when filters and look are the same, in whatever order', () => {
  const look = { order: ['a'], shown: { a: true, b: false }, dense: false }
  const one = { filters: { q: 'x', sort: '-price' }, look }
  expect(sameView(one, { filters: { sort: '-price', q: 'x' }, look: { ...look, shown: { b: false, a: true } } })).toBe(
    true,
  )
  expect(sameView(one, { filters: { q: 'x' }, look })).toBe(false)
  expect(sameView(one, { ...one, look: { ...look, dense: true } })).toBe(false)
  expect(sameView(one, { ...one, look: { ...look, order: ['b', 'a'] } })).toBe(false)
})
