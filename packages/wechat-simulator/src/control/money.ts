import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { chaosSchema, type Faults, faultSchema } from '../faults.ts'
import { confirmTransfer } from '../pay/phone-payment.ts'
import type { Transfer } from '../pay/transfers.ts'
import type { World } from '../world.ts'
import { catalogue } from './catalogue.ts'
import { ControlRefusal } from './refusal.ts'

const merchantSchema = z.strictObject({ name: z.string().trim().min(1).max(64) })
const merchantChange = z.strictObject({
  allows_returns: z.boolean().optional(),
  max_ratio_bp: z.int().min(0).max(10_000).optional(),
})
const fenSchema = z.strictObject({ fen: z.int().min(-100_000_000_000).max(100_000_000_000) })
const whoseSchema = z.object({
  mchid: z.string().max(32).optional(),
  person: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
})
const receiverOutcome = z.strictObject({
  outcome: z.enum(['SUCCESS', 'CLOSED', 'PENDING']),
  reason: z.string().max(64).default('ACCOUNT_ABNORMAL'),
})
const transferOutcome = z.strictObject({
  outcome: z.enum(['SUCCESS', 'FAIL']),
  reason: z.string().max(64).default('PAYEE_ACCOUNT_ABNORMAL'),
})
const confirmSchema = z.strictObject({
  package: z.string().min(1).max(256),
  person: z.string().min(1).max(128),
  action: z.enum(['confirm', 'refuse']),
})

function merchantOf(world: World, key: string) {
  const merchant = world.accounts.merchant(key)
  if (!merchant) throw new ControlRefusal(`没有这个商户：${key}`)
  return merchant
}

const shownTransfer = ({ fingerprint: _print, ...transfer }: Transfer) => transfer

function merchantRoutes(app: FastifyInstance, world: World): void {
  const { accounts } = world
  const account = (mchid: string) => ({
    mchid,
    name: accounts.nameOf(mchid),
    balance: accounts.balance(mchid),
    frozen: accounts.frozen(mchid),
    available: accounts.available(mchid),
  })
  app.get('/__sim/merchants', () => ({
    merchants: accounts.merchants().map((each) => ({ ...each, ...account(each.mchid) })),
  }))
  app.post('/__sim/merchants', (request, reply) => {
    const { name } = merchantSchema.parse(request.body)
    if (accounts.merchant(name)) throw new ControlRefusal(`商户全称已被使用：${name}`, 409)
    return reply.code(201).send(accounts.create(name))
  })
  app.patch<{ Params: { key: string } }>('/__sim/merchants/:key', (request) => {
    const { mchid } = merchantOf(world, request.params.key)
    accounts.change(mchid, merchantChange.parse(request.body))
    return merchantOf(world, mchid)
  })
  app.post<{ Params: { key: string } }>('/__sim/merchants/:key/spend', (request) => {
    const { mchid } = merchantOf(world, request.params.key)
    accounts.move(mchid, -fenSchema.parse(request.body).fen)
    return account(mchid)
  })
  app.get('/__sim/account', (request) => account(whoseSchema.parse(request.query).mchid ?? world.mchid))
  app.post('/__sim/account/top-up', (request) => {
    accounts.move(world.mchid, fenSchema.parse(request.body).fen)
    return account(world.mchid)
  })
  app.get('/__sim/flows', (request) => {
    const { mchid, limit } = whoseSchema.parse(request.query)
    return {
      flows: accounts
        .flows(mchid ?? world.mchid, 0, Number.MAX_SAFE_INTEGER)
        .slice(-limit)
        .reverse(),
    }
  })
}

function splitRoutes(app: FastifyInstance, world: World): void {
  const shown = (no: string) => {
    const split = world.splits.get(no)
    if (!split) throw new ControlRefusal(`没有这笔分账：${no}`)
    const { fingerprint: _print, ...rest } = split
    return { ...rest, receivers: world.splits.receiversOf(no), returns: world.splitReturns.ofSplit(no) }
  }
  app.get('/__sim/splits', (request) => {
    const { limit } = whoseSchema.parse(request.query)
    return { splits: world.splits.list(limit).map((each) => shown(each.out_order_no)) }
  })
  app.get<{ Params: { no: string } }>('/__sim/splits/:no', (request) => shown(request.params.no))
  app.post<{ Params: { no: string; account: string } }>('/__sim/splits/:no/receivers/:account/outcome', (request) => {
    const { outcome, reason } = receiverOutcome.parse(request.body)
    const { no, account } = request.params
    if (!world.splits.decide(no, account, outcome, reason)) {
      throw new ControlRefusal(`分账 ${no} 没有处理中的接收方 ${account}`)
    }
    world.agenda.wake()
    return shown(no)
  })
}

function transferRoutes(app: FastifyInstance, world: World): void {
  app.get('/__sim/transfers', (request) => {
    const { person, limit } = whoseSchema.parse(request.query)
    const owner = person === undefined ? undefined : (world.people.find(person)?.id ?? person)
    return {
      merchant_name: world.settings.get().merchant_name,
      transfers: world.transfers.list({ person_id: owner, limit }).map(shownTransfer),
    }
  })
  app.get<{ Querystring: { package?: string } }>('/__sim/transfer', (request) => {
    const transfer = world.transfers.byPackage(request.query.package ?? '')
    if (!transfer) throw new ControlRefusal('转账信息不存在或已失效')
    const receiver = world.people.get(transfer.person_id)
    const { merchant_name } = world.settings.get()
    return { merchant_name, receiver_id: receiver?.id, receiver_name: receiver?.name, ...shownTransfer(transfer) }
  })
  app.post('/__sim/transfers/confirm', (request) => {
    const { result, transfer } = confirmTransfer(world, confirmSchema.parse(request.body))
    const errMsg = `requestMerchantTransfer:${result === 'ok' ? 'ok' : 'cancel'}`
    return { result, errMsg, transfer: shownTransfer(transfer) }
  })
  app.post<{ Params: { no: string } }>('/__sim/transfers/:no/outcome', (request) => {
    const { outcome, reason } = transferOutcome.parse(request.body)
    if (!world.transfers.decide(request.params.no, outcome, reason)) {
      throw new ControlRefusal(`没有进行中的转账：${request.params.no}`)
    }
    return shownTransfer(world.transfers.get(request.params.no)!)
  })
}

/** Merchants and their accounts, splits and transfers as only WeChat sees them. */
export function moneyControlRoutes(app: FastifyInstance, world: World): void {
  merchantRoutes(app, world)
  splitRoutes(app, world)
  transferRoutes(app, world)
}

/** The switches of faults, one by one or at random. */
export function faultRoutes(app: FastifyInstance, faults: Faults): void {
  const shown = () => ({ faults: faults.list(), chaos: faults.chaos, played: faults.played() })
  app.get('/__sim/faults', shown)
  app.get('/__sim/faults/catalogue', () => catalogue())
  app.post('/__sim/faults', (request) => faults.add(faultSchema.parse(request.body)))
  app.delete('/__sim/faults', () => {
    faults.clear()
    return { ok: true }
  })
  app.put('/__sim/chaos', (request) => faults.setChaos(chaosSchema.parse(request.body)))
  app.delete('/__sim/chaos', () => {
    faults.setChaos(null)
    return shown()
  })
}
