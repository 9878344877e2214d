import type { WechatPay } from '../../adapters/wechat-pay/port.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Db } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Parties } from '../parties/index.ts'
import type { Payments } from '../payments/index.ts'

export interface ReconciliationDeps {
  db: Db
  clock: Clock
  settings: Settings
  parties: Pick<Parties, 'requireShop' | 'listShops'>
  payments: Pick<Payments, 'askPayment' | 'askRefund'>
  /** The name of an active member of the shop's staff. */
  staffName(shopId: string, staffId: string): Promise<string | undefined>
  /** Absent when no merchant account is configured: there are no bills then. */
  wechatPay: Pick<WechatPay, 'tradeBill' | 'fundFlowBill' | 'splitBill'> | undefined
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}
