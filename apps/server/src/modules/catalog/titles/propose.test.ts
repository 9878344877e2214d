import { checkTitle, plainTitle, type TitleRules, titleLength } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fittingQueries, proposeTitles, type TitleMaterial } from './propose.ts'

const rules: TitleRules = {
  minCharacters: 8,
  maxCharacters: 30,
  maxRepeats: 1,
  maxSellingWords: 2,
  sellingWords: ['新款', '限时', '必备', '爆款'],
}
const dress: TitleMaterial = {
  title: '连衣裙 新款',
  brand: '锦年',
  coreKeyword: '',
  categoryPath: ['女装', '连衣裙'],
  attributes: [
    { name: '材质', value: '真丝' },
    { name: '款式', value: '收腰' },
    { name: '洗涤', value: '冷水手洗，阴凉处晾干，不要用力拧' },
  ],
  scenes: [{ dimension: '场景', name: '商务通勤' }],
  tags: ['夏季'],
  offer: '第二件半价',
  queries: [
    { query: '真丝连衣裙', searches: 320 },
    { query: '连衣裙 夏季', searches: 210 },
    { query: '牛仔裤', searches: 900 },
  ],
}

test('CAT-02 keywords come from searches that the product answers, and from no others', () => {
  expect(fittingQueries(dress).map(({ query }) => query)).toEqual(['连衣裙 夏季'])
  expect(fittingQueries({ ...dress, title: '真丝连衣裙' }).map(({ query }) => query)).toEqual([
    '真丝连衣裙',
    '连衣裙 夏季',
  ])
  const titles = proposeTitles(dress, rules)
  expect(titles.length).toBeGreaterThan(1)
  expect(titles.every(({ title }) => !title.includes('牛仔裤'))).toBe(true)
  expect(titles[0]!.broken).toEqual([])
  expect(
    titles.some(({ parts }) => parts.some(({ source, searches }) => source === 'search' && searches === 210)),
  ).toBe(true)
})

test('CAT-02 every part says where it came from, and a sentence is no word of a title', () => {
  for (const { title, parts } of proposeTitles(dress, rules)) {
    expect(parts.map(({ text }) => text).join(' ')).toBe(title)
    expect(parts[0]).toEqual({ text: '锦年', source: 'brand', of: '', searches: 0 })
    expect(title).not.toContain('手洗')
  }
})

test('CAT-02 each rule of the title standard is judged', () => {
  const judge = (title: string, more: Partial<TitleMaterial> = {}) =>
    checkTitle({ ...dress, ...more, title }, rules)
      .filter(({ ok }) => !ok)
      .map(({ check }) => check)
  expect(judge('锦年 真丝连衣裙 收腰')).toEqual([])
  expect(judge('锦年连衣裙')).toEqual(['length', 'attribute'])
  expect(judge('真丝连衣裙 收腰显瘦')).toEqual(['brand'])
  expect(judge('锦年 真丝半身裙 收腰')).toEqual(['core'])
  expect(judge('锦年 真丝连衣裙 真丝收腰')).toEqual(['repetition'])
  expect(judge('锦年 真丝连衣裙 新款爆款限时')).toEqual(['stuffing'])
  expect(judge('锦年 真丝连衣裙★★收腰')).toEqual(['characters'])
  expect(judge('锦年 真丝长裙 收腰显瘦', { coreKeyword: '长裙' })).toEqual([])
})

const word = fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('真', '丝', '茶', '杯', '新', 'A', '9') })
const material: fc.Arbitrary<TitleMaterial> = fc.record({
  title: fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
  brand: fc.oneof(fc.constant(''), word),
  coreKeyword: fc.oneof(fc.constant(''), word),
  categoryPath: fc.array(word, { maxLength: 3 }),
  attributes: fc.array(fc.record({ name: word, value: word }), { maxLength: 6 }),
  scenes: fc.array(fc.record({ dimension: word, name: word }), { maxLength: 3 }),
  tags: fc.array(word, { maxLength: 3 }),
  offer: fc.oneof(fc.constant(''), word),
  queries: fc.array(fc.record({ query: word, searches: fc.nat({ max: 1_000 }) }), { maxLength: 8 }),
})

test('CAT-02 whatever is known of a product, proposals fit, differ, repeat nothing, and are made of what is known', () => {
  fc.assert(
    fc.property(material, (known) => {
      const titles = proposeTitles(known, rules)
      expect(titles.length).toBeLessThanOrEqual(5)
      const plain = titles.map(({ title }) => plainTitle(title))
      expect(new Set([...plain, plainTitle(known.title)]).size).toBe(plain.length + 1)
      const sources = plainTitle(
        [
          known.title,
          known.brand,
          known.coreKeyword,
          known.offer,
          ...known.categoryPath,
          ...known.tags,
          ...known.attributes.map(({ value }) => value),
          ...known.scenes.map(({ name }) => name),
          ...known.queries.map(({ query }) => query),
        ].join('|'),
      )
      for (const { title, parts, length, broken } of titles) {
        expect(length).toBe(titleLength(title))
        expect(length).toBeLessThanOrEqual(rules.maxCharacters)
        expect(parts.every(({ text }) => text.split(' ').every((each) => sources.includes(plainTitle(each))))).toBe(
          true,
        )
        expect(broken).toEqual(
          checkTitle({ ...known, title }, rules)
            .filter(({ ok }) => !ok)
            .map(({ check }) => check),
        )
      }
      const order = titles.map(({ broken }) => broken.length)
      expect(order).toEqual([...order].sort((a, b) => a - b))
    }),
  )
})
