import type { Invoice, InvoiceDetail, InvoiceRow } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { dayName } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { variantUrl } from '../../kernel/files.ts'
import type { OrderRow } from '../orders/index.ts'
import type { InvoicesDeps } from './deps.ts'
import { linesByRate, worthOf } from './rules.ts'
import type { InvoiceRecord } from './store.ts'

/** What an invoice says, or would say now. */
const amountOf = (row: InvoiceRecord, order: OrderRow | undefined) =>
  fen(row.amountFen ?? (order === undefined ? 0 : (worthOf(order) ?? 0)))

export async function invoiceViews(
  tx: Tx,
  { files }: Pick<InvoicesDeps, 'files'>,
  rows: readonly InvoiceRecord[],
  orders: ReadonlyMap<string, OrderRow>,
): Promise<Invoice[]> {
  const [first] = rows
  const found = first
    ? await files.find(tx, first.shopId, [...new Set(rows.flatMap((row) => row.pictures))])
    : new Map()
  return rows.map((row) => ({
    ...{ id: row.id, state: row.state, kind: row.kind, type: row.type, title: row.title, taxNo: row.taxNo },
    ...{ amountFen: amountOf(row, orders.get(row.orderId)), mustReverse: row.mustReverse, number: row.number },
    ...{ issuedOn: row.issuedOn, link: row.link, reason: row.reason, reversedBy: row.reversedBy },
    ...{ askedAt: row.askedAt, changedAt: row.changedAt },
    pictures: row.pictures.map((fileId) => {
      const { width = null, height = null } = found.get(fileId) ?? {}
      return { fileId, url: variantUrl(fileId), width, height }
    }),
  }))
}

/** For staff: with the order's number and the buyer's name. */
export async function rowViews(
  tx: Tx,
  deps: InvoicesDeps,
  shopId: string,
  rows: readonly InvoiceRecord[],
): Promise<InvoiceRow[]> {
  const found = await deps.orders.ordersByIds(tx, shopId, [...new Set(rows.map(({ orderId }) => orderId))])
  const views = await invoiceViews(tx, deps, rows, new Map(found.map((order) => [order.id, order])))
  const names = await deps.db.read('system', (all) =>
    deps.nicknames(all, [...new Set(rows.map(({ buyerId }) => buyerId))]),
  )
  return rows.map((row, index) => ({
    ...views[index]!,
    ...{ orderId: row.orderId, orderNo: row.orderNo, by: row.changedBy },
    buyerNickname: names.get(row.buyerId) ?? '',
  }))
}

/** One request with what stands on the invoice. */
export async function detailView(tx: Tx, deps: InvoicesDeps, row: InvoiceRecord): Promise<InvoiceDetail> {
  const { shopId, orderId } = row
  const [view] = await rowViews(tx, deps, shopId, [row])
  const order = (await deps.orders.findOrder(tx, { shopId, orderId }))!
  const lines = await deps.orders.linesOf(tx, order)
  const back = await deps.givenBack(tx, shopId, orderId)
  const day = dayName(Date.parse(order.paidAt ?? order.placedAt), await deps.timeZoneOf(tx, shopId))
  const rates = await deps.taxRatesOf(tx, shopId, day, [...new Set(lines.map(({ productId }) => productId))])
  const goods = lines.map(({ line, productId, title, options, quantity, payTotalFen }) => ({
    ...{ title, options, quantity, rateBp: rates.get(productId) ?? 0 },
    weightFen: payTotalFen - (back.get(line) ?? 0),
  }))
  return { ...view!, lines: view!.amountFen > 0 && goods.length > 0 ? linesByRate(view!.amountFen, goods) : [] }
}
