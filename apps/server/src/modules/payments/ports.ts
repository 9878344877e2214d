import type { WechatMini } from '../../adapters/wechat-mini/port.ts'
import type { PayNotice, WechatPay } from '../../adapters/wechat-pay/port.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { AccountSpec, Lane, TransferCommand } from '../../ledger/index.ts'
import type { Orders } from '../orders/index.ts'
import type { PayResult, Settled } from './settle-payment.ts'
import type { Trouble } from './trouble.ts'

export interface PaymentsDeps {
  db: Db
  clock: Clock
  settings: Settings
  orders: Pick<Orders, 'orderForPayment' | 'markAllPaid' | 'markRefunded' | 'refundFailed' | 'partRefunded'>
  openidsOf(tx: Tx, buyerId: string): Promise<{ mini: string | null; mp: string | null }>
  /** Absent when no merchant account is configured: paying then says what to set. */
  wechatPay: WechatPay | undefined
  wechatMini: WechatMini | undefined
  miniAppid: string
  mpAppid: string
  publicUrl: string
  /** Whether a payment of this order has to be opened so that WeChat keeps the money for splitting it; sharing answers it. */
  mustOpenForSplit(shopId: string, orderId: string): Promise<boolean>
  /**
   * Brings money of an order that was settled back to `order.paid`, as far as that lacks it: transfers to be carried out
   * before the hold of a refund, in one group with it. Sharing answers it.
   */
  bringBack(
    tx: Tx,
    refund: { shopId: string; orderId: string; amountFen: number },
  ): Promise<{ accounts: AccountSpec[]; transfers: TransferCommand[] }>
  /** Whether a payment was not WeChat's: received by a personal code, whose module gives it back itself. */
  isByHand(tx: Tx, shopId: string, paymentId: string): Promise<boolean>
  /** Takes notices about money that other modules move; false for what they do not know. */
  otherNotices(shopId: string, notice: PayNotice): Promise<boolean>
  /** Takes what WeChat says of payments, those of one moment together. */
  settling: Lane<PayResult, Settled>
  /** Has a sweep run soon; they run by schedule anyway. */
  wake(work: Work): void
  /** Counts what somebody has to look at. */
  troubles: { inc(labels: { kind: Trouble }): void }
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}

export type Work = 'payments' | 'refunds' | 'shipments'
