/** What went wrong: WeChat refused, or no usable answer came. */
export type WechatApiFault = 'refused' | 'network' | 'timeout' | 'malformed'

/** What every call of the mini program and web sign-in adapters throws. Facts §2. */
export class WechatApiError extends Error {
  override readonly name = 'WechatApiError'
  readonly fault: WechatApiFault
  /** WeChat's number; 0 when no usable answer came. */
  readonly errcode: number
  readonly errmsg: string
  /** The same call may be made again later. */
  readonly retryable: boolean

  constructor(fields: {
    fault: WechatApiFault
    errcode?: number
    errmsg: string
    retryable: boolean
    cause?: unknown
  }) {
    super(fields.errcode ? `${fields.errcode} ${fields.errmsg}` : fields.errmsg, { cause: fields.cause })
    this.fault = fields.fault
    this.errcode = fields.errcode ?? 0
    this.errmsg = fields.errmsg
    this.retryable = fields.retryable
  }
}

/** −1 busy, 45009/45011 quota, 10060001 the payment is not visible yet. */
const RETRYABLE = [-1, 45009, 45011, 10060001]
const BAD_TOKEN = [40001, 40014, 42001]

export const isRetryable = (errcode: number) => RETRYABLE.includes(errcode)
/** The token was replaced or ran out: fetch it again and repeat once. */
export const isBadToken = (errcode: number) => BAD_TOKEN.includes(errcode)

/** The person has not (or no longer) allowed this message. */
export function isSubscribeRefused(error: unknown): boolean {
  return error instanceof WechatApiError && error.errcode === 43101
}

/** A code that is unknown, expired or already used. */
export function isBadCode(error: unknown): boolean {
  return error instanceof WechatApiError && [40029, 40163, 41008].includes(error.errcode)
}
