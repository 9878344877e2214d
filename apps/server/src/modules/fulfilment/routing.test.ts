import type { RoutingCondition, RoutingEffects, RoutingRule } from '@zhanggui/contract'
import { RoutingDecision, RoutingRules } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameId } from '../../kernel/ids.ts'
import type { RoutingFacts } from '../orders/index.ts'
import { defaultRules } from './default-rules.ts'
import { packRouting, unpackRouting } from './packed-routing.ts'
import { check, type RoutingWorld, route } from './routing.ts'

const CENTRAL = nameId('warehouse', 'central')
const FRONT = nameId('warehouse', 'front')
const SHANGHAI = nameId('warehouse', 'shanghai')
const warehouses: RoutingWorld['warehouses'] = [
  { id: CENTRAL, name: '中心仓', kind: 'central', region: '广东省东莞市' },
  { id: FRONT, name: '深圳前置仓', kind: 'front', region: '广东 深圳' },
  { id: SHANGHAI, name: '上海前置仓', kind: 'front', region: '上海市' },
]
const world = (rules: readonly RoutingRule[] = defaultRules('shop')): RoutingWorld => ({
  version: 3,
  rules,
  warehouses,
})
const facts = (more: Partial<RoutingFacts> = {}): RoutingFacts => ({
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  totalFen: 5000,
  promotion: false,
  campaigns: [],
  lines: [{ skuCode: 'A-1', categoryId: null, tags: [], quantity: 2, weightGrams: 300 }],
  ...more,
})
const rule = (more: Partial<RoutingRule>): RoutingRule => ({
  id: nameId('rule', more.name ?? ''),
  name: '规则',
  enabled: true,
  match: 'all',
  stop: false,
  conditions: [{ field: 'same-city', operator: 'is', value: true }],
  effects: { prePack: true },
  ...more,
})

test('ORD-03 the defaults: same city → front warehouse, high value → SF, campaign → packed ahead', () => {
  const plain = route(world(), facts()).decide([{ warehouseId: FRONT, quantity: 2 }])
  expect(plain).toMatchObject({ warehouseIds: [FRONT], carrier: null, prePack: false, version: 3 })
  expect(plain.sentences).toEqual(['发深圳前置仓，因为收货城市是深圳市（规则「同城订单发前置仓」）'])
  const away = route(world(), facts({ city: '成都市', province: '四川省', totalFen: 1000_00 }))
  const decision = away.decide([{ warehouseId: CENTRAL, quantity: 2 }])
  expect(decision).toMatchObject({ warehouseIds: [], carrier: 'SF', packingNotes: ['高价值订单，加固包装'] })
  expect(decision.rules.map((each) => [each.outcome, each.because])).toEqual([
    ['not-matched', '成都市没有前置仓'],
    ['matched', '订单金额 ¥1,000.00，满 ¥1,000.00'],
    ['not-matched', '没有享受优惠；没有商品标签'],
  ])
  expect(route(world(), facts({ promotion: true })).decide([]).prePack).toBe(true)
})

test('ORD-03 the first rule that names a thing decides it, later ones are told as overruled, stop ends the search', () => {
  const rules = [
    rule({ name: '甲', effects: { carrier: 'SF', packingNote: '轻放' } }),
    rule({ name: '乙', effects: { carrier: 'ZTO', service: 'express', packingNote: '勿压' }, stop: true }),
    rule({ name: '丙', effects: { prePack: true } }),
    rule({ name: '丁', enabled: false }),
  ]
  const decision = route(world(rules), facts()).decide([])
  expect(decision).toMatchObject({ carrier: 'SF', service: 'express', prePack: false, packingNotes: ['轻放', '勿压'] })
  expect(decision.rules.map((each) => each.outcome)).toEqual(['matched', 'matched', 'not-reached', 'disabled'])
  expect(decision.rules[1]!.overruled).toEqual(['用中通快递'])
})

test('ORD-03 a preferred warehouse without enough stock is told', () => {
  const decision = route(world(), facts()).decide([{ warehouseId: CENTRAL, quantity: 2 }])
  expect(decision.sentences[0]).toContain('发中心仓，优先的深圳前置仓没有足够的货')
})

test('ORD-03 places are compared without their endings; what is unknown never holds', () => {
  const holds = (condition: RoutingCondition, more: Partial<RoutingFacts> = {}) =>
    check(condition, facts(more), world()).holds
  expect(holds({ field: 'province', operator: 'in', values: ['广东'] })).toBe(true)
  expect(holds({ field: 'province', operator: 'in', values: ['新疆'] }, { province: '新疆维吾尔自治区' })).toBe(true)
  expect(holds({ field: 'city', operator: 'not-in', values: ['深圳', '广州'] })).toBe(false)
  expect(holds({ field: 'channel', operator: 'in', values: ['直播'] })).toBe(false)
  expect(holds({ field: 'channel', operator: 'not-in', values: ['直播'] })).toBe(false)
  expect(holds({ field: 'weight-grams', operator: 'at-least', value: 600 })).toBe(true)
})

