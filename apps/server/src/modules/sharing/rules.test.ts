import type { ContractTerms } from '@zhanggui/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContractInForce } from '../parties/index.ts'
import { explain } from './explain.ts'
import { computeShares, divide, feeOf, type LineToShare } from './rules.ts'

const terms = (more: Partial<ContractTerms> = {}): ContractTerms => ({
  ...{ goods: { kind: 'all' }, accountIds: [], rate: { kind: 'bp', bp: 1200 }, base: 'goods', ofPartyIds: [] },
  ...{ serviceLevel: '', payBy: 'split', holdDays: null, priority: 100, validFrom: '', validUntil: null },
  ...more,
})
const contract = (partyId: string, more: Partial<ContractTerms> = {}, id = partyId): ContractInForce => ({
  ...{
    shopId: 's',
    contractId: id,
    version: 2,
    partyId,
    partyKind: partyId.startsWith('agency') ? 'agency' : 'creator',
  },
  ...{ partyName: partyId, name: `合约 ${id}`, terms: terms(more), at: '' },
})
const line = (more: Partial<LineToShare> = {}): LineToShare => ({
  ...{ line: 1, title: '青瓷杯', productId: 'cup', categoryIds: ['tea-ware', 'home'], quantity: 2, payTotalFen: 8600 },
  ...more,
})
const LIMITS = { maxSplitBp: 3000, feeFen: 52 }
const sharesOf = (contracts: ContractInForce[], lines = [line()], accountId: string | null = null) =>
  computeShares({ lines, accountId }, contracts, LIMITS)

