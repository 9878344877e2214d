import { expect, test } from 'vitest'
import { Faults } from './faults.ts'

test('PAY-01 a fault is played as often as it was asked for, on what it fits', () => {
  const faults = new Faults()
  faults.add({ kind: 'drop', path: '/v3/refund', method: 'POST', times: 2 })
  faults.add({ kind: 'fail', path: '/v3/fund-app', reason: 'TRANSFER_RISK' })
  faults.add({ kind: 'notice_twice', path: 'REFUND' })
  expect(faults.take('GET', '/v3/refund/1')).toBeUndefined()
  expect(faults.take('POST', '/v3/pay')).toBeUndefined()
  expect(faults.result('/v3/refund')).toBeUndefined()
  expect(faults.notice('TRANSACTION.SUCCESS')).toBeUndefined()
  expect(faults.take('POST', '/v3/refund/1')?.kind).toBe('drop')
  expect(faults.take('POST', '/v3/refund/1')?.kind).toBe('drop')
  expect(faults.take('POST', '/v3/refund/1')).toBeUndefined()
  expect(faults.result('/v3/fund-app/x')).toEqual({ reason: 'TRANSFER_RISK' })
  expect(faults.notice('REFUND.SUCCESS')?.kind).toBe('notice_twice')
  expect(faults.list()).toEqual([])
  expect(faults.played()).toEqual({ total: 4, kinds: { drop: 2, fail: 1, notice_twice: 1 } })
})

test('PAY-01 random mode keeps to its rates, and a seed plays the same again', () => {
  const play = (seed: number) => {
    const faults = new Faults()
    faults.setChaos({ seed, rates: { drop: 0.1, server_error: 0.05, fail: 0.2, notice_lose: 0.3 } })
    const calls = Array.from({ length: 4000 }, () => faults.take('GET', '/v3/pay')?.kind ?? '-')
    const results = Array.from({ length: 4000 }, () => faults.result('/v3/profitsharing/orders')?.reason ?? '-')
    const notices = Array.from({ length: 4000 }, () => faults.notice('REFUND.SUCCESS')?.kind ?? '-')
    return { calls, results, notices }
  }
  const first = play(7)
  expect(play(7)).toEqual(first)
  expect(play(8)).not.toEqual(first)
  const share = (list: string[], kind: string) => list.filter((each) => each === kind).length / list.length
  expect(share(first.calls, 'drop')).toBeCloseTo(0.1, 1)
  expect(share(first.calls, 'refuse')).toBeCloseTo(0.05, 1)
  expect(share(first.results, '-')).toBeCloseTo(0.8, 1)
  expect(share(first.notices, 'notice_lose')).toBeCloseTo(0.3, 1)
  expect(new Set(first.results).size).toBe(5)
})

test('PAY-01 random mode leaves calls alone that it was not told of', () => {
  const faults = new Faults()
  faults.setChaos({ path: '/v3/refund', rates: { drop: 1 } })
  expect(faults.take('POST', '/v3/pay')).toBeUndefined()
  expect(faults.take('GET', '/sns/jscode2session')).toBeUndefined()
  expect(faults.take('POST', '/v3/refund')?.kind).toBe('drop')
  faults.setChaos(null)
  expect(faults.take('POST', '/v3/refund')).toBeUndefined()
})
