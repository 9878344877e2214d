const SEPARATORS = /[,，、;；=＝\t]+/
const MAX_WORDS = 12
const MAX_CHARS = 24

/** Sets of synonyms as lines of text, as a shopkeeper types or pastes them. */
export const linesOfSets = (sets: readonly (readonly string[])[]): string =>
  sets.map((set) => set.join('，')).join('\n')

/** The sets of a text, one a line; empty lines are none, a word twice in a line is once. */
export const setsOfLines = (text: string): string[][] => lines(text).map(({ words }) => words)

/** The number of the first line that is no set, from 1; undefined when all are. */
export const badLine = (text: string): number | undefined =>
  lines(text).find(
    ({ words }) => words.length < 2 || words.length > MAX_WORDS || words.some((word) => word.length > MAX_CHARS),
  )?.line

const lines = (text: string) =>
  text
    .split('\n')
    .map((line, index) => ({
      line: index + 1,
      words: [...new Set(line.split(SEPARATORS).map((word) => word.trim()))].filter(Boolean),
    }))
    .filter(({ words }) => words.length > 0)
