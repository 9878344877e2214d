import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkTextByPatterns } from './check-text.ts'
import { ASPECTS } from './opinion-lexicon.ts'
import { loadOpinions, readOpinions } from './opinions.ts'

beforeAll(() => loadOpinions(), 30_000)

const phrases = (text: string) => readOpinions(text).opinions.map(({ phrase }) => phrase)
const KNOWN = new Map(ASPECTS.flatMap(({ good, bad }) => [[good, 1] as const, [bad, -1] as const]))

describe('opinions', () => {
  test.each([
    ['口感很不错，物流也快', ['口感不错', '物流快'], 1],
    ['物流太慢了，等了一周', ['物流慢'], -1],
    ['包装不好，瓶子碎了', ['包装差'], -1],
    ['质量没有问题', ['质量好'], 1],
    ['一点都不好吃', ['味道差'], -1],
    ['性价比不错，值得买', ['性价比高'], 1],
    ['', [], 0],
    ['12345', [], 0],
  ])('CAT-11 %s', (text, wanted, polarity) => {
    expect(phrases(text)).toEqual(expect.arrayContaining(wanted))
    expect(readOpinions(text).polarity).toBe(polarity)
  })

  test('CAT-11 whatever is typed is read: known phrases with their sign, each once, never both of one thing', () => {
    const word = fc.constantFrom(
      '物流',
      '口感',
      '很',
      '不',
      '没有',
      '好',
      '差',
      '快',
      '慢',
      '但是',
      '，',
      '。',
      'abc',
      '😀',
    )
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    )
    fc.assert(
      fc.property(text, (said) => {
        const { opinions, polarity } = readOpinions(said)
        expect([-1, 0, 1]).toContain(polarity)
        const names = opinions.map(({ phrase }) => phrase)
        expect(new Set(names).size).toBe(names.length)
        for (const opinion of opinions) expect(KNOWN.get(opinion.phrase)).toBe(opinion.polarity)
        for (const { good, bad } of ASPECTS) expect(names.includes(good) && names.includes(bad)).toBe(false)
      }),
    )
  })

  test('CAT-11 a negation turns an opinion round', () => {
    fc.assert(
      fc.property(fc.constantFrom('好', '满意', '推荐', '方便', '舒服'), (word) => {
        expect(readOpinions(`很${word}`).polarity).toBe(1)
        expect(readOpinions(`不${word}`).polarity).toBe(-1)
      }),
    )
  })
})

describe('the machine check', () => {
  test.each([
    '加我微信abc12345',
    '138-1234-5678 找我',
    '好评返现五元',
    'www.example.com 更便宜',
    '加Ｖ信：zhang_gui88',
    '1 3 8 1 2 3 4 5 6 7 8',
  ])('CAT-11 finds %s', async (text) => {
    expect(await checkTextByPatterns(text)).not.toEqual([])
  })

  test.each(['味道很好，300 克刚好够两个人吃', '物流快，2 天就到了', '微信支付很方便', 'iPhone 手感不错', ''])(
    'CAT-11 lets pass: %s',
    async (text) => {
      expect(await checkTextByPatterns(text)).toEqual([])
    },
  )
})

/** Labelled reviews, on machines that have them; never part of the product. */
const FOLDER = process.env.REVIEW_DATA_DIR ?? 'no folder'
const FILES = [
  { name: 'online_shopping_10_cats.csv.gz', least: 0.85 },
  { name: 'waimai_10k.csv', least: 0.84 },
] as const

describe.each(FILES)('labelled reviews of $name', ({ name, least }) => {
  const path = `${FOLDER}/${name}`
  test.skipIf(!existsSync(path))(
    `CAT-11 the sign is right (skipped where ${name} is not there: REVIEW_DATA_DIR)`,
    () => {
      const bytes = readFileSync(path)
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
      const rows = parse(text, { columns: true, bom: true, relax_quotes: true, relax_column_count: true }) as {
        label: string
        review: string
      }[]
      const sample = rows.filter((_, index) => index % 10 === 3)
      let [right, decided, phrasesRight, phrasesAll] = [0, 0, 0, 0]
      for (const { label, review } of sample) {
        const wanted = label === '1' ? 1 : -1
        const { polarity, opinions } = readOpinions(review)
        if (polarity !== 0) decided++
        if (polarity === wanted) right++
        phrasesAll += opinions.length
        phrasesRight += opinions.filter((opinion) => opinion.polarity === wanted).length
      }
      const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`
      console.log(
        `${name}: ${sample.length} reviews, decided ${share(decided, sample.length)}, right of those ${share(right, decided)}, phrases of the review's sign ${share(phrasesRight, phrasesAll)} of ${phrasesAll}`,
      )
      expect(right / decided).toBeGreaterThan(least)
    },
  )
})
