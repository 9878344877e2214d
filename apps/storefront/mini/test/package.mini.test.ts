import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { PATHS } from '../../src/routes.ts'
import { compile, DIST, filesOf, NO_COMPILER } from './compilers.ts'

const MB = 1024 * 1024
/** WeChat takes 2 MB for each package and 20 MB in all; ours for the main package is lower, for a fast start. */
const MAIN_BYTES = 1.5 * MB
const PACKAGE_BYTES = 2 * MB
const TOTAL_BYTES = 20 * MB
/** WeChat refuses larger icons of the tab bar. */
const ICON_BYTES = 40 * 1024

interface AppJson {
  pages: string[]
  subpackages: { root: string; pages: string[] }[]
  preloadRule: Record<string, { packages: string[] }>
  tabBar: { list: { pagePath: string; iconPath: string; selectedIconPath: string }[] }
  themeLocation: string
}
const app = JSON.parse(fs.readFileSync(path.join(DIST, 'app.json'), 'utf8')) as AppJson
const pages = [...app.pages, ...app.subpackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`))]

const bytesOf = (list: string[]) => list.reduce((sum, file) => sum + fs.statSync(path.join(DIST, file)).size, 0)

test('UX-01 mini program: every page of the storefront is in it, once, with all its parts', () => {
  expect(pages.map((page) => page.split('/')[1]).sort()).toEqual(Object.keys(PATHS).sort())
  for (const page of pages)
    for (const kind of ['js', 'json', 'wxml']) expect(fs.existsSync(path.join(DIST, `${page}.${kind}`))).toBe(true)
  expect(app.tabBar.list.every(({ pagePath }) => app.pages.includes(pagePath))).toBe(true)
  for (const [page, { packages }] of Object.entries(app.preloadRule)) {
    expect(pages).toContain(page)
    for (const root of packages) expect(app.subpackages.map((one) => one.root)).toContain(root)
  }
})

test('SYS-02 the mini program starts fast: main package at most 1.5 MB, each other 2 MB, all 20 MB', () => {
  const all = filesOf('')
  const inPackage = (root: string) => all.filter((file) => file.startsWith(`${root}/`))
  const subpackages = app.subpackages.map(({ root }) => ({ root, bytes: bytesOf(inPackage(root)) }))
  const total = bytesOf(all)
  const main = total - subpackages.reduce((sum, { bytes }) => sum + bytes, 0)
  const kb = (bytes: number) => `${Math.round(bytes / 1024)} kB`
  console.log(`main package ${kb(main)}, ${subpackages.map(({ root, bytes }) => `${root} ${kb(bytes)}`).join(', ')}`)
  expect(main).toBeLessThanOrEqual(MAIN_BYTES)
  for (const { bytes } of subpackages) expect(bytes).toBeLessThanOrEqual(PACKAGE_BYTES)
  expect(total).toBeLessThanOrEqual(TOTAL_BYTES)
})

test('UX-01 mini program: every colour and icon that the pages name is in both themes', () => {
  const theme = JSON.parse(fs.readFileSync(path.join(DIST, app.themeLocation), 'utf8')) as Record<
    'light' | 'dark',
    Record<string, string>
  >
  const named = [...JSON.stringify(app).matchAll(/"@(\w+)"/g)].map(([, name]) => name!)
  expect(named.length).toBeGreaterThan(0)
  for (const name of named)
    for (const colours of [theme.light, theme.dark]) {
      const value = colours[name]
      expect(value, name).toBeDefined()
      if (value?.endsWith('.png')) expect(fs.statSync(path.join(DIST, value)).size).toBeLessThanOrEqual(ICON_BYTES)
    }
})

test.skipIf(NO_COMPILER)('UX-01 mini program: WeChat’s own compiler takes every WXML', () => {
  const { status, stdout, complaint } = compile('wcc', ['-d', ...filesOf('.wxml'), ...filesOf('.wxs')])
  expect(complaint).toBe('')
  expect(status).toBe(0)
  expect(pages.filter((page) => !stdout.includes(`${page}.wxml`))).toEqual([])
})

test.skipIf(NO_COMPILER)('UX-01 mini program: WeChat’s own compiler takes every WXSS', () => {
  const sheets = filesOf('.wxss')
  expect(sheets).toContain('app.wxss')
  for (const sheet of sheets) {
    const { status, stdout, complaint } = compile('wcsc', [
      '-lc',
      '-js',
      sheet,
      ...sheets.filter((one) => one !== sheet),
    ])
    expect(complaint, sheet).toBe('')
    expect(status, sheet).toBe(0)
    expect(stdout.length).toBeGreaterThan(0)
  }
})

test.skipIf(NO_COMPILER)('UX-01 mini program: what WeChat’s compiler refuses is noticed', () => {
  const broken = path.join(DIST, 'broken.wxml')
  fs.writeFileSync(broken, '<view><text></view>')
  try {
    expect(compile('wcc', ['-d', 'broken.wxml'])).not.toMatchObject({ status: 0, complaint: '' })
  } finally {
    fs.rmSync(broken)
  }
})
