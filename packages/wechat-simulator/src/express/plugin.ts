import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Faults } from '../faults.ts'
import type { World } from '../world.ts'
import { resultOf } from './parcels.ts'
import { md5 } from './pushes.ts'

/** The carriers that are followed, by Kuaidi100's codes. */
const COMPANIES = new Set([
  ...['shunfeng', 'zhongtong', 'yuantong', 'yunda', 'shentong', 'jd', 'ems', 'youzhengguonei', 'jtexpress'],
  ...['debangkuaidi', 'kuayue', 'huitongkuaidi', 'tiantian', 'zhaijisong'],
])
/** SF tells only who knows the end of a phone number. */
const ASKS_FOR_PHONE = new Set(['shunfeng', 'shunfengkuaiyun'])
const NUMBER = /^[A-Za-z0-9-]{5,32}$/

const subscription = z.object({
  company: z.string().max(40),
  number: z.string().max(64),
  key: z.string().max(64),
  from: z.string().max(100).default(''),
  to: z.string().max(100).default(''),
  parameters: z.object({
    callbackurl: z.url({ protocol: /^https?$/ }).max(500),
    salt: z.string().max(100).default(''),
    phone: z.string().max(20).default(''),
  }),
})
const question = z.object({
  com: z.string().max(40),
  num: z.string().max(64),
  phone: z.string().max(20).default(''),
})

/** A refusal in Kuaidi100's own words: always HTTP 200. */
class ExpressRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** poll.kuaidi100.com: `POST /poll` follows a parcel, `POST /poll/query.do` asks about it now. */
export async function expressPlugin(app: FastifyInstance, options: { world: World; faults: Faults }): Promise<void> {
  const { world, faults } = options
  const { env } = world.material.credentials
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('preHandler', async (request, reply) => {
    const fault = faults.take(request.method, request.raw.url ?? '')
    if (fault?.kind === 'refuse') throw new ExpressRefusal(fault.code, fault.message)
    if (!fault) return
    reply.hijack()
    request.raw.socket.destroy()
  })
  app.setErrorHandler((error: Error, _request, reply) => {
    if (error instanceof ExpressRefusal)
      return reply.send({ result: false, returnCode: error.code, message: error.message })
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return reply.send({ result: false, returnCode: '701', message: '拒绝订阅的请求：参数格式不正确' })
    console.error('express', error)
    return reply.send({ result: false, returnCode: '500', message: '服务器错误' })
  })

  app.post('/poll', (request) => {
    const form = formOf(request)
    if (form.schema !== 'json') throw new ExpressRefusal('701', '拒绝订阅的请求：schema 应为 json')
    const { company, number, key, from, to, parameters } = subscription.parse(JSON.parse(form.param ?? ''))
    if (key !== env.EXPRESS_KEY) throw new ExpressRefusal('600', '您不是合法的订阅者（即授权 Key 出错）')
    checkParcel(company, number)
    checkPhone(company, parameters.phone)
    const isNew = world.parcels.follow({
      ...{ company, number, from, to, phone: parameters.phone },
      ...{ callbackUrl: parameters.callbackurl, salt: parameters.salt },
    })
    if (!isNew) throw new ExpressRefusal('501', '重复订阅')
    world.agenda.wake()
    return { result: true, returnCode: '200', message: '提交成功' }
  })

  app.post('/poll/query.do', (request) => {
    const { customer, sign, param = '' } = formOf(request)
    if (customer !== env.EXPRESS_CUSTOMER || sign !== md5(param + env.EXPRESS_KEY + env.EXPRESS_CUSTOMER))
      throw new ExpressRefusal('503', '验证签名失败')
    const { com, num, phone } = question.parse(JSON.parse(param))
    checkParcel(com, num)
    checkPhone(com, phone)
    const parcel = world.parcels.find(num)
    const lines = parcel?.company === com ? world.parcels.lines(num) : []
    if (!parcel || lines.length === 0) throw new ExpressRefusal('500', '查询无结果，请隔段时间再查')
    return resultOf(parcel, lines)
  })
}

const formOf = (request: FastifyRequest) => (request.body ?? {}) as Record<string, string | undefined>

function checkParcel(company: string, number: string): void {
  if (!COMPANIES.has(company)) throw new ExpressRefusal('700', '不支持的快递公司')
  if (!NUMBER.test(number)) throw new ExpressRefusal('702', '识别不到该单号对应的快递公司')
}

function checkPhone(company: string, phone: string): void {
  if (ASKS_FOR_PHONE.has(company) && !/\d{4}$/.test(phone))
    throw new ExpressRefusal('408', '快递公司参数异常：验证码错误')
}
