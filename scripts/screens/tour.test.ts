import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const DOCS = resolve(import.meta.dirname, '../../docs')

test.each(['tour.zh-CN.md', 'screenshots/README.md'])('UX-02 every picture of %s is there', (name) => {
  const page = join(DOCS, name)
  const named = [...readFileSync(page, 'utf8').matchAll(/(?:\]\(|src=")([^)"]+\.webp)/g)].map(([, file]) => file!)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((file) => !existsSync(join(page, '..', file)))).toEqual([])
})
