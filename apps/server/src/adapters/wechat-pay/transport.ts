import { WechatPayError } from './errors.ts'

/** Failures after which the request cannot have reached anybody. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export interface RawAnswer {
  status: number
  headers: Headers
  body: Buffer
}

export interface RawRequest {
  method: 'GET' | 'POST'
  pathAndQuery: string
  /** Called for every attempt, so that each carries its own nonce. */
  headers: () => Record<string, string>
  body?: string | undefined
  maxBytes: number
}

function causeCode(error: unknown): string {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth += 1) {
    const { code } = each as { code?: unknown }
    if (typeof code === 'string') return code
  }
  return ''
}

/** Reads a body up to a bound; a longer one is refused, not cut. */
async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  if (!response.body) return Buffer.alloc(0)
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    if (size > maxBytes) {
      throw new WechatPayError({
        status: response.status,
        code: 'RESPONSE_TOO_LARGE',
        message: `WeChat Pay's answer is larger than ${maxBytes} bytes`,
      })
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** One HTTP exchange: a time limit, a size limit, and the second host when the first cannot be reached. */
export async function exchange(
  request: RawRequest,
  options: { fetch: typeof globalThis.fetch; baseUrls: string[]; timeoutMs: number },
): Promise<RawAnswer> {
  let failure: WechatPayError | undefined
  for (const baseUrl of options.baseUrls) {
    try {
      const response = await options.fetch(`${baseUrl}${request.pathAndQuery}`, {
        method: request.method,
        headers: request.headers(),
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs),
        ...(request.body !== undefined && { body: request.body }),
      })
      return { status: response.status, headers: response.headers, body: await readBounded(response, request.maxBytes) }
    } catch (error) {
      if (error instanceof WechatPayError) throw error
      failure = asFailure(error, options.timeoutMs)
      if (!NOT_CONNECTED.has(causeCode(error))) break
    }
  }
  throw failure!
}

function asFailure(error: unknown, timeoutMs: number): WechatPayError {
  const timedOut = error instanceof Error && error.name === 'TimeoutError'
  return new WechatPayError({
    status: 0,
    code: timedOut ? 'TIMEOUT' : 'NETWORK_ERROR',
    message: timedOut
      ? `WeChat Pay did not answer within ${timeoutMs} ms`
      : `WeChat Pay cannot be reached: ${causeCode(error) || error}`,
    retryable: true,
    cause: error,
  })
}
