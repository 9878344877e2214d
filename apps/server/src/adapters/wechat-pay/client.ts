import { createPrivateKey, type KeyObject } from 'node:crypto'
import {
  authorization,
  encryptField,
  newNonce,
  requestMessage,
  responseMessage,
  signText,
  verifySignature,
} from './crypto.ts'
import { WechatPayError } from './errors.ts'
import { Keyring, pemText, readCertificates } from './keyring.ts'
import type { WechatPayConfig, WechatPayDependencies } from './port.ts'
import { exchange, type RawAnswer } from './transport.ts'

/** Signatures older or newer than this are replays (facts §1.3). */
export const SIGNATURE_WINDOW_MS = 300_000
const OFFICIAL = 'https://api.mch.weixin.qq.com'
const OFFICIAL_SECOND = 'https://api2.mch.weixin.qq.com'

export interface CallOptions {
  method: 'GET' | 'POST'
  pathAndQuery: string
  body?: unknown
  /** The key sensitive fields of the body are encrypted with; without any, the one answers should be signed with. */
  serial?: string | undefined
}

/** Encrypts the sensitive fields of one request, all with the same key. */
export interface Sealing {
  seal(text: string): Promise<string>
  /** The key's serial once something was sealed. */
  readonly serial: string | undefined
}

/** Throws a readable complaint about the first thing that is wrong, before the first call is made. */
function checkConfig(config: WechatPayConfig): KeyObject {
  const wrong = (what: string) => new Error(`WeChat Pay configuration: ${what}`)
  if (!URL.canParse(config.baseUrl)) throw wrong('baseUrl is not an address')
  if (!/^\d{6,32}$/.test(config.mchid)) throw wrong('mchid should be digits')
  if (!/^[0-9A-Fa-f]{8,40}$/.test(config.merchantSerial)) throw wrong('merchantSerial should be hexadecimal')
  if (Buffer.byteLength(config.apiV3Key) !== 32) throw wrong('apiV3Key should have 32 bytes')
  if (!config.publicKeyId !== !config.publicKeyPem) throw wrong('publicKeyId and publicKeyPem belong together')
  if (config.publicKeyId && !config.publicKeyId.startsWith('PUB_KEY_ID_'))
    throw wrong('publicKeyId should begin with PUB_KEY_ID_')
  try {
    return createPrivateKey(pemText(config.merchantPrivateKeyPem))
  } catch (cause) {
    throw new Error('WeChat Pay configuration: merchantPrivateKeyPem is not a private key', { cause })
  }
}

/** Signed calls with verified answers: everything below it is transport, everything above it is meaning. */
export class PayClient {
  readonly config: WechatPayConfig
  readonly privateKey: KeyObject
  readonly apiV3Key: Buffer
  readonly keyring: Keyring
  readonly now: () => number
  readonly #fetch: typeof globalThis.fetch
  readonly #baseUrls: string[]

  constructor(config: WechatPayConfig, dependencies: WechatPayDependencies) {
    this.privateKey = checkConfig(config)
    this.config = config
    this.apiV3Key = Buffer.from(config.apiV3Key)
    this.now = dependencies.now ?? Date.now
    this.#fetch = dependencies.fetch ?? globalThis.fetch
    const first = config.baseUrl.replace(/\/+$/, '')
    const second = config.fallbackBaseUrl?.replace(/\/+$/, '') ?? (first === OFFICIAL ? OFFICIAL_SECOND : undefined)
    this.#baseUrls = second ? [first, second] : [first]
    this.keyring = new Keyring({
      publicKeyId: config.publicKeyId,
      publicKeyPem: config.publicKeyPem,
      download: () => this.#downloadCertificates(),
      now: this.now,
    })
  }

  /** A call whose 2xx answer is verified and parsed; null for 204. */
  async call(options: CallOptions): Promise<unknown> {
    const answer = await this.#send(options, this.config.maxResponseBytes ?? 1_048_576)
    await this.#verify(answer, (serial) => this.keyring.find(serial))
    if (answer.body.length === 0) return null
    return parseJson(answer)
  }

  get(pathAndQuery: string): Promise<unknown> {
    return this.call({ method: 'GET', pathAndQuery })
  }

  post(pathAndQuery: string, body?: unknown, serial?: string): Promise<unknown> {
    return this.call({ method: 'POST', pathAndQuery, body, serial })
  }

  sealing(): Sealing {
    const { keyring } = this
    let chosen: Awaited<ReturnType<typeof keyring.forEncryption>> | undefined
    return {
      async seal(text) {
        chosen ??= await keyring.forEncryption()
        return encryptField(text, chosen.key)
      },
      get serial() {
        return chosen?.serial
      },
    }
  }

