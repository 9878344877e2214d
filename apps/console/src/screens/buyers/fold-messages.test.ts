import type { BuyerMoment } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { foldMessages } from './fold-messages.ts'

const moment = (id: string, at: string, kind: BuyerMoment['kind'] = 'message'): BuyerMoment => ({
  ...{ id, at: `2026-11-28T05:${at}Z`, kind, text: id, to: null },
})

test('ACC-03 what was told on the order and in WeChat is one line, whichever came first', () => {
  const items = [
    moment('notice:1', '48:21'),
    moment('told:1', '48:21'),
    moment('order:1', '48:20', 'order'),
    moment('told:2', '48:16'),
    moment('notice:2', '48:15'),
  ]
  expect(foldMessages(items).map(({ id, also }) => [id, also])).toEqual([
    ['told:1', 'notice:1'],
    ['order:1', undefined],
    ['told:2', 'notice:2'],
  ])
})

test('ACC-03 messages that are far apart, or of which there is only one, stay by themselves', () => {
  const items = [moment('notice:1', '48:21'), moment('told:1', '40:00'), moment('told:2', '39:59')]
  expect(foldMessages(items)).toEqual(items)
})
