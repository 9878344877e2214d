import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffSeconds, endHold, forWechat, lateRefund, outTradeNo, refundHold } from './rules.ts'

const refund = { id: 'r', shopId: 's', orderId: 'o', amountFen: 100 }

test('PAY-01 pauses double and never exceed an hour, and are never shorter than the first', () => {
  expect([0, 1, 2, 3].map((attempts) => backoffSeconds(60, attempts))).toEqual([60, 120, 240, 480])
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 3600 }), fc.nat(1000), (first, attempts) => {
      const pause = backoffSeconds(first, attempts)
      expect(pause).toBeGreaterThanOrEqual(first)
      expect(pause).toBeLessThanOrEqual(3600)
      expect(backoffSeconds(first, attempts + 1)).toBeGreaterThanOrEqual(pause)
    }),
  )
})

test('PAY-01 what WeChat is told has no characters it refuses and is as long as it takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(50), (text, max) => {
      const told = forWechat(text, max)
      expect(told.length).toBeLessThanOrEqual(max)
      expect(told).not.toMatch(/[\u{10000}-\u{10ffff}]/u)
    }),
  )
  expect(forWechat('杯子🍵×2', 127)).toBe('杯子×2')
})

test('PAY-01 numbers of attempts fit WeChat’s rule', () => {
  for (const attempt of [1, 9, 99]) expect(outTradeNo('261111000000001', attempt)).toMatch(/^[0-9A-Za-z_\-|*]{6,32}$/)
})

test('PAY-01 a refund is held, then carried out or set free; one that succeeds late is a transfer of its own', () => {
  expect(endHold(refund, 'post')).toMatchObject({ kind: 'post', pendingId: refundHold(refund).id, code: 'refund.paid' })
  expect(endHold(refund, 'void')).toMatchObject({ kind: 'void', pendingId: 'r', code: 'refund.failed' })
  // One refund ends once: both ends have one id.
  expect(endHold(refund, 'post').id).toBe(endHold(refund, 'void').id)
  expect(lateRefund(refund)).toEqual({
    ...refundHold(refund),
    kind: 'posted',
    code: 'refund.paid',
    id: lateRefund(refund).id,
  })
  expect([endHold(refund, 'void').id, refund.id]).not.toContain(lateRefund(refund).id)
})
