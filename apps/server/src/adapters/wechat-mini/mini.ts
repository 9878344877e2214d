import { WechatApiError } from './errors.ts'
import { ApiClient, member, optional, required } from './http.ts'
import type {
  ShippingOrderKey,
  ShippingOrderState,
  ShippingParcel,
  ShippingState,
  ShippingUpload,
  SubscribeMessage,
  WechatAppConfig,
  WechatAppDependencies,
  WechatMini,
} from './port.ts'
import { AccessToken } from './token.ts'

const METHODS = { express: 1, same_city: 2, virtual: 3, pickup: 4 } as const
const STATES: ShippingOrderState[] = ['to_ship', 'shipped', 'confirmed', 'completed', 'refunded', 'settling']

/** RFC 3339 with milliseconds and Beijing's offset, as `upload_time` wants it. */
function uploadTime(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3600_000).toISOString().slice(0, 23)}+08:00`
}

function messageBody(message: SubscribeMessage): Record<string, unknown> {
  const data = Object.fromEntries(Object.entries(message.data).map(([key, value]) => [key, { value }]))
  return {
    touser: message.openid,
    template_id: message.templateId,
    data,
    lang: 'zh_CN',
    miniprogram_state: message.state ?? 'formal',
    ...(message.page !== undefined && { page: message.page }),
  }
}

function parcelBody(parcel: ShippingParcel): Record<string, unknown> {
  const contact = {
    ...(parcel.consignorContact !== undefined && { consignor_contact: parcel.consignorContact }),
    ...(parcel.receiverContact !== undefined && { receiver_contact: parcel.receiverContact }),
  }
  return {
    item_desc: parcel.itemDescription,
    ...(parcel.trackingNo !== undefined && { tracking_no: parcel.trackingNo }),
    ...(parcel.expressCompany !== undefined && { express_company: parcel.expressCompany }),
    ...(Object.keys(contact).length > 0 && { contact }),
  }
}

function orderKey(order: ShippingOrderKey): Record<string, unknown> {
  return 'transactionId' in order
    ? { order_number_type: 2, transaction_id: order.transactionId }
    : { order_number_type: 1, mchid: order.mchid, out_trade_no: order.outTradeNo }
}

function shippingBody(shipping: ShippingUpload): Record<string, unknown> {
  return {
    order_key: orderKey(shipping.order),
    logistics_type: METHODS[shipping.method],
    delivery_mode: shipping.split ? 2 : 1,
    ...(shipping.split && { is_all_delivered: shipping.split.allDelivered }),
    shipping_list: shipping.parcels.map(parcelBody),
    upload_time: uploadTime(shipping.uploadedAt),
    payer: { openid: shipping.openid },
  }
}

function readShipping(order: Record<string, unknown>): ShippingState {
  const shipping = typeof order.shipping === 'object' && order.shipping !== null ? member(order, 'shipping') : {}
  const parcels = Array.isArray(shipping.shipping_list)
    ? (shipping.shipping_list as Array<Record<string, unknown>>)
    : []
  const state = STATES[Number(order.order_state) - 1]
  if (!state) {
    const errmsg = `WeChat reports an unknown order state ${String(order.order_state)}`
    throw new WechatApiError({ fault: 'malformed', errmsg, retryable: false })
  }
  return {
    transactionId: required(order, 'transaction_id'),
    outTradeNo: required(order, 'merchant_trade_no'),
    openid: required(order, 'openid'),
    paidFen: Number(required(order, 'paid_amount')),
    state,
    finished: shipping.finish_shipping === true,
    parcels: parcels.map((parcel) => ({
      trackingNo: optional(parcel, 'tracking_no') ?? '',
      expressCompany: optional(parcel, 'express_company') ?? '',
    })),
  }
}

/** The live client of the mini program's server calls. */
export function createWechatMini(config: WechatAppConfig, dependencies: WechatAppDependencies = {}): WechatMini {
  const { appid, secret } = config
  const api = new ApiClient(config, dependencies)
  const token = new AccessToken({ api, appid, secret, now: dependencies.now ?? Date.now })
  return {
    appid,
    accessToken: () => token.get(),
    async codeToSession(jsCode) {
      const query = { appid, secret, js_code: jsCode, grant_type: 'authorization_code' }
      const answer = await api.call({ path: '/sns/jscode2session', query })
      return {
        openid: required(answer, 'openid'),
        sessionKey: required(answer, 'session_key'),
        unionid: optional(answer, 'unionid'),
      }
    },
    async phoneNumber(code, openid) {
      const body = { code, ...(openid !== undefined && { openid }) }
      const answer = await token.call({ path: '/wxa/business/getuserphonenumber', body })
      const phone = member(answer, 'phone_info')
      if (required(member(phone, 'watermark'), 'appid') !== appid) {
        throw new WechatApiError({
          fault: 'malformed',
          errmsg: 'the phone number is for another app',
          retryable: false,
        })
      }
      return {
        phoneNumber: required(phone, 'phoneNumber'),
        purePhoneNumber: required(phone, 'purePhoneNumber'),
        countryCode: required(phone, 'countryCode'),
      }
    },
    async sendSubscribeMessage(message) {
      await token.call({ path: '/cgi-bin/message/subscribe/send', body: messageBody(message) })
    },
    miniCode: ({ scene, page, checkPath = true, width = 430 }) =>
      token.bytes({ path: '/wxa/getwxacodeunlimit', body: { scene, page, check_path: checkPath, width } }),
    async uploadShipping(shipping) {
      await token.call({ path: '/wxa/sec/order/upload_shipping_info', body: shippingBody(shipping) })
    },
    async queryShipping(order) {
      const body =
        'transactionId' in order
          ? { transaction_id: order.transactionId }
          : { merchant_id: order.mchid, merchant_trade_no: order.outTradeNo }
      const answer = await token.call({ path: '/wxa/sec/order/get_order', body })
      return readShipping(member(answer, 'order'))
    },
  }
}
