import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import type { Person } from '../people.ts'
import type { World } from '../world.ts'
import { announcePayment } from './announce.ts'
import type { Order } from './orders.ts'
import type { Transfer } from './transfers.ts'

/** The members `wx.requestPayment` / `getBrandWCPayRequest` is called with. */
export interface PaymentRequest {
  appId: string
  timeStamp: string
  nonceStr: string
  package: string
  signType: string
  paySign: string
}

export interface PayInput {
  prepay_id?: string | undefined
  code_url?: string | undefined
  h5_url?: string | undefined
  /** When given, the client's paySign is verified as the WeChat client does. */
  request?: PaymentRequest | undefined
  person: string
  action: 'confirm' | 'refuse'
}

/** Why a phone would not pay; `text` is what the person reads. */
export class PhoneRefusal extends Error {
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }
}

export interface Payable {
  order: Order
  state: 'payable' | 'expired' | 'paid' | 'closed'
}

const NATIVE = /^weixin:\/\/wxpay\/bizpayurl\?pr=([0-9A-Za-z]{1,64})$/

/** The prepay token inside whatever a phone was handed: a prepay_id, a Native code or an H5 link. */
export function tokenOf(input: Pick<PayInput, 'prepay_id' | 'code_url' | 'h5_url' | 'request'>): string {
  if (input.request) {
    const match = /^prepay_id=(.+)$/.exec(input.request.package)
    if (!match) throw new PhoneRefusal('BAD_PACKAGE', '调用支付JSAPI缺少参数：package')
    return match[1]!
  }
  if (input.prepay_id) return input.prepay_id
  if (input.code_url) {
    const match = NATIVE.exec(input.code_url.trim())
    if (!match) throw new PhoneRefusal('NOT_A_PAY_CODE', '这不是微信支付的收款码')
    return match[1]!
  }
  const h5 = input.h5_url && URL.canParse(input.h5_url) && new URL(input.h5_url).searchParams.get('prepay_id')
  if (!h5) throw new PhoneRefusal('NOTHING_TO_PAY', '没有可支付的内容')
  return h5
}

/** Looks a token up the way a phone does before it shows the amount. */
export function lookUp(world: World, token: string): Payable {
  const found = world.orders.byToken(token) ?? combineByToken(world, token)
  if (!found) throw new PhoneRefusal('UNKNOWN_PREPAY', '支付信息不存在或已失效')
  const { order, expired } = found
  if (order.state === 'SUCCESS' || order.state === 'REFUND') return { order, state: 'paid' }
  if (order.state === 'CLOSED') return { order, state: 'closed' }
  return { order, state: expired ? 'expired' : 'payable' }
}

function combineByToken(world: World, token: string): { order: Order; expired: boolean } | undefined {
  const found = world.orders.tokenFor(token)
  const combine = found && world.combines.get(found.out_trade_no)
  return combine && { order: world.combines.asOrder(combine), expired: found.expired }
}

/** The app a payment opens in: the one its payer's openid is of, a sub-merchant's before its partner's. */
function appOf(world: World, order: Order): string {
  const owner = order.openid === null ? undefined : world.people.appOf(order.openid)
  return owner ?? order.sub_appid ?? order.appid
}

function checkPaySign(world: World, order: Order, request: PaymentRequest): void {
  const age = Math.abs(world.clock.signatureNow() - Number(request.timeStamp) * 1000)
  if (request.signType !== 'RSA') throw new PhoneRefusal('BAD_SIGN_TYPE', '签名方式 signType 应为 RSA')
  if (!/^\d{1,12}$/.test(request.timeStamp) || age > 7_200_000) {
    throw new PhoneRefusal('BAD_TIMESTAMP', 'timeStamp 应为当前的 10 位时间戳')
  }
  if (request.appId !== appOf(world, order)) throw new PhoneRefusal('APPID_MISMATCH', 'appId 与下单时不一致')
  const message = `${request.appId}\n${request.timeStamp}\n${request.nonceStr}\n${request.package}\n`
  const certificate = new X509Certificate(world.material.credentials.merchantCertificatePem)
  const key = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }))
  const signature = Buffer.from(request.paySign, 'base64')
  if (!verify('sha256', Buffer.from(message), key, signature)) {
    throw new PhoneRefusal('PAY_SIGN_INVALID', '支付验证签名失败')
  }
}

