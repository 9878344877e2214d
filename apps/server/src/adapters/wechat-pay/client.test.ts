import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { responseMessage, signText } from './crypto.ts'
import { isAlreadyPaid, isNotFound, WechatPayError } from './errors.ts'
import { createWechatPay } from './live.ts'
import { h5PayUrl } from './orders.ts'
import type { WechatPayConfig } from './port.ts'

const NOW = Date.parse('2026-03-01T08:00:00Z')
const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 })
const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
const config: WechatPayConfig = {
  baseUrl: 'https://api.mch.weixin.qq.com',
  mchid: '1900000001',
  merchantSerial: 'A'.repeat(40),
  merchantPrivateKeyPem: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  apiV3Key: 'k'.repeat(32),
  publicKeyId: 'PUB_KEY_ID_0119',
  publicKeyPem: platform.publicKey.export({ type: 'spki', format: 'pem' }) as string,
}

function signed(body: string, change: Record<string, string> = {}, nowMs = NOW): Response {
  const timestamp = String(nowMs / 1000)
  const headers = {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': 'n',
    'Wechatpay-Serial': 'PUB_KEY_ID_0119',
    'Wechatpay-Signature': signText(responseMessage(timestamp, 'n', Buffer.from(body)).toString(), platform.privateKey),
    ...change,
  }
  return new Response(body, { headers })
}

function client(
  answer: (url: string, init: RequestInit) => Response | Promise<Response>,
  change: Partial<WechatPayConfig> = {},
) {
  const urls: string[] = []
  const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
    urls.push(String(url))
    return answer(String(url), init)
  }
  return {
    pay: createWechatPay({ ...config, ...change }, { fetch: fetch as typeof globalThis.fetch, now: () => NOW }),
    urls,
  }
}

const order = {
  appid: 'wx1',
  outTradeNo: 'ORDER001',
  description: '茶',
  amountFen: 1,
  notifyUrl: 'https://shop.example/n',
}
const refused = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })

