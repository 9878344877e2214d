import type { Tx } from '../../kernel/db.ts'
import { invoicesBuyerPart } from './buyer-part.ts'
import type { InvoicesDeps } from './deps.ts'
import { invoiceSubscribers } from './follow.ts'
import { invoiceBuyerHandlers, invoiceConsoleHandlers } from './routes.ts'
import { countAsked, countToReverse, moveInvoices } from './store.ts'

/** Invoices 发票: asked for by buyers, issued by the shop with the tax bureau, reversed when money goes back (PAY-06). */
export function createInvoices(deps: InvoicesDeps) {
  return {
    handlers: { ...invoiceBuyerHandlers(deps), ...invoiceConsoleHandlers(deps) },
    subscribers: invoiceSubscribers(deps),
    countAsked,
    countToReverse,
    buyerPart: invoicesBuyerPart,
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveInvoices(tx, move.fromBuyerId, move.buyerId),
  }
}

export type Invoices = ReturnType<typeof createInvoices>
