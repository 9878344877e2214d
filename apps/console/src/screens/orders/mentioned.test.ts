import { expect, test } from 'vitest'
import { mentionedIn } from './mentioned.ts'

const people = [
  { id: '1', name: '小林' },
  { id: '2', name: '小林子' },
  { id: '3', name: 'Ann' },
]

test('ACC-05 those named with @ are told, each once, the longest name first', () => {
  expect(mentionedIn('@小林子 和 @Ann 看一下，@Ann', people)).toEqual(['2', '3'])
  expect(mentionedIn('@小林 处理', people)).toEqual(['1'])
  expect(mentionedIn('小林 mail@example.com @', people)).toEqual([])
})