  /** A download: signed as every call, but its answer carries no signature (facts §1.3). */
  async download(pathAndQuery: string, maxBytes: number): Promise<Buffer> {
    return (await this.#send({ method: 'GET', pathAndQuery }, maxBytes)).body
  }

  async #send(options: CallOptions, maxBytes: number): Promise<RawAnswer> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body)
    const answer = await exchange(
      {
        method: options.method,
        pathAndQuery: options.pathAndQuery,
        headers: () => this.#headers(options, body ?? ''),
        body,
        maxBytes,
      },
      { fetch: this.#fetch, baseUrls: this.#baseUrls, timeoutMs: this.config.timeoutMs ?? 10_000 },
    )
    if (answer.status < 200 || answer.status > 299) throw refusalOf(answer)
    return answer
  }

  #headers(options: CallOptions, body: string): Record<string, string> {
    const timestamp = String(Math.floor(this.now() / 1000))
    const nonce = newNonce()
    const { method, pathAndQuery } = options
    const signature = signText(requestMessage({ method, pathAndQuery, timestamp, nonce, body }), this.privateKey)
    const { mchid, merchantSerial: serial, publicKeyId } = this.config
    return {
      Authorization: authorization({ mchid, serial, timestamp, nonce, signature }),
      Accept: 'application/json',
      'User-Agent': 'zhanggui-wechat-pay/1',
      ...((options.serial ?? publicKeyId) && { 'Wechatpay-Serial': options.serial ?? publicKeyId }),
      ...(body !== '' && { 'Content-Type': 'application/json' }),
    }
  }

  async #verify(answer: RawAnswer, find: (serial: string) => Promise<KeyObject | undefined>): Promise<void> {
    const header = (name: string) => answer.headers.get(name) ?? ''
    const timestamp = header('wechatpay-timestamp')
    const fresh = /^\d{1,12}$/.test(timestamp) && Math.abs(this.now() - Number(timestamp) * 1000) <= SIGNATURE_WINDOW_MS
    const key = fresh ? await find(header('wechatpay-serial')) : undefined
    const message = responseMessage(timestamp, header('wechatpay-nonce'), answer.body)
    if (key && verifySignature(message, header('wechatpay-signature'), key)) return
    throw new WechatPayError({
      status: answer.status,
      code: 'RESPONSE_SIGNATURE_INVALID',
      ...requestIdOf(answer),
      message: fresh
        ? `the answer is not signed by WeChat Pay (serial ${header('wechatpay-serial') || 'missing'})`
        : `the answer's timestamp ${timestamp || 'is missing'} is more than five minutes away`,
      retryable: true,
    })
  }

  /** The first download verifies itself: the sealed certificates name the key the answer is signed with. */
  async #downloadCertificates() {
    const answer = await this.#send({ method: 'GET', pathAndQuery: '/v3/certificates' }, 1_048_576)
    const certificates = readCertificates(answer.body.toString('utf8'), this.apiV3Key)
    const fresh = new Map(certificates.map((each) => [each.serial, each.key]))
    await this.#verify(answer, async (serial) => this.keyring.known(serial) ?? fresh.get(serial.toUpperCase()))
    return certificates
  }
}

function requestIdOf(answer: RawAnswer): { requestId: string; numericCode: number } {
  const requestId = answer.headers.get('request-id') ?? ''
  const last = requestId.slice(requestId.lastIndexOf('-') + 1)
  return { requestId, numericCode: requestId.includes('-') && /^\d{1,15}$/.test(last) ? Number(last) : 0 }
}

function parseJson(answer: RawAnswer): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8'))
  } catch (cause) {
    const { status } = answer
    const message = 'WeChat Pay answered something that is not JSON'
    throw new WechatPayError({
      status,
      code: 'RESPONSE_MALFORMED',
      ...requestIdOf(answer),
      message,
      retryable: status >= 500,
      cause,
    })
  }
}

/** 5xx and 429 may be repeated; OPENID_MISMATCH is a 500 that never heals (facts §1.15). */
function refusalOf(answer: RawAnswer): WechatPayError {
  let body: { code?: unknown; message?: unknown; detail?: unknown } = {}
  try {
    const parsed: unknown = JSON.parse(answer.body.toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null) body = parsed
  } catch {
    // A gateway's error page: the status says what there is to know.
  }
  const code = typeof body.code === 'string' ? body.code : `HTTP_${answer.status}`
  const busy = answer.status >= 500 || answer.status === 429
  return new WechatPayError({
    status: answer.status,
    code,
    ...requestIdOf(answer),
    message: typeof body.message === 'string' ? body.message : `WeChat Pay answered ${answer.status}`,
    retryable: busy && code !== 'OPENID_MISMATCH',
    detail: body.detail,
  })
}
