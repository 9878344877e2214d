/**
 * Numeric codes that end `Request-ID`. Facts §1.15 publishes twenty of them; refusals whose number was never published
 * end in UNPUBLISHED, so that nobody builds on an invented one.
 */
export const NUMERIC = {
  orderNotExist: 268512771,
  frequency: 268447840,
  parameter: 268435461,
  orderPaid: 268449538,
  alreadyPaid: 268498689,
  extraParameter: 270924358,
  merchantOrderMismatch: 268447843,
  orderExpired: 268447914,
  sign: 268443699,
  openidRequired: 268501013,
  reentryDiffers: 268498688,
  appidMerchantMismatch: 268445527,
  outOfRange: 268435464,
  subMerchantRequired: 268443704,
  subMerchantIsSelf: 268443705,
  subMerchantOrderMismatch: 268447845,
  noAcceptance: 268443701,
  UNPUBLISHED: 268435456,
} as const

/** An APIv3 refusal: what WeChat Pay answers instead of doing the thing. */
export class PayRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly numeric: number
  readonly detail: Record<string, unknown> | undefined

  constructor(status: number, code: string, message: string, numeric: number, detail?: Record<string, unknown>) {
    super(message)
    this.status = status
    this.code = code
    this.numeric = numeric
    this.detail = detail
  }
}

export type FieldPlace = 'body' | 'query' | 'uri'

/** 400 PARAM_ERROR about one field, in the shape of facts §1.15. */
export function parameterError(input: {
  field: string
  issue: string
  value?: unknown
  place?: FieldPlace
  numeric?: number
}): PayRefusal {
  const place = input.place ?? 'body'
  const value = input.value === undefined ? '' : String(input.value).slice(0, 128)
  return new PayRefusal(
    400,
    'PARAM_ERROR',
    `输入源“/${place}${input.field}”${input.issue}`,
    input.numeric ?? NUMERIC.parameter,
    { field: input.field, value, issue: input.issue, location: place },
  )
}

export const invalidRequest = (message: string) => new PayRefusal(400, 'INVALID_REQUEST', message, NUMERIC.UNPUBLISHED)
export const signError = (message: string, detail?: Record<string, unknown>) =>
  new PayRefusal(401, 'SIGN_ERROR', message, NUMERIC.sign, detail)
export const orderNotExist = () => new PayRefusal(404, 'ORDER_NOT_EXIST', '订单不存在', NUMERIC.orderNotExist)
