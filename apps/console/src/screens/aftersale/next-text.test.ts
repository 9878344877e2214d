import { expect, test } from 'vitest'
import { nextText } from './next-text.ts'

const time = '1 天 23 小时'

test('ORD-06 a case says who has how long, and what its clock does then', () => {
  expect(nextText({ state: 'requested', type: 'return' }, time, 'approve')).toBe(
    '请在 1 天 23 小时内处理，逾期将自动同意退货',
  )
  expect(nextText({ state: 'requested', type: 'refund' }, time, 'platform')).toBe(
    '请在 1 天 23 小时内处理，逾期将转平台处理',
  )
  expect(nextText({ state: 'inspecting', type: 'exchange' }, time, undefined)).toContain('准备换货')
  expect(nextText({ state: 'returning', type: 'return' }, time, undefined)).toContain('自动关闭')
})

test('ORD-06 who may not read the settings is not told a rule that may be another', () => {
  expect(nextText({ state: 'requested', type: 'return' }, time, undefined)).toContain('按店铺规则')
})

test('ORD-06 nothing is said of a clock where there is none', () => {
  expect(nextText({ state: 'refunding', type: 'refund' }, time, 'approve')).toBeUndefined()
  expect(nextText({ state: 'done', type: 'refund' }, time, 'approve')).toBeUndefined()
})
