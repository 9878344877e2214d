import { expect, test } from 'vitest'
import { helpFor, sectionOf } from './help.tsx'

const sources = import.meta.glob('./router.tsx', { eager: true, query: '?raw', import: 'default' }) as Record<
  string,
  string
>

/** Where a screen stands alone: before signing in there is nothing to explain. */
const WITHOUT = ['sign-in']

test('SYS-02 every screen of the console says what it is for and how it is used', () => {
  const paths = [...sources['./router.tsx']!.matchAll(/screen\('([^']+)'/g)].map(([, path]) => path!)
  expect(paths.length).toBeGreaterThan(30)
  const silent = paths
    .filter((path) => !WITHOUT.includes(path))
    .filter((path) => !helpFor(sectionOf(path.startsWith('platform/') ? `/${path}` : `/s/shop/${path}`)))
  expect(silent).toEqual([])
})
