import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { SimulatorClock } from '../clock.ts'
import type { SimulatorCredentials } from '../credentials.ts'
import { NUMERIC, PayRefusal, signError } from './refusal.ts'

const SCHEME = 'WECHATPAY2-SHA256-RSA2048 '
const NONCE_LIFE_MS = 900_000

function parseAuthorization(header: string): Map<string, string> {
  if (!header.startsWith(SCHEME)) throw signError('Http头Authorization认证类型不正确')
  const members = new Map<string, string>()
  for (const part of header.slice(SCHEME.length).split(',')) {
    const match = /^\s*([a-z_]+)="([^"]*)"\s*$/.exec(part)
    if (!match) throw signError('Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》')
    members.set(match[1]!, match[2]!)
  }
  for (const name of ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature']) {
    if (!members.get(name)) throw signError(`Http头Authorization缺少${name}`)
  }
  return members
}

/** The check every APIv3 call passes before anything is read from it (facts §1.1, §1.2). */
export class RequestAuth {
  readonly #clock: SimulatorClock
  readonly #credentials: SimulatorCredentials
  readonly #merchantKey
  readonly #nonces = new Map<string, number>()

  constructor(clock: SimulatorClock, credentials: SimulatorCredentials) {
    this.#clock = clock
    this.#credentials = credentials
    this.#merchantKey = createPublicKey(
      new X509Certificate(credentials.merchantCertificatePem).publicKey.export({
        type: 'spki',
        format: 'pem',
      }),
    )
  }

  /** Throws the refusal WeChat Pay would answer; returns the mchid of the caller. */
  check(request: FastifyRequest): string {
    if (!request.headers.accept || !request.headers['user-agent']) {
      throw new PayRefusal(400, 'PARAM_ERROR', 'Http头缺少Accept或User-Agent', NUMERIC.parameter)
    }
    const header = request.headers.authorization
    if (!header) throw signError('Http头缺少Authorization')
    const members = parseAuthorization(header)
    const { WECHAT_PAY_MCHID: mchid, WECHAT_PAY_MERCHANT_SERIAL: serial } = this.#credentials.env
    if (members.get('mchid') !== mchid) {
      throw new PayRefusal(404, 'MCH_NOT_EXISTS', '商户号不存在', NUMERIC.UNPUBLISHED)
    }
    if (members.get('serial_no') !== serial) {
      throw signError('商户证书序列号有误。请使用签名私钥匹配的证书序列号')
    }
    const timestamp = members.get('timestamp')!
    if (!/^\d{1,12}$/.test(timestamp) || !this.#clock.accepts(Number(timestamp) * 1000)) {
      throw signError('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟')
    }
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    this.#checkSignature(request.method, request.raw.url ?? '', body, members)
    this.#checkNonce(members.get('nonce_str')!)
    return mchid
  }

  #checkSignature(method: string, url: string, body: Buffer, members: Map<string, string>): void {
    const head = `${method}\n${url}\n${members.get('timestamp')}\n${members.get('nonce_str')}\n`
    const message = Buffer.concat([Buffer.from(head), body, Buffer.from('\n')])
    const signature = Buffer.from(members.get('signature')!, 'base64')
    if (verify('sha256', message, this.#merchantKey, signature)) return
    throw signError('错误的签名，验签失败', {
      field: 'signature',
      issue: 'sign not match',
      location: 'authorization',
      sign_information: {
        method,
        url,
        truncated_sign_message: head.slice(0, 256),
        sign_message_length: message.length,
      },
    })
  }

  #checkNonce(nonce: string): void {
    const now = this.#clock.signatureNow()
    if (this.#nonces.has(nonce)) throw signError('Http头Authorization中的nonce_str重复，请求被拒绝')
    this.#nonces.set(nonce, now)
    for (const [old, at] of this.#nonces) {
      if (now - at < NONCE_LIFE_MS) break
      this.#nonces.delete(old)
    }
  }
}
