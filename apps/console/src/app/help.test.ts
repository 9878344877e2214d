import { expect, test } from 'vitest'
import { helpFor, sectionOf } from './help.tsx'
import { PLATFORM_PATHS, SHOP_PATHS } from './paths.ts'

test('SYS-02 every screen of the console says what it is for and how it is used', () => {
  const addresses = [...SHOP_PATHS.map((path) => `/s/shop/${path}`), ...PLATFORM_PATHS.map((path) => `/${path}`)]
  expect(addresses.filter((address) => !helpFor(sectionOf(address)))).toEqual([])
})
