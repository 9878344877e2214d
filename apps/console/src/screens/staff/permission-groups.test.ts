import { SHOP_PERMISSIONS } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { permissionGroups, togglePermission } from './permission-groups.ts'

test('ACC-05 the matrix shows every permission of a shop once, and none of the platform', () => {
  expect(
    permissionGroups()
      .flatMap((group) => group.permissions)
      .sort(),
  ).toEqual([...SHOP_PERMISSIONS].sort())
})

test('ACC-05 who may change something may also see it', () => {
  expect(togglePermission([], 'orders.refund', true)).toEqual(['orders.read', 'orders.refund'])
  expect(togglePermission([], 'customers.personal-data', true)).toEqual(['customers.read', 'customers.personal-data'])
})

test('ACC-05 who may not see something may not change it either', () => {
  expect(togglePermission(['orders.read', 'orders.ship', 'stock.read'], 'orders.read', false)).toEqual(['stock.read'])
  expect(togglePermission(['orders.read', 'orders.ship'], 'orders.ship', false)).toEqual(['orders.read'])
})
