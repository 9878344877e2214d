import { rfc3339 } from '../beijing.ts'
import type { Person } from '../people.ts'
import { type World, yuan } from '../world.ts'
import type { Order } from './orders.ts'
import { RECEIVED_ACCOUNT, type Refund } from './refunds.ts'
import type { SplitReturn } from './split-returns.ts'
import type { Split, SplitReceiver } from './splits.ts'
import type { Transfer } from './transfers.ts'

/** A payment: a voucher for who paid, a notice for the shop. `order` may be a combined one as a whole. */
export function announcePayment(world: World, order: Order, person: Person): void {
  world.messages.add({
    person_id: person.id,
    kind: 'payment',
    sender: '微信支付',
    title: '微信支付凭证',
    fields: [
      { name: '付款金额', value: yuan(order.amount) },
      { name: '收款方', value: world.settings.get().merchant_name },
      { name: '商品', value: order.description },
      { name: '支付方式', value: '零钱' },
      { name: '交易单号', value: order.transaction_id ?? '' },
    ],
    page: null,
  })
  const combine = order.combine_no === null ? undefined : world.combines.get(order.combine_no)
  world.notifications.add({
    eventType: 'TRANSACTION.SUCCESS',
    kind: 'transaction',
    summary: '支付成功',
    subject: combine?.combine_out_trade_no ?? order.out_trade_no,
    url: order.notify_url,
    plain: combine ? world.combines.transaction(combine, world.mchid) : world.orders.transaction(order, world.mchid),
  })
}

/** A refund that ended: a message for who paid, a notice for the shop. */
export function announceRefund(world: World, refund: Refund): void {
  const order = world.orders.get(refund.out_trade_no)!
  if (refund.status === 'SUCCESS' && order.payer_id) {
    world.messages.add({
      person_id: order.payer_id,
      kind: 'refund',
      sender: '微信支付',
      title: '退款到账通知',
      fields: [
        { name: '退款金额', value: yuan(refund.amount) },
        { name: '商户', value: world.settings.get().merchant_name },
        { name: '退回到', value: RECEIVED_ACCOUNT.replace('支付用户', '') },
        ...(refund.reason ? [{ name: '退款原因', value: refund.reason }] : []),
        { name: '退款单号', value: refund.refund_id },
      ],
      page: null,
    })
  }
  if (!refund.notify_url) return
  const texts = { SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常', PROCESSING: '' }
  const whose =
    order.sub_mchid === null ? { mchid: world.mchid } : { sp_mchid: world.mchid, sub_mchid: order.sub_mchid }
  world.notifications.add({
    eventType: `REFUND.${refund.status}`,
    kind: 'refund',
    summary: texts[refund.status],
    subject: refund.out_refund_no,
    url: refund.notify_url,
    plain: {
      ...whose,
      transaction_id: order.transaction_id,
      out_trade_no: order.out_trade_no,
      refund_id: refund.refund_id,
      out_refund_no: refund.out_refund_no,
      refund_status: refund.status,
      ...(refund.success_at !== null && { success_time: rfc3339(refund.success_at) }),
      user_received_account: RECEIVED_ACCOUNT,
      amount: {
        total: order.amount,
        refund: refund.amount,
        payer_total: order.amount,
        payer_refund: refund.amount,
      },
    },
  })
}

/** A receiver who got its share: people read a message, the shop hears of what it received itself. */
export function announceShare(world: World, split: Split, receiver: SplitReceiver): void {
  if (receiver.result !== 'SUCCESS') return
  const person = receiver.type === 'MERCHANT_ID' ? undefined : world.people.find(receiver.account)
  if (person) {
    world.messages.add({
      person_id: person.id,
      kind: 'income',
      sender: '微信支付',
      title: '分账到账通知',
      fields: [
        { name: '到账金额', value: yuan(receiver.amount) },
        { name: '分账方', value: world.accounts.nameOf(split.payer) ?? '' },
        { name: '说明', value: receiver.description },
        { name: '分账单号', value: split.order_id },
      ],
      page: null,
    })
  }
  if (receiver.account === world.mchid && receiver.account !== split.payer)
    notifyMerchant(world, split, receiver, '分账')
}

/** What comes back is announced to the payer of the split. */
export function announceReturn(world: World, back: SplitReturn): void {
  const split = world.splits.get(back.out_order_no)!
  if (back.result !== 'SUCCESS' || split.payer !== world.mchid) return
  const received = { type: 'MERCHANT_ID' as const, account: split.payer, amount: back.amount }
  notifyMerchant(
    world,
    split,
    { ...received, description: back.description, finished_at: back.finished_at },
    '分账回退',
  )
}

function notifyMerchant(
  world: World,
  split: Split,
  receiver: Pick<SplitReceiver, 'type' | 'account' | 'amount' | 'description' | 'finished_at'>,
  summary: '分账' | '分账回退',
): void {
  const url = world.settings.get().split_notify_url
  if (!url) return
  world.notifications.add({
    eventType: summary === '分账' ? 'PROFITSHARING.SUCCESS' : 'PROFITSHARING.RETURN',
    kind: 'profitsharing',
    summary,
    subject: split.out_order_no,
    url,
    plain: {
      mchid: world.mchid,
      transaction_id: world.orders.get(split.out_trade_no)!.transaction_id,
      order_id: split.order_id,
      out_order_no: split.out_order_no,
      receiver: {
        type: receiver.type,
        account: receiver.account,
        amount: receiver.amount,
        description: receiver.description,
      },
      success_time: rfc3339(receiver.finished_at ?? world.clock.now()),
    },
  })
}

const TRANSFER_ENDS = new Set(['SUCCESS', 'FAIL', 'CANCELLED'])

/** A transfer's end: a message for its receiver when it arrived, a notice for the shop. */
export function announceTransfer(world: World, transfer: Transfer): void {
  if (!TRANSFER_ENDS.has(transfer.state)) return
  if (transfer.state === 'SUCCESS') {
    world.messages.add({
      person_id: transfer.person_id,
      kind: 'income',
      sender: '微信支付',
      title: '零钱入账通知',
      fields: [
        { name: '到账金额', value: yuan(transfer.amount) },
        { name: '付款方', value: world.settings.get().merchant_name },
        ...(transfer.perception ? [{ name: '收款说明', value: transfer.perception }] : []),
        { name: '备注', value: transfer.remark },
        { name: '转账单号', value: transfer.transfer_bill_no },
      ],
      page: null,
    })
  }
  if (!transfer.notify_url) return
  const { appid: _appid, transfer_remark: _remark, ...plain } = world.transfers.reply(transfer, world.mchid)
  world.notifications.add({
    eventType: 'MCHTRANSFER.BILL.FINISHED',
    kind: 'mch_payment',
    summary: '商家转账单据终态通知',
    subject: transfer.out_bill_no,
    url: transfer.notify_url,
    plan: 'transfer',
    plain,
  })
}
