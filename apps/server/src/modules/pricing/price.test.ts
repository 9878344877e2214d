import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyFormula, considerRules, type PriceContext, type PriceRule, resolvePrice } from './index.ts'

const SKU = { skuId: 's1', productId: 'p1', priceFen: 10_000 }
const DAY = (day: number) => `2026-11-${String(day).padStart(2, '0')}T16:00:00.000Z`
const NOW: PriceContext = { at: DAY(11), levelId: null, channel: 'h5', province: '广东省' }

let count = 0
const rule = (more: Partial<PriceRule>): PriceRule => ({
  ruleId: `r${++count}`,
  productId: 'p1',
  skuId: null,
  kind: 'scheduled',
  label: '活动价',
  levelIds: [],
  provinces: [],
  channels: [],
  startsAt: null,
  endsAt: null,
  warmFrom: null,
  method: 'fixed',
  value: 9000,
  rounding: 'fen',
  ...more,
})

const day = fc.option(fc.integer({ min: 5, max: 20 }).map(DAY), { nil: null })
const anyRule: fc.Arbitrary<PriceRule> = fc
  .record({
    ruleId: fc.uuid(),
    productId: fc.constant('p1'),
    skuId: fc.constantFrom('s1', null, 's2'),
    kind: fc.constantFrom('region', 'channel', 'member', 'scheduled'),
    label: fc.constant('价'),
    levelIds: fc.subarray(['gold', 'silver']),
    provinces: fc.subarray(['广东', '北京市']),
    channels: fc.subarray(['h5', 'mini']),
    startsAt: day,
    endsAt: day,
    warmFrom: day,
    formula: fc.oneof(
      fc.record({ method: fc.constant('fixed' as const), value: fc.integer({ min: 1, max: 20_000 }) }),
      fc.record({ method: fc.constant('percent' as const), value: fc.integer({ min: 1, max: 15_000 }) }),
      fc.record({ method: fc.constant('minus' as const), value: fc.integer({ min: 1, max: 12_000 }) }),
    ),
    rounding: fc.constantFrom('fen', 'jiao', 'yuan', 'nine'),
  })
  .map(({ formula, ...rest }) => ({ ...rest, ...formula }) as PriceRule)
const rules = fc.uniqueArray(anyRule, { maxLength: 8, selector: (each) => each.ruleId })
const context: fc.Arbitrary<PriceContext> = fc.record({
  at: fc.integer({ min: 4, max: 21 }).map(DAY),
  levelId: fc.constantFrom('gold', 'silver', null),
  channel: fc.constantFrom('h5', 'mini'),
  province: fc.constantFrom('广东省', '北京', '西藏自治区', null),
})

test('CAT-04 the order of rules means nothing: the same price for the same reason', () => {
  const shuffled = rules.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(shuffled, context, ([one, other], at) => {
      expect(resolvePrice(SKU, other, at)).toEqual(resolvePrice(SKU, one, at))
    }),
  )
})

test('CAT-04 an offer never makes a price dearer, and rules that are not meant change nothing', () => {
  fc.assert(
    fc.property(rules, context, (all, at) => {
      const price = resolvePrice(SKU, all, at)
      expect(price.priceFen).toBeLessThanOrEqual(price.regularFen)
      expect(price.priceFen).toBeGreaterThan(0)
      const taken = considerRules(SKU, all, at).filter(({ verdict }) => verdict === 'taken')
      const meant = resolvePrice(
        SKU,
        taken.map((each) => each.rule),
        at,
      )
      expect([meant.priceFen, meant.regularFen, meant.kind]).toEqual([price.priceFen, price.regularFen, price.kind])
    }),
  )
})

test('CAT-04 a price holds until its next change, and not a moment is left out', () => {
  fc.assert(
    fc.property(rules, context, fc.nat(), (all, at, salt) => {
      const price = resolvePrice(SKU, all, at)
      const from = Date.parse(at.at)
      const until = price.nextChangeAt === null ? from + 30 * 86_400_000 : Date.parse(price.nextChangeAt)
      const between = { ...at, at: new Date(from + (salt % (until - from))).toISOString() }
      const { nextChangeAt: _, ...same } = resolvePrice(SKU, all, between)
      const { nextChangeAt: __, ...first } = price
      expect(same).toEqual(first)
      if (price.endsAt !== null) expect(price.endsAt > at.at).toBe(true)
    }),
  )
})

test('CAT-04 percentages, reductions and rounding', () => {
  const price = (method: PriceRule['method'], value: number, rounding: PriceRule['rounding'], below = 9999) =>
    applyFormula(below, { method, value, rounding })
  expect(price('percent', 8500, 'fen')).toBe(8499)
  expect(price('percent', 8500, 'jiao')).toBe(8500)
  expect(price('percent', 8500, 'yuan')).toBe(8500)
  expect(price('percent', 8500, 'nine')).toBe(8490)
  expect(price('percent', 11_000, 'fen', 1000)).toBe(1100)
  expect(price('minus', 500, 'fen')).toBe(9499)
  expect(price('minus', 20_000, 'fen')).toBe(1)
  expect(price('fixed', 8888, 'yuan')).toBe(8888)
  expect(price('percent', 8000, 'nine', 50)).toBe(40)
})

test('CAT-04 precedence: the regular price of the place first, then the lowest offer on it', () => {
  const region = rule({ kind: 'region', provinces: ['广东'], value: 11_000 })
  const both = rule({ kind: 'channel', channels: ['h5'], provinces: ['广东'], value: 10_800 })
  const member = rule({ kind: 'member', levelIds: ['gold'], method: 'percent', value: 9000 })
  const sale = rule({ kind: 'scheduled', value: 9900, startsAt: DAY(10), endsAt: DAY(12) })
  const all = [region, both, member, sale]
  expect(resolvePrice(SKU, [region], NOW)).toMatchObject({ priceFen: 11_000, kind: 'region', regularFen: 11_000 })
  expect(resolvePrice(SKU, [region, both], NOW)).toMatchObject({ priceFen: 10_800, kind: 'channel' })
  expect(resolvePrice(SKU, all, NOW)).toMatchObject({ priceFen: 9900, kind: 'scheduled', endsAt: DAY(12) })
  expect(resolvePrice(SKU, all, { ...NOW, levelId: 'gold' })).toMatchObject({ priceFen: 9720, kind: 'member' })
  expect(resolvePrice(SKU, all, { ...NOW, at: DAY(12) })).toMatchObject({ priceFen: 10_800, endsAt: null })
  expect(resolvePrice(SKU, all, { ...NOW, province: '北京' })).toMatchObject({ priceFen: 9900, regularFen: 10_000 })
})

test('CAT-04 an announced price shows from its warm-up on, and only when it will be lower', () => {
  const sale = rule({ value: 8000, startsAt: DAY(14), endsAt: DAY(15), warmFrom: DAY(11) })
  expect(resolvePrice(SKU, [sale], { ...NOW, at: DAY(10) })).toMatchObject({ upcoming: null, nextChangeAt: DAY(11) })
  expect(resolvePrice(SKU, [sale], NOW).upcoming).toMatchObject({ priceFen: 8000, startsAt: DAY(14) })
  expect(resolvePrice(SKU, [{ ...sale, value: 12_000 }], NOW).upcoming).toBeNull()
})
