import { expect, test } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

type Catalogue = Record<string, string>
type Module = Record<string, Catalogue>

const parts = {
  zh: import.meta.glob('./zh/*.ts', { eager: true }) as Record<string, Module>,
  en: import.meta.glob('./en/*.ts', { eager: true }) as Record<string, Module>,
}
const keysOf = (files: Record<string, Module>) =>
  Object.values(files).flatMap((file) => Object.values(file).flatMap((catalogue) => Object.keys(catalogue)))

for (const [language, whole] of [
  ['zh', zh],
  ['en', en],
] as const)
  test(`SYS-02 every file of ${language}/ is part of the catalogue, and no two files name the same text`, () => {
    const keys = keysOf(parts[language])
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    expect(keys.sort()).toEqual(Object.keys(whole).sort())
  })

/** Names of places, which are data and the same in every language. */
const DATA = ['../screens/settings/provinces.ts']
const HAN = /\p{Script=Han}/u

/** The source without comments; strings keep what looks like one. */
const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`])\/\/[^\n]*/g, (whole, before?: string) =>
    before === undefined ? whole.replace(/[^\n]/g, '') : before,
  )

test('SYS-02 no screen has Chinese of its own: every text is in the catalogue', () => {
  const files = import.meta.glob('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }) as Record<
    string,
    string
  >
  const found = Object.entries(files)
    .filter(([path]) => !/^\.\/|\/i18n\/|\.test\./.test(path) && !DATA.includes(path))
    .flatMap(([path, source]) =>
      withoutComments(source)
        .split('\n')
        .flatMap((line, index) => (HAN.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    )
  expect(found).toEqual([])
})

test('SYS-02 the English catalogue is in English', () => {
  const chinese = Object.entries(en).filter(([key, text]) => key !== 'locale.other' && HAN.test(text))
  expect(chinese).toEqual([])
})
