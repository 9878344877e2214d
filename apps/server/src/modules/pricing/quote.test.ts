import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FreightTerms, type Offer, type PricedLine, plainProvince, type QuoteInput, quote } from './index.ts'

const national: FreightTerms = {
  id: 't1',
  name: '全国',
  basis: 'piece',
  rules: [
    {
      provinces: ['西藏', '新疆'],
      deliverable: false,
      firstUnits: 1,
      firstFen: 0,
      moreUnits: 1,
      moreFen: 0,
      freeFromFen: null,
    },
    {
      provinces: ['广东'],
      deliverable: true,
      firstUnits: 2,
      firstFen: 600,
      moreUnits: 2,
      moreFen: 200,
      freeFromFen: 9900,
    },
    { provinces: [], deliverable: true, firstUnits: 1, firstFen: 1000, moreUnits: 1, moreFen: 500, freeFromFen: null },
  ],
}
const heavy: FreightTerms = {
  id: 't2',
  name: '大件',
  basis: 'weight',
  rules: [
    {
      provinces: [],
      deliverable: true,
      firstUnits: 1000,
      firstFen: 1500,
      moreUnits: 500,
      moreFen: 300,
      freeFromFen: null,
    },
  ],
}

const line = (skuId: string, quantity: number, unitPriceFen: number, more: Partial<PricedLine> = {}): PricedLine => ({
  skuId,
  quantity,
  unitPriceFen,
  weightGrams: 0,
  freightTemplateId: 't1',
  ...more,
})

const ask = (lines: PricedLine[], more: Partial<QuoteInput> = {}) =>
  quote({ lines, province: '广东省', freight: [national, heavy], offers: [], ...more })

const offerArbitrary = fc.record({
  source: fc.constantFrom('coupon:a', 'coupon:b', 'campaign:c'),
  label: fc.constant('优惠'),
  payer: fc.constantFrom('merchant' as const, 'platform' as const, 'creator' as const),
  skuIds: fc.option(fc.subarray(['a', 'b', 'c', 'd', 'e']), { nil: null }),
  fromFen: fc.integer({ min: 0, max: 50_000 }),
  offFen: fc.integer({ min: 0, max: 80_000 }),
})
const inputArbitrary: fc.Arbitrary<QuoteInput> = fc.record({
  lines: fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 }).chain((ids) =>
    fc.tuple(
      ...ids.map((skuId) =>
        fc.record({
          skuId: fc.constant(skuId),
          quantity: fc.integer({ min: 1, max: 9 }),
          unitPriceFen: fc.integer({ min: 0, max: 30_000 }),
          weightGrams: fc.integer({ min: 0, max: 3000 }),
          freightTemplateId: fc.constantFrom('t1', 't2', null),
        }),
      ),
    ),
  ),
  province: fc.constantFrom('广东', '北京市', null),
  freight: fc.constant([national, heavy]),
  offers: fc.array(offerArbitrary, { maxLength: 4 }) as fc.Arbitrary<Offer[]>,
})

test('ORD-01 shares of every discount add up over lines and units, and no unit costs less than nothing or more than its list price', () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const answer = quote(input)
      const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0)
      expect(sum(answer.lines.map((each) => each.listTotalFen))).toBe(answer.goodsFen)
      expect(sum(answer.adjustments.map((each) => each.fen))).toBe(answer.discountFen)
      expect(answer.goodsFen + answer.discountFen + answer.freightFen).toBe(answer.totalFen)
      for (const each of answer.adjustments) expect(sum(each.unitFen)).toBe(each.fen)
      for (const [index, each] of answer.lines.entries()) {
        const own = answer.adjustments.filter((adjustment) => adjustment.line === index)
        expect(each.listTotalFen + sum(own.map((adjustment) => adjustment.fen))).toBe(each.payTotalFen)
        expect(sum(each.unitPayFen)).toBe(each.payTotalFen)
        for (const [unit, pay] of each.unitPayFen.entries()) {
          expect(pay).toBeGreaterThanOrEqual(0)
          expect(pay).toBeLessThanOrEqual(each.unitPriceFen)
          expect(each.unitPriceFen + sum(own.map((adjustment) => adjustment.unitFen[unit]!))).toBe(pay)
        }
      }
    }),
  )
})

