/** Codes that are ours, for what WeChat itself cannot say. */
export type LocalCode =
  | 'NETWORK_ERROR'
  | 'TIMEOUT'
  | 'RESPONSE_TOO_LARGE'
  | 'RESPONSE_MALFORMED'
  | 'RESPONSE_SIGNATURE_INVALID'
  | 'BILL_HASH_MISMATCH'
  | 'NO_PLATFORM_CERTIFICATE'
  | 'NOTICE_SIGNATURE_INVALID'
  | 'NOTICE_SIGNATURE_PROBE'
  | 'NOTICE_EXPIRED'
  | 'NOTICE_MALFORMED'
  | 'NOTICE_WRONG_MERCHANT'

export interface WechatPayErrorFields {
  /** HTTP status of the answer; 0 when there was none. For notices, the status to answer with. */
  status: number
  /** WeChat's `code`, or one of `LocalCode`. */
  code: string
  /** The number after the last dash of `Request-ID`; 0 when there is none. */
  numericCode?: number
  requestId?: string
  message: string
  /** The same call with the same number may be made again. */
  retryable?: boolean
  detail?: unknown
  cause?: unknown
}

/** What every call of the WeChat Pay adapter throws. Facts §1.15. */
export class WechatPayError extends Error {
  override readonly name = 'WechatPayError'
  readonly status: number
  readonly code: string
  readonly numericCode: number
  readonly requestId: string
  readonly retryable: boolean
  readonly detail: unknown

  constructor(fields: WechatPayErrorFields) {
    super(fields.message, { cause: fields.cause })
    this.status = fields.status
    this.code = fields.code
    this.numericCode = fields.numericCode ?? 0
    this.requestId = fields.requestId ?? ''
    this.retryable = fields.retryable ?? false
    this.detail = fields.detail
  }
}

const PAID_NUMBERS = [268449538, 268498689]

/** The order was paid before it could be placed again or closed. */
export function isAlreadyPaid(error: unknown): boolean {
  if (!(error instanceof WechatPayError)) return false
  return PAID_NUMBERS.includes(error.numericCode) || ['ORDERPAID', 'ORDER_PAID'].includes(error.code)
}

const NOT_FOUND = ['ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS', 'NOT_FOUND']

/** WeChat Pay has never heard of the order, refund, split, return or transfer. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WechatPayError && NOT_FOUND.includes(error.code)
}
