import { ORDER_STATES, type OrderState } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatOrderNo, permute } from './order-no.ts'
import { planWarehouses } from './plan.ts'
import { allows, fromRuns, nextState, ORDER_RULES, type OrderStep, takeFromAllocations, toRuns } from './rules.ts'

const STATES = Object.keys(ORDER_STATES) as OrderState[]
const STEPS = Object.keys(ORDER_RULES) as OrderStep[]

test('ORD-01 the state table: every step from every state', () => {
  const table = Object.fromEntries(
    STEPS.map((step) => [
      step,
      STATES.flatMap((state) => {
        if (!allows(step, state)) return []
        return [`${state} → ${nextState(step, { orderNo: '1', state, refundFrom: 'shipped' })}`]
      }),
    ]),
  )
  expect(table).toEqual({
    pay: ['awaiting-payment → awaiting-shipment'],
    cancel: ['awaiting-payment → cancelled'],
    'ship-part': ['awaiting-shipment → awaiting-shipment'],
    'ship-rest': ['awaiting-shipment → shipped'],
    receive: ['shipped → completed'],
    'refund-part': ['awaiting-shipment → awaiting-shipment', 'shipped → shipped', 'completed → completed'],
    'request-refund-buyer': ['awaiting-shipment → refunding'],
    'request-refund-merchant': ['awaiting-shipment → refunding', 'shipped → refunding', 'completed → refunding'],
    refund: ['awaiting-shipment → refunded', 'shipped → refunded', 'completed → refunded', 'refunding → refunded'],
    'refund-failed': ['refunding → shipped'],
  })
})

test('ORD-01 a step that is not allowed is refused in words that name order, state and step', () => {
  expect(() => nextState('cancel', { orderNo: '261111000000001', state: 'shipped' })).toThrow(
    '订单 261111000000001 当前为「待收货」，不能取消',
  )
  expect(() => nextState('refund-failed', { orderNo: '1', state: 'refunding', refundFrom: null })).toThrow('不能退回')
})

test('ORD-01 amounts of units survive as runs', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(amounts, (each) => {
      expect(fromRuns(toRuns(each))).toEqual(each)
    }),
  )
  expect(toRuns(new Array(9999).fill(100))).toEqual([[100, 9999]])
})

test('ORD-02 order numbers are a permutation that hides how many orders there were', () => {
  const seen = new Set<number>()
  const steps = new Set<number>()
  let last = 0
  for (let number = 0; number < 20_000; number++) {
    const shown = permute('key', number)
    expect(shown).toBeGreaterThanOrEqual(0)
    expect(shown).toBeLessThan(1_000_000_000)
    seen.add(shown)
    steps.add(shown - last)
    last = shown
  }
  expect(seen.size).toBe(20_000)
  expect(steps.size).toBeGreaterThan(19_900)
  expect(permute('key', 999_999_999)).toBeLessThan(1_000_000_000)
  expect(permute('other key', 1)).not.toBe(permute('key', 1))
  expect(formatOrderNo('key', 1, Date.parse('2026-11-10T16:00:00Z'))).toMatch(/^261111\d{9}$/)
})

const levelsArbitrary = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.uniqueArray(
    fc.record({ warehouseId: fc.constantFrom('w1', 'w2', 'w3'), available: fc.integer({ min: 0, max: 6 }) }),
    {
      selector: (place) => place.warehouseId,
    },
  ),
)
const linesArbitrary = fc
  .subarray(['a', 'b', 'c'], { minLength: 1 })
  .chain((ids) =>
    fc.tuple(...ids.map((skuId) => fc.record({ skuId: fc.constant(skuId), quantity: fc.integer({ min: 1, max: 9 }) }))),
  )

test('SUP-01 a plan takes exactly what is ordered and never more than a warehouse has; it fails only when all together are short', () => {
  fc.assert(
    fc.property(levelsArbitrary, linesArbitrary, (stock, lines) => {
      const places = (skuId: string) => stock[skuId] ?? []
      const levels = new Map(lines.map(({ skuId }) => [skuId, places(skuId).map((place) => ({ ...place }))]))
      const total = (skuId: string) => places(skuId).reduce((sum, place) => sum + place.available, 0)
      const plan = planWarehouses(lines, levels)
      const enough = lines.every((line) => total(line.skuId) >= line.quantity)
      expect(plan.ok).toBe(enough)
      if (!plan.ok) {
        expect(plan.available).toBe(total(lines[plan.line]!.skuId))
        for (const { skuId } of lines) expect(levels.get(skuId)).toEqual(places(skuId))
        return
      }
      for (const [index, line] of lines.entries()) {
        const parts = plan.parts.filter((part) => part.line === index)
        expect(parts.reduce((sum, part) => sum + part.quantity, 0)).toBe(line.quantity)
        for (const place of places(line.skuId)) {
          const taken = parts
            .filter((part) => part.warehouseId === place.warehouseId)
            .reduce((sum, part) => sum + part.quantity, 0)
          const left = levels.get(line.skuId)!.find((each) => each.warehouseId === place.warehouseId)!.available
          expect(taken + left).toBe(place.available)
          expect(left).toBeGreaterThanOrEqual(0)
        }
      }
      const whole = ['w1', 'w2', 'w3'].some((id) =>
        lines.every(
          (line) => (places(line.skuId).find((place) => place.warehouseId === id)?.available ?? 0) >= line.quantity,
        ),
      )
      if (whole) expect(new Set(plan.parts.map((part) => part.warehouseId)).size).toBe(1)
    }),
  )
})

test('SUP-01 the first warehouse that holds everything serves; else each line is served whole; else a line is split', () => {
  const at = (w1: number, w2: number) => [
    { warehouseId: 'w1', available: w1 },
    { warehouseId: 'w2', available: w2 },
  ]
  const from = (a: ReturnType<typeof at>, b: ReturnType<typeof at>) => {
    const plan = planWarehouses(
      [
        { skuId: 'a', quantity: 2 },
        { skuId: 'b', quantity: 3 },
      ],
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )
    return plan.ok ? plan.parts.map((part) => `${part.skuId}:${part.warehouseId}×${part.quantity}`) : plan
  }
  expect(from(at(9, 9), at(9, 9))).toEqual(['a:w1×2', 'b:w1×3'])
  expect(from(at(9, 9), at(0, 9))).toEqual(['a:w2×2', 'b:w2×3'])
  expect(from(at(9, 0), at(0, 9))).toEqual(['a:w1×2', 'b:w2×3'])
  expect(from(at(9, 0), at(1, 2))).toEqual(['a:w1×2', 'b:w1×1', 'b:w2×2'])
  expect(from(at(9, 0), at(1, 1))).toEqual({ ok: false, line: 1, available: 2 })
})

test('ORD-04 units to ship are taken from where they were reserved, after what has left already', () => {
  const allocations = [
    { warehouseId: 'w1', quantity: 2 },
    { warehouseId: 'w2', quantity: 3 },
  ]
  expect(takeFromAllocations(allocations, 0, 5)).toEqual([
    { warehouseId: 'w1', quantity: 2 },
    { warehouseId: 'w2', quantity: 3 },
  ])
  expect(takeFromAllocations(allocations, 1, 2)).toEqual([
    { warehouseId: 'w1', quantity: 1 },
    { warehouseId: 'w2', quantity: 1 },
  ])
  expect(takeFromAllocations(allocations, 3, 2)).toEqual([{ warehouseId: 'w2', quantity: 2 }])
  expect(() => takeFromAllocations(allocations, 3, 3)).toThrow(RangeError)
})
