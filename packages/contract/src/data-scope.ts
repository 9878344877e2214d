import { z } from 'zod'
import { Id } from './common.ts'
import type { Permission } from './permissions.ts'

/** By what the data of a role can be narrowed. */
export const DATA_SCOPE_DIMENSIONS = ['warehouses', 'pickUpPoints', 'channelAccounts', 'categories'] as const
export type DataScopeDimension = (typeof DATA_SCOPE_DIMENSIONS)[number]
/** At most this many of one kind in a scope. */
export const MAX_SCOPE_ITEMS = 100

const Ids = z.array(Id).min(1, '请至少选一个，或改为全部').max(MAX_SCOPE_ITEMS).nullable().default(null)

/** What of the shop's data a role reaches. Null: all of it. A category stands for those below it too. */
export const DataScope = z
  .object({ warehouses: Ids, pickUpPoints: Ids, channelAccounts: Ids, categories: Ids })
  .meta({ id: 'DataScope' })
export type DataScope = z.infer<typeof DataScope>

export const WHOLE_SHOP: DataScope = { warehouses: null, pickUpPoints: null, channelAccounts: null, categories: null }

/**
 * Whether a dimension narrows what a permission reaches. Orders are whole however many categories they span, so a
 * category narrows goods, stock and reviews, not orders.
 */
export function narrows(dimension: DataScopeDimension, permission: Permission): boolean {
  return dimension !== 'categories' || !permission.startsWith('orders.')
}

/** A role's scope as it counts for a permission. */
export const scopeFor = (scope: DataScope, permission: Permission): DataScope =>
  Object.fromEntries(
    DATA_SCOPE_DIMENSIONS.map((each) => [each, narrows(each, permission) ? scope[each] : null]),
  ) as DataScope

/** What a role of a shop can be narrowed to. */
const Choice = z.object({ id: Id, name: z.string(), parentId: Id.nullable().default(null) })
const Choices = z.array(Choice).max(2000)
export const ScopeChoices = z
  .object({ warehouses: Choices, pickUpPoints: Choices, channelAccounts: Choices, categories: Choices })
  .meta({ id: 'ScopeChoices' })
export type ScopeChoices = z.input<typeof ScopeChoices>