test('ORD-01 the order of lines changes no total and no line', () => {
  const shuffled = inputArbitrary.chain((input) =>
    fc
      .shuffledSubarray([...input.lines], { minLength: input.lines.length })
      .map((lines) => [input, { ...input, lines }] as const),
  )
  fc.assert(
    fc.property(shuffled, ([input, other]) => {
      const [one, two] = [quote(input), quote(other)]
      const bySku = (answer: typeof one) => [...answer.lines].sort((a, b) => (a.skuId < b.skuId ? -1 : 1))
      expect(bySku(one)).toEqual(bySku(two))
      expect({ ...one, lines: [], adjustments: [] }).toEqual({ ...two, lines: [], adjustments: [] })
    }),
  )
})

test('ORD-01 an offer that does not apply says why, and one that is too large stops at nothing', () => {
  const offer: Offer = {
    source: 'coupon:1',
    label: '满减',
    payer: 'platform',
    skuIds: null,
    fromFen: 5000,
    offFen: 800,
  }
  const short = ask([line('a', 1, 4000)], { offers: [offer] })
  expect(short.refusals).toContainEqual({ source: 'coupon:1', reason: '还差 ¥10.00 可用' })
  expect(short.discountFen).toBe(0)
  const other = ask([line('a', 1, 4000)], { offers: [{ ...offer, skuIds: ['z'] }] })
  expect(other.refusals).toContainEqual({ source: 'coupon:1', reason: '没有适用的商品' })
  const all = ask([line('a', 3, 100)], { offers: [{ ...offer, fromFen: 0, offFen: 1_000_000 }] })
  expect(all.lines[0]!.unitPayFen).toEqual([0, 0, 0])
  expect(all.adjustments).toMatchObject([{ payer: 'platform', line: 0, fen: -300, unitFen: [-100, -100, -100] }])
})

test('ORD-04 freight: by piece, per started step, free from an amount, explained', () => {
  expect(ask([line('a', 2, 1000)])).toMatchObject({
    freightFen: 600,
    freightNote: '共 2 件：首 2 件 ¥6.00',
    deliverable: true,
  })
  expect(ask([line('a', 5, 1000)])).toMatchObject({
    freightFen: 1000,
    freightNote: '共 5 件：首 2 件 ¥6.00，续 4 件 ¥4.00',
  })
  expect(ask([line('a', 5, 1000)]).refusals).toEqual([{ source: 'freight:t1', reason: '再买 ¥49.00 可免运费' }])
  expect(ask([line('a', 5, 1980)])).toMatchObject({ freightFen: 0, freightNote: '满 ¥99.00 免运费' })
  expect(ask([line('a', 2, 1000)], { province: '北京' }).freightFen).toBe(1500)
})

test('ORD-04 freight: by weight, several templates together, none at all', () => {
  const kettle = line('k', 3, 2000, { freightTemplateId: 't2', weightGrams: 700 })
  expect(ask([kettle])).toMatchObject({
    freightFen: 2400,
    freightNote: '共 2.1 千克：首 1 千克 ¥15.00，续 1.5 千克 ¥9.00',
  })
  // Which template is meant is said where there are several.
  expect(ask([kettle, line('a', 1, 100)])).toMatchObject({
    freightFen: 3000,
    freightNote: expect.stringMatching(/「大件」共.*「全国」共|「全国」共.*「大件」共/),
  })
  expect(ask([line('a', 1, 100, { freightTemplateId: null })])).toMatchObject({ freightFen: 0, freightNote: '包邮' })
})

test('ORD-04 freight: what cannot be delivered is said; without an address it is an estimate', () => {
  expect(ask([line('a', 1, 100)], { province: '西藏自治区' })).toMatchObject({
    deliverable: false,
    freightFen: 0,
    freightNote: '不配送至西藏自治区',
  })
  expect(ask([line('a', 1, 100)], { province: null })).toMatchObject({ deliverable: null, freightFen: 1000 })
  const onlyHere = { ...national, rules: national.rules.slice(1, 2) }
  expect(ask([line('a', 1, 100)], { province: '北京', freight: [onlyHere] }).deliverable).toBe(false)
  expect(plainProvince('新疆维吾尔自治区')).toBe('新疆')
  expect(plainProvince(' 上海市 ')).toBe('上海')
})
