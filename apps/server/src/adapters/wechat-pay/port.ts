import type { CombinedOrders, CombinedTransaction } from './port-combined.ts'
import type { ProfitSharing, SplitBill, SplitNotice } from './port-sharing.ts'
import type { MerchantTransfers, TransferNotice } from './port-transfer.ts'

export type * from './port-combined.ts'
export type * from './port-sharing.ts'
export type * from './port-transfer.ts'

/**
 * WeChat Pay APIv3 as the payments module sees it. Every amount is an integer number of fen, every instant a `Date`.
 * All calls throw `WechatPayError`. Calls that move money are idempotent by the merchant's own number: after an error
 * with `retryable` true, repeat the same call with the same number, or query by it.
 */
export interface WechatPay {
  readonly mchid: string

  /** JSAPI and mini program: `client` is what `wx.requestPayment` / `getBrandWCPayRequest` is called with. */
  prepayJsapi(order: JsapiOrder): Promise<{ prepayId: string; client: ClientPayParams }>
  /** A page outside WeChat: send the browser to `h5Url`, with `&redirect_url=` appended by `h5PayUrl`. */
  prepayH5(order: H5Order): Promise<{ h5Url: string }>
  /** A code to scan. */
  prepayNative(order: PayOrder): Promise<{ codeUrl: string }>
  /** Signs a prepay id again, for a page that was reloaded. */
  clientPayParams(appid: string, prepayId: string): ClientPayParams

  queryByOutTradeNo(outTradeNo: string): Promise<PayTransaction>
  queryByTransactionId(transactionId: string): Promise<PayTransaction>
  /** Closes an unpaid order; closing twice is fine, closing a paid one throws (`isAlreadyPaid`). */
  close(outTradeNo: string): Promise<void>

  /** Accepted is not done: `status` is usually PROCESSING. */
  refund(input: RefundInput): Promise<PayRefund>
  queryRefund(outRefundNo: string): Promise<PayRefund>

  /**
   * Verifies and opens a notification. `rawBody` must be the bytes as received. Throws a `WechatPayError` whose
   * `status` (401 or 400) is the answer to give; WeChat then sends it again.
   */
  readNotice(input: NoticeInput): Promise<PayNotice>

  /** `day` is a Beijing day, `YYYY-MM-DD`; available from 09:00 the next day. No trade at all: NO_STATEMENT_EXIST. */
  tradeBill(day: string, type?: TradeBillType): Promise<TradeBill>
  fundFlowBill(day: string, account?: FundAccount): Promise<FundFlowBill>
  /** Splits and returns that succeeded on the day. */
  splitBill(day: string): Promise<SplitBill>

  readonly sharing: ProfitSharing
  readonly transfers: MerchantTransfers
  readonly combined: CombinedOrders

  /** Encrypts a sensitive field with the key WeChat Pay can read; the request must name `serial`. */
  encryptSensitive(text: string): Promise<{ ciphertext: string; serial: string }>
  decryptSensitive(ciphertext: string): string
}

export interface WechatPayConfig {
  /** `https://api.mch.weixin.qq.com`, or a simulator's address. */
  baseUrl: string
  /** Tried when `baseUrl` cannot be connected to. Default: WeChat's second host for WeChat's own, none otherwise. */
  fallbackBaseUrl?: string | undefined
  mchid: string
  /** Serial of the merchant API certificate, 40 hexadecimal digits. */
  merchantSerial: string
  merchantPrivateKeyPem: string
  /** 32 bytes. */
  apiV3Key: string
  /** `PUB_KEY_ID_…` with its PEM: public-key mode. Without them platform certificates are downloaded. */
  publicKeyId?: string | undefined
  publicKeyPem?: string | undefined
  /** Partner mode 服务商 / 平台收付通: `mchid` is the partner's, the money is the sub-merchant's. */
  partner?: PartnerConfig | undefined
  /** Default 10 s. */
  timeoutMs?: number | undefined
  /** Largest JSON answer that is read; default 1 MiB. */
  maxResponseBytes?: number | undefined
  /** Largest bill that is read, after unpacking; default 256 MiB. */
  maxBillBytes?: number | undefined
}

export interface PartnerConfig {
  /** The partner's own app. */
  spAppid: string
  subMchid: string
  /** The sub-merchant's app, if it has one: orders with this appid are paid by its openids. */
  subAppid?: string | undefined
}

export interface WechatPayDependencies {
  fetch?: typeof globalThis.fetch
  /** Milliseconds since the epoch; default `Date.now`. */
  now?: () => number
}

export interface PayOrder {
  appid: string
  /** 6–32 of `0-9 A-Z a-z _ - | *`. */
  outTradeNo: string
  /** At most 127 characters of the basic plane: WeChat refuses emoji. */
  description: string
  amountFen: number
  /** Absolute https address without a query. */
  notifyUrl: string
  expiresAt?: Date | undefined
  attach?: string | undefined
  goodsTag?: string | undefined
  clientIp?: string | undefined
  deviceId?: string | undefined
  /** Freezes the money for profit sharing. */
  profitSharing?: boolean | undefined
}

