import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { capabilitiesPage } from './capabilities.ts'

const root = mkdtempSync(join(tmpdir(), 'zhanggui-capabilities-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

// Joined, so that these examples are not taken for tests of the product.
const named = (id: string, text: string) => `test('${id} ${text}', () => {})\n`

function repository(tests: Record<string, string>): string {
  for (const folder of ['apps', 'packages', 'scripts', 'tests', 'docs'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'docs/requirements.tsv'), 'AB-01\tFirst thing\nAB-02\tSecond thing\n')
  for (const [file, text] of Object.entries(tests)) {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return root
}

test('SYS-01 the page of capabilities is made from the names of the tests, and says what has none', () => {
  const page = capabilitiesPage(
    repository({
      'apps/server/src/modules/stock/count.int.test.ts': named('AB-01', 'counts what is there'),
      'tests/story.web.test.ts': `${named('AB-01', 'by clicking')}const x = 'AB-02 is no test'\n`,
    }),
  )
  expect(page).toContain('## AB-01 First thing\n\nLives in: `apps/server/src/modules/stock`, `end to end`')
  expect(page).toContain('  - counts what is there\n')
  expect(page).toContain('- AB-02 Second thing: not yet')
})

test('SYS-01 a test that names an unknown requirement is found', () => {
  const strange = repository({ 'tests/strange.test.ts': named('AB-99', 'is nothing') })
  expect(() => capabilitiesPage(strange)).toThrow('tests/strange.test.ts: AB-99')
})

test('SYS-01 docs/capabilities.md is up to date (npm run capabilities)', () => {
  const kept = readFileSync(join(import.meta.dirname, '../docs/capabilities.md'), 'utf8')
  expect(kept).toBe(capabilitiesPage())
})
