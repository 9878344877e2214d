import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { announceReturn } from './announce.ts'
import {
  checkApp,
  checkMerchant,
  checkNotifyUrl,
  checkPayer,
  checkSubMerchant,
  openSensitive,
  queryOf,
  readBody,
} from './bodies.ts'
import {
  combinedCloseBody,
  combinedH5Body,
  combinedJsapiBody,
  combinedNativeBody,
  receiverBody,
  receiverKeyBody,
  returnBody,
  splitBody,
  transferBody,
  unfreezeBody,
} from './body-schemas-money.ts'
import type { AskedCombine } from './combines.ts'
import type { Members } from './fields.ts'
import { isHurried } from './hurry.ts'
import type { Order, TradeType } from './orders.ts'
import type { Receiver } from './receivers.ts'
import { invalidRequest, NUMERIC, orderNotExist, PayRefusal, parameterError } from './refusal.ts'
import { h5Address, nativeCode, readExpiry } from './routes.ts'
import type { AskedReturn } from './split-returns.ts'
import type { AskedShare } from './splits.ts'
import type { AskedTransfer } from './transfers.ts'

interface Parties {
  appid?: string
  sub_appid?: string
  sub_mchid?: string
}
interface ReceiverBody extends Parties {
  type: Receiver['type']
  account: string
  name?: string
  relation_type: string
  custom_relation?: string
}
interface SplitBody extends Parties {
  transaction_id: string
  out_order_no: string
  receivers: Array<Omit<AskedShare, 'name'> & { name?: string }>
  unfreeze_unsplit: boolean
}

const notKnown = (what: string) => new PayRefusal(404, 'RESOURCE_NOT_EXISTS', `${what}不存在`, NUMERIC.UNPUBLISHED)

/** Whose money is split. */
function payerOf(world: World, subMchid: string | undefined): string {
  return subMchid === undefined ? world.mchid : checkSubMerchant(world, subMchid, 'body')
}

/** The app whose openids are meant. */
function appOf(world: World, body: Parties, type?: Receiver['type']): string {
  const appid = type === 'PERSONAL_SUB_OPENID' ? body.sub_appid : body.appid
  if (appid === undefined) {
    throw parameterError({ field: type === 'PERSONAL_SUB_OPENID' ? '/sub_appid' : '/appid', issue: '此字段为必填项' })
  }
  checkApp(world, appid)
  return appid
}

function orderToSplit(world: World, transactionId: string, payer: string): Order {
  const order = world.orders.byTransactionId(transactionId)
  if (!order || world.orders.payeeOf(order) !== payer) throw orderNotExist()
  return order
}

export function sharingRoutes(app: FastifyInstance, world: World): void {
  app.post('/v3/profitsharing/receivers/add', (request) => {
    const body = readBody<ReceiverBody>(request, receiverBody)
    const payer = payerOf(world, body.sub_mchid)
    const name = openSensitive(world, request, body.name)
    if (body.type === 'MERCHANT_ID' && name === null) {
      throw parameterError({ field: '/name', issue: '分账接收方类型是MERCHANT_ID时，商户全称必填' })
    }
    if (body.relation_type === 'CUSTOM' && !body.custom_relation) {
      throw parameterError({ field: '/custom_relation', issue: '关系类型是CUSTOM时必填' })
    }
    const { type, account, relation_type: relation, custom_relation } = body
    const receiver = { type, account, name, relation, custom_relation: custom_relation ?? null }
    world.receivers.add(payer, receiver, appOf(world, body, type))
    const { appid: _appid, sub_appid: _subAppid, ...answer } = body
    return answer
  })
  app.post('/v3/profitsharing/receivers/delete', (request) => {
    const body = readBody<ReceiverBody>(request, receiverKeyBody)
    const payer = payerOf(world, body.sub_mchid)
    world.receivers.delete(payer, body.type, body.account)
    const { type, account, sub_mchid } = body
    return { ...(sub_mchid !== undefined && { sub_mchid }), type, account }
  })
  splitRoutes(app, world)
  returnRoutes(app, world)
}

function splitRoutes(app: FastifyInstance, world: World): void {
  app.post('/v3/profitsharing/orders', (request) => {
    const body = readBody<SplitBody>(request, splitBody)
    const order = orderToSplit(world, body.transaction_id, payerOf(world, body.sub_mchid))
    if (body.receivers.length === 0) throw parameterError({ field: '/receivers', issue: '分账接收方列表不能为空' })
    const isPersonal = body.receivers.some((each) => each.type !== 'MERCHANT_ID')
    const receivers = body.receivers.map((each) => ({ ...each, name: openSensitive(world, request, each.name) }))
    const asked = {
      out_order_no: body.out_order_no,
      appid: isPersonal ? appOf(world, body, receivers.find((each) => each.type !== 'MERCHANT_ID')!.type) : '',
      receivers,
      unfreeze_unsplit: body.unfreeze_unsplit,
    }
    const split = world.splits.request(order, asked, isHurried(request))
    world.agenda.wake()
    return world.splits.reply(split, order)
  })
  app.post('/v3/profitsharing/orders/unfreeze', (request) => {
    const body = readBody<SplitBody & { description: string }>(request, unfreezeBody)
    const order = orderToSplit(world, body.transaction_id, payerOf(world, body.sub_mchid))
    const split = world.splits.unfreeze(order, body, isHurried(request))
    world.agenda.wake()
    return world.splits.reply(split, order)
  })
  app.get<{ Params: { no: string } }>('/v3/profitsharing/orders/:no', (request) => {
    const transactionId = queryOf(request).transaction_id
    if (!transactionId) throw parameterError({ field: '/transaction_id', issue: '此字段为必填项', place: 'query' })
    const split = world.splits.get(request.params.no)
    const order = split && world.orders.get(split.out_trade_no)
    if (!split || !order || order.transaction_id !== transactionId) throw notKnown('分账单')
    return world.splits.reply(split, order)
  })
  app.get<{ Params: { id: string } }>('/v3/profitsharing/transactions/:id/amounts', (request) => {
    const order = world.orders.byTransactionId(request.params.id)
    if (!order) throw orderNotExist()
    if (order.profit_sharing !== 1) throw invalidRequest('非分账订单不支持分账')
    return { transaction_id: request.params.id, unsplit_amount: Math.max(0, world.orders.unsplit(order)) }
  })
  app.get<{ Params: { mchid: string } }>('/v3/profitsharing/merchant-configs/:mchid', (request) => {
    const subMchid = checkSubMerchant(world, request.params.mchid, 'query')
    return { sub_mchid: subMchid, max_ratio: world.accounts.ratioBp(subMchid) }
  })
}

