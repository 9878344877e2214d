import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseRfc3339, rfc3339 } from '../beijing.ts'
import type { World } from '../world.ts'
import type { TradeBillType } from './bills.ts'
import { closeBody, h5Body, jsapiBody, nativeBody, refundBody } from './body-schemas.ts'
import { checkMembers, type Members } from './fields.ts'
import type { TradeType } from './orders.ts'
import type { RefundRequest } from './refunds.ts'
import { invalidRequest, NUMERIC, orderNotExist, PayRefusal, parameterError } from './refusal.ts'

interface PrepayBody {
  appid: string
  mchid: string
  description: string
  out_trade_no: string
  time_expire?: string
  attach?: string
  notify_url: string
  amount: { total: number }
  payer?: { openid?: string }
  scene_info?: { device_id?: string }
}

const queryOf = (request: FastifyRequest) => request.query as Record<string, string | undefined>

/** Parses and checks a signed body against the members it may have. */
function readBody<T>(request: FastifyRequest, members: Members): T {
  const raw = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : ''
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    throw new PayRefusal(400, 'PARAM_ERROR', '请求报文不是合法的JSON', NUMERIC.parameter)
  }
  checkMembers(members, value)
  return value as T
}

function checkMerchant(world: World, mchid: string | undefined, place: 'body' | 'query'): void {
  if (!mchid)
    throw parameterError({ field: '/mchid', issue: '映射到字段“直连商户号”必填性规则校验失败，此字段为必填项', place })
  if (mchid === world.mchid) return
  const issue = '与请求头Authorization中的商户号不一致'
  throw parameterError({ field: '/mchid', issue, value: mchid, place, numeric: NUMERIC.merchantOrderMismatch })
}

function checkPayer(world: World, appid: string, openid: string): void {
  const owner = world.people.appOf(openid)
  if (owner === appid) return
  const issue = owner ? '与appid不匹配' : '无效的openid'
  throw parameterError({ field: '/payer/openid', issue, value: openid })
}

function placeOrder(world: World, request: FastifyRequest, type: TradeType, members: Members): string {
  const body = readBody<PrepayBody>(request, members)
  checkMerchant(world, body.mchid, 'body')
  if (!world.apps.has(body.appid)) {
    const message = '商户号该产品权限未与appid绑定，请核实后再试：appid和mchid不匹配'
    throw new PayRefusal(400, 'APPID_MCHID_NOT_MATCH', message, NUMERIC.appidMerchantMismatch)
  }
  const openid = body.payer?.openid ?? null
  if (type === 'JSAPI') checkPayer(world, body.appid, openid ?? '')
  checkNotifyUrl(body.notify_url)
  const expire = body.time_expire === undefined ? null : parseRfc3339(body.time_expire)
  if (body.time_expire !== undefined && expire === null) {
    throw parameterError({ field: '/time_expire', value: body.time_expire, issue: '格式错误，应为RFC3339' })
  }
  return world.orders.prepay({
    trade_type: type,
    appid: body.appid,
    out_trade_no: body.out_trade_no,
    description: body.description,
    attach: body.attach ?? '',
    notify_url: body.notify_url,
    amount: body.amount.total,
    device_id: body.scene_info?.device_id ?? '',
    openid,
    time_expire_ms: expire,
    body,
  })
}

/** WeChat requires https. A desk has no certificate, so hosts that never leave it may speak http. */
function checkNotifyUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const local = url && /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])|^[^.]+$/.test(url.hostname)
  if (url && (url.protocol === 'https:' || local)) return
  throw parameterError({ field: '/notify_url', value: text, issue: '应为https开头的完整地址，且不携带参数' })
}

export function orderRoutes(app: FastifyInstance, world: World): void {
  app.post('/v3/pay/transactions/jsapi', (request) => ({ prepay_id: placeOrder(world, request, 'JSAPI', jsapiBody) }))
  app.post('/v3/pay/transactions/native', (request) => ({
    code_url: `weixin://wxpay/bizpayurl?pr=${placeOrder(world, request, 'NATIVE', nativeBody)}`,
  }))
  app.post('/v3/pay/transactions/h5', (request) => ({
    h5_url: `${world.publicUrl}/h5/pay?prepay_id=${placeOrder(world, request, 'MWEB', h5Body)}`,
  }))
  app.get<{ Params: { id: string } }>('/v3/pay/transactions/id/:id', (request) => {
    checkMerchant(world, queryOf(request).mchid, 'query')
    const order = world.orders.byTransactionId(request.params.id)
    if (!order) throw orderNotExist()
    return world.orders.transaction(order, world.mchid)
  })
  app.get<{ Params: { no: string } }>('/v3/pay/transactions/out-trade-no/:no', (request) => {
    checkMerchant(world, queryOf(request).mchid, 'query')
    const order = world.orders.get(request.params.no)
    if (!order) throw orderNotExist()
    return world.orders.transaction(order, world.mchid)
  })
  app.post<{ Params: { no: string } }>('/v3/pay/transactions/out-trade-no/:no/close', (request, reply) => {
    checkMerchant(world, readBody<{ mchid: string }>(request, closeBody).mchid, 'body')
    world.orders.close(request.params.no)
    return reply.code(204).send()
  })
}

export function refundRoutes(app: FastifyInstance, world: World): void {
  app.post('/v3/refund/domestic/refunds', (request) => {
    const body = readBody<RefundRequest>(request, refundBody)
    if (!body.transaction_id && !body.out_trade_no) {
      throw invalidRequest('transaction_id和out_trade_no必须二选一')
    }
    if (body.notify_url) checkNotifyUrl(body.notify_url)
    const refund = world.refunds.request(body)
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
  const publish = (request: FastifyRequest, write: (day: string) => string) => {
    const day = queryOf(request).bill_date
    if (!day) throw parameterError({ field: '/bill_date', issue: '必填性规则校验失败，此字段为必填项', place: 'query' })
    const gzip = oneOf(request, 'tar_type', ['GZIP', ''], '') === 'GZIP'
    return world.bills.publish(write(day), gzip, world.publicUrl)
  }
  app.get('/v3/bill/tradebill', (request) => {
    const type = oneOf(request, 'bill_type', ['ALL', 'SUCCESS', 'REFUND'], 'ALL') as TradeBillType
    return publish(request, (day) => world.bills.trade(day, type))
  })
  app.get('/v3/bill/fundflowbill', (request) => {
    const account = oneOf(request, 'account_type', ['BASIC', 'OPERATION', 'FEES'], 'BASIC')
    return publish(request, (day) => world.bills.fundFlow(day, account))
  })
  app.get('/v3/billdownload/file', (request, reply: FastifyReply) => {
    const bill = world.bills.download(queryOf(request).token ?? '')
    if (!bill) throw new PayRefusal(400, 'PARAM_ERROR', '下载链接无效或已过期', NUMERIC.parameter)
    if (bill.gzip) return reply.type('application/gzip').send(gzipSync(bill.text))
    return reply.type('text/plain; charset=utf-8').send(bill.text)
  })
}
