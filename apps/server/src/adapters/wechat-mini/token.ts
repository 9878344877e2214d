import { isBadToken, WechatApiError } from './errors.ts'
import { type ApiCall, type ApiClient, type Json, required } from './http.ts'

/** Stable tokens are replaced from five minutes before their end; asking earlier only returns the same one. */
const REFRESH_BEFORE_END_MS = 290_000

/**
 * The app's access token. `stable_token` gives every process the same one, so it is cached here and never shared:
 * callers that arrive together wait for one fetch.
 */
export class AccessToken {
  readonly #api: ApiClient
  readonly #appid: string
  readonly #secret: string
  readonly #now: () => number
  #current: { token: string; freshUntilMs: number } | undefined
  #fetching: Promise<string> | undefined

  constructor(options: { api: ApiClient; appid: string; secret: string; now: () => number }) {
    this.#api = options.api
    this.#appid = options.appid
    this.#secret = options.secret
    this.#now = options.now
  }

  async get(): Promise<string> {
    if (this.#current && this.#current.freshUntilMs > this.#now()) return this.#current.token
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  /** A call with the token in its query, repeated once with a new token when WeChat says this one is bad. */
  call(call: ApiCall): Promise<Json> {
    return this.#withToken(call, (each) => this.#api.call(each))
  }

  /** The same for a call that answers a picture. */
  bytes(call: ApiCall): Promise<Buffer> {
    return this.#withToken(call, (each) => this.#api.bytes(each))
  }

  async #withToken<T>(call: ApiCall, send: (call: ApiCall) => Promise<T>): Promise<T> {
    const token = await this.get()
    const callWith = (token: string) => send({ ...call, query: { access_token: token, ...call.query } })
    try {
      return await callWith(token)
    } catch (error) {
      if (!(error instanceof WechatApiError) || !isBadToken(error.errcode)) throw error
      if (this.#current?.token === token) this.#current = undefined
      return callWith(await this.get())
    }
  }

  async #fetch(): Promise<string> {
    const askedAtMs = this.#now()
    const body = { grant_type: 'client_credential', appid: this.#appid, secret: this.#secret }
    const answer = await this.#api.call({ path: '/cgi-bin/stable_token', body })
    const token = required(answer, 'access_token')
    const lifeMs = Number(required(answer, 'expires_in')) * 1000
    this.#current = { token, freshUntilMs: askedAtMs + Math.max(lifeMs - REFRESH_BEFORE_END_MS, 0) }
    return token
  }
}
