import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OPEN_PATHS, PLATFORM_PATHS, SHOP_PATHS } from '../../apps/console/src/app/paths.ts'
import { PATHS } from '../../apps/storefront/src/routes.ts'
import { screenName, storefrontStops } from './walk.ts'

const ROUTER = new URL('../../apps/console/src/app/router.tsx', import.meta.url)

test('UX-02 the walk knows every screen that the router of the console shows, and none that it does not', () => {
  const routed = [...readFileSync(ROUTER, 'utf8').matchAll(/screen\('([^']+)'/g)].map(([, path]) => path!)
  expect([...SHOP_PATHS, ...PLATFORM_PATHS, ...OPEN_PATHS].toSorted()).toEqual(routed.toSorted())
})

test('UX-02 every screen has a picture of a name of its own', () => {
  const names = SHOP_PATHS.map(screenName)
  expect(new Set(names).size).toBe(names.length)
})

test('UX-02 the walk goes to every page of the storefront once what it is about exists', () => {
  const things = {
    ...{
      product: 'p',
      unpaid: 'u',
      paid: 'q',
      received: 'r',
      aftersale: 'a',
      earner: { shopId: 's', party: 'p' },
      page: 'm',
      legal: 'privacy',
      words: '茶',
      lines: 's*1',
    },
  }
  const stops = storefrontStops(things, '/s/demo')
  const walked = new Set(stops.map((stop) => stop.name))
  expect(Object.keys(PATHS).filter((name) => !walked.has(`storefront-${name}`))).toEqual([])
  expect(walked.size).toBe(stops.length)
  expect(stops.every((stop) => stop.address.startsWith('/s/demo'))).toBe(true)
})
