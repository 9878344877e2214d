import type { Jieba } from '@node-rs/jieba'
import { ASPECTS, NEGATIVE, NEGATORS, POSITIVE, TURNS } from './opinion-lexicon.ts'

export type Polarity = -1 | 0 | 1

export interface Opinion {
  /** As it is counted and shown, e.g. 口感不错. */
  phrase: string
  polarity: -1 | 1
}

export interface Reading {
  opinions: Opinion[]
  /** Of the whole text; 0 when the words say nothing. */
  polarity: Polarity
  /** The weighed sum behind `polarity`. */
  score: number
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean))
const [GOOD, BAD, NOT, BUT] = [set(POSITIVE), set(NEGATIVE), set(NEGATORS), set(TURNS)]
const ASPECT_OF = new Map(ASPECTS.flatMap((aspect) => aspect.words.split(' ').map((word) => [word, aspect] as const)))

/** Opinions that name their subject by themselves. */
const IMPLIED: ReadonlyMap<string, string> = new Map([
  ...(['好吃', '美味', '可口', '鲜美', '难吃'] as const).map((word) => [word, '味道'] as const),
  ...(['便宜', '实惠', '划算', '超值', '贵', '太贵', '偏贵'] as const).map((word) => [word, '价格'] as const),
  ...(['物美价廉', '物超所值', '不值'] as const).map((word) => [word, '性价比'] as const),
  ...(['新鲜', '不新鲜'] as const).map((word) => [word, '新鲜度'] as const),
  ...(['合身', '合适', '偏小', '偏大', '不合适'] as const).map((word) => [word, '尺码'] as const),
  ...(['好看', '漂亮', '显瘦', '难看'] as const).map((word) => [word, '样式'] as const),
  ...(['色差', '掉色', '褪色'] as const).map((word) => [word, '颜色'] as const),
  ...(['卡顿', '死机', '流畅'] as const).map((word) => [word, '系统'] as const),
  ...(['正品', '假货', '耐用', '结实', '破损'] as const).map((word) => [word, '质量'] as const),
  ...(['做工', '粗糙', '精细', '线头'] as const).map((word) => [word, '做工'] as const),
  ...(['好用', '难用'] as const).map((word) => [word, '使用'] as const),
])

const MAX_CHARS = 1_000
/** Longest way, in words, from what is spoken about to what is said of it. */
const REACH = 5
/** A negation counts for what stands so close behind it. */
const NEGATION_REACH = 3
const AFTER_TURN = 1.6
const MAX_OPINIONS = 8
const CLAUSES = /[^\p{L}\p{N}]+/u
/** What in praise is only a manner of speaking. */
const WISHES = /希望|如果|要是|建议|本来|原本|以为|说是|据说|应该/

let segmenter: Jieba | undefined

/** The dictionary takes a third of a second to load: only a process that reads reviews pays for it. */
export async function loadOpinions(): Promise<void> {
  if (segmenter) return
  const [{ Jieba }, { dict }] = await Promise.all([import('@node-rs/jieba'), import('@node-rs/jieba/dict.js')])
  const jieba = Jieba.withDict(dict)
  // the lexicon's own words stay whole
  const words = [...GOOD, ...BAD, ...NOT, ...ASPECT_OF.keys()].filter((word) => [...word].length > 1)
  jieba.loadDict(Buffer.from(words.map((word) => `${word} 20000 n`).join('\n')))
  segmenter ??= jieba
}

/** What a text says, by rules: see the module's README. `loadOpinions` must have been awaited. (CAT-11) */
export function readOpinions(text: string): Reading {
  if (!segmenter) throw new Error('readOpinions before loadOpinions')
  const opinions = new Map<string, Opinion>()
  let score = 0
  let isAfterTurn = false
  for (const clause of text.slice(0, MAX_CHARS).normalize('NFKC').split(CLAUSES)) {
    if (clause === '') continue
    const words = segmenter.cut(clause, true)
    isAfterTurn ||= words.some((word) => BUT.has(word))
    const isWish = WISHES.test(clause)
    for (const [place, word] of words.entries()) {
      const plain = GOOD.has(word) ? 1 : BAD.has(word) ? -1 : 0
      if (plain === 0) continue
      const polarity = (isNegated(words, place) ? -plain : plain) as -1 | 1
      if (isWish && polarity > 0) {
        score -= 0.5
        continue
      }
      score += polarity * (isAfterTurn ? AFTER_TURN : 1) * (polarity < 0 ? 1.2 : 1)
      const aspect = aspectOf(words, place)
      if (!aspect || opinions.size >= MAX_OPINIONS) continue
      const phrase = polarity > 0 ? aspect.good : aspect.bad
      opinions.set(phrase, { phrase, polarity })
    }
  }
  return { opinions: consistent([...opinions.values()]), polarity: Math.sign(score) as Polarity, score }
}

function isNegated(words: readonly string[], place: number): boolean {
  let count = 0
  for (let back = place - 1; back >= Math.max(0, place - NEGATION_REACH); back--) {
    const word = words[back]!
    // 没有差评, but not 没收到，好
    if (GOOD.has(word) || BAD.has(word)) break
    if (NOT.has(word)) count++
  }
  return count % 2 === 1
}

function aspectOf(words: readonly string[], place: number) {
  const implied = IMPLIED.get(words[place]!)
  for (let back = place - 1; back >= Math.max(0, place - REACH); back--) {
    const found = ASPECT_OF.get(words[back]!)
    if (found) return found
  }
  if (implied !== undefined) return ASPECT_OF.get(implied)
  // 不错的口感
  return words[place + 1] === '的' ? ASPECT_OF.get(words[place + 2] ?? '') : undefined
}

/** Who says both of one thing has said neither in a way that can be counted. */
function consistent(opinions: Opinion[]): Opinion[] {
  const said = new Set(opinions.map(({ phrase }) => phrase))
  return opinions.filter(
    ({ phrase }) =>
      !ASPECTS.some(({ good, bad }) => (phrase === good && said.has(bad)) || (phrase === bad && said.has(good))),
  )
}
