import { AftersaleState } from '@zhanggui/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allows,
  CASE_RULES,
  type CaseStep,
  chooseUnits,
  freeUnits,
  freightBack,
  isOver,
  nextState,
  spread,
  sumOf,
  type Taken,
} from './rules.ts'

const STEPS = Object.keys(CASE_RULES) as CaseStep[]

describe('the life of a case', () => {
  test('ORD-06 what is over stays over, and every other state leads somewhere', () => {
    for (const state of AftersaleState.options)
      expect([state, STEPS.some((step) => allows(step, state))]).toEqual([state, !isOver(state)])
  })

  test('ORD-06 a step from a wrong state is a conflict', () => {
    expect(nextState('agree-to-refund', 'requested')).toBe('refunding')
    expect(() => nextState('agree-to-refund', 'refunding')).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  })
})

/** A line of a few units with the shares that an order gave them, and wishes of any kind, one after another. */
const line = fc.record({
  shares: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 12 }),
  wishes: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 12 }),
      percent: fc.integer({ min: 0, max: 100 }),
      end: fc.constantFrom('open', 'closed', 'paid', 'returned'),
    }),
    { maxLength: 30 },
  ),
})

describe('the ceiling', () => {
  test('ORD-06 whatever is asked for in whatever order, no unit gives back more than its frozen share', () => {
    fc.assert(
      fc.property(line, ({ shares, wishes }) => {
        const taken: Taken[] = []
        const back = shares.map(() => 0)
        for (const { quantity, percent, end } of wishes) {
          const units = chooseUnits(freeUnits(shares, shares.length, taken), quantity)
          if (units.length < quantity) continue
          const amount = Math.floor((sumOf(units) * percent) / 100)
          const parts = spread(amount, units)
          expect(parts.reduce((sum, [, fen]) => sum + fen, 0)).toBe(amount)
          for (const [at, unit] of units.entries()) expect(parts[at]![1]).toBeLessThanOrEqual(unit.leftFen)
          // A closed case is as if it had not been.
          if (end === 'closed') continue
          for (const [index, fen] of parts) back[index]! += fen
          taken.push({ isOpen: end === 'open', isReturned: end === 'returned', units: parts })
        }
        for (const [index, share] of shares.entries()) expect(back[index]).toBeLessThanOrEqual(share)
      }),
      { numRuns: 2_000 },
    )
  })

  test('ORD-06 units in an open case, units that went back, and units paid back whole are not free', () => {
    const taken: Taken[] = [
      { isOpen: true, isReturned: false, units: [[0, 0]] },
      { isOpen: false, isReturned: true, units: [[1, 50]] },
      { isOpen: false, isReturned: false, units: [[2, 100]] },
      { isOpen: false, isReturned: false, units: [[3, 40]] },
    ]
    expect(freeUnits([100, 100, 100, 100, 0, 100], 5, taken)).toEqual([
      { index: 3, leftFen: 60 },
      { index: 4, leftFen: 0 },
    ])
  })

  test('ORD-06 freight goes back by rule and fault, and all shares of it never exceed it', () => {
    const about = {
      stage: 'shipped',
      type: 'return',
      freightFen: 1000,
      backFen: 0,
      unitsFen: 3333,
      goodsFen: 9999,
    } as const
    const rest = { ...about, rule: 'whole-order', takesRest: true } as const
    expect(freightBack({ ...rest, fault: 'merchant' })).toBe(1000)
    expect(freightBack({ ...rest, fault: 'buyer' })).toBe(0)
    expect(freightBack({ ...rest, fault: 'buyer', stage: 'unshipped' })).toBe(1000)
    expect(freightBack({ ...rest, fault: 'merchant', takesRest: false })).toBe(0)
    expect(freightBack({ ...rest, rule: 'proportional', fault: 'carrier', takesRest: false })).toBe(333)
    expect(freightBack({ ...rest, fault: 'merchant', backFen: 700 })).toBe(300)
    expect(freightBack({ ...rest, fault: 'merchant', type: 'exchange' })).toBe(0)
  })
})
