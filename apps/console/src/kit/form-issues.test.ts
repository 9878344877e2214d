import { expect, test } from 'vitest'
import { pathOf, placeIssues } from './form-issues.ts'

const row = (number: number) => `第 ${number} 行`

test('an issue goes to its own field', () => {
  const { placed, unplaced } = placeIssues(
    [{ path: ['owner', 'account'], message: '太短' }],
    [['name'], ['owner', 'account']],
    row,
  )
  expect(placed).toEqual([{ name: ['owner', 'account'], errors: ['太短'] }])
  expect(unplaced).toEqual([])
})

test('an issue inside a table that is one field names the row', () => {
  const issues = [
    { path: pathOf('skus.2.priceFen'), message: '请填写' },
    { path: pathOf('skus.2.code'), message: '请填写' },
  ]
  expect(placeIssues(issues, [['skus']], row).placed).toEqual([{ name: ['skus'], errors: ['第 3 行 请填写'] }])
})

test('an issue that no field shows is not lost', () => {
  const { placed, unplaced } = placeIssues(
    [
      { path: ['version'], message: '过期' },
      { path: [], message: '不行' },
    ],
    [['name']],
    row,
  )
  expect(placed).toEqual([])
  expect(unplaced).toEqual(['version: 过期', '不行'])
})
