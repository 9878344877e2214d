import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { parseFundFlowBill, parseTradeBill } from './bill.ts'
import { PayClient } from './client.ts'
import { decryptField, encryptField, signClientPay } from './crypto.ts'
import { type LocalCode, WechatPayError } from './errors.ts'
import { readNotice } from './notice.ts'
import type { H5Order, PayOrder, RefundInput, WechatPay, WechatPayConfig, WechatPayDependencies } from './port.ts'
import { asObject, asText, readRefund, readTransaction } from './shapes.ts'

const unpack = promisify(gunzip)
const MOST_BILL_BYTES = 256 * 1_048_576

/** RFC 3339 with seconds and Beijing's offset, as WeChat writes times. */
function rfc3339(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`
}

function orderBody(order: PayOrder, mchid: string): Record<string, unknown> {
  const scene = {
    ...(order.clientIp !== undefined && { payer_client_ip: order.clientIp }),
    ...(order.deviceId !== undefined && { device_id: order.deviceId }),
  }
  return {
    appid: order.appid,
    mchid,
    description: order.description,
    out_trade_no: order.outTradeNo,
    notify_url: order.notifyUrl,
    amount: { total: order.amountFen, currency: 'CNY' },
    ...(order.expiresAt && { time_expire: rfc3339(order.expiresAt) }),
    ...(order.attach !== undefined && { attach: order.attach }),
    ...(order.goodsTag !== undefined && { goods_tag: order.goodsTag }),
    ...(order.profitSharing !== undefined && { settle_info: { profit_sharing: order.profitSharing } }),
    ...(Object.keys(scene).length > 0 && { scene_info: scene }),
  }
}

function h5Body(order: H5Order, mchid: string): Record<string, unknown> {
  const body = orderBody(order, mchid)
  const scene = asObject(body.scene_info, 'scene_info')
  return { ...body, scene_info: { ...scene, h5_info: { type: order.scene ?? 'Wap' } } }
}

function refundBody(input: RefundInput): Record<string, unknown> {
  return {
    ...(input.transactionId !== undefined && { transaction_id: input.transactionId }),
    ...(input.outTradeNo !== undefined && { out_trade_no: input.outTradeNo }),
    out_refund_no: input.outRefundNo,
    ...(input.reason && { reason: input.reason }),
    ...(input.notifyUrl !== undefined && { notify_url: input.notifyUrl }),
    ...(input.fundsAccount !== undefined && { funds_account: input.fundsAccount }),
    amount: { refund: input.refundFen, total: input.totalFen, currency: 'CNY' },
  }
}

/** Where to send a browser for an H5 payment so that it comes back to `redirectUrl`. */
export function h5PayUrl(h5Url: string, redirectUrl: string): string {
  return `${h5Url}${h5Url.includes('?') ? '&' : '?'}redirect_url=${encodeURIComponent(redirectUrl)}`
}

function billError(code: LocalCode, message: string, cause?: unknown): WechatPayError {
  return new WechatPayError({
    status: 200,
    code,
    message: `the bill cannot be used: ${message}`,
    retryable: true,
    cause,
  })
}

/** Bounded, so that a small file cannot become a huge one. */
async function unpacked(bytes: Buffer, mostBytes: number): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await unpack(bytes, { maxOutputLength: mostBytes })
  } catch (cause) {
    throw billError('RESPONSE_MALFORMED', 'its gzip is damaged or too large', cause)
  }
}

/** Fetches a bill: asks for it, downloads it, unpacks it and checks the hash of its text. */
async function fetchBill(client: PayClient, pathAndQuery: string): Promise<string> {
  const link = asObject(await client.call({ method: 'GET', pathAndQuery }), 'the bill')
  const address = asText(link.download_url, 'download_url')
  if (!URL.canParse(address)) throw billError('RESPONSE_MALFORMED', `“${address}” is not an address`)
  const url = new URL(address)
  const mostBytes = client.config.maxBillBytes ?? MOST_BILL_BYTES
  // The signed download goes to the configured host: an address in an answer never decides where signatures go.
  const text = await unpacked(await client.download(`${url.pathname}${url.search}`, mostBytes), mostBytes)
  const hash = createHash('sha1').update(text).digest('hex')
  if (hash !== String(link.hash_value).toLowerCase()) {
    throw billError('BILL_HASH_MISMATCH', `its SHA-1 is ${hash}, WeChat Pay announced ${String(link.hash_value)}`)
  }
  return text.toString('utf8')
}

/** The live client. Whether it talks to WeChat or to a simulator is decided by `config.baseUrl` alone. */
export function createWechatPay(config: WechatPayConfig, dependencies: WechatPayDependencies = {}): WechatPay {
  const client = new PayClient(config, dependencies)
  const { mchid } = config
  const post = (path: string, body: unknown) => client.call({ method: 'POST', pathAndQuery: path, body })
  const get = (pathAndQuery: string) => client.call({ method: 'GET', pathAndQuery })
  const part = encodeURIComponent
  const clientPayParams = (appid: string, prepayId: string) =>
    signClientPay(appid, prepayId, client.now(), client.privateKey)

  return {
    mchid,
    clientPayParams,
    async prepayJsapi(order) {
      const body = { ...orderBody(order, mchid), payer: { openid: order.openid } }
      const answer = asObject(await post('/v3/pay/transactions/jsapi', body), 'the answer')
      const prepayId = asText(answer.prepay_id, 'prepay_id')
      return { prepayId, client: clientPayParams(order.appid, prepayId) }
    },
    async prepayH5(order) {
      const answer = asObject(await post('/v3/pay/transactions/h5', h5Body(order, mchid)), 'the answer')
      return { h5Url: asText(answer.h5_url, 'h5_url') }
    },
    async prepayNative(order) {
      const answer = asObject(await post('/v3/pay/transactions/native', orderBody(order, mchid)), 'the answer')
      return { codeUrl: asText(answer.code_url, 'code_url') }
    },
    async queryByOutTradeNo(outTradeNo) {
      return readTransaction(await get(`/v3/pay/transactions/out-trade-no/${part(outTradeNo)}?mchid=${mchid}`))
    },
    async queryByTransactionId(transactionId) {
      return readTransaction(await get(`/v3/pay/transactions/id/${part(transactionId)}?mchid=${mchid}`))
    },
    async close(outTradeNo) {
      await post(`/v3/pay/transactions/out-trade-no/${part(outTradeNo)}/close`, { mchid })
    },
    async refund(input) {
      return readRefund(await post('/v3/refund/domestic/refunds', refundBody(input)))
    },
    async queryRefund(outRefundNo) {
      return readRefund(await get(`/v3/refund/domestic/refunds/${part(outRefundNo)}`))
    },
    readNotice(input) {
      const { keyring, apiV3Key, now } = client
      return readNotice(input, { find: (serial) => keyring.find(serial), apiV3Key, now, mchid })
    },
    async tradeBill(day, type = 'ALL') {
      const query = `bill_date=${part(day)}&bill_type=${type}&tar_type=GZIP`
      return parseTradeBill(await fetchBill(client, `/v3/bill/tradebill?${query}`))
    },
    async fundFlowBill(day, account = 'BASIC') {
      const query = `bill_date=${part(day)}&account_type=${account}&tar_type=GZIP`
      return parseFundFlowBill(await fetchBill(client, `/v3/bill/fundflowbill?${query}`))
    },
    async encryptSensitive(text) {
      const { serial, key } = await client.keyring.forEncryption()
      return { ciphertext: encryptField(text, key), serial }
    },
    decryptSensitive: (ciphertext) => decryptField(ciphertext, client.privateKey),
  }
}
