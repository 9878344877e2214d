import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gramsOf, searchQuery, searchVector, termsOf } from './grams.ts'

const SHOP = '0190a000-0000-7000-8000-000000000001'
const han = fc.constantFrom(...'红色连衣裙夏季新款女装手机壳咖啡杯𠮷龘')
const title = fc.array(fc.oneof(han, fc.constantFrom(...'abcXYZ019 -/（）')), { minLength: 1, maxLength: 40 })

const found = (text: string, query: string): boolean => {
  const grams = gramsOf(text)
  return termsOf(query).every(({ text: term, prefix }) =>
    prefix ? [...grams].some((gram) => gram.startsWith(term)) : grams.has(term),
  )
}

test('CAT-01 search: characters, pairs and words are indexed', () => {
  expect([...gramsOf('连衣裙 iPhone15')].sort()).toEqual(
    ['15', 'iphone', 'iphone15', '连', '连衣', '衣', '衣裙', '裙'].sort(),
  )
  expect(termsOf('连衣裙')).toEqual([
    { text: '连衣', prefix: false },
    { text: '衣裙', prefix: false },
  ])
  expect(termsOf('裙')).toEqual([{ text: '裙', prefix: false }])
  expect(termsOf('iPh')).toEqual([{ text: 'iph', prefix: true }])
  expect(termsOf('！？ ')).toEqual([])
})

test('CAT-01 search: full-width letters and capitals make no difference', () => {
  expect(found('ＮＩＫＥ 运动鞋', 'nike')).toBe(true)
  expect(found('nike', 'ＮＩＫＥ')).toBe(true)
})

test('CAT-01 search: every run of Chinese characters in a text finds it', () => {
  fc.assert(
    fc.property(fc.array(han, { minLength: 1, maxLength: 30 }), fc.nat(), fc.nat(), (letters, a, b) => {
      const from = a % letters.length
      const to = from + 1 + (b % (letters.length - from))
      expect(found(letters.join(''), letters.slice(from, to).join(''))).toBe(true)
    }),
  )
})

test('CAT-01 search: every text finds itself, and the beginning of each of its words does', () => {
  fc.assert(
    fc.property(title, fc.nat(), (letters, cut) => {
      const text = letters.join('')
      expect(found(text, text)).toBe(true)
      for (const word of text.split(/[^a-z0-9]+/i).filter(Boolean))
        expect(found(text, word.slice(0, 1 + (cut % word.length)))).toBe(true)
    }),
  )
})

test('CAT-01 search: a character that the text does not have finds nothing', () => {
  fc.assert(
    fc.property(title, (letters) => {
      expect(found(letters.join(''), '鼎')).toBe(false)
      expect(found(letters.join(''), `${letters.join('')}鼎`)).toBe(false)
    }),
  )
})

test('CAT-01 search: no text can break out of the literals given to PostgreSQL', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const lexeme = /^'[^'\\\s]+'(:\*)?$/u
      for (const part of searchVector(SHOP, [text]).split(' ').filter(Boolean)) expect(part).toMatch(lexeme)
      for (const part of (searchQuery(SHOP, text) ?? `'a'`).split(' & ')) expect(part).toMatch(lexeme)
    }),
  )
})
