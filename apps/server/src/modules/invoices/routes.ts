import { formatMoney } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { variantUrl } from '../../kernel/files.ts'
import { buyerOf, type Caller, staffOf } from '../../kernel/http/caller.ts'
import { takePicture } from '../../kernel/http/media.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { OrderRow } from '../orders/index.ts'
import type { InvoicesDeps } from './deps.ts'
import { ask, type BuyerOrder, issue, offerOf, refuse, reverse, withdraw } from './life.ts'
import { note, special } from './settings.ts'
import { findInvoice, type InvoiceRecord, invoicesOfOrder, listInvoices, titlesOf } from './store.ts'
import { detailView, invoiceViews, rowViews } from './views.ts'

const Place = z.object({ at: z.iso.datetime(), id: z.uuid() })

const keyOf = ({ params, caller }: { params: { shopId: string; orderId: string }; caller: Caller }): BuyerOrder => ({
  ...params,
  buyerId: buyerOf(caller),
})

export function invoiceBuyerHandlers(deps: InvoicesDeps): Handlers {
  const { db, settings } = deps
  const orderOf = async (tx: Tx, key: BuyerOrder): Promise<OrderRow> => {
    const order = await deps.orders.findOrder(tx, key)
    if (order === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
    return order
  }
  const shown = async (tx: Tx, order: OrderRow, row: InvoiceRecord) =>
    (await invoiceViews(tx, deps, [row], new Map([[order.id, order]])))[0]!
  /** The order is found only if it is this buyer's. */
  const step = (key: BuyerOrder, work: (tx: Tx) => Promise<InvoiceRecord>) =>
    db.tx({ shopId: key.shopId }, async (tx) => {
      await orderOf(tx, key)
      const row = await work(tx)
      return shown(tx, await orderOf(tx, key), row)
    })
  return {
    'invoices.ofOrder': (call) => {
      const key = keyOf(call)
      const { shopId } = key
      return db.read({ shopId }, async (tx) => {
        const order = await orderOf(tx, key)
        const { reason, amountFen, until } = await offerOf(tx, deps, order)
        const rows = await invoicesOfOrder(tx, shopId, key.orderId)
        const isOpen = rows.some(({ state }) => state === 'asked' || state === 'issued')
        return {
          ...{ mayAsk: reason === '' && !isOpen, reason, amountFen: fen(amountFen), until },
          maySpecial: await settings.get(special, { shopId }, tx),
          note: await settings.get(note, { shopId }, tx),
          invoices: await invoiceViews(tx, deps, rows, new Map([[order.id, order]])),
          titles: await titlesOf(tx, shopId, key.buyerId),
        }
      })
    },
    'invoices.ask': (call) => {
      const key = keyOf(call)
      return step(key, (tx) => ask(tx, deps, key, call.body))
    },
    'invoices.withdraw': (call) => {
      const key = keyOf(call)
      return step(key, (tx) => withdraw(tx, deps, key))
    },
  }
}

interface StaffCall {
  params: { shopId: string; invoiceId: string }
  caller: Caller
  ip: string
  requestId: string
}

export function invoiceConsoleHandlers(deps: InvoicesDeps): Handlers {
  const { db, clock } = deps
  /** One change of a request by a member of staff, with its trace. */
  const step = (
    call: StaffCall,
    action: string,
    work: (tx: Tx, key: { shopId: string; id: string }, by: string) => Promise<InvoiceRecord>,
    words: (row: InvoiceRecord) => string,
  ) => {
    const { shopId, invoiceId: id } = call.params
    return db.tx({ shopId }, async (tx) => {
      const { staffId, name } = staffOf(call.caller)
      const row = await work(tx, { shopId, id }, name)
      await audit(tx, clock, {
        ...{ shopId, actor: { kind: 'staff', id: staffId, name }, action: `invoices.${action}`, entity: 'invoice' },
        ...{ entityId: id, summary: words(row), ip: call.ip, requestId: call.requestId },
      })
      return (await rowViews(tx, deps, shopId, [row]))[0]!
    })
  }
  return {
    'console.invoices': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const before = decodeCursor(cursor, Place)
        const rows = await listInvoices(tx, shopId, { ...filter, before, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, ({ askedAt, id }) => ({ at: askedAt, id }))
        return { items: await rowViews(tx, deps, shopId, items), nextCursor }
      }),

    'console.invoice': ({ params: { shopId, invoiceId } }) =>
      db.read({ shopId }, async (tx) => {
        const row = await findInvoice(tx, shopId, invoiceId)
        if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '发票申请' } })
        return detailView(tx, deps, row)
      }),

    'console.issueInvoice': (call) =>
      step(
        call,
        'issue',
        (tx, key, by) => issue(tx, deps, key, { ...call.body, by }),
        (row) => `订单 ${row.orderNo} 开票 ${formatMoney(fen(row.amountFen!))}，号码 ${row.number}`,
      ),

    'console.refuseInvoice': (call) =>
      step(
        call,
        'refuse',
        (tx, key, by) => refuse(tx, deps, key, { ...call.body, by }),
        (row) => `订单 ${row.orderNo} 不开票：${row.reason}`,
      ),

    'console.reverseInvoice': (call) =>
      step(
        call,
        'reverse',
        (tx, key, by) => reverse(tx, deps, key, { ...call.body, by }),
        (row) => `订单 ${row.orderNo} 发票 ${row.number} 红冲，红字号码 ${row.reversedBy}`,
      ),

    'console.uploadInvoice': async ({ params: { shopId }, request, caller }) => {
      const { staffId: id, name } = staffOf(caller)
      const stored = await takePicture(deps, request, shopId, { kind: 'staff', id, name })
      const { width, height, kind, whiteEdgeBp, durationMs } = stored
      return { fileId: stored.id, url: variantUrl(stored.id), width, height, kind, whiteEdgeBp, durationMs }
    },
  }
}
