import type { Permission } from '@zhanggui/contract'
import type { Tx } from './db.ts'
import type { StaffCaller } from './http/caller.ts'
import type { Wording } from './settings-registry.ts'

/**
 * Something that waits for the staff and can be counted. Modules give theirs to `compose.ts`; the overview shows them
 * all, each only to those who hold the permission.
 */
export interface Todo {
  /** Unique, e.g. `orders.to-ship`. */
  key: string
  title: Wording
  /** Null: for every member; the count is then of what this one may do. */
  permission: Permission | null
  /** Costs money or a buyer's patience while it waits. */
  urgent: boolean
  /** The list where it is done, filtered, behind `/console/s/<shop>/`. */
  to: string
  /** How many there are; in the scope of the shop, cheap (an index, no scan of history). */
  count(tx: Tx, shopId: string, caller: StaffCaller): Promise<number>
}
