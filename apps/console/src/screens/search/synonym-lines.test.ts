import fc from 'fast-check'
import { expect, test } from 'vitest'
import { badLine, linesOfSets, setsOfLines } from './synonym-lines.ts'

const word = fc.stringMatching(/^[a-z\u4e00-\u9fff]{1,24}$/)

test('CAT-09 sets of synonyms stay the same as lines and back', () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(word, { minLength: 2, maxLength: 12 }), { maxLength: 8 }), (sets) => {
      expect(setsOfLines(linesOfSets(sets))).toEqual(sets)
      expect(badLine(linesOfSets(sets))).toBeUndefined()
    }),
  )
})

test('CAT-09 commas of both scripts part words, and the line that is no set is named', () => {
  expect(setsOfLines('挂耳, 滤泡，滤泡\n\n帆布袋、托特包')).toEqual([
    ['挂耳', '滤泡'],
    ['帆布袋', '托特包'],
  ])
  expect(badLine('a,b\n\n一个词')).toBe(3)
  expect(badLine(`${'很'.repeat(25)},b`)).toBe(1)
})
