import { normalize } from './grams.ts'
import { editsBetween, isHan, isLatin, soundOf } from './words.ts'

/**
 * What a query meant that says it wrongly: pinyin, initials, characters that only sound right, a slip in a Latin word.
 * Pure; the vocabulary that is looked up is the shop's own.
 */

export interface VocabularyWord {
  word: string
  sound: string
  initials: string
  products: number
}

const RUNS = /\p{Script=Han}+|[a-z][a-z0-9]*(?:'[a-z]+)*/gu
const MAX_PIECE_LETTERS = 30
const MAX_HAN_PIECE = 5
const MAX_PIECES = 400
const MIN_EDITABLE = 4
const MIN_TWO_EDITS = 8

export interface Lookup {
  /** Sounds and initials to look up, each in full. */
  sounds: string[]
  initials: string[]
  /** Latin words whose neighbours are wanted. */
  near: string[]
}

/** What must be looked up to correct a query. */
export function lookupOf(query: string): Lookup {
  const sounds = new Set<string>()
  const initials = new Set<string>()
  const near = new Set<string>()
  for (const run of runsOf(query)) {
    if (isHan(run)) for (const piece of hanPieces(run)) sounds.add(soundOf(piece).full)
    else {
      const letters = run.replaceAll("'", '').slice(0, MAX_PIECE_LETTERS)
      for (const piece of piecesOf(letters, 2)) {
        sounds.add(piece)
        if (piece.length <= 8) initials.add(piece)
      }
      if (letters.length >= MIN_EDITABLE) near.add(letters)
    }
  }
  sounds.delete('')
  return {
    sounds: [...sounds].slice(0, MAX_PIECES),
    initials: [...initials].slice(0, MAX_PIECES),
    near: [...near].slice(0, 4),
  }
}

/** The query as it was probably meant; undefined when nothing is known that fits better. */
export function correct(query: string, vocabulary: readonly VocabularyWord[]): string | undefined {
  const bySound = best(vocabulary, ({ sound }) => sound)
  const byInitials = best(vocabulary, ({ initials }) => initials)
  const words = new Set(vocabulary.filter(({ products }) => products > 0).map(({ word }) => word))
  const normal = normalize(query)
  const meant = normal.replace(RUNS, (run) => {
    if (isHan(run)) return correctHan(run, bySound, words)
    const letters = run.replaceAll("'", '')
    if (words.has(letters)) return run
    return (
      cover(letters, (piece) => bySound.get(piece)) ??
      cover(letters, (piece) => byInitials.get(piece)) ??
      nearest(letters, vocabulary) ??
      run
    )
  })
  return meant === normal ? undefined : meant
}

const runsOf = (query: string): string[] => [...normalize(query).matchAll(RUNS)].map(([run]) => run)

/** The word of each sound that most products have; longer words first among equals. */
function best(
  vocabulary: readonly VocabularyWord[],
  keyOf: (word: VocabularyWord) => string,
): Map<string, VocabularyWord> {
  const found = new Map<string, VocabularyWord>()
  for (const word of vocabulary) {
    const key = keyOf(word)
    if (key === '' || isLatin(word.word) || word.products === 0) continue
    const rival = found.get(key)
    if (!rival || word.products > rival.products || (word.products === rival.products && word.word < rival.word))
      found.set(key, word)
  }
  return found
}

/** Windows of two to five characters, longest first at each place. */
function hanPieces(run: string): string[] {
  const letters = [...run]
  const pieces: string[] = []
  for (let from = 0; from + 1 < letters.length; from++)
    for (let size = Math.min(MAX_HAN_PIECE, letters.length - from); size >= 2; size--)
      pieces.push(letters.slice(from, from + size).join(''))
  return pieces
}

function correctHan(run: string, bySound: ReadonlyMap<string, VocabularyWord>, words: ReadonlySet<string>): string {
  const letters = [...run]
  let meant = ''
  for (let at = 0; at < letters.length; ) {
    let step = 1
    let put = letters[at]!
    for (let size = Math.min(MAX_HAN_PIECE, letters.length - at); size >= 2; size--) {
      const piece = letters.slice(at, at + size).join('')
      if (words.has(piece)) {
        step = size
        put = piece
        break
      }
      const heard = bySound.get(soundOf(piece).full)
      if (!heard || [...heard.word].length !== size) continue
      step = size
      put = heard.word
      break
    }
    meant += put
    at += step
  }
  return meant
}

/** All parts of at least `least` letters. */
function piecesOf(letters: string, least: number): string[] {
  const pieces: string[] = []
  for (let from = 0; from + least <= letters.length; from++)
    for (let to = from + least; to <= letters.length; to++) pieces.push(letters.slice(from, to))
  return pieces
}

/** Letters as words one after another, as few as possible, then by how many products have them. */
function cover(letters: string, find: (piece: string) => VocabularyWord | undefined): string | undefined {
  if (letters.length > MAX_PIECE_LETTERS) return undefined
  const ways: ({ words: string[]; products: number } | undefined)[] = [{ words: [], products: 0 }]
  for (let to = 1; to <= letters.length; to++)
    for (let from = 0; from <= to - 2; from++) {
      const before = ways[from]
      const word = before && find(letters.slice(from, to))
      if (!before || !word) continue
      const way = { words: [...before.words, word.word], products: before.products + word.products }
      const rival = ways[to]
      const isBetter =
        !rival ||
        way.words.length < rival.words.length ||
        (way.words.length === rival.words.length && way.products > rival.products)
      if (isBetter) ways[to] = way
    }
  return ways[letters.length]?.words.join('')
}

/** The Latin word of the vocabulary that is one slip away (two for long words); undefined when there is none. */
function nearest(letters: string, vocabulary: readonly VocabularyWord[]): string | undefined {
  if (letters.length < MIN_EDITABLE) return undefined
  const most = letters.length >= MIN_TWO_EDITS ? 2 : 1
  let found: { word: string; edits: number; products: number } | undefined
  for (const { word, products } of vocabulary) {
    if (!isLatin(word) || products === 0) continue
    const edits = editsBetween(letters, word, most)
    if (edits > most) continue
    if (!found || edits < found.edits || (edits === found.edits && products > found.products))
      found = { word, edits, products }
  }
  return found?.word
}
