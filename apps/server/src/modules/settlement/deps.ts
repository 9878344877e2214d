import type { WechatPay } from '../../adapters/wechat-pay/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Contracts, Parties } from '../parties/index.ts'

export interface SettlementDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  files: Pick<Files, 'upload' | 'open'>
  parties: Pick<Parties, 'requireShop' | 'listShops' | 'shopsByIds'>
  contracts: Pick<Contracts, 'openAccount' | 'realNameOf' | 'partiesOfPerson'>
  openidsOf(tx: Tx, buyerId: string): Promise<{ mini: string | null; mp: string | null }>
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  isBuyerOf(tx: Tx, shopId: string, buyerId: string): Promise<boolean>
  /** Absent when no merchant account is configured. */
  wechatPay: WechatPay | undefined
  miniAppid: string
  mpAppid: string
  publicUrl: string
  /** Order numbers by id. */
  orderNos(tx: Tx, shopId: string, orderIds: readonly string[]): Promise<Map<string, string>>
  /** Money on its way back to buyers. */
  refundsInFlight(tx: Tx, shopId: string): Promise<{ count: number; amountFen: number }>
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}
