import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parcelRoutes } from '../express/control.ts'
import type { Faults } from '../faults.ts'
import { lookUp, PhoneRefusal, payOnPhone, tokenOf } from '../pay/phone-payment.ts'
import type { World } from '../world.ts'
import { faultRoutes, moneyControlRoutes } from './money.ts'
import { ControlRefusal } from './refusal.ts'

const paymentRequest = z.object({
  appId: z.string().max(64),
  timeStamp: z.string().max(32),
  nonceStr: z.string().max(64),
  package: z.string().max(256),
  signType: z.string().max(16),
  paySign: z.string().max(1024),
})
const payable = z.object({
  prepay_id: z.string().max(128).optional(),
  code_url: z.string().max(512).optional(),
  h5_url: z.string().max(2048).optional(),
})
const paySchema = payable.extend({
  request: paymentRequest.optional(),
  person: z.string().min(1).max(128),
  action: z.enum(['confirm', 'refuse']),
})
const personSchema = z.strictObject({
  name: z.string().trim().min(1).max(20),
  phone: z.string().regex(/^1\d{10}$/, '手机号应为 11 位'),
  avatar_color: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .optional(),
})
const appidSchema = z.object({ appid: z.string().max(64).optional() })
const subscribeSchema = appidSchema.extend({ template_ids: z.array(z.string().max(64)).min(1).max(5) })
const templateSchema = z.strictObject({
  id: z.string().min(1).max(64),
  title: z.string().min(1).max(40),
  fields: z
    .array(z.strictObject({ key: z.string().max(40), name: z.string().max(20) }))
    .min(1)
    .max(10),
})
const advanceSchema = z.strictObject({
  ms: z
    .int()
    .min(0)
    .max(366 * 86_400_000),
})
const beginSchema = z.strictObject({ behind_ms: advanceSchema.shape.ms })
const outcomeSchema = z.strictObject({ outcome: z.enum(['SUCCESS', 'CLOSED', 'ABNORMAL', 'PROCESSING']) })
const listSchema = z.object({
  person: z.string().max(128).optional(),
  subject: z.string().max(64).optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** `/__sim/…`: what hands and eyes do on a desk. Nothing of it exists at WeChat. */
export async function controlPlugin(app: FastifyInstance, options: { world: World; faults: Faults }): Promise<void> {
  const { world, faults } = options
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Access-Control-Allow-Origin', '*')
    reply.header('Access-Control-Allow-Headers', 'content-type')
    reply.header('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE')
    reply.header('Cache-Control', 'no-store')
  })
  app.options('/__sim/*', (_request, reply) => reply.code(204).send())
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const answer = (status: number, code: string, message: string) =>
      reply.code(status).send({ error: { code, message } })
    if (error instanceof z.ZodError) return answer(400, 'INVALID_INPUT', z.prettifyError(error))
    if (error instanceof PhoneRefusal) return answer(409, error.code, error.message)
    if (error.statusCode && error.statusCode < 500) return answer(error.statusCode, 'REFUSED', error.message)
    console.error(`${request.method} ${request.url}`, error)
    return answer(500, 'INTERNAL', '模拟器内部错误')
  })
  peopleRoutes(app, world)
  moneyRoutes(app, world)
  deskRoutes(app, world)
  moneyControlRoutes(app, world)
  faultRoutes(app, faults)
  parcelRoutes(app, world)
}

function personOf(world: World, request: FastifyRequest) {
  const { id } = request.params as { id: string }
  const person = world.people.find(id)
  if (!person) throw new ControlRefusal(`没有这个人：${id}`)
  return person
}

function appidOf(world: World, body: unknown, fallback: string): string {
  const appid = appidSchema.parse(body ?? {}).appid ?? fallback
  if (!world.apps.has(appid)) throw new ControlRefusal(`没有这个应用：${appid}`)
  return appid
}

function peopleRoutes(app: FastifyInstance, world: World): void {
  app.get('/__sim/people', () => ({ people: world.people.list() }))
  app.post('/__sim/people', (request, reply) => {
    const input = personSchema.parse(request.body)
    if (world.people.phoneTaken(input.phone)) throw new PhoneRefusal('PHONE_TAKEN', `手机号 ${input.phone} 已有主人`)
    return reply.code(201).send(world.people.create(input))
  })
  app.post('/__sim/people/:id/login-code', (request) => {
    const appid = appidOf(world, request.body, world.apps.miniAppid)
    return { code: world.people.newCode('login', personOf(world, request).id, appid) }
  })
  app.post('/__sim/people/:id/phone-code', (request) => {
    const appid = appidOf(world, request.body, world.apps.miniAppid)
    return { code: world.people.newCode('phone', personOf(world, request).id, appid) }
  })
  app.post('/__sim/people/:id/subscribe', (request) => {
    const { template_ids } = subscribeSchema.parse(request.body)
    const known = template_ids.filter((id) => world.subscribe.template(id))
    world.subscribe.grant(personOf(world, request), appidOf(world, request.body, world.apps.miniAppid), known)
    const answers = template_ids.map((id) => [id, known.includes(id) ? 'accept' : 'filter'])
    return { errMsg: 'requestSubscribeMessage:ok', ...Object.fromEntries(answers) }
  })
  app.get('/__sim/messages', (request) => {
    const { person, before, limit } = listSchema.parse(request.query)
    const owner = person === undefined ? undefined : (world.people.find(person)?.id ?? person)
    return { messages: world.messages.list({ person_id: owner, before, limit }) }
  })
}

