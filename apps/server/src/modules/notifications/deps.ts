import type { WechatMini } from '../../adapters/wechat-mini/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Settings } from '../../kernel/settings.ts'

export interface NotificationsDeps {
  db: Db
  clock: Clock
  settings: Settings
  /** Absent while the shop is not connected to a mini program: then nothing is sent. */
  wechatMini: Pick<WechatMini, 'sendSubscribeMessage'> | undefined
  openidsOf(tx: Tx, buyerId: string): Promise<{ mini: string | null }>
  nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>>
  /** Number and goods of an order. */
  orderOf(tx: Tx, shopId: string, orderId: string): Promise<{ orderNo: string; titles: string[] } | undefined>
  timeZoneOf(tx: Tx, shopId: string): Promise<string>
  log: Pick<Logger, 'warn' | 'error'>
}
