import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseRfc3339, rfc3339 } from '../beijing.ts'
import type { World } from '../world.ts'
import type { TradeBillType } from './bills.ts'
import { checkApp, checkMerchant, checkNotifyUrl, checkPayer, checkSubMerchant, queryOf, readBody } from './bodies.ts'
import {
  closeBody,
  h5Body,
  jsapiBody,
  nativeBody,
  partnerCloseBody,
  partnerH5Body,
  partnerJsapiBody,
  partnerNativeBody,
  refundBody,
} from './body-schemas.ts'
import type { Members } from './fields.ts'
import { isHurried } from './hurry.ts'
import type { Order, TradeType } from './orders.ts'
import type { RefundRequest } from './refunds.ts'
import { invalidRequest, NUMERIC, orderNotExist, PayRefusal, parameterError } from './refusal.ts'

interface PrepayBody {
  appid?: string
  mchid?: string
  sp_appid?: string
  sp_mchid?: string
  sub_appid?: string
  sub_mchid?: string
  description: string
  out_trade_no: string
  time_expire?: string
  attach?: string
  notify_url: string
  amount: { total: number }
  payer?: { openid?: string; sp_openid?: string; sub_openid?: string }
  scene_info?: { device_id?: string }
  settle_info?: { profit_sharing?: boolean }
}

/** Whose order a body places: the merchant's own, or a partner's for its sub-merchant. */
function partiesOf(world: World, body: PrepayBody): Pick<Order, 'appid' | 'sub_mchid' | 'sub_appid' | 'payee'> {
  if (body.sp_mchid === undefined) {
    checkMerchant(world, body.mchid, 'body')
    checkApp(world, body.appid)
    return { appid: body.appid!, sub_mchid: null, sub_appid: null, payee: null }
  }
  checkMerchant(world, body.sp_mchid, 'body', 'sp_mchid')
  const subMchid = checkSubMerchant(world, body.sub_mchid, 'body')
  checkApp(world, body.sp_appid)
  if (body.sub_appid !== undefined) checkApp(world, body.sub_appid)
  return { appid: body.sp_appid!, sub_mchid: subMchid, sub_appid: body.sub_appid ?? null, payee: subMchid }
}

/** The openid that may pay a JSAPI order, checked against the app it belongs to. */
function payerOf(world: World, body: PrepayBody): string {
  const { openid, sp_openid, sub_openid } = body.payer ?? {}
  if (body.sp_mchid === undefined) {
    checkPayer(world, body.appid!, openid ?? '')
    return openid!
  }
  if (sub_openid !== undefined) {
    if (body.sub_appid === undefined) {
      throw parameterError({ field: '/sub_appid', issue: '传入sub_openid时，sub_appid必填' })
    }
    checkPayer(world, body.sub_appid, sub_openid, '/payer/sub_openid')
    return sub_openid
  }
  checkPayer(world, body.sp_appid!, sp_openid ?? '', '/payer/sp_openid')
  return sp_openid!
}

export function readExpiry(text: string | undefined): number | null {
  const expire = text === undefined ? null : parseRfc3339(text)
  if (text !== undefined && expire === null) {
    throw parameterError({ field: '/time_expire', value: text, issue: '格式错误，应为RFC3339' })
  }
  return expire
}

function placeOrder(world: World, request: FastifyRequest, type: TradeType, members: Members): string {
  const body = readBody<PrepayBody>(request, members)
  const parties = partiesOf(world, body)
  const openid = type === 'JSAPI' ? payerOf(world, body) : null
  checkNotifyUrl(body.notify_url)
  return world.orders.prepay({
    trade_type: type,
    // What the phone opens with: the sub-merchant's app when its openid pays.
    ...{ appid: parties.appid, sub_mchid: parties.sub_mchid ?? undefined, payee: parties.payee ?? undefined },
    sub_appid: parties.sub_appid ?? undefined,
    out_trade_no: body.out_trade_no,
    description: body.description,
    attach: body.attach ?? '',
    notify_url: body.notify_url,
    amount: body.amount.total,
    device_id: body.scene_info?.device_id ?? '',
    openid,
    time_expire_ms: readExpiry(body.time_expire),
    profit_sharing: body.settle_info?.profit_sharing === true,
    body,
  })
}

export const nativeCode = (token: string) => `weixin://wxpay/bizpayurl?pr=${token}`
export const h5Address = (world: World, token: string) => `${world.publicUrl}/h5/pay?prepay_id=${token}`

/** An order as its own merchant, or its partner, may see it. */
function visible(order: Order | undefined, subMchid: string | null): Order {
  if (!order || order.combine_no !== null) throw orderNotExist()
  if (order.sub_mchid !== subMchid) {
    const numeric = subMchid === null ? NUMERIC.merchantOrderMismatch : NUMERIC.subMerchantOrderMismatch
    throw new PayRefusal(400, 'INVALID_REQUEST', '商户号与订单号不匹配', numeric)
  }
  return order
}

