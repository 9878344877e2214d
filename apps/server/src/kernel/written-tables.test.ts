import { expect, test } from 'vitest'
import { tablesWritten } from './written-tables.ts'

test('SYS-01 a statement names the tables that it writes, each once', () => {
  expect(tablesWritten('insert into orders (id) values ($1)')).toEqual(['orders'])
  expect(tablesWritten('with gone as (delete from cart_lines c using x returning 1) update skus s set a = 1')).toEqual([
    'cart_lines',
    'skus',
  ])
  expect(tablesWritten('INSERT INTO a select 1;\n update only "b" set x = 1; truncate table a')).toEqual(['a', 'b'])
})

test('SYS-01 locks, conflicts and reads write nothing', () => {
  expect(tablesWritten('select * from a for no key update of a')).toEqual([])
  expect(tablesWritten('select * from a for update skip locked')).toEqual([])
  expect(tablesWritten('insert into a values (1) on conflict (id) do update set x = 1')).toEqual(['a'])
})
