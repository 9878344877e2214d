import type { InvoiceState, InvoiceTitle, InvoiceTitleKind, InvoiceType } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import { containing } from '../../kernel/like.ts'

export interface InvoiceRecord {
  shopId: string
  id: string
  orderId: string
  orderNo: string
  buyerId: string
  state: InvoiceState
  kind: InvoiceTitleKind
  type: InvoiceType
  title: string
  taxNo: string
  amountFen: number | null
  number: string | null
  issuedOn: string | null
  link: string | null
  pictures: string[]
  mustReverse: boolean
  reversedBy: string | null
  reason: string
  askedAt: string
  changedAt: string
  changedBy: string
}

const COLUMNS = sql`i.shop_id, i.id, i.order_id, i.order_no, i.buyer_id, i.state, i.kind, i.type, i.title, i.tax_no, i.amount_fen,
  i.number, i.issued_on::text as issued_on, i.link, i.pictures, i.must_reverse, i.reversed_by, i.reason, i.asked_at, i.changed_at,
  i.changed_by`

/** Requests for an order, the newest first. */
export const invoicesOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<InvoiceRecord>(sql`
    select ${COLUMNS} from invoices i where i.shop_id = ${shopId} and i.order_id = ${orderId}
    order by i.asked_at desc, i.id desc limit 20`)

export const findInvoice = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<InvoiceRecord>(sql`select ${COLUMNS} from invoices i where i.shop_id = ${shopId} and i.id = ${id}`)

/** The one that is asked for or issued; there is one at most. */
export const openInvoice = (tx: Tx, shopId: string, orderId: string) =>
  tx.maybe<InvoiceRecord>(sql`
    select ${COLUMNS} from invoices i where i.shop_id = ${shopId} and i.order_id = ${orderId} and i.state in ('asked', 'issued')`)

export async function insertInvoice(tx: Tx, row: InvoiceRecord): Promise<void> {
  await tx.exec(sql`
    insert into invoices (shop_id, id, order_id, order_no, buyer_id, state, kind, type, title, tax_no, asked_at, changed_at)
    values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.orderNo}, ${row.buyerId}, ${row.state}, ${row.kind}, ${row.type},
      ${row.title}, ${row.taxNo}, ${row.askedAt}, ${row.changedAt})`)
}

/** The order is locked by whoever changes one of its requests. */
export async function updateInvoice(tx: Tx, row: InvoiceRecord): Promise<void> {
  await tx.exec(sql`
    update invoices set state = ${row.state}, kind = ${row.kind}, type = ${row.type}, title = ${row.title}, tax_no = ${row.taxNo},
      amount_fen = ${row.amountFen}, number = ${row.number}, issued_on = ${row.issuedOn}, link = ${row.link},
      pictures = ${row.pictures}::uuid[], must_reverse = ${row.mustReverse}, reversed_by = ${row.reversedBy},
      reason = ${row.reason}, changed_at = ${row.changedAt}, changed_by = ${row.changedBy}
    where shop_id = ${row.shopId} and id = ${row.id}`)
}

/** Whether an invoice or a red one of the shop has this number. */
export const isNumberTaken = async (tx: Tx, shopId: string, number: string): Promise<boolean> =>
  (await tx.maybe(sql`
    select 1 from invoices where shop_id = ${shopId} and (number = ${number} or reversed_by = ${number}) limit 1`)) !==
  undefined

const MOST_TITLES = 5

/** Heads that a buyer has used in a shop, the last one first. */
export const titlesOf = (tx: Tx, shopId: string, buyerId: string) =>
  tx.rows<InvoiceTitle>(sql`
    select kind, title, tax_no from invoices where shop_id = ${shopId} and buyer_id = ${buyerId}
    group by kind, title, tax_no order by max(asked_at) desc limit ${MOST_TITLES}`)

export interface InvoiceFilter {
  state?: InvoiceState | undefined
  mustReverse?: boolean | undefined
  q?: string | undefined
  before?: { at: string; id: string } | undefined
  limit: number
}

export const listInvoices = (tx: Tx, shopId: string, { state, mustReverse, q, before, limit }: InvoiceFilter) =>
  tx.rows<InvoiceRecord>(sql`
    select ${COLUMNS} from invoices i where i.shop_id = ${shopId}
      ${state === undefined ? empty : sql`and i.state = ${state}`}
      ${mustReverse ? sql`and i.must_reverse` : empty}
      ${
        q === undefined || q === ''
          ? empty
          : sql`and (i.order_no like ${containing(q)} or i.title ilike ${containing(q)} or i.tax_no = ${q.toUpperCase()}
              or i.number = ${q} or i.reversed_by = ${q})`
      }
      ${before === undefined ? empty : sql`and (i.asked_at, i.id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by i.asked_at desc, i.id desc limit ${limit}`)

export const countAsked = (tx: Tx, shopId: string): Promise<number> =>
  count(tx.one(sql`select count(*) as count from invoices where shop_id = ${shopId} and state = 'asked'`))

export const countToReverse = (tx: Tx, shopId: string): Promise<number> =>
  count(tx.one(sql`select count(*) as count from invoices where shop_id = ${shopId} and must_reverse`))

const count = async (found: Promise<{ count: number }>): Promise<number> => (await found).count

export const moveInvoices = async (tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> => {
  await tx.exec(sql`update invoices set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
