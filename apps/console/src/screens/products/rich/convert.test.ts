import { DETAIL_TINTS, type DetailBlock, DetailDocument } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromEditor, toEditor } from './convert.ts'

const id = fc.uuid({ version: 7 })
const words = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('茶', '叶', 'a', '1', '，') })
/** Neighbours that look alike are one run: they take turns here. */
const runs = fc
  .array(fc.record({ text: words, tint: fc.constantFrom(...DETAIL_TINTS) }), { maxLength: 4 })
  .map((all) => all.map(({ text, tint }, at) => (at % 2 === 0 ? { text } : { text, bold: true as const, tint })))
const filled = runs.filter((each) => each.length > 0)
const block: fc.Arbitrary<DetailBlock> = fc.oneof(
  fc.record({ type: fc.constant('heading' as const), level: fc.constantFrom(2 as const, 3 as const), runs }),
  fc.record({ type: fc.constant('paragraph' as const), align: fc.constant('center' as const), runs: filled }),
  fc.record({
    type: fc.constant('list' as const),
    ordered: fc.boolean(),
    items: fc.array(filled, { minLength: 1, maxLength: 4 }),
  }),
  fc.constant<DetailBlock>({
    type: 'table',
    rows: [
      ['尺码', '胸围'],
      ['M', '96'],
    ],
  }),
  fc.constant({ type: 'divider' as const }),
  fc.record({ type: fc.constant('image' as const), fileId: id }),
  fc.record({ type: fc.constant('image' as const), fileId: id, caption: words }),
  fc.record({ type: fc.constant('video' as const), fileId: id, posterFileId: fc.option(id) }),
)

test('CAT-01 a detail that is opened in the editor and saved unchanged is the same', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
      expect(fromEditor(toEditor({ blocks }))).toEqual({ blocks })
      expect(DetailDocument.safeParse({ blocks }).success).toBe(true)
    }),
  )
})

test('CAT-01 empty paragraphs at the end are left out, those between blocks stay', () => {
  const paragraph = (text?: string) => ({ type: 'paragraph', content: text ? [{ type: 'text', text }] : [] })
  expect(
    fromEditor({ content: [paragraph('一'), paragraph(), paragraph('二'), paragraph(), paragraph()] }).blocks,
  ).toHaveLength(3)
  expect(fromEditor(toEditor({ blocks: [] }))).toEqual({ blocks: [] })
})
