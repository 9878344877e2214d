import type { PayClient } from './client.ts'
import { signClientPay } from './crypto.ts'
import type { ClientPayParams, H5Order, JsapiOrder, PayOrder, RefundInput, WechatPay, WechatPayConfig } from './port.ts'
import { asObject, asText, readRefund, readTransaction } from './shapes.ts'
import { rfc3339 } from './times.ts'

type Config = Pick<WechatPayConfig, 'mchid' | 'partner'>

/** Whose order it is: the merchant's own, or a partner's for its sub-merchant (facts §1.7). */
function parties(order: { appid: string }, { mchid, partner }: Config): Record<string, string> {
  if (!partner) return { appid: order.appid, mchid }
  return {
    sp_appid: partner.spAppid,
    sp_mchid: mchid,
    ...(partner.subAppid !== undefined && { sub_appid: partner.subAppid }),
    sub_mchid: partner.subMchid,
  }
}

function payerOf(order: JsapiOrder, { partner }: Config): Record<string, string> {
  if (!partner) return { openid: order.openid }
  if (order.appid === partner.subAppid) return { sub_openid: order.openid }
  if (order.appid === partner.spAppid) return { sp_openid: order.openid }
  throw new Error(`WeChat Pay configuration: ${order.appid} is neither the partner's app nor the sub-merchant's`)
}

function orderBody(order: PayOrder, config: Config): Record<string, unknown> {
  const scene = {
    ...(order.clientIp !== undefined && { payer_client_ip: order.clientIp }),
    ...(order.deviceId !== undefined && { device_id: order.deviceId }),
  }
  return {
    ...parties(order, config),
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

function h5Body(order: H5Order, config: Config): Record<string, unknown> {
  const body = orderBody(order, config)
  const scene = asObject(body.scene_info, 'scene_info')
  return { ...body, scene_info: { ...scene, h5_info: { type: order.scene ?? 'Wap' } } }
}

function refundBody(input: RefundInput, { partner }: Config): Record<string, unknown> {
  return {
    ...(partner && { sub_mchid: partner.subMchid }),
    ...(input.transactionId !== undefined && { transaction_id: input.transactionId }),
    ...(input.outTradeNo !== undefined && { out_trade_no: input.outTradeNo }),
    out_refund_no: input.outRefundNo,
    ...(input.reason && { reason: input.reason }),
    ...(input.notifyUrl !== undefined && { notify_url: input.notifyUrl }),
    ...(input.fundsAccount !== undefined && { funds_account: input.fundsAccount }),
    amount: { refund: input.refundFen, total: input.totalFen, currency: 'CNY' },
  }
}

type OrderCalls = Pick<
  WechatPay,
  | 'clientPayParams'
  | 'prepayJsapi'
  | 'prepayH5'
  | 'prepayNative'
  | 'queryByOutTradeNo'
  | 'queryByTransactionId'
  | 'close'
  | 'refund'
  | 'queryRefund'
>

/** Orders and refunds, of a merchant or, with `config.partner`, of a partner for its sub-merchant. */
export function orderCalls(client: PayClient): OrderCalls {
  const { config } = client
  const { mchid, partner } = config
  const base = partner ? '/v3/pay/partner/transactions' : '/v3/pay/transactions'
  const who = partner ? `sp_mchid=${mchid}&sub_mchid=${partner.subMchid}` : `mchid=${mchid}`
  const part = encodeURIComponent
  const clientPayParams = (appid: string, prepayId: string): ClientPayParams =>
    signClientPay(appid, prepayId, client.now(), client.privateKey)

  return {
    clientPayParams,
    async prepayJsapi(order) {
      const body = { ...orderBody(order, config), payer: payerOf(order, config) }
      const answer = asObject(await client.post(`${base}/jsapi`, body), 'the answer')
      const prepayId = asText(answer.prepay_id, 'prepay_id')
      return { prepayId, client: clientPayParams(order.appid, prepayId) }
    },
    async prepayH5(order) {
      const answer = asObject(await client.post(`${base}/h5`, h5Body(order, config)), 'the answer')
      return { h5Url: asText(answer.h5_url, 'h5_url') }
    },
    async prepayNative(order) {
      const answer = asObject(await client.post(`${base}/native`, orderBody(order, config)), 'the answer')
      return { codeUrl: asText(answer.code_url, 'code_url') }
    },
    async queryByOutTradeNo(outTradeNo) {
      return readTransaction(await client.get(`${base}/out-trade-no/${part(outTradeNo)}?${who}`))
    },
    async queryByTransactionId(transactionId) {
      return readTransaction(await client.get(`${base}/id/${part(transactionId)}?${who}`))
    },
    async close(outTradeNo) {
      const body = partner ? { sp_mchid: mchid, sub_mchid: partner.subMchid } : { mchid }
      await client.post(`${base}/out-trade-no/${part(outTradeNo)}/close`, body)
    },
    async refund(input) {
      return readRefund(await client.post('/v3/refund/domestic/refunds', refundBody(input, config)))
    },
    async queryRefund(outRefundNo) {
      const query = partner ? `?sub_mchid=${partner.subMchid}` : ''
      return readRefund(await client.get(`/v3/refund/domestic/refunds/${part(outRefundNo)}${query}`))
    },
  }
}

/** Where to send a browser for an H5 payment so that it comes back to `redirectUrl`. */
export function h5PayUrl(h5Url: string, redirectUrl: string): string {
  return `${h5Url}${h5Url.includes('?') ? '&' : '?'}redirect_url=${encodeURIComponent(redirectUrl)}`
}
