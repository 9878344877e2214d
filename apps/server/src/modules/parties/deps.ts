import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'

export interface ContractsDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  /** What of these the shop does not have, by the modules that own them. */
  missing(tx: Tx, shopId: string, named: NamedThings): Promise<'商品' | '分类' | '渠道账号' | undefined>
}

export interface NamedThings {
  productIds: readonly string[]
  categoryIds: readonly string[]
  accountIds: readonly string[]
}

/** Who does it: staff, as the audit trail names them. */
export interface By {
  staffId: string
  name: string
  ip: string
  requestId: string
}
