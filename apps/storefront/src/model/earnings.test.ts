import { allocate, fen } from '@zhanggui/contract/money'
import { expect, test } from 'vitest'
import { amountOf, amountTrouble, feeOf, figuresOf, shareStateOf } from './earnings.ts'

const NOTHING = {
  ...{ pendingFen: 0, payableFen: 0, dueBySplitFen: 0, flyingFen: 0, frozenFen: 0, negativeFen: 0 },
  ...{ splitFen: 0, withdrawnFen: 0, freeze: null },
}

test('PAY-02 what may be withdrawn comes first, without what WeChat splits by itself; what is nothing is left out', () => {
  expect(figuresOf(NOTHING)).toEqual([{ name: '可提现', fen: 0, note: '' }])
  const rows = figuresOf({ ...NOTHING, payableFen: 900, dueBySplitFen: 400, negativeFen: 70 })
  expect(rows.map(({ name, fen }) => [name, fen])).toEqual([
    ['可提现', 500],
    ['待分账', 400],
    ['欠款', 70],
  ])
  const freeze = { reason: '核实身份', at: '2026-11-11T00:00:00.000Z', by: '店主' }
  expect(figuresOf({ ...NOTHING, frozenFen: 1, freeze })[1]).toMatchObject({ name: '冻结', note: '核实身份' })
})

test('PAY-05 an amount is refused in words before it is sent, and its fee is whole fen', () => {
  const limits = { minFen: 100, mostFen: 5_000 }
  expect(amountTrouble(undefined, limits)).toContain('请输入金额')
  expect(amountTrouble(99, limits)).toBe('每笔最少 ¥1.00')
  expect(amountTrouble(5_001, limits)).toBe('现在最多可提 ¥50.00')
  expect(amountTrouble(5_000, limits)).toBeUndefined()
  for (const amount of [1, 83, 84, 10_000, 10_001, 99_999_999])
    for (const feeBp of [0, 1, 60, 5_000])
      expect(feeOf(amount, feeBp)).toBe(allocate(fen(amount), [feeBp, 10_000 - feeBp])[0])
})

test('PAY-02 a share says in a word where it is, debts first', () => {
  const share = {
    ...{ stage: 'settled' as const, payBy: 'split' as const },
    ...{ nowFen: 100, pendingFen: 0, dueFen: 0, flyingFen: 0, owedFen: 0 },
  }
  expect(shareStateOf({ ...share, pendingFen: 100 }).text).toBe('待结算')
  expect(shareStateOf({ ...share, dueFen: 100 }).text).toBe('待到账')
  expect(shareStateOf({ ...share, payBy: 'withdrawal', dueFen: 100 }).text).toBe('已入账')
  expect(shareStateOf({ ...share, flyingFen: 100 }).text).toBe('分账中')
  expect(shareStateOf(share)).toEqual({ text: '已到账', kind: 'good' })
  expect(shareStateOf({ ...share, nowFen: 0 }).text).toBe('已退回')
  const before = { ...share, nowFen: 0, shareFen: 120, stage: 'paid' as const }
  expect([shareStateOf(before).text, amountOf(before)]).toEqual(['收货后结算', 120])
  expect(amountOf({ ...before, stage: 'over' })).toBe(0)
  expect(shareStateOf({ ...share, owedFen: 30 })).toEqual({ text: '退款后欠 ¥0.30', kind: 'warn' })
})
