import { expect, test } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

test('both message catalogues have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
})

test('no message is empty and both languages take the same values', () => {
  for (const [key, text] of Object.entries(zh)) {
    const other = en[key as keyof typeof en]
    expect(text.trim(), key).not.toBe('')
    expect(other.trim(), key).not.toBe('')
    expect(placeholders(other), key).toEqual(placeholders(text))
  }
})

test('no message is left over from a screen that is gone', () => {
  const files = import.meta.glob('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }) as Record<
    string,
    string
  >
  const source = Object.entries(files)
    .filter(([path]) => !path.includes('/zh') && !path.includes('/en'))
    .map(([, text]) => text)
    .join('\n')
  const computed = [...source.matchAll(/`([a-zA-Z.]+)\$\{/g)].map((match) => match[1]!)
  const unused = Object.keys(zh).filter(
    (key) => !source.includes(`'${key}'`) && !computed.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})
