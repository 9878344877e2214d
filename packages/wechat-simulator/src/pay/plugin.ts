import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Fault, Faults } from '../faults.ts'
import type { World } from '../world.ts'
import { hurry, isHurried } from './hurry.ts'
import { combineRoutes, sharingRoutes, transferRoutes } from './money-routes.ts'
import { NUMERIC, PayRefusal } from './refusal.ts'
import { RequestAuth } from './request-auth.ts'
import { billRoutes, certificateRoutes, orderRoutes, refundRoutes } from './routes.ts'

const BILL_FILE = '/v3/billdownload/file'

const LONGEST_HURRY_MS = 3000
const sleep = (ms: number) => setTimeout(ms, undefined, { ref: false })

function requestId(numeric: number): string {
  return `08${randomBytes(16).toString('hex').toUpperCase()}-${numeric}`
}

function refuse(reply: FastifyReply, refusal: PayRefusal): FastifyReply {
  reply.header('Request-ID', requestId(refusal.numeric))
  const { code, message, detail } = refusal
  return reply.code(refusal.status).send({ code, message, ...(detail && { detail }) })
}

/** WeChat Pay APIv3: every call is verified before it is read, every 2xx is signed after it is written. */
export async function payPlugin(app: FastifyInstance, options: { world: World; faults: Faults }): Promise<void> {
  const { world, faults } = options
  const auth = new RequestAuth(world.clock, world.material.credentials)
  const playing = new WeakMap<FastifyRequest, Fault>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.addHook('preHandler', async (request, reply) => {
    const fault = faults.take(request.method, request.raw.url ?? '')
    if (fault?.kind === 'drop') {
      reply.hijack()
      request.raw.socket.destroy()
      return
    }
    auth.check(request)
    const serial = request.headers['wechatpay-serial']
    if (serial !== undefined && !world.signer.knows(String(serial))) {
      throw new PayRefusal(400, 'PARAM_ERROR', 'Http头Wechatpay-Serial错误，平台公钥或证书不存在', NUMERIC.parameter)
    }
    if (fault?.kind === 'refuse') throw new PayRefusal(fault.status, fault.code, fault.message, NUMERIC.UNPUBLISHED)
    if (fault?.kind === 'notify_first') hurry(request)
    if (fault) playing.set(request, fault)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = playing.get(request)
    if (fault?.kind === 'drop_after') {
      request.raw.socket.destroy()
      return payload
    }
    if (fault?.kind === 'slow') await sleep(fault.delay_ms)
    // Bounded: under load there is always something due.
    if (isHurried(request)) await Promise.race([world.agenda.settle(), sleep(LONGEST_HURRY_MS)])
    const signed = reply.statusCode < 300 && !(request.raw.url ?? '').startsWith(BILL_FILE)
    if (!reply.hasHeader('Request-ID')) reply.header('Request-ID', requestId(0))
    if (!signed) return payload
    const wanted = request.headers['wechatpay-serial']
    const serial = wanted === undefined ? world.signer.certificateSerial : String(wanted)
    const body = payload === null || payload === undefined ? '' : String(payload)
    const headers = world.signer.headers(serial, body, world.clock.signatureNow())
    if (fault?.kind === 'bad_signature')
      headers['Wechatpay-Signature'] = `WECHATPAY/SIGNTEST/${randomBytes(64).toString('base64')}`
    reply.headers(headers)
    return payload
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof PayRefusal) return refuse(reply, error)
    if (error.statusCode && error.statusCode < 500) {
      return refuse(reply, new PayRefusal(error.statusCode, 'PARAM_ERROR', error.message, NUMERIC.parameter))
    }
    console.error(`${request.method} ${request.url}`, error)
    return refuse(reply, new PayRefusal(500, 'SYSTEM_ERROR', '系统错误', NUMERIC.UNPUBLISHED))
  })

  orderRoutes(app, world)
  refundRoutes(app, world)
  sharingRoutes(app, world)
  transferRoutes(app, world)
  combineRoutes(app, world)
  certificateRoutes(app, world)
  billRoutes(app, world)
  app.all('/v3/*', () => {
    throw new PayRefusal(404, 'INTERFACE_NOT_EXISTS', '接口不存在', NUMERIC.UNPUBLISHED)
  })
}