describe('the APIv3 client', () => {
  test('PAY-01 the second host is asked when the first cannot be reached', async () => {
    const { pay, urls } = client((url) => {
      if (url.includes('api.mch')) throw refused('ECONNREFUSED')
      return signed('{"code_url":"weixin://x"}')
    })
    expect(await pay.prepayNative(order)).toEqual({ codeUrl: 'weixin://x' })
    expect(urls.map((url) => new URL(url).host)).toEqual(['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'])
  })

  test('PAY-01 a connection that broke after it stood is not repeated, but may be', async () => {
    const { pay, urls } = client(() => {
      throw refused('ECONNRESET')
    })
    await expect(pay.prepayNative(order)).rejects.toMatchObject({ status: 0, code: 'NETWORK_ERROR', retryable: true })
    expect(urls).toHaveLength(1)
  })

  test('PAY-01 an answer that does not come ends in TIMEOUT', async () => {
    const hang = (_url: string, init: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const { pay } = client(hang, { timeoutMs: 20, fallbackBaseUrl: undefined })
    await expect(pay.prepayNative(order)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true })
  })

  test('PAY-01 an answer larger than the bound is refused', async () => {
    const { pay } = client(() => signed(`{"code_url":"${'x'.repeat(500)}"}`), { maxResponseBytes: 200 })
    await expect(pay.prepayNative(order)).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE', retryable: false })
  })

  test.each([
    ['a probe', { 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/abc==' }],
    ['an unknown serial', { 'Wechatpay-Serial': 'PUB_KEY_ID_0999' }],
    ['an old timestamp', { 'Wechatpay-Timestamp': String(NOW / 1000 - 301) }],
    ['no timestamp', { 'Wechatpay-Timestamp': '' }],
    ['another nonce', { 'Wechatpay-Nonce': 'm' }],
  ])('PAY-01 an answer with %s is not believed', async (_what, change) => {
    const { pay } = client(() => signed('{"code_url":"weixin://x"}', change))
    await expect(pay.prepayNative(order)).rejects.toMatchObject({ code: 'RESPONSE_SIGNATURE_INVALID', retryable: true })
  })

  test.each([-301, 301])('PAY-01 a truly signed answer that is %i seconds away is a replay', async (seconds) => {
    const { pay } = client(() => signed('{"code_url":"weixin://x"}', {}, NOW + seconds * 1000))
    await expect(pay.prepayNative(order)).rejects.toMatchObject({ code: 'RESPONSE_SIGNATURE_INVALID' })
  })

  test.each([
    [400, 'PARAM_ERROR', false],
    [429, 'FREQUENCY_LIMITED', true],
    [500, 'SYSTEM_ERROR', true],
    [500, 'OPENID_MISMATCH', false],
    [502, '', true],
  ])('PAY-01 status %i with code %s is retryable: %s', async (status, code, retryable) => {
    const body = code ? JSON.stringify({ code, message: '原因' }) : '<html>bad gateway</html>'
    const { pay } = client(() => new Response(body, { status, headers: { 'Request-ID': '08AB-1-268435461' } }))
    await expect(pay.prepayNative(order)).rejects.toMatchObject({
      status,
      code: code || 'HTTP_502',
      retryable,
      numericCode: 268435461,
      requestId: '08AB-1-268435461',
    })
  })

  test('PAY-01 every attempt has a nonce of its own and names the public key', async () => {
    const seen: Array<Record<string, string>> = []
    const { pay } = client((_url, init) => {
      seen.push(init.headers as Record<string, string>)
      return signed('{"code_url":"weixin://x"}')
    })
    await pay.prepayNative(order)
    await pay.prepayNative(order)
    const nonces = seen.map((headers) => /nonce_str="([0-9A-Z]{32})"/.exec(headers.Authorization ?? '')?.[1])
    expect(new Set(nonces).size).toBe(2)
    expect(seen[0]?.['Wechatpay-Serial']).toBe('PUB_KEY_ID_0119')
  })

  test('PAY-01 a number from outside cannot change the path', async () => {
    const { pay, urls } = client(() => new Response('{}', { status: 404 }))
    await expect(pay.queryByOutTradeNo('../../x?mchid=1')).rejects.toBeInstanceOf(WechatPayError)
    expect(new URL(urls[0]!).pathname).toBe('/v3/pay/transactions/out-trade-no/..%2F..%2Fx%3Fmchid%3D1')
  })

  test('PAY-01 sensitive fields go to WeChat Pay and come back, and never longer than the key allows', async () => {
    const { pay } = client(() => new Response())
    const { ciphertext, serial } = await pay.encryptSensitive('林晓雨')
    expect(serial).toBe('PUB_KEY_ID_0119')
    const reader = createWechatPay({
      ...config,
      merchantPrivateKeyPem: platform.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    })
    expect(reader.decryptSensitive(ciphertext)).toBe('林晓雨')
    await expect(pay.encryptSensitive('x'.repeat(215))).rejects.toThrow(/at most 214 bytes/)
  })

  test.each([
    ['baseUrl', { baseUrl: 'nowhere' }],
    ['apiV3Key', { apiV3Key: 'short' }],
    ['merchantPrivateKeyPem', { merchantPrivateKeyPem: 'secret' }],
    ['belong together', { publicKeyPem: undefined }],
    ['PUB_KEY_ID_', { publicKeyId: '0119' }],
  ])('PAY-01 a wrong configuration is named at start: %s', (word, change) => {
    expect(() => createWechatPay({ ...config, ...change })).toThrow(word)
  })

  test('PAY-01 a key on one line with \\n is read', () => {
    const merchantPrivateKeyPem = config.merchantPrivateKeyPem.replaceAll('\n', '\\n')
    expect(() => createWechatPay({ ...config, merchantPrivateKeyPem })).not.toThrow()
  })

  test('PAY-01 errors can be asked what they mean', () => {
    const error = (code: string, numericCode = 0) => new WechatPayError({ status: 400, code, numericCode, message: '' })
    expect(isAlreadyPaid(error('ORDERPAID'))).toBe(true)
    expect(isAlreadyPaid(error('INVALID_REQUEST', 268498689))).toBe(true)
    expect(isAlreadyPaid(error('INVALID_REQUEST'))).toBe(false)
    expect(isNotFound(error('ORDER_NOT_EXIST'))).toBe(true)
    expect(h5PayUrl('https://wx.example/h5?a=1', 'https://shop/x?y=1')).toBe(
      'https://wx.example/h5?a=1&redirect_url=https%3A%2F%2Fshop%2Fx%3Fy%3D1',
    )
  })
})
