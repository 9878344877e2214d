import { describe, expect, test } from 'vitest'
import { caseTagKind } from './aftersale.ts'
import { fenOf } from './yuan.ts'

describe('after-sale in words', () => {
  test('ORD-06 an amount is read as people write it, and nothing else is', () => {
    expect(['12.5', '0.05', '30', ' 7.00 '].map(fenOf)).toEqual([1250, 5, 3000, 700])
    expect(['', '1.234', '-3', '三块', '1,000'].map(fenOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  test('ORD-06 what waits for the buyer stands out', () => {
    expect(caseTagKind({ state: 'returning', turn: 'buyer' })).toBe('warn')
    expect(caseTagKind({ state: 'done', turn: 'nobody' })).toBe('good')
    expect(caseTagKind({ state: 'requested', turn: 'merchant' })).toBe('plain')
  })
})
