import { formatMoney, type InvoiceIssue, type InvoiceWish } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { dayName, plusDays } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { requirePictures } from '../../kernel/http/media.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import type { OrderRow } from '../orders/index.ts'
import type { InvoicesDeps } from './deps.ts'
import { invoiceMoved } from './events.ts'
import { worthOf } from './rules.ts'
import { askDays, enabled, special } from './settings.ts'
import {
  findInvoice,
  type InvoiceRecord,
  insertInvoice,
  invoicesOfOrder,
  isNumberTaken,
  openInvoice,
  updateInvoice,
} from './store.ts'

export interface BuyerOrder {
  shopId: string
  orderId: string
  buyerId: string
}

/** Whether an invoice may be asked for, in words for the buyer where not. */
export async function offerOf(
  tx: Tx,
  deps: InvoicesDeps,
  order: OrderRow,
): Promise<{ reason: string; amountFen: number; until: string | null }> {
  const { shopId } = order
  const worth = worthOf(order)
  const zone = await deps.timeZoneOf(tx, shopId)
  const days = await deps.settings.get(askDays, { shopId }, tx)
  const until = order.completedAt === null ? null : plusDays(dayName(Date.parse(order.completedAt), zone), days)
  const today = dayName(deps.clock.millis(), zone)
  const say = async (): Promise<string> => {
    if (!(await deps.settings.get(enabled, { shopId }, tx))) return '店铺暂不支持在线申请，请联系客服'
    if (order.paidAt === null) return '付款后可以申请'
    if (worth === undefined) return '订单正在退款，退款结束后再申请'
    if (worth <= 0) return '这笔订单没有可开票的金额'
    if (until !== null && until < today) return `已超过申请期限（${until}），请联系客服`
    return ''
  }
  return { reason: await say(), amountFen: worth ?? 0, until }
}

/** Asks for an invoice; while one is asked for, the same changes its head. @throws AppError NOT_FOUND, INVOICE_REFUSED */
export async function ask(tx: Tx, deps: InvoicesDeps, key: BuyerOrder, wish: InvoiceWish): Promise<InvoiceRecord> {
  const order = await deps.orders.lockOrder(tx, key)
  const refused = (reason: string) => new AppError('INVOICE_REFUSED', { values: { reason } })
  const { reason } = await offerOf(tx, deps, order)
  const open = await openInvoice(tx, key.shopId, key.orderId)
  if (open?.state === 'issued')
    throw refused(open.mustReverse ? '退款后要先红冲原发票，请等商家处理' : '已经开过发票，需要换开请联系客服')
  if (reason !== '') throw refused(reason)
  if (wish.type === 'special' && !(await deps.settings.get(special, { shopId: key.shopId }, tx)))
    throw refused('店铺只开普通发票')
  const at = deps.clock.instant()
  const head = { kind: wish.kind, type: wish.type, title: wish.title, taxNo: wish.kind === 'company' ? wish.taxNo : '' }
  if (open) return change(tx, deps, open, head)
  const row: InvoiceRecord = {
    ...{ ...key, ...head, id: newId(), orderNo: order.orderNo, state: 'asked', amountFen: null, number: null },
    ...{ issuedOn: null, link: null, pictures: [], mustReverse: false, reversedBy: null, reason: '' },
    ...{ askedAt: at, changedAt: at, changedBy: '' },
  }
  await insertInvoice(tx, row)
  await tell(tx, deps, row)
  return row
}

/** The buyer no longer wants it. @throws AppError NOT_FOUND, CONFLICT once it is issued */
export async function withdraw(tx: Tx, deps: InvoicesDeps, key: BuyerOrder): Promise<InvoiceRecord> {
  await deps.orders.lockOrder(tx, key)
  const [last] = await invoicesOfOrder(tx, key.shopId, key.orderId)
  if (last === undefined) throw new AppError('NOT_FOUND', { values: { what: '发票申请' } })
  if (last.state === 'withdrawn') return last
  if (last.state !== 'asked') throw new AppError('CONFLICT', { values: { what: '发票申请' } })
  return change(tx, deps, last, { state: 'withdrawn', reason: '买家撤回' })
}

interface Key {
  shopId: string
  id: string
}

/** The request with its order, both locked. @throws AppError NOT_FOUND, CONFLICT when it is not in `state` */
async function locked(tx: Tx, deps: InvoicesDeps, { shopId, id }: Key, state: InvoiceRecord['state']) {
  const found = await findInvoice(tx, shopId, id)
  if (found === undefined) throw new AppError('NOT_FOUND', { values: { what: '发票申请' } })
  const order = await deps.orders.lockOrder(tx, { shopId, orderId: found.orderId })
  const row = (await findInvoice(tx, shopId, id))!
  if (row.state !== state) throw new AppError('CONFLICT', { values: { what: '发票申请' } })
  return { order, row }
}

