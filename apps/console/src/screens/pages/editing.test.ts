import fc from 'fast-check'
import { expect, test } from 'vitest'
import { change, type History, redo, startHistory, undo } from './history.ts'
import {
  type BlockKind,
  copyBlock,
  insertBlock,
  mayAdd,
  moveBlock,
  newBlock,
  PALETTE,
  removeBlock,
} from './layout-edit.ts'

const KINDS = PALETTE.flatMap(({ kinds }) => kinds)
const Kind = fc.constantFrom<BlockKind>(...KINDS)

test('UX-02 taking back and doing again lead through the same states, and typing on is one step', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (values) => {
      let history: History<number> = startHistory(-1)
      for (const value of values) history = change(history, value)
      const last = history.present
      const seen: number[] = []
      while (history.past.length > 0) {
        history = undo(history)
        seen.unshift(history.present)
      }
      expect(seen).toEqual([-1, ...values.slice(0, -1)])
      while (history.future.length > 0) history = redo(history)
      expect(history.present).toBe(last)
      expect([undo(startHistory(1)), redo(startHistory(1))]).toEqual([startHistory(1), startHistory(1)])
    }),
  )
  const typed = ['中', '中秋', '中秋节'].reduce((now, text) => change(now, text, 'title'), startHistory(''))
  expect(undo(typed).present).toBe('')
  expect(undo(change(typed, '国庆', 'other')).present).toBe('中秋节')
})

test('UX-02 whatever is added, moved and copied, ids stay unique and everything that is sold stays last', () => {
  const Step = fc.record({
    kind: Kind,
    a: fc.nat(50),
    b: fc.nat(50),
    what: fc.constantFrom('add', 'move', 'copy', 'remove'),
  })
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 60 }), (steps) => {
      let blocks = [newBlock('notice')]
      for (const { kind, a, b, what } of steps) {
        const at = (number: number) => (blocks.length === 0 ? 0 : number % blocks.length)
        const one = blocks[at(a)]
        if (what === 'add' && mayAdd(blocks, kind)) blocks = insertBlock(blocks, newBlock(kind), at(a))
        else if (what === 'move') blocks = moveBlock(blocks, at(a), at(b))
        else if (what === 'copy' && one && mayAdd(blocks, one.kind)) ({ blocks } = copyBlock(blocks, one.id))
        else if (what === 'remove' && one) blocks = removeBlock(blocks, one.id)
      }
      expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length)
      expect(blocks.length).toBeLessThanOrEqual(40)
      const feeds = blocks.filter(({ kind }) => kind === 'feed')
      expect(feeds.length).toBeLessThanOrEqual(1)
      if (feeds.length === 1) expect(blocks.at(-1)!.kind).toBe('feed')
    }),
  )
})
