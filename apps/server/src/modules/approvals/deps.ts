import type { Permission } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'

export interface ApprovalsDeps {
  db: Db
  clock: Clock
  settings: Settings
  /** Whether an active member beside this one holds the permission over the whole shop. */
  hasAnother(tx: Tx, shopId: string, permission: Permission, exceptStaffId: string): Promise<boolean>
}
