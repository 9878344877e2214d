import type { FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { checkMembers, type Members } from './fields.ts'
import { NUMERIC, PayRefusal, parameterError } from './refusal.ts'

export const queryOf = (request: FastifyRequest) => request.query as Record<string, string | undefined>

/** Parses and checks a signed body against the members it may have. */
export function readBody<T>(request: FastifyRequest, members: Members): T {
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

export function checkMerchant(world: World, mchid: string | undefined, place: 'body' | 'query', name = 'mchid'): void {
  if (!mchid) {
    const issue = '映射到字段“直连商户号”必填性规则校验失败，此字段为必填项'
    throw parameterError({ field: `/${name}`, issue, place })
  }
  if (mchid === world.mchid) return
  const issue = '与请求头Authorization中的商户号不一致'
  throw parameterError({ field: `/${name}`, issue, value: mchid, place, numeric: NUMERIC.merchantOrderMismatch })
}

/** A sub-merchant is one of the merchants this world knows, and never the partner itself. */
export function checkSubMerchant(world: World, subMchid: string | undefined, place: 'body' | 'query'): string {
  if (!subMchid) {
    const issue = '映射到字段“子商户号”必填性规则校验失败，此字段为必填项'
    throw parameterError({ field: '/sub_mchid', issue, place, numeric: NUMERIC.subMerchantRequired })
  }
  if (subMchid === world.mchid) {
    const issue = '子商户号不能与服务商户号相同'
    throw parameterError({ field: '/sub_mchid', issue, value: subMchid, place, numeric: NUMERIC.subMerchantIsSelf })
  }
  if (!world.accounts.merchant(subMchid)) {
    throw new PayRefusal(403, 'NO_AUTH', '该子商户未与服务商建立受理关系', NUMERIC.noAcceptance)
  }
  return subMchid
}

export function checkApp(world: World, appid: string | undefined): void {
  if (appid !== undefined && world.apps.has(appid)) return
  const message = '商户号该产品权限未与appid绑定，请核实后再试：appid和mchid不匹配'
  throw new PayRefusal(400, 'APPID_MCHID_NOT_MATCH', message, NUMERIC.appidMerchantMismatch)
}

export function checkPayer(world: World, appid: string, openid: string, field = '/payer/openid'): void {
  const owner = world.people.appOf(openid)
  if (owner === appid) return
  const issue = owner ? '与appid不匹配' : '无效的openid'
  throw parameterError({ field, issue, value: openid })
}

/** WeChat requires https. A desk has no certificate, so hosts that never leave it may speak http. */
export function checkNotifyUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const local = url && /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])|^[^.]+$/.test(url.hostname)
  if (url && (url.protocol === 'https:' || local)) return
  throw parameterError({ field: '/notify_url', value: text, issue: '应为https开头的完整地址，且不携带参数' })
}

/** Opens a sensitive field; its key must be named in the header. */
export function openSensitive(world: World, request: FastifyRequest, ciphertext: string | undefined): string | null {
  if (ciphertext === undefined) return null
  const serial = request.headers['wechatpay-serial']
  if (serial === undefined) {
    const message = 'Http头缺少Wechatpay-Serial，请求含有敏感字段'
    throw new PayRefusal(400, 'PARAM_ERROR', message, NUMERIC.parameter)
  }
  const text = world.signer.open(String(serial), ciphertext)
  if (text === undefined) throw new PayRefusal(400, 'PARAM_ERROR', '敏感信息解密失败', NUMERIC.parameter)
  return text
}
