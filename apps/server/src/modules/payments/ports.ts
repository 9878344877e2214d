import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { WechatMini } from '../../adapters/wechat-mini/port.ts'
import type { WechatPay } from '../../adapters/wechat-pay/port.ts'

export interface OrderToPay {
  orderId: string
  orderNo: string
  buyerId: string
  state: string
  totalFen: number
  payBefore: string
  /** What the buyer reads on the payment: at most 127 characters. */
  description: string
}

/** What this module asks of the orders module. */
export interface OrdersPort {
  orderForPayment(tx: Tx, shopId: string, orderId: string, buyerId?: string): Promise<OrderToPay | undefined>
  /** Says whether the order took the money: late and second payments are sent back. */
  markPaid(tx: Tx, paid: { shopId: string; orderId: string; paidFen: number; paidAt: string; paymentId: string }): Promise<'paid' | 'already-paid' | 'not-payable'>
  markRefunded(tx: Tx, refunded: { shopId: string; orderId: string; refundedFen: number; refundId: string }): Promise<unknown>
  /** The money could not be given back for good: the order goes back to the state it was in. */
  refundFailed(tx: Tx, failed: { shopId: string; orderId: string; reason: string }): Promise<unknown>
}

export interface PaymentsDeps {
  db: Db
  clock: Clock
  settings: Settings
  orders: OrdersPort
  openidsOf(tx: Tx, buyerId: string): Promise<{ mini: string | null; mp: string | null }>
  /** Absent when no merchant account is configured: paying then says what to set. */
  wechatPay: WechatPay | undefined
  wechatMini: WechatMini | undefined
  miniAppid: string
  mpAppid: string
  publicUrl: string
  /** Told that there is work for the sweepers; they run soon, and by schedule anyway. */
  wake(work: 'payments' | 'refunds' | 'shipments'): void
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}

