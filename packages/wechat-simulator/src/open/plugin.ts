import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Faults } from '../faults.ts'
import type { World } from '../world.ts'
import { miniCode } from './mini-code.ts'
import { OpenRefusal } from './refusal.ts'

type Query = Record<string, string | undefined>

const queryOf = (request: FastifyRequest) => request.query as Query
const bodyOf = (request: FastifyRequest) => {
  if (typeof request.body !== 'object' || request.body === null || Array.isArray(request.body)) {
    throw new OpenRefusal(47001, 'data format error')
  }
  return request.body as Record<string, unknown>
}

/** api.weixin.qq.com: every answer is HTTP 200; refusals carry errcode and errmsg. */
export async function openPlugin(app: FastifyInstance, options: { world: World; faults: Faults }): Promise<void> {
  const { world, faults } = options
  const { apps } = world
  const tokenOf = (request: FastifyRequest) => apps.checkAppToken(queryOf(request).access_token)
  const miniOnly = (request: FastifyRequest) => {
    const appid = tokenOf(request)
    if (appid !== apps.miniAppid) throw new OpenRefusal(48001, 'api unauthorized')
    return appid
  }
  const ok = { errcode: 0, errmsg: 'ok' }

  app.addHook('preHandler', async (request, reply) => {
    const fault = faults.take(request.method, request.raw.url ?? '')
    if (fault?.kind === 'refuse') throw new OpenRefusal(fault.errcode, fault.message)
    if (!fault) return
    reply.hijack()
    request.raw.socket.destroy()
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof OpenRefusal) return reply.code(200).send(error.body())
    if (error.statusCode && error.statusCode < 500) {
      return reply.code(200).send(new OpenRefusal(47001, 'data format error').body())
    }
    console.error(`${request.method} ${request.url.split('?')[0]}`, error)
    return reply.code(200).send(new OpenRefusal(-1, 'system error').body())
  })

  app.get('/sns/jscode2session', (request) => {
    const query = queryOf(request)
    const appid = apps.checkSecret(query.appid, query.secret)
    if (query.grant_type !== 'authorization_code') throw new OpenRefusal(40002, 'invalid grant_type')
    if (appid !== apps.miniAppid) throw new OpenRefusal(40013, 'invalid appid')
    return apps.codeToSession(appid, query.js_code)
  })
  app.post('/cgi-bin/stable_token', (request) => {
    const body = bodyOf(request)
    if (body.grant_type !== 'client_credential') throw new OpenRefusal(40002, 'invalid grant_type')
    return apps.stableToken(apps.checkSecret(body.appid, body.secret), body.force_refresh === true)
  })
  // Any app stands for a WeCom corp of the same id and secret.
  app.get('/cgi-bin/gettoken', (request) => {
    const query = queryOf(request)
    return apps.stableToken(apps.checkSecret(query.corpid, query.corpsecret), false)
  })
  app.post('/wxa/business/getuserphonenumber', (request) => {
    const appid = miniOnly(request)
    const { code, openid } = bodyOf(request)
    const { person } = apps.usePersonCode('phone', code, appid)
    if (openid !== undefined && openid !== person.openids[appid]) throw new OpenRefusal(40029, 'invalid code')
    const watermark = { timestamp: Math.floor(world.clock.now() / 1000), appid }
    const phone_info = { phoneNumber: person.phone, purePhoneNumber: person.phone, countryCode: '86', watermark }
    return { ...ok, phone_info }
  })
  app.post('/cgi-bin/message/subscribe/send', (request) => {
    world.subscribe.send(miniOnly(request), bodyOf(request))
    return ok
  })
  app.post('/wxa/getwxacodeunlimit', async (request, reply) => {
    const code = await miniCode(miniOnly(request), bodyOf(request))
    return reply.type('image/png').send(code)
  })
  app.post('/wxa/sec/order/upload_shipping_info', (request) => {
    miniOnly(request)
    world.shipments.upload(bodyOf(request))
    return ok
  })
  app.post('/wxa/sec/order/get_order', (request) => {
    miniOnly(request)
    return { ...ok, order: world.shipments.get(bodyOf(request)) }
  })
  app.get('/sns/oauth2/access_token', (request) => {
    const query = queryOf(request)
    const appid = apps.checkSecret(query.appid, query.secret)
    if (query.grant_type !== 'authorization_code') throw new OpenRefusal(40002, 'invalid grant_type')
    return apps.exchangeWebCode(appid, query.code)
  })
  app.get('/sns/userinfo', (request) => apps.userInfo(queryOf(request).access_token, queryOf(request).openid))
}