export interface JsapiOrder extends PayOrder {
  openid: string
}

export interface H5Order extends PayOrder {
  clientIp: string
  scene?: 'iOS' | 'Android' | 'Wap' | undefined
}

export interface ClientPayParams {
  appId: string
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR'

export interface PayTransaction {
  /** In partner mode the sub-merchant's app when the order named it. */
  appid: string
  mchid: string
  /** Partner mode only. */
  subMchid: string | null
  outTradeNo: string
  tradeState: TradeState
  tradeStateText: string
  /** The rest is absent until the order was paid. */
  transactionId: string | null
  tradeType: string | null
  bankType: string | null
  attach: string
  paidAt: Date | null
  payerOpenid: string | null
  amountFen: number
  /** What the payer gave, after WeChat's own coupons. */
  payerAmountFen: number | null
}

export interface RefundInput {
  outRefundNo: string
  /** One of the two numbers of the order. */
  transactionId?: string | undefined
  outTradeNo?: string | undefined
  refundFen: number
  /** The whole order's amount. */
  totalFen: number
  reason?: string | undefined
  notifyUrl?: string | undefined
  fundsAccount?: 'AVAILABLE' | 'UNSETTLED' | undefined
}

export type RefundStatus = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL'

export interface PayRefund {
  refundId: string
  outRefundNo: string
  transactionId: string
  outTradeNo: string
  status: RefundStatus
  refundFen: number
  totalFen: number
  payerRefundFen: number
  receivedAccount: string
  createdAt: Date | null
  succeededAt: Date | null
}

export interface NoticeInput {
  /** Header names in any case. */
  headers: Record<string, string | string[] | undefined>
  rawBody: Uint8Array | string
}

/** `id` is the same for every delivery of one notice; deliveries repeat and arrive in any order. */
export type PayNotice =
  | { kind: 'payment'; id: string; eventType: string; createdAt: Date; transaction: PayTransaction }
  | { kind: 'refund'; id: string; eventType: string; createdAt: Date; refund: RefundNotice }
  | { kind: 'combined'; id: string; eventType: string; createdAt: Date; combined: CombinedTransaction }
  | { kind: 'transfer'; id: string; eventType: string; createdAt: Date; transfer: TransferNotice }
  | { kind: 'split'; id: string; eventType: string; createdAt: Date; isReturn: boolean; split: SplitNotice }
  | { kind: 'other'; id: string; eventType: string; createdAt: Date; resource: unknown }

export interface RefundNotice {
  refundId: string
  outRefundNo: string
  transactionId: string
  outTradeNo: string
  status: RefundStatus
  refundFen: number
  totalFen: number
  payerRefundFen: number
  receivedAccount: string
  succeededAt: Date | null
}

export type TradeBillType = 'ALL' | 'SUCCESS' | 'REFUND'
export type FundAccount = 'BASIC' | 'OPERATION' | 'FEES'

export interface TradeBill {
  rows: TradeBillRow[]
  summary: {
    count: number
    settledFen: number
    refundFen: number
    couponRefundFen: number
    /** Rounded to a fen. */
    feeFen: number
    orderFen: number
    requestedRefundFen: number
  }
}

export interface TradeBillRow {
  tradedAt: Date
  appid: string
  mchid: string
  subMchid: string
  transactionId: string
  outTradeNo: string
  openid: string
  tradeType: string
  /** A refund has a row of its own, with state REFUND. */
  tradeState: string
  bankType: string
  currency: string
  settledFen: number
  couponFen: number
  /** Null on payment rows, where WeChat writes 0. */
  refundId: string | null
  outRefundNo: string | null
  refundFen: number
  couponRefundFen: number
  refundType: string
  refundStatus: string
  productName: string
  attach: string
  /** WeChat writes fees with five decimals of a yuan: this is the exact value in units of 1/100,000 yuan. */
  feeE5: number
  feeFen: number
  /** In basis points; 0.60 % is 60. */
  feeRateBp: number
  orderFen: number
  requestedRefundFen: number
}

export interface FundFlowBill {
  rows: FundFlowRow[]
  summary: { count: number; incomeCount: number; incomeFen: number; expenseCount: number; expenseFen: number }
}

export interface FundFlowRow {
  bookedAt: Date
  /** WeChat's number of the business: transaction_id or refund_id. */
  businessId: string
  flowId: string
  businessName: string
  businessType: string
  /** Positive is income, negative expense. */
  amountFen: number
  balanceFen: number
  requestedBy: string
  remark: string
  /** The merchant's number. */
  voucherNo: string
}
