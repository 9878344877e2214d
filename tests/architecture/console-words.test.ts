import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { zh } from '../../apps/console/src/i18n/zh.ts'
import { definedSettings } from '../../apps/server/src/kernel/settings-registry.ts'

const SOURCE = path.resolve(import.meta.dirname, '../../apps/server/src')
/** Drawn as money. */
const DRAWN_UNITS = ['fen']

async function sources(wanted: (file: string) => boolean): Promise<string[]> {
  const entries = await readdir(SOURCE, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(wanted)
}

const missing = (prefix: string, names: Iterable<string>): string[] =>
  [...new Set(names)].map((name) => `${prefix}.${name}`).filter((key) => !(key in zh))

test('ACC-05 the console has words for every group and unit of settings', async () => {
  for (const file of await sources((name) => /modules\/\w+\/settings[\w-]*\.ts$/.test(name))) await import(file)
  const settings = definedSettings()
  expect(settings.length).toBeGreaterThan(50)
  expect(
    missing(
      'settingGroup',
      settings.map((setting) => setting.group),
    ),
  ).toEqual([])
  const units = settings.flatMap(({ unit }) => (unit && !DRAWN_UNITS.includes(unit) ? [unit] : []))
  expect(missing('unit', units)).toEqual([])
})

test('ACC-05 the console has words for everything that the audit log names', async () => {
  const texts = await Promise.all((await sources(() => true)).map((file) => readFile(file, 'utf8')))
  // A name, or a choice between names, behind `entity:` or `const entity =`.
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\bentity(?::| =) ([^\n{,;]*'[a-z-]+'[^\n{,;]*)/g)].flatMap(([, value]) =>
      [...value!.replace(/\((.*?)\)/g, '').matchAll(/'([a-z-]+)'/g)].map(([, name]) => name!),
    ),
  )
  expect(named).toContain('order')
  expect(missing('entity', named)).toEqual([])
})
