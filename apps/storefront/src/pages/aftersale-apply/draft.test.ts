import type { AftersaleOptions } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { reasonsFor } from './draft.ts'

type Reasons = AftersaleOptions['reasons']
const reason = (code: string, part: Partial<Reasons[number]> = {}): Reasons[number] => ({
  ...{ code, label: code, fault: 'buyer', quality: false, types: ['refund', 'return'], evidence: false },
  ...part,
})
const lines = [
  { line: 0, shipped: 0, unshipped: 2 },
  { line: 1, shipped: 1, unshipped: 0 },
] as AftersaleOptions['lines']
const reasons = [
  reason('not-wanted'),
  reason('quality', { fault: 'merchant', evidence: true }),
  reason('not-arrived', { fault: 'carrier', types: ['refund'] }),
  reason('wrong-size', { types: ['return'] }),
]
const codes = (quantities: Record<number, number>, own = reasons, type: 'refund' | 'return' = 'refund') =>
  reasonsFor({ lines, reasons: own }, { type, quantities }).map(({ code }) => code)

test('ORD-06 of goods that have not left only reasons are offered that can be', () => {
  expect(codes({ 0: 1 })).toEqual(['not-wanted'])
  expect(codes({ 0: 1, 1: 1 })).toEqual(['not-wanted', 'quality', 'not-arrived'])
  expect(codes({ 1: 1 }, reasons, 'return')).toEqual(['not-wanted', 'quality', 'wrong-size'])
  expect(codes({})).toEqual(['not-wanted', 'quality', 'not-arrived'])
})

test('ORD-06 a shop whose own reasons leave none shows them all', () => {
  expect(codes({ 0: 1 }, [reason('broken', { evidence: true })])).toEqual(['broken'])
})