const numberCondition = fc.record({
  field: fc.constantFrom('total-fen', 'weight-grams', 'units'),
  operator: fc.constantFrom('at-least', 'below'),
  value: fc.integer({ min: 0, max: 20_000 }),
})
const wordCondition = fc.record({
  field: fc.constantFrom('province', 'city', 'tag', 'sku', 'campaign', 'channel'),
  operator: fc.constantFrom('in', 'not-in'),
  values: fc.array(fc.constantFrom('深圳', '上海市', '促销', 'A-1', '直播', '广东省'), { minLength: 1, maxLength: 3 }),
})
const flagCondition = fc.record({
  field: fc.constantFrom('same-city', 'promotion'),
  operator: fc.constant('is'),
  value: fc.boolean(),
})
const condition = fc.oneof(numberCondition, wordCondition, flagCondition) as fc.Arbitrary<RoutingCondition>
const effects = fc
  .record(
    {
      warehouse: fc.oneof(
        fc.constant({ by: 'same-city' as const }),
        fc.constantFrom('central', 'front').map((kind) => ({ by: 'kind' as const, kind: kind as 'central' | 'front' })),
        fc
          .subarray([CENTRAL, FRONT, SHANGHAI], { minLength: 1 })
          .map((warehouseIds) => ({ by: 'id' as const, warehouseIds })),
      ),
      split: fc.constantFrom('together' as const, 'by-warehouse' as const),
      carrier: fc.constantFrom('SF' as const, 'ZTO' as const),
      prePack: fc.constant(true as const),
      packingNote: fc.constantFrom('轻放', '勿压'),
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 0) as fc.Arbitrary<RoutingEffects>
const anyRule = fc.record({
  id: fc.uuid(),
  name: fc.constantFrom('甲', '乙', '丙'),
  enabled: fc.boolean(),
  match: fc.constantFrom('all' as const, 'any' as const),
  conditions: fc.array(condition, { minLength: 1, maxLength: 4 }),
  effects,
  stop: fc.boolean(),
})
const rulesOf = fc.uniqueArray(anyRule, { selector: (each) => each.id, maxLength: 8 })
const anyFacts = fc.record({
  province: fc.constantFrom('广东省', '上海市', '四川省'),
  city: fc.constantFrom('深圳市', '上海市', '成都市', ''),
  district: fc.constant(''),
  totalFen: fc.integer({ min: 0, max: 20_000 }),
  promotion: fc.boolean(),
  campaigns: fc.subarray(['促销', '直播']),
  lines: fc.array(
    fc.record({
      skuCode: fc.constantFrom('A-1', 'B-2'),
      categoryId: fc.constant(null),
      tags: fc.subarray(['促销', '新品']),
      quantity: fc.integer({ min: 1, max: 9 }),
      weightGrams: fc.integer({ min: 0, max: 2000 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

test('ORD-03 whatever the rules, each has exactly one outcome, decisions come from matches, and the answer is valid', () => {
  fc.assert(
    fc.property(rulesOf, anyFacts, (rules, order) => {
      expect(RoutingRules.safeParse(rules).success).toBe(true)
      const decision = route(world(rules), order).decide([])
      expect(RoutingDecision.safeParse(decision).success).toBe(true)
      expect(unpackRouting(JSON.parse(JSON.stringify(packRouting(decision))), rules)).toEqual(decision)
      expect(decision.rules.map((each) => each.ruleId)).toEqual(rules.map((each) => each.id))
      const matched = rules.filter((_, index) => decision.rules[index]!.outcome === 'matched')
      const first = <K extends keyof RoutingEffects>(name: K) =>
        matched.find((each) => each.effects[name] !== undefined)?.effects[name]
      expect(decision.carrier).toBe(first('carrier') ?? null)
      expect(decision.split).toBe(first('split') ?? 'together')
      expect(decision.prePack).toBe(first('prePack') ?? false)
      expect(decision.packingNotes).toEqual(matched.flatMap((each) => each.effects.packingNote ?? []))
      for (const [index, trace] of decision.rules.entries()) {
        if (trace.outcome === 'disabled') expect(rules[index]!.enabled).toBe(false)
        if (trace.outcome === 'not-reached') expect(matched.some((each) => each.stop)).toBe(true)
        if (trace.outcome === 'matched' || trace.outcome === 'not-matched') expect(trace.because).not.toBe('')
      }
    }),
    { numRuns: 300 },
  )
})

test('ORD-03 `all` holds when each condition does, `any` when one does; disabled rules change nothing', () => {
  fc.assert(
    fc.property(anyRule, anyFacts, (each, order) => {
      const enabled = { ...each, enabled: true }
      const outcome = route(world([enabled]), order).decide([]).rules[0]!.outcome
      const holds = each.conditions.map((one) => check(one, order, world()).holds)
      const wanted = each.match === 'all' ? holds.every(Boolean) : holds.some(Boolean)
      expect(outcome === 'matched').toBe(wanted)
      const { rules: _, ...without } = route(world([]), order).decide([])
      const { rules: __, ...disabled } = route(world([{ ...each, enabled: false }]), order).decide([])
      expect(disabled).toEqual(without)
    }),
    { numRuns: 300 },
  )
})
