import { DeliveryMethod } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { noticesAfterPaying } from './notices.ts'

test('ORD-04 after paying the buyer is asked for at most three kinds of messages, those of the way the order takes', () => {
  for (const method of DeliveryMethod.options) expect(noticesAfterPaying(method).length).toBeLessThanOrEqual(3)
  expect(noticesAfterPaying('pick-up')[0]).toBe('pick-up')
  expect(noticesAfterPaying('courier')).not.toContain('pick-up')
})