function moneyRoutes(app: FastifyInstance, world: World): void {
  app.post('/__sim/pay', (request) => {
    const input = paySchema.parse(request.body)
    const { result, order } = payOnPhone(world, input)
    return {
      result,
      errMsg: result === 'ok' ? 'requestPayment:ok' : 'requestPayment:fail cancel',
      out_trade_no: order.out_trade_no,
      transaction_id: order.transaction_id,
    }
  })
  app.get('/__sim/payment', (request) => {
    const found = lookUp(world, tokenOf(payable.parse(request.query)))
    const payer = found.order.openid ? world.people.find(found.order.openid) : undefined
    return {
      state: found.state,
      merchant_name: world.settings.get().merchant_name,
      payer_id: payer?.id ?? null,
      payer_name: payer?.name ?? null,
      order: shownOrder(world, found.order),
    }
  })
  app.get('/__sim/transactions', (request) => {
    const { person, before, limit } = listSchema.parse(request.query)
    const payer = person === undefined ? undefined : (world.people.find(person)?.id ?? person)
    const orders = world.orders.list({ payer_id: payer, before, limit })
    return {
      merchant_name: world.settings.get().merchant_name,
      transactions: orders.map((order) => ({
        ...shownOrder(world, order),
        refunds: world.refunds.ofOrder(order.out_trade_no).map(({ fingerprint: _print, ...refund }) => refund),
      })),
    }
  })
  app.get('/__sim/codes', () => ({
    codes: world.orders.waitingCodes().map(({ token, ...order }) => ({
      code_url: `weixin://wxpay/bizpayurl?pr=${token}`,
      order: shownOrder(world, order),
    })),
  }))
  app.post<{ Params: { no: string } }>('/__sim/refunds/:no/outcome', (request) => {
    const { outcome } = outcomeSchema.parse(request.body)
    if (!world.refunds.decide(request.params.no, outcome))
      throw new ControlRefusal(`没有处理中的退款：${request.params.no}`)
    world.agenda.wake()
    return { ok: true }
  })
}

function shownOrder(world: World, order: Parameters<World['orders']['transaction']>[0]) {
  const { fingerprint: _print, ...shown } = order
  return { ...shown, trade_state_desc: world.orders.transaction(order, world.mchid).trade_state_desc }
}

function deskRoutes(app: FastifyInstance, world: World): void {
  const clock = () => ({ now: new Date(world.clock.now()).toISOString(), offset_ms: world.clock.offsetMs })
  app.get('/__sim/health', () => ({ ok: true, ...clock() }))
  app.get('/__sim/clock', clock)
  app.post('/__sim/clock/advance', async (request) => {
    await world.advance(advanceSchema.parse(request.body).ms)
    return clock()
  })
  app.post('/__sim/clock/begin', (request) => {
    const { behind_ms } = beginSchema.parse(request.body)
    if (!world.begin(behind_ms)) throw new ControlRefusal('已经有交易，时间不能再往回拨', 409)
    return clock()
  })
  app.get('/__sim/notifications', (request) => {
    const { subject, limit } = listSchema.parse(request.query)
    return { notifications: world.notifications.list({ subject, limit }) }
  })
  app.post<{ Params: { id: string } }>('/__sim/notifications/:id/resend', async (request) => {
    const attempt = await world.notifications.resend(request.params.id)
    if (!attempt) throw new ControlRefusal(`没有这条通知：${request.params.id}`)
    return attempt
  })
  app.get('/__sim/apps', () => ({
    mini: { appid: world.apps.miniAppid, url: world.settings.get().mini_program_url },
    mp: { appid: world.apps.mpAppid },
    mchid: world.mchid,
  }))
  app.get('/__sim/settings', () => world.settings.get())
  app.patch('/__sim/settings', (request) => {
    // Merged before it is checked: parsing a part alone would put defaults where nothing was said.
    const given = z.record(z.string(), z.unknown()).parse(request.body)
    return world.settings.change(given)
  })
  app.get('/__sim/templates', () => ({ templates: world.subscribe.templates() }))
  app.post('/__sim/templates', (request) => {
    const template = templateSchema.parse(request.body)
    world.subscribe.saveTemplate(template)
    return template
  })
  app.post('/__sim/certificates/rotate', async () => ({ serial_no: await world.rotatePlatformCertificate() }))
}
