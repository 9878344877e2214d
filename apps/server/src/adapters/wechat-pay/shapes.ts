import { WechatPayError } from './errors.ts'
import type { PayRefund, PayTransaction, RefundNotice, RefundStatus, TradeState } from './port.ts'

export type Json = Record<string, unknown>

function malformed(what: string): WechatPayError {
  return new WechatPayError({ status: 200, code: 'RESPONSE_MALFORMED', message: `WeChat Pay's answer lacks ${what}` })
}

export function asObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(what)
  return value as Json
}

export function asArray(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw malformed(what)
  return value
}

/** A required text; numbers are accepted, since ids come as either. */
export function asText(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  throw malformed(what)
}

export const textOr = <T>(value: unknown, fallback: T) => (typeof value === 'string' && value !== '' ? value : fallback)

export function asFen(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed(what)
  return value
}

export function asDate(value: unknown): Date | null {
  const date = typeof value === 'string' && value !== '' ? new Date(value) : null
  return date && !Number.isNaN(date.getTime()) ? date : null
}

export const TRADE_STATES: TradeState[] = ['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR']
const REFUND_STATES: RefundStatus[] = ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']

export function oneOf<T extends string>(value: unknown, allowed: T[], what: string): T {
  const found = allowed.find((each) => each === value)
  if (!found) throw malformed(`${what} (${String(value)})`)
  return found
}

/** Query replies and payment notices share this object (facts §1.7). */
export function readTransaction(value: unknown): PayTransaction {
  const json = asObject(value, 'the transaction')
  const amount = asObject(json.amount, 'amount')
  const tradeState = oneOf(json.trade_state, TRADE_STATES, 'trade_state')
  const payer = json.payer === undefined ? {} : asObject(json.payer, 'payer')
  return {
    appid: textOr(json.sub_appid, null) ?? asText(json.appid ?? json.sp_appid, 'appid'),
    mchid: asText(json.mchid ?? json.sp_mchid, 'mchid'),
    subMchid: textOr(json.sub_mchid, null),
    outTradeNo: asText(json.out_trade_no, 'out_trade_no'),
    tradeState,
    tradeStateText: textOr(json.trade_state_desc, ''),
    transactionId: textOr(json.transaction_id, null),
    tradeType: textOr(json.trade_type, null),
    bankType: textOr(json.bank_type, null),
    attach: textOr(json.attach, ''),
    paidAt: asDate(json.success_time),
    payerOpenid: textOr(payer.openid ?? payer.sub_openid ?? payer.sp_openid, null),
    amountFen: asFen(amount.total, 'amount.total'),
    payerAmountFen: amount.payer_total === undefined ? null : asFen(amount.payer_total, 'amount.payer_total'),
  }
}

export function readRefund(value: unknown): PayRefund {
  const json = asObject(value, 'the refund')
  return { ...refundCore(json, json.status), createdAt: asDate(json.create_time) }
}

export function readRefundNotice(value: unknown): RefundNotice {
  const json = asObject(value, 'the refund')
  return refundCore(json, json.refund_status)
}

function refundCore(json: Json, status: unknown): RefundNotice {
  const amount = asObject(json.amount, 'amount')
  return {
    refundId: asText(json.refund_id, 'refund_id'),
    outRefundNo: asText(json.out_refund_no, 'out_refund_no'),
    transactionId: asText(json.transaction_id, 'transaction_id'),
    outTradeNo: asText(json.out_trade_no, 'out_trade_no'),
    status: oneOf(status, REFUND_STATES, 'status'),
    refundFen: asFen(amount.refund, 'amount.refund'),
    totalFen: asFen(amount.total, 'amount.total'),
    payerRefundFen: asFen(amount.payer_refund, 'amount.payer_refund'),
    receivedAccount: textOr(json.user_received_account, ''),
    succeededAt: asDate(json.success_time),
  }
}
