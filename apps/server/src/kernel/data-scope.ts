import { AsyncLocalStorage } from 'node:async_hooks'
import { DATA_SCOPE_DIMENSIONS, type DataScope, WHOLE_SHOP } from '@zhanggui/contract'

/**
 * What of a shop a member of staff may see: what any of the scopes lets through. None lets nothing through; a caller
 * without data scopes at all (null) sees the whole shop.
 */
export interface StaffScopes {
  staffId: string
  scopes: readonly DataScope[]
}

const current = new AsyncLocalStorage<StaffScopes | null>()

/**
 * Runs `work` so that every transaction begun in it is held to these scopes by row-level security, whatever its queries
 * say. Null for what is the program's own work, whoever has caused it.
 */
export const withDataScopes = <T>(scopes: StaffScopes | null, work: () => T): T => current.run(scopes, work)

/** The scopes in force; null: the whole shop. */
export const currentDataScopes = (): StaffScopes | null => current.getStore() ?? null

/** As PostgreSQL reads them (`app.data_scopes`): null in a dimension lets everything through. */
export function dataScopesText(scopes: readonly DataScope[]): string {
  return JSON.stringify(
    scopes.map(({ warehouses, categories, channelAccounts, pickUpPoints }) => ({
      warehouse_ids: warehouses,
      category_ids: categories,
      account_ids: channelAccounts,
      point_ids: pickUpPoints,
    })),
  )
}

/** What every one of the scopes lets through: the narrowest reading, where no single permission says which counts. */
export function narrowest(scopes: readonly DataScope[]): DataScope {
  const narrow: DataScope = { ...WHOLE_SHOP }
  for (const dimension of DATA_SCOPE_DIMENSIONS)
    for (const scope of scopes) {
      const [mine, theirs] = [narrow[dimension], scope[dimension]]
      if (theirs !== null) narrow[dimension] = mine === null ? theirs : mine.filter((id) => theirs.includes(id))
    }
  return narrow
}

/** Whether a scope lets everything through. */
export const isWhole = (scope: DataScope): boolean =>
  DATA_SCOPE_DIMENSIONS.every((dimension) => scope[dimension] === null)

/** Whether everything that `inner` lets through, one of `outer` does too. */
export const covers = (outer: readonly DataScope[], inner: DataScope): boolean =>
  outer.some((scope) =>
    DATA_SCOPE_DIMENSIONS.every((dimension) => {
      const [wide, narrow] = [scope[dimension], inner[dimension]]
      return wide === null || narrow?.every((id) => wide.includes(id)) === true
    }),
  )
