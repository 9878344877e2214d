import type { ClientPayParams, TradeState } from './port.ts'

/**
 * Combined orders 合单 (facts §1.11): several orders, of several merchants, are paid at once or not at all. Refunds,
 * splits and bills go by each part's own numbers; queries and closing go by the whole.
 */
export interface CombinedOrders {
  prepayJsapi(order: CombinedOrder & { openid: string }): Promise<{ prepayId: string; client: ClientPayParams }>
  prepayH5(order: CombinedOrder & { clientIp: string }): Promise<{ h5Url: string }>
  prepayNative(order: CombinedOrder): Promise<{ codeUrl: string }>
  query(combineOutTradeNo: string): Promise<CombinedTransaction>
  /** The parts must be those it was placed with. */
  close(order: Pick<CombinedOrder, 'appid' | 'combineOutTradeNo' | 'parts'>): Promise<void>
}

export interface CombinedOrder {
  appid: string
  combineOutTradeNo: string
  /** 2–10, in partner mode 1–50. */
  parts: CombinedPart[]
  notifyUrl: string
  expiresAt?: Date | undefined
  clientIp?: string | undefined
  deviceId?: string | undefined
}

export interface CombinedPart {
  /** Default: the configured merchant. */
  mchid?: string | undefined
  subMchid?: string | undefined
  outTradeNo: string
  description: string
  amountFen: number
  attach?: string | undefined
  profitSharing?: boolean | undefined
}

export interface CombinedTransaction {
  appid: string
  mchid: string
  combineOutTradeNo: string
  payerOpenid: string | null
  parts: CombinedPartTransaction[]
}

export interface CombinedPartTransaction {
  mchid: string
  subMchid: string | null
  outTradeNo: string
  transactionId: string | null
  tradeType: string | null
  tradeState: TradeState
  bankType: string | null
  attach: string
  amountFen: number
  payerAmountFen: number | null
  paidAt: Date | null
}