function checkPayable(world: World, payable: Payable, person: Person): string {
  const { order, state } = payable
  const texts = { paid: '该订单已支付', closed: '该订单已关闭', expired: '支付信息已过期，请重新下单' }
  if (state !== 'payable') throw new PhoneRefusal(`ORDER_${state.toUpperCase()}`, texts[state])
  const openid = person.openids[appOf(world, order)]
  if (!openid) throw new PhoneRefusal('UNKNOWN_APP', '此应用不存在')
  if (order.trade_type === 'JSAPI' && order.openid !== openid) {
    const owner = world.people.find(order.openid ?? '')?.name ?? '他人'
    throw new PhoneRefusal('WRONG_PAYER', `下单账号与支付账号不一致，应由${owner}支付`)
  }
  return openid
}

/** A combined order is paid in all its parts or in none. */
function markPaid(world: World, order: Order, payer: { id: string; openid: string; bankType: string }) {
  const combine = order.combine_no === null ? undefined : world.combines.get(order.combine_no)
  if (!combine) return world.orders.markPaid(order.out_trade_no, payer)
  for (const part of world.orders.parts(combine.combine_out_trade_no)) {
    if (!world.orders.markPaid(part.out_trade_no, payer)) throw new PhoneRefusal('ORDER_CLOSED', '该订单已关闭')
  }
  return world.combines.asOrder(combine)
}

/** Plays a person's decision on a payment. A confirmed one pays the order and sends its notification. */
export function payOnPhone(world: World, input: PayInput): { result: 'ok' | 'cancel'; order: Order } {
  const person = world.people.find(input.person)
  if (!person) throw new PhoneRefusal('UNKNOWN_PERSON', `没有这个人：${input.person}`)
  const payable = lookUp(world, tokenOf(input))
  if (input.request) checkPaySign(world, payable.order, input.request)
  const openid = checkPayable(world, payable, person)
  if (input.action === 'refuse') return { result: 'cancel', order: payable.order }
  const paid = world.db.transaction(() => {
    const payer = { id: person.id, openid, bankType: 'OTHERS' }
    const order = markPaid(world, payable.order, payer)
    if (order) announcePayment(world, order, person)
    return order
  })
  if (!paid) throw new PhoneRefusal('ORDER_CLOSED', '该订单已关闭')
  world.agenda.wake()
  return { result: 'ok', order: paid }
}

/** Plays the receiver's decision on a transfer; refusing leaves it waiting, as closing the page does. */
export function confirmTransfer(
  world: World,
  input: { package: string; person: string; action: 'confirm' | 'refuse' },
): { result: 'ok' | 'cancel'; transfer: Transfer } {
  const person = world.people.find(input.person)
  if (!person) throw new PhoneRefusal('UNKNOWN_PERSON', `没有这个人：${input.person}`)
  const transfer = world.transfers.byPackage(input.package)
  if (!transfer) throw new PhoneRefusal('UNKNOWN_TRANSFER', '转账信息不存在或已失效')
  if (transfer.person_id !== person.id) {
    const owner = world.people.get(transfer.person_id)?.name ?? '他人'
    throw new PhoneRefusal('WRONG_RECEIVER', `这笔转账应由${owner}收款`)
  }
  if (input.action === 'refuse') return { result: 'cancel', transfer }
  if (!world.db.transaction(() => world.transfers.confirm(transfer.out_bill_no))) {
    throw new PhoneRefusal('TRANSFER_CLOSED', '这笔转账已收款、已撤销或已过期')
  }
  world.agenda.wake()
  return { result: 'ok', transfer: world.transfers.get(transfer.out_bill_no)! }
}
