import { ERRORS, type ErrorBody, type ErrorCode } from '@zhanggui/contract/errors'

export type { ErrorBody, ErrorCode }

/** What an error may say beside its code: values for its message, the field at fault, hints for a retry. */
export interface ErrorDetails {
  /** Values for the placeholders of the message. */
  values?: Record<string, string | number>
  /** Path of the input field at fault, e.g. `lines.0.quantity`. */
  field?: string
  /** Machine-readable extras that a screen may use, e.g. the SKU that was short. */
  data?: Record<string, unknown>
  retryAfterSeconds?: number
  cause?: unknown
}

/**
 * The only class of expected errors: a stable code, an HTTP status and a message in the user's words
 * (Chinese first, English beside it) that names the offending value.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: ErrorDetails
  #messageEn: string | undefined

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(fill(ERRORS[code].zh, details.values), { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.status = ERRORS[code].status
    this.details = details
  }

  /** The one JSON shape of every error the program answers with. */
  toBody(requestId: string): ErrorBody {
    const { values, field, data, retryAfterSeconds } = this.details
    // Made once: the same refusal answers everybody who is too late.
    this.#messageEn ??= fill(ERRORS[this.code].en, values)
    return {
      error: {
        code: this.code,
        message: this.message,
        messageEn: this.#messageEn,
        ...(field === undefined ? {} : { field }),
        ...(data === undefined ? {} : { data }),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        requestId,
      },
    }
  }
}

function fill(template: string, values: Record<string, string | number> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
