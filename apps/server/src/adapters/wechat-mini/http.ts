import { isRetryable, WechatApiError } from './errors.ts'
import type { WechatAppConfig, WechatAppDependencies } from './port.ts'

const MOST_ANSWER_BYTES = 1_048_576

const OPENING_BRACE = 0x7b

export type Json = Record<string, unknown>

export interface ApiCall {
  path: string
  query?: Record<string, string>
  /** Makes it a POST. */
  body?: unknown
}

/** One call of api.weixin.qq.com: bounded, timed, and refused by errcode rather than by status (facts §2). */
export class ApiClient {
  readonly #baseUrl: string
  readonly #timeoutMs: number
  readonly #fetch: typeof globalThis.fetch

  constructor(config: WechatAppConfig, dependencies: WechatAppDependencies) {
    if (!URL.canParse(config.apiBaseUrl)) throw new Error('WeChat configuration: apiBaseUrl is not an address')
    if (!config.appid || !config.secret) throw new Error('WeChat configuration: appid and secret are required')
    this.#baseUrl = config.apiBaseUrl.replace(/\/+$/, '')
    this.#timeoutMs = config.timeoutMs ?? 10_000
    this.#fetch = dependencies.fetch ?? globalThis.fetch
  }

  async call(call: ApiCall): Promise<Json> {
    return accepted(parse((await this.#answer(call)).toString('utf8')))
  }

  /** A call that answers a picture; what begins like an object is a refusal. */
  async bytes(call: ApiCall): Promise<Buffer> {
    const answer = await this.#answer(call)
    if (answer[0] !== OPENING_BRACE) return answer
    accepted(parse(answer.toString('utf8')))
    throw new WechatApiError({ fault: 'malformed', errmsg: 'WeChat answered no picture', retryable: false })
  }

  /** Errors never quote the address: it carries secrets and tokens. */
  async #answer(call: ApiCall): Promise<Buffer> {
    const query = call.query ? `?${new URLSearchParams(call.query)}` : ''
    try {
      const response = await this.#fetch(`${this.#baseUrl}${call.path}${query}`, {
        method: call.body === undefined ? 'GET' : 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMs),
        headers: { Accept: 'application/json', ...(call.body !== undefined && { 'Content-Type': 'application/json' }) },
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      })
      const answer = await bounded(response)
      if (response.ok) return answer
      const errmsg = `WeChat answered ${response.status} to ${call.path}`
      throw new WechatApiError({ fault: 'malformed', errmsg, retryable: response.status >= 500 })
    } catch (error) {
      if (error instanceof WechatApiError) throw error
      const timedOut = error instanceof Error && error.name === 'TimeoutError'
      const errmsg = timedOut
        ? `WeChat did not answer ${call.path} within ${this.#timeoutMs} ms`
        : `WeChat cannot be reached for ${call.path}`
      throw new WechatApiError({ fault: timedOut ? 'timeout' : 'network', errmsg, retryable: true, cause: error })
    }
  }
}

/** The answer, unless it is a refusal. */
function accepted(answer: Json): Json {
  const errcode = typeof answer.errcode === 'number' ? answer.errcode : 0
  if (errcode === 0) return answer
  const errmsg = typeof answer.errmsg === 'string' ? answer.errmsg.slice(0, 500) : ''
  throw new WechatApiError({ fault: 'refused', errcode, errmsg, retryable: isRetryable(errcode) })
}

async function bounded(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  if (!response.body) return Buffer.alloc(0)
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    if (size > MOST_ANSWER_BYTES) {
      throw new WechatApiError({
        fault: 'malformed',
        errmsg: `WeChat's answer is larger than ${MOST_ANSWER_BYTES} bytes`,
        retryable: false,
      })
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  } catch {
    // Falls through: whatever it was, it was not an answer.
  }
  throw new WechatApiError({
    fault: 'malformed',
    errmsg: 'WeChat answered something that is not a JSON object',
    retryable: true,
  })
}

/** A member that must be there. */
export function required(json: Json, name: string): string {
  const value = json[name]
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number') return String(value)
  throw new WechatApiError({ fault: 'malformed', errmsg: `WeChat's answer lacks ${name}`, retryable: false })
}

export function optional(json: Json, name: string): string | null {
  const value = json[name]
  return typeof value === 'string' && value !== '' ? value : null
}

export function member(json: Json, name: string): Json {
  const value = json[name]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw new WechatApiError({ fault: 'malformed', errmsg: `WeChat's answer lacks ${name}`, retryable: false })
}