export function orderRoutes(app: FastifyInstance, world: World): void {
  const own = '/v3/pay/transactions'
  const partner = '/v3/pay/partner/transactions'
  const bodies = {
    [own]: { jsapi: jsapiBody, native: nativeBody, h5: h5Body, close: closeBody },
    [partner]: { jsapi: partnerJsapiBody, native: partnerNativeBody, h5: partnerH5Body, close: partnerCloseBody },
  }
  for (const [base, members] of Object.entries(bodies)) {
    const asker = (request: FastifyRequest): string | null => {
      const query = queryOf(request)
      checkMerchant(world, base === own ? query.mchid : query.sp_mchid, 'query', base === own ? 'mchid' : 'sp_mchid')
      return base === own ? null : checkSubMerchant(world, query.sub_mchid, 'query')
    }
    app.post(`${base}/jsapi`, (request) => ({ prepay_id: placeOrder(world, request, 'JSAPI', members.jsapi) }))
    app.post(`${base}/native`, (request) => ({
      code_url: nativeCode(placeOrder(world, request, 'NATIVE', members.native)),
    }))
    app.post(`${base}/h5`, (request) => ({ h5_url: h5Address(world, placeOrder(world, request, 'MWEB', members.h5)) }))
    app.get<{ Params: { id: string } }>(`${base}/id/:id`, (request) => {
      const order = visible(world.orders.byTransactionId(request.params.id), asker(request))
      return world.orders.transaction(order, world.mchid)
    })
    app.get<{ Params: { no: string } }>(`${base}/out-trade-no/:no`, (request) => {
      const order = visible(world.orders.get(request.params.no), asker(request))
      return world.orders.transaction(order, world.mchid)
    })
    app.post<{ Params: { no: string } }>(`${base}/out-trade-no/:no/close`, (request, reply) => {
      const body = readBody<{ mchid?: string; sp_mchid?: string; sub_mchid?: string }>(request, members.close)
      checkMerchant(world, body.mchid ?? body.sp_mchid, 'body', base === own ? 'mchid' : 'sp_mchid')
      visible(world.orders.get(request.params.no), body.sub_mchid ?? null)
      world.orders.close(request.params.no)
      return reply.code(204).send()
    })
  }
}

export function refundRoutes(app: FastifyInstance, world: World): void {
  app.post('/v3/refund/domestic/refunds', (request) => {
    const body = readBody<RefundRequest>(request, refundBody)
    if (!body.transaction_id && !body.out_trade_no) {
      throw invalidRequest('transaction_id和out_trade_no必须二选一')
    }
    if (body.sub_mchid !== undefined) checkSubMerchant(world, body.sub_mchid, 'body')
    if (body.notify_url) checkNotifyUrl(body.notify_url)
    const refund = world.refunds.request(body, isHurried(request))
    world.agenda.wake()
    return world.refunds.reply(refund, world.orders.get(refund.out_trade_no)!)
  })
  app.get<{ Params: { no: string } }>('/v3/refund/domestic/refunds/:no', (request) => {
    const refund = world.refunds.get(request.params.no)
    if (!refund) throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在', NUMERIC.UNPUBLISHED)
    return world.refunds.reply(refund, world.orders.get(refund.out_trade_no)!)
  })
}

export function certificateRoutes(app: FastifyInstance, world: World): void {
  app.get('/v3/certificates', () => {
    if (world.settings.get().platform_certificates === 'none') {
      throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请使用微信支付公钥验签', NUMERIC.UNPUBLISHED)
    }
    const data = world.material.platform.certificates.map((certificate) => ({
      serial_no: certificate.serial,
      effective_time: rfc3339(certificate.effectiveMs),
      expire_time: rfc3339(certificate.expireMs),
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        ...world.signer.seal(certificate.certificatePem, 'certificate'),
      },
    }))
    return { data }
  })
}

function oneOf(request: FastifyRequest, name: string, allowed: string[], fallback: string): string {
  const value = queryOf(request)[name] ?? fallback
  if (allowed.includes(value)) return value
  throw parameterError({ field: `/${name}`, value, issue: '枚举规则校验失败', place: 'query' })
}

export function billRoutes(app: FastifyInstance, world: World): void {
  const publish = (request: FastifyRequest, write: (day: string, subMchid: string | null) => string) => {
    const { bill_date: day, sub_mchid: subMchid } = queryOf(request)
    if (!day) throw parameterError({ field: '/bill_date', issue: '必填性规则校验失败，此字段为必填项', place: 'query' })
    if (subMchid !== undefined) checkSubMerchant(world, subMchid, 'query')
    const gzip = oneOf(request, 'tar_type', ['GZIP', ''], '') === 'GZIP'
    return world.bills.publish(write(day, subMchid ?? null), gzip, world.publicUrl)
  }
  app.get('/v3/bill/tradebill', (request) => {
    const type = oneOf(request, 'bill_type', ['ALL', 'SUCCESS', 'REFUND'], 'ALL') as TradeBillType
    return publish(request, (day, subMchid) => world.bills.trade(day, type, subMchid))
  })
  app.get('/v3/bill/fundflowbill', (request) => {
    const account = oneOf(request, 'account_type', ['BASIC', 'OPERATION', 'FEES'], 'BASIC')
    return publish(request, (day) => world.bills.fundFlow(day, account))
  })
  app.get('/v3/profitsharing/bills', (request) =>
    publish(request, (day, subMchid) => world.splitBills.write(day, subMchid ?? world.mchid)),
  )
  app.get('/v3/billdownload/file', (request, reply: FastifyReply) => {
    const bill = world.bills.download(queryOf(request).token ?? '')
    if (!bill) throw new PayRefusal(400, 'PARAM_ERROR', '下载链接无效或已过期', NUMERIC.parameter)
    if (bill.gzip) return reply.type('application/gzip').send(gzipSync(bill.text))
    return reply.type('text/plain; charset=utf-8').send(bill.text)
  })
}