describe('what an order shares', () => {
  test('PAY-03 twelve per cent of what was paid for two units, in words', () => {
    const [share] = sharesOf([contract('a')])
    expect(share).toMatchObject({ partyId: 'a', baseFen: 8600, quantity: 2, shareFen: 1032, contractVersion: 2 })
    const said = explain({
      ...{ partyKind: 'creator', quantity: 2, baseFen: 8600, rateKind: 'bp', rate: 1200, ofPartyName: null },
      ...{ serviceLevel: '', contractName: '春季合约', cutFen: 0, passedFen: 0, placedAt: '2026-11-11 08:00' },
    })
    expect(said.zh).toBe('达人 12%，按 2 件实付 ¥86.00 计算；合约「春季合约」，以下单时（2026-11-11 08:00）为准')
  })

  test('PAY-03 goods, categories and accounts decide which contract counts, then priority, then closeness', () => {
    const bp = (value: number) => ({ rate: { kind: 'bp', bp: value } as const })
    const of = (contracts: ContractInForce[], accountId: string | null = null) =>
      sharesOf(contracts, [line()], accountId).map((share) => share.contractId)
    expect(of([contract('a', { goods: { kind: 'products', ids: ['other'] } })])).toEqual([])
    expect(of([contract('a', { goods: { kind: 'categories', ids: ['home'] } })])).toEqual(['a'])
    expect(of([contract('a', { accountIds: ['x'] })])).toEqual([])
    expect(of([contract('a', { accountIds: ['x'] })], 'x')).toEqual(['a'])
    const all = contract('a', bp(100), 'all')
    const close = contract('a', { ...bp(200), goods: { kind: 'products', ids: ['cup'] } }, 'close')
    const high = contract('a', { ...bp(300), priority: 200 }, 'high')
    expect(of([all, close])).toEqual(['close'])
    expect(of([all, close, high])).toEqual(['high'])
  })

  test('PAY-03 an agency takes its part out of the creators’ shares, not out of the merchant’s', () => {
    const agency = contract('agency', { base: 'share', rate: { kind: 'bp', bp: 2000 }, serviceLevel: '全案' })
    const shares = sharesOf([contract('a'), agency])
    expect(
      shares.map(({ partyId, shareFen, passedFen, ofPartyId }) => ({ partyId, shareFen, passedFen, ofPartyId })),
    ).toEqual([
      { partyId: 'a', shareFen: 826, passedFen: 206, ofPartyId: null },
      { partyId: 'agency', shareFen: 206, passedFen: 0, ofPartyId: 'a' },
    ])
  })

  test('PAY-03 beyond what WeChat splits the lowest priority is cut, and says so', () => {
    const shares = sharesOf([
      contract('a', { rate: { kind: 'bp', bp: 2500 }, priority: 1 }),
      contract('b', { rate: { kind: 'bp', bp: 2000 }, priority: 2 }),
    ])
    expect(shares).toMatchObject(
      [
        { partyId: 'b', shareFen: 1720, cutFen: 0 },
        { partyId: 'a', shareFen: 860, cutFen: 1290 },
      ].sort((x, y) => (x.partyId < y.partyId ? 1 : -1)),
    )
  })

  const anyContract = fc
    .record({
      party: fc.constantFrom('a', 'b', 'c', 'agency-x'),
      id: fc.uuid(),
      rate: fc.oneof(
        fc.integer({ min: 1, max: 10_000 }).map((bp) => ({ kind: 'bp' as const, bp })),
        fc.integer({ min: 1, max: 50_000 }).map((fen) => ({ kind: 'per-unit' as const, fen })),
      ),
      base: fc.constantFrom('goods' as const, 'share' as const),
      payBy: fc.constantFrom('split' as const, 'withdrawal' as const),
      priority: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ party, id, ...more }) => contract(party, more, id))
  const anyLines = fc.array(
    fc.record({ quantity: fc.integer({ min: 1, max: 20 }), payTotalFen: fc.integer({ min: 0, max: 200_000 }) }),
    { minLength: 1, maxLength: 4 },
  )

  test('PAY-03 whatever the contracts: no more than the limit is split, no more than was paid is shared, each once a line', () => {
    fc.assert(
      fc.property(
        fc.array(anyContract, { maxLength: 8 }),
        anyLines,
        fc.integer({ min: 0, max: 100 }),
        (contracts, rows, feeBp) => {
          const lines = rows.map((row, index) => line({ ...row, line: index + 1 }))
          const paidFen = lines.reduce((sum, each) => sum + each.payTotalFen, 0)
          const feeFen = feeOf(paidFen, feeBp)
          const shares = computeShares({ lines, accountId: null }, contracts, { maxSplitBp: 3000, feeFen })
          const sum = (list: typeof shares) => list.reduce((all, { shareFen }) => all + shareFen, 0)
          expect(sum(shares)).toBeLessThanOrEqual(paidFen - feeFen)
          expect(sum(shares.filter(({ payBy }) => payBy === 'split'))).toBeLessThanOrEqual(Math.floor(paidFen * 0.3))
          for (const share of shares) expect(share.shareFen).toBeGreaterThanOrEqual(0)
          const own = shares
            .filter(({ ofPartyId }) => ofPartyId === null)
            .map(({ line: at, partyId }) => `${at} ${partyId}`)
          expect(new Set(own).size).toBe(own.length)
          const again = computeShares({ lines, accountId: null }, [...contracts].reverse(), {
            maxSplitBp: 3000,
            feeFen,
          })
          expect(sum(again)).toBe(sum(shares))
        },
      ),
    )
  })
})

describe('what is left after refunds', () => {
  test('PAY-03 parts always add up to what is left, and with everything left each is what was frozen', () => {
    const cases = fc
      .record({
        paidFen: fc.integer({ min: 1, max: 1_000_000 }),
        parts: fc.array(fc.nat(1000), { maxLength: 6 }),
        net: fc.nat(1000),
      })
      .map(({ paidFen, parts, net }) => {
        const whole = parts.reduce((sum, part) => sum + part, 1000)
        const shares = parts.map((part) => Math.floor((paidFen * part * 0.9) / whole))
        return { paidFen, shares, feeFen: feeOf(paidFen, 60), netFen: Math.floor((paidFen * net) / 1000) }
      })
    fc.assert(
      fc.property(cases, ({ netFen, ...order }) => {
        const left = divide(order, netFen)
        expect(left.shares.reduce((sum, share) => sum + share, left.feeFen + left.merchantFen)).toBe(netFen)
        for (const [index, share] of left.shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(order.shares[index]!)
        }
        expect(left.merchantFen).toBeGreaterThanOrEqual(0)
        const whole = divide(order, order.paidFen)
        if (order.shares.reduce((sum, share) => sum + share, order.feeFen) <= order.paidFen)
          expect(whole.shares).toEqual(order.shares)
      }),
    )
  })
})
