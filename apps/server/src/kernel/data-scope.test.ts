import { DATA_SCOPE_DIMENSIONS, type DataScope, SHOP_PERMISSIONS, scopeFor, WHOLE_SHOP } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covers, isWhole, narrowest } from './data-scope.ts'
import { scopesFor, wholeShop } from './http/caller.ts'

const ids = fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), { nil: null })
const scope: fc.Arbitrary<DataScope> = fc.record({
  warehouses: ids,
  pickUpPoints: ids,
  channelAccounts: ids,
  categories: ids,
})
/** A thing that is in one place of each dimension. */
const thing = fc.record({
  warehouses: fc.constantFrom('a', 'b', 'c', 'd'),
  pickUpPoints: fc.constantFrom('a', 'b', 'c', 'd'),
  channelAccounts: fc.constantFrom('a', 'b', 'c', 'd'),
  categories: fc.constantFrom('a', 'b', 'c', 'd'),
})
type Thing = Record<keyof DataScope, string>
const shows = (seen: DataScope, one: Thing) =>
  DATA_SCOPE_DIMENSIONS.every((each) => seen[each] === null || seen[each].includes(one[each]))

test('ACC-05 the narrowest of several scopes shows what all of them show', () => {
  fc.assert(
    fc.property(fc.array(scope, { minLength: 1, maxLength: 4 }), thing, (scopes, one) => {
      expect(shows(narrowest(scopes), one)).toBe(scopes.every((each) => shows(each, one)))
    }),
  )
})

test('ACC-05 whoever may give a scope sees everything that it shows', () => {
  fc.assert(
    fc.property(fc.array(scope, { maxLength: 4 }), scope, thing, (mine, given, one) => {
      if (covers(mine, given) && shows(given, one)) expect(mine.some((each) => shows(each, one))).toBe(true)
      expect(covers([WHOLE_SHOP, ...mine], given)).toBe(true)
    }),
  )
})

test('ACC-05 under a permission counts what any role holding it shows; without roles nothing is seen', () => {
  const permission = fc.constantFrom(...SHOP_PERMISSIONS)
  const grant = fc.record({ permissions: fc.uniqueArray(permission, { maxLength: 4 }), scope })
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 4 }), permission, thing, (grants, wanted, one) => {
      const found = scopesFor({ staffId: 's', grants }, wanted)
      const seen = found === null || found.scopes.some((each) => shows(each, one))
      const meant = grants.some((each) => each.permissions.includes(wanted) && shows(scopeFor(each.scope, wanted), one))
      expect(seen).toBe(meant)
    }),
  )
  expect(scopesFor({ staffId: 's', grants: [] })).toEqual({ staffId: 's', scopes: [] })
  expect(scopesFor({ staffId: 's', grants: wholeShop(['orders.read']) }, 'orders.read')).toBeNull()
})

test('ACC-05 a category never narrows orders', () => {
  const narrowed = { ...WHOLE_SHOP, categories: ['a'] }
  expect(isWhole(scopeFor(narrowed, 'orders.ship'))).toBe(true)
  expect(scopeFor(narrowed, 'reviews.read')).toEqual(narrowed)
})