function returnRoutes(app: FastifyInstance, world: World): void {
  app.post('/v3/profitsharing/return-orders', (request) => {
    const body = readBody<AskedReturn & Parties>(request, returnBody)
    payerOf(world, body.sub_mchid)
    if (!body.out_order_no && !body.order_id) throw invalidRequest('out_order_no和order_id必须二选一')
    const { back, finished } = world.splitReturns.request(body)
    if (finished) announceReturn(world, back)
    world.agenda.wake()
    return world.splitReturns.reply(back)
  })
  app.get<{ Params: { no: string } }>('/v3/profitsharing/return-orders/:no', (request) => {
    const outOrderNo = queryOf(request).out_order_no
    if (!outOrderNo) throw parameterError({ field: '/out_order_no', issue: '此字段为必填项', place: 'query' })
    const back = world.splitReturns.get(request.params.no)
    if (back?.out_order_no !== outOrderNo) throw notKnown('回退单')
    return world.splitReturns.reply(back)
  })
}

export function transferRoutes(app: FastifyInstance, world: World): void {
  const base = '/v3/fund-app/mch-transfer/transfer-bills'
  app.post(base, (request) => {
    const body = readBody<AskedTransfer & { user_name?: string }>(request, transferBody)
    checkApp(world, body.appid)
    if (body.notify_url) checkNotifyUrl(body.notify_url)
    const { user_name, ...asked } = body
    const transfer = world.transfers.create(asked, openSensitive(world, request, user_name))
    world.agenda.wake()
    return world.transfers.placed(transfer)
  })
  app.get<{ Params: { no: string } }>(`${base}/out-bill-no/:no`, (request) =>
    world.transfers.reply(world.transfers.recent(world.transfers.get(request.params.no)), world.mchid),
  )
  app.get<{ Params: { no: string } }>(`${base}/transfer-bill-no/:no`, (request) =>
    world.transfers.reply(world.transfers.recent(world.transfers.byBillNo(request.params.no)), world.mchid),
  )
  app.post<{ Params: { no: string } }>(`${base}/out-bill-no/:no/cancel`, (request) => {
    const transfer = world.transfers.cancel(request.params.no, isHurried(request))
    world.agenda.wake()
    const { state, update_time } = world.transfers.reply(transfer, world.mchid)
    return { out_bill_no: transfer.out_bill_no, transfer_bill_no: transfer.transfer_bill_no, state, update_time }
  })
}

type CombineBody = AskedCombine & {
  combine_mchid: string
  combine_payer_info?: { openid?: string }
  time_expire?: string
}

function placeCombined(world: World, request: FastifyRequest, type: TradeType, members: Members): string {
  const body = readBody<CombineBody>(request, members)
  checkMerchant(world, body.combine_mchid, 'body', 'combine_mchid')
  checkApp(world, body.combine_appid)
  checkNotifyUrl(body.notify_url)
  const openid = type === 'JSAPI' ? (body.combine_payer_info?.openid ?? '') : null
  if (openid !== null) checkPayer(world, body.combine_appid, openid, '/combine_payer_info/openid')
  const isPartners = body.sub_orders.every((each) => each.sub_mchid !== undefined)
  const [least, most] = isPartners ? [1, 50] : [2, 10]
  if (body.sub_orders.length < least || body.sub_orders.length > most) {
    throw parameterError({ field: '/sub_orders', issue: `子单数量应为 ${least} 到 ${most}` })
  }
  return world.combines.prepay(type, body, { openid, expiresAt: readExpiry(body.time_expire) })
}

export function combineRoutes(app: FastifyInstance, world: World): void {
  const base = '/v3/combine-transactions'
  app.post(`${base}/jsapi`, (request) => ({ prepay_id: placeCombined(world, request, 'JSAPI', combinedJsapiBody) }))
  app.post(`${base}/native`, (request) => ({
    code_url: nativeCode(placeCombined(world, request, 'NATIVE', combinedNativeBody)),
  }))
  app.post(`${base}/h5`, (request) => ({
    h5_url: h5Address(world, placeCombined(world, request, 'MWEB', combinedH5Body)),
  }))
  app.get<{ Params: { no: string } }>(`${base}/out-trade-no/:no`, (request) => {
    const combine = world.combines.get(request.params.no)
    if (!combine) throw orderNotExist()
    return world.combines.transaction(combine, world.mchid)
  })
  app.post<{ Params: { no: string } }>(`${base}/out-trade-no/:no/close`, (request, reply) => {
    const body = readBody<{ combine_appid: string; sub_orders: [] }>(request, combinedCloseBody)
    world.db.transaction(() => world.combines.close(request.params.no, body.sub_orders))
    return reply.code(204).send()
  })
}
