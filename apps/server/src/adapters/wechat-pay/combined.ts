import type { PayClient } from './client.ts'
import { signClientPay } from './crypto.ts'
import type {
  CombinedOrder,
  CombinedOrders,
  CombinedPart,
  CombinedPartTransaction,
  CombinedTransaction,
} from './port.ts'
import { asArray, asDate, asFen, asObject, asText, oneOf, TRADE_STATES, textOr } from './shapes.ts'
import { rfc3339 } from './times.ts'

const BASE = '/v3/combine-transactions'

function partKey(client: PayClient, part: CombinedPart): Record<string, string> {
  const subMchid = part.subMchid ?? client.config.partner?.subMchid
  return {
    mchid: part.mchid ?? client.config.mchid,
    out_trade_no: part.outTradeNo,
    ...(subMchid !== undefined && { sub_mchid: subMchid }),
  }
}

function combinedBody(client: PayClient, order: CombinedOrder): Record<string, unknown> {
  const scene = {
    ...(order.deviceId !== undefined && { device_id: order.deviceId }),
    ...(order.clientIp !== undefined && { payer_client_ip: order.clientIp }),
  }
  return {
    combine_appid: order.appid,
    combine_mchid: client.config.mchid,
    combine_out_trade_no: order.combineOutTradeNo,
    notify_url: order.notifyUrl,
    ...(order.expiresAt && { time_expire: rfc3339(order.expiresAt) }),
    ...(Object.keys(scene).length > 0 && { scene_info: scene }),
    sub_orders: order.parts.map((part) => ({
      ...partKey(client, part),
      description: part.description,
      // WeChat requires it here, though it may say nothing.
      attach: part.attach ?? part.outTradeNo,
      amount: { total_amount: part.amountFen, currency: 'CNY' },
      ...(part.profitSharing !== undefined && { settle_info: { profit_sharing: part.profitSharing } }),
    })),
  }
}

function readPart(value: unknown): CombinedPartTransaction {
  const json = asObject(value, 'a part')
  const amount = asObject(json.amount, 'amount')
  return {
    mchid: asText(json.mchid, 'mchid'),
    subMchid: textOr(json.sub_mchid, null),
    outTradeNo: asText(json.out_trade_no, 'out_trade_no'),
    transactionId: textOr(json.transaction_id, null),
    tradeType: textOr(json.trade_type, null),
    tradeState: oneOf(json.trade_state, TRADE_STATES, 'trade_state'),
    bankType: textOr(json.bank_type, null),
    attach: textOr(json.attach, ''),
    amountFen: asFen(amount.total_amount, 'amount.total_amount'),
    payerAmountFen: amount.payer_amount === undefined ? null : asFen(amount.payer_amount, 'amount.payer_amount'),
    paidAt: asDate(json.success_time),
  }
}

/** Query answers and payment notices of combined orders share this object. */
export function readCombined(value: unknown): CombinedTransaction {
  const json = asObject(value, 'the combined order')
  const payer = json.combine_payer_info === undefined ? {} : asObject(json.combine_payer_info, 'combine_payer_info')
  return {
    appid: asText(json.combine_appid, 'combine_appid'),
    mchid: asText(json.combine_mchid, 'combine_mchid'),
    combineOutTradeNo: asText(json.combine_out_trade_no, 'combine_out_trade_no'),
    payerOpenid: textOr(payer.openid, null),
    parts: asArray(json.sub_orders, 'sub_orders').map(readPart),
  }
}

export function combinedCalls(client: PayClient): CombinedOrders {
  const part = encodeURIComponent
  return {
    async prepayJsapi(order) {
      const body = { ...combinedBody(client, order), combine_payer_info: { openid: order.openid } }
      const prepayId = asText(asObject(await client.post(`${BASE}/jsapi`, body), 'the answer').prepay_id, 'prepay_id')
      return { prepayId, client: signClientPay(order.appid, prepayId, client.now(), client.privateKey) }
    },
    async prepayH5(order) {
      const body = combinedBody(client, { ...order, deviceId: order.deviceId ?? 'web' })
      const scene = { ...asObject(body.scene_info, 'scene_info'), h5_info: { type: 'Wap' } }
      const answer = asObject(await client.post(`${BASE}/h5`, { ...body, scene_info: scene }), 'the answer')
      return { h5Url: asText(answer.h5_url, 'h5_url') }
    },
    async prepayNative(order) {
      const answer = asObject(await client.post(`${BASE}/native`, combinedBody(client, order)), 'the answer')
      return { codeUrl: asText(answer.code_url, 'code_url') }
    },
    async query(combineOutTradeNo) {
      return readCombined(await client.get(`${BASE}/out-trade-no/${part(combineOutTradeNo)}`))
    },
    async close(order) {
      const body = { combine_appid: order.appid, sub_orders: order.parts.map((each) => partKey(client, each)) }
      await client.post(`${BASE}/out-trade-no/${part(order.combineOutTradeNo)}/close`, body)
    },
  }
}
