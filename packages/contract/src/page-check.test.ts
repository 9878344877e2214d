import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BLOCK_KINDS } from './page-blocks.ts'
import { checkLayout, compareLayouts, drawableBlocks } from './page-check.ts'
import type { DraftBlock, DraftLayout } from './pages.ts'

const gap = (id: string, heightPx = 16): DraftBlock => ({ id, kind: 'gap', isHidden: false, heightPx })
const layout = (...blocks: DraftBlock[]): DraftLayout => ({ version: 1, blocks })
const ids = (list: { id: string }[]) => list.map(({ id }) => id)

test('UX-02 a block that is not complete is named with its field, and the others are judged without it', () => {
  const page = layout(
    { id: 'n', kind: 'notice', isHidden: false, text: '' },
    { id: 'f', kind: 'feed', isHidden: false },
    gap('g'),
  )
  expect(checkLayout(page).map(({ index, reason, reasonEn }) => [index, reason, reasonEn])).toEqual([
    [0, '文字：还没有填写', 'text: is still empty'],
    [1, '“全部商品”只能放在页面最后', '“All products” can only stand at the end of the page'],
  ])
  expect(ids(drawableBlocks(page))).toEqual(['g'])
})

test('UX-02 whatever a draft holds, its problems point into it and what is drawn is complete', () => {
  const block = fc.record(
    {
      id: fc.stringMatching(/^\w{1,6}$/),
      kind: fc.constantFrom(...BLOCK_KINDS),
      isHidden: fc.boolean(),
      text: fc.string(),
      title: fc.anything(),
      slides: fc.anything(),
      heightPx: fc.oneof(fc.integer(), fc.string()),
    },
    { requiredKeys: ['id', 'kind', 'isHidden'] },
  )
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
      const page = layout(...(blocks as DraftBlock[]))
      const problems = checkLayout(page)
      for (const { index, blockId, reasonEn } of problems) {
        expect(page.blocks[index]!.id).toBe(blockId)
        expect(reasonEn).toMatch(/^[\x20-\x7e“”]+$/)
      }
      if (problems.length === 0) expect(drawableBlocks(page)).toHaveLength(page.blocks.length)
    }),
  )
})

test('UX-02 two layouts compared: added, removed, changed and moved blocks', () => {
  const changes = compareLayouts(
    layout(gap('a'), gap('b'), gap('c'), gap('d')),
    layout(gap('c'), gap('a'), gap('b', 20), gap('e')),
  )
  expect({
    added: ids(changes.added),
    removed: ids(changes.removed),
    changed: ids(changes.changed),
    moved: ids(changes.moved),
  }).toEqual({ added: ['e'], removed: ['d'], changed: ['b'], moved: ['c'] })
})
