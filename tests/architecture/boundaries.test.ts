import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

const SOURCE = path.resolve(import.meta.dirname, '../../apps/server/src')
const IMPORT = /(?:import|export)\s[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g

interface Import {
  file: string
  target: string
}

async function readImports(): Promise<Import[]> {
  const imports: Import[] = []
  for (const entry of await readdir(SOURCE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
    const file = path.join(entry.parentPath, entry.name)
    for (const match of (await readFile(file, 'utf8')).matchAll(IMPORT))
      imports.push({
        file: path.relative(SOURCE, file),
        target: path.relative(SOURCE, path.resolve(path.dirname(file), match[1] ?? match[2]!)),
      })
  }
  return imports
}

/** `modules/orders/…` → `modules/orders`; everything else by its first folder. */
const areaOf = (file: string): string => {
  const parts = file.split(path.sep)
  return parts[0] === 'modules' || parts[0] === 'adapters'
    ? parts.slice(0, 2).join('/')
    : parts.length > 1
      ? parts[0]!
      : 'root'
}

const imports = await readImports()
const allowed = JSON.parse(await readFile(path.join(SOURCE, 'modules.json'), 'utf8')) as Record<string, string[]>
const isTest = (file: string) => /\.(int\.)?test\.ts$|testing|test-support/.test(file)

test('SYS-01 modules import only the modules that modules.json allows, and only their index.ts', () => {
  const wrong = imports.filter(({ file, target }) => {
    const from = areaOf(file)
    const to = areaOf(target)
    if (!from.startsWith('modules/') || !to.startsWith('modules/') || from === to || isTest(file)) return false
    return !allowed[from.slice(8)]?.includes(to.slice(8)) || !target.endsWith(`${to.slice(8)}/index.ts`)
  })
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

test('SYS-01 every module stands in modules.json, and the table has no circle', async () => {
  const folders = (await readdir(path.join(SOURCE, 'modules'), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  )
  expect(folders.map((entry) => entry.name).sort()).toEqual(Object.keys(allowed).sort())
  const visit = (name: string, trail: string[]): void => {
    expect(trail, `circle ${[...trail, name].join(' → ')}`).not.toContain(name)
    for (const next of allowed[name] ?? []) visit(next, [...trail, name])
  }
  for (const name of Object.keys(allowed)) visit(name, [])
})

test('SYS-01 the kernel, the ledger and the adapters know no business module', () => {
  const lower = imports.filter(
    ({ file, target }) =>
      /^(kernel|ledger|adapters)/.test(file) && !isTest(file) && /^(modules|root)/.test(areaOf(target)),
  )
  const ledger = imports.filter(
    ({ file, target }) => file.startsWith('kernel') && !isTest(file) && /^(ledger|adapters)/.test(target),
  )
  expect([...lower, ...ledger].map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

test('SYS-01 only store files name tables: no SQL in routes and rules', async () => {
  const wrong: string[] = []
  for (const entry of await readdir(path.join(SOURCE, 'modules'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^(routes|rules)(-[a-z-]+)?\.ts$/.test(entry.name)) continue
    const file = path.join(entry.parentPath, entry.name)
    if (/\bsql`/.test(await readFile(file, 'utf8'))) wrong.push(path.relative(SOURCE, file))
  }
  expect(wrong).toEqual([])
})