/**
 * The shop has issued it. The amount is what the person who issued it saw: a refund meanwhile is refused, not hidden.
 * @throws AppError NOT_FOUND, CONFLICT, DUPLICATE, VALIDATION_FAILED
 */
export async function issue(tx: Tx, deps: InvoicesDeps, key: Key, how: InvoiceIssue & { by: string }) {
  await freeNumber(tx, key.shopId, how.number)
  const { order, row } = await locked(tx, deps, key, 'asked')
  const worth = worthOf(order)
  if (worth === undefined)
    throw new AppError('VALIDATION_FAILED', { values: { field: '订单', reason: '正在退款，退款结束后再开' } })
  if (worth !== how.amountFen)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '开票金额', reason: `应为 ${formatMoney(fen(worth))}，订单的可开票金额变了，请核对` },
      field: 'amountFen',
    })
  const today = dayName(deps.clock.millis(), await deps.timeZoneOf(tx, key.shopId))
  if (how.issuedOn > today)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '开票日期', reason: '不能晚于今天' },
      field: 'issuedOn',
    })
  await requirePictures(tx, deps, key.shopId, how.fileIds)
  return change(tx, deps, row, {
    ...{ state: 'issued', amountFen: worth, number: how.number, issuedOn: how.issuedOn },
    ...{ link: how.link === '' ? null : how.link, pictures: [...how.fileIds], changedBy: how.by },
  })
}

/** It is not issued. @throws AppError NOT_FOUND, CONFLICT */
export async function refuse(tx: Tx, deps: InvoicesDeps, key: Key, { reason, by }: { reason: string; by: string }) {
  const { row } = await locked(tx, deps, key, 'asked')
  return change(tx, deps, row, { state: 'refused', reason, changedBy: by })
}

/** A red invoice took it back. @throws AppError NOT_FOUND, CONFLICT, DUPLICATE */
export async function reverse(
  tx: Tx,
  deps: InvoicesDeps,
  key: Key,
  { number, reason, by }: { number: string; reason: string; by: string },
) {
  await freeNumber(tx, key.shopId, number)
  const { row } = await locked(tx, deps, key, 'issued')
  return change(tx, deps, row, {
    ...{ state: 'reversed', reversedBy: number, mustReverse: false, changedBy: by },
    ...{ reason: reason === '' && row.mustReverse ? '订单有退款' : reason },
  })
}

/** A number is of one invoice of a shop, red ones included. @throws AppError DUPLICATE */
async function freeNumber(tx: Tx, shopId: string, number: string): Promise<void> {
  await lockInOrder(tx, [`invoice-no:${shopId}:${number}`])
  if (await isNumberTaken(tx, shopId, number))
    throw new AppError('DUPLICATE', { values: { what: '发票号码', value: number } })
}

/** Money of the order went back, or could not: what that means for its invoice. */
export async function reconsider(tx: Tx, deps: InvoicesDeps, shopId: string, orderId: string): Promise<void> {
  if ((await openInvoice(tx, shopId, orderId)) === undefined) return
  const order = await deps.orders.lockOrder(tx, { shopId, orderId })
  const row = await openInvoice(tx, shopId, orderId)
  const worth = worthOf(order)
  if (row === undefined || worth === undefined) return
  if (row.state === 'asked') {
    if (worth <= 0) await change(tx, deps, row, { state: 'withdrawn', reason: '订单已全额退款' })
    return
  }
  const mustReverse = row.amountFen! > worth
  if (mustReverse !== row.mustReverse) await change(tx, deps, row, { mustReverse })
}

async function change(
  tx: Tx,
  deps: InvoicesDeps,
  row: InvoiceRecord,
  how: Partial<InvoiceRecord>,
): Promise<InvoiceRecord> {
  const after = { ...row, ...how, changedAt: deps.clock.instant() }
  await updateInvoice(tx, after)
  await tell(tx, deps, after)
  return after
}

async function tell(tx: Tx, { clock }: InvoicesDeps, row: InvoiceRecord): Promise<void> {
  const { shopId, id, orderId, orderNo, state, mustReverse, amountFen } = row
  await emit(tx, invoiceMoved, {
    ...{ shopId, aggregate: 'invoice', aggregateId: id, occurredAt: clock.instant() },
    payload: { invoiceId: id, orderId, orderNo, state, mustReverse, amountFen },
  })
}
