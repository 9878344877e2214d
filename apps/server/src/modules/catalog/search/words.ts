import type { Jieba } from '@node-rs/jieba'
import { pinyin } from 'pinyin-pro'
import { normalize } from './grams.ts'

/**
 * Words of Chinese text and how they sound. The vocabulary of a shop is the words of its titles with both, so that a
 * query in pinyin, with initials only, or with a character that only sounds right finds its words.
 */

const HAN_WORD = /^\p{Script=Han}+$/u
const LATIN_WORD = /^[a-z][a-z0-9]*$/
const WORDLIKE = /[\p{L}\p{N}]/u
const RUNS = /\p{Script=Han}+|[\p{L}\p{N}]+/gu
/** Longer ones are sentences without spaces; they would only fill the vocabulary. */
const MAX_WORD_CHARS = 12
const MAX_TEXT_CHARS = 2_000
const MAX_REMEMBERED_SOUNDS = 50_000

let segmenter: Jieba | undefined

/** The dictionary takes a third of a second to load and 60 MB: only a process that needs words pays for it. */
export async function loadWords(): Promise<void> {
  if (segmenter) return
  const [{ Jieba }, { dict }] = await Promise.all([import('@node-rs/jieba'), import('@node-rs/jieba/dict.js')])
  segmenter ??= Jieba.withDict(dict)
}

/** The words of a text, compounds and their parts, each once. `loadWords` must have been awaited. */
export function wordsOf(text: string): string[] {
  if (!segmenter) throw new Error('wordsOf before loadWords')
  const words = new Set<string>()
  for (const [run] of normalize(text.slice(0, MAX_TEXT_CHARS)).matchAll(RUNS))
    for (const word of HAN_WORD.test(run) ? segmenter.cutForSearch(run, true) : [run])
      if (WORDLIKE.test(word) && [...word].length <= MAX_WORD_CHARS) words.add(word)
  return [...words]
}

export interface Sound {
  /** Full pinyin without tones, ü as v: `lianyiqun`. Latin words sound as they are written. */
  full: string
  /** First letters: `lyq`; empty for words of one character and for Latin ones. */
  initials: string
}

const remembered = new Map<string, Sound>()

/** How a word sounds. Anything but Han characters and Latin letters has no sound. */
export function soundOf(word: string): Sound {
  const known = remembered.get(word)
  if (known) return known
  const sound = readSound(word)
  if (remembered.size >= MAX_REMEMBERED_SOUNDS) remembered.clear()
  remembered.set(word, sound)
  return sound
}

function readSound(word: string): Sound {
  if (LATIN_WORD.test(word)) return { full: word, initials: '' }
  if (!HAN_WORD.test(word)) return { full: '', initials: '' }
  const syllables = pinyin(word, { toneType: 'none', type: 'array', v: true, nonZh: 'removed' })
  const full = syllables.join('')
  if (!/^[a-z]+$/.test(full)) return { full: '', initials: '' }
  return { full, initials: syllables.length < 2 ? '' : syllables.map((syllable) => syllable[0]).join('') }
}

export const isHan = (text: string): boolean => HAN_WORD.test(text)
export const isLatin = (text: string): boolean => LATIN_WORD.test(text)

/**
 * Edits between two words: inserted, lost, replaced and swapped neighbouring letters (Damerau–Levenshtein, optimal
 * string alignment). Answers `most + 1` when it is more than `most`.
 */
export function editsBetween(a: string, b: string, most: number): number {
  const from = [...a]
  const to = [...b]
  if (Math.abs(from.length - to.length) > most) return most + 1
  let before: number[] = []
  let above = to.map((_, j) => j).concat(to.length)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same)
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    if (Math.min(...row) > most) return most + 1
    before = above
    above = row
  }
  return Math.min(above[to.length]!, most + 1)
}
