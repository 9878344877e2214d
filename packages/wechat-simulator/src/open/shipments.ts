import { z } from 'zod'
import { parseRfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Order, Orders } from '../pay/orders.ts'
import { OpenRefusal } from './refusal.ts'

const contact = z.object({
  consignor_contact: z.string().max(1024).optional(),
  receiver_contact: z.string().max(1024).optional(),
})
const orderKey = z.discriminatedUnion('order_number_type', [
  z.object({ order_number_type: z.literal(1), mchid: z.string(), out_trade_no: z.string() }),
  z.object({ order_number_type: z.literal(2), transaction_id: z.string() }),
])
const uploadSchema = z
  .object({
    order_key: orderKey,
    logistics_type: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
    delivery_mode: z.union([z.literal(1), z.literal(2)]),
    is_all_delivered: z.boolean().optional(),
    shipping_list: z
      .array(
        z.object({
          tracking_no: z.string().max(128).optional(),
          express_company: z.string().max(128).optional(),
          item_desc: z.string().min(1).max(120),
          contact: contact.optional(),
        }),
      )
      .min(1)
      .max(15),
    upload_time: z.string().refine((text) => parseRfc3339(text) !== null, 'not RFC 3339'),
    payer: z.object({ openid: z.string().min(1).max(128) }),
  })
  .superRefine((input, context) => {
    const wrong = (message: string) => context.addIssue({ code: 'custom', message })
    if (input.delivery_mode === 1 && input.shipping_list.length !== 1)
      wrong('unified delivery takes exactly one parcel')
    if (input.delivery_mode === 2 && input.logistics_type !== 1) wrong('only express may be split')
    if (input.delivery_mode === 2 && input.is_all_delivered === undefined)
      wrong('is_all_delivered is required when split')
    for (const parcel of input.shipping_list) {
      if (input.logistics_type !== 1) continue
      if (!parcel.tracking_no || !parcel.express_company) wrong('express needs tracking_no and express_company')
      const masked = parcel.contact?.receiver_contact ?? parcel.contact?.consignor_contact ?? ''
      if (parcel.express_company === 'SF' && !/\*.*\d{4}$/.test(masked)) wrong('SF needs a masked contact')
    }
  })
type Upload = z.infer<typeof uploadSchema>

interface Row {
  detail: string
  reshipped: number
  uploaded_at: number
}

const SHIPPED = 2
const WAITING = 1
const REFUNDED = 5

/**
 * Order shipping management (facts §2.5): what was shipped for a paid order. Only 10060001 is published; 47001 and 40003
 * stand for the numbers that are not.
 */
export class Shipments {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #orders: Orders
  readonly #mchid: string

  constructor(db: Database, clock: SimulatorClock, orders: Orders, mchid: string) {
    this.#db = db
    this.#clock = clock
    this.#orders = orders
    this.#mchid = mchid
  }

  upload(body: unknown): void {
    const parsed = uploadSchema.safeParse(body)
    if (!parsed.success) throw new OpenRefusal(47001, `data format error: ${parsed.error.issues[0]?.message}`)
    const input = parsed.data
    const order = this.#find(
      input.order_key.order_number_type === 1
        ? { merchant_id: input.order_key.mchid, merchant_trade_no: input.order_key.out_trade_no }
        : { transaction_id: input.order_key.transaction_id },
    )
    if (order.payer_openid !== input.payer.openid) throw new OpenRefusal(40003, 'invalid openid')
    this.#db.transaction(() => this.#save(order.transaction_id!, input))
  }

  get(body: unknown): Record<string, unknown> {
    const order = this.#find((typeof body === 'object' && body) || {})
    const row = this.#row(order.transaction_id!)
    const shipped = row ? (JSON.parse(row.detail) as Upload) : undefined
    const finished = shipped !== undefined && (shipped.delivery_mode === 1 || shipped.is_all_delivered === true)
    return {
      transaction_id: order.transaction_id,
      merchant_id: this.#mchid,
      merchant_trade_no: order.out_trade_no,
      description: order.description,
      openid: order.payer_openid,
      paid_amount: order.amount,
      order_state: order.state === 'REFUND' ? REFUNDED : finished ? SHIPPED : WAITING,
      pay_time: Math.floor(order.success_at! / 1000),
      trade_create_time: Math.floor(order.created_at / 1000),
      in_complaint: false,
      ...(shipped && row && { shipping: this.#shipping(shipped, row, finished) }),
    }
  }

  #shipping(shipped: Upload, row: Row, finished: boolean): Record<string, unknown> {
    return {
      delivery_mode: shipped.delivery_mode,
      logistics_type: shipped.logistics_type,
      finish_shipping: finished,
      finish_shipping_count: finished ? 1 + row.reshipped : 0,
      goods_desc: shipped.shipping_list[0]?.item_desc,
      shipping_list: shipped.shipping_list.map((parcel) => ({
        tracking_no: parcel.tracking_no,
        express_company: parcel.express_company,
        goods_desc: parcel.item_desc,
        upload_time: Math.floor(row.uploaded_at / 1000),
        ...(parcel.contact && { contact: parcel.contact }),
      })),
    }
  }

  #find(key: { transaction_id?: unknown; merchant_id?: unknown; merchant_trade_no?: unknown }): Order {
    const order =
      typeof key.transaction_id === 'string'
        ? this.#orders.byTransactionId(key.transaction_id)
        : key.merchant_id === this.#mchid && typeof key.merchant_trade_no === 'string'
          ? this.#orders.get(key.merchant_trade_no)
          : undefined
    if (!order || order.success_at === null) throw new OpenRefusal(10060001, '支付单不存在')
    return order
  }

  /** One re-shipment after the order was finished; a split order takes parcels until it says it is complete. */
  #save(transactionId: string, input: Upload): void {
    const earlier = this.#row(transactionId)
    const before = earlier ? (JSON.parse(earlier.detail) as Upload) : undefined
    const finished = before !== undefined && (before.delivery_mode === 1 || before.is_all_delivered === true)
    if (before && parseRfc3339(input.upload_time)! <= parseRfc3339(before.upload_time)!) {
      throw new OpenRefusal(47001, 'data format error: upload_time is not newer than the last one')
    }
    if (finished && earlier && earlier.reshipped >= 1)
      throw new OpenRefusal(47001, 'data format error: already re-shipped once')
    const joined = before && !finished && before.delivery_mode === 2 && input.delivery_mode === 2
    const list = joined ? [...before.shipping_list, ...input.shipping_list] : input.shipping_list
    this.#db.run(
      'INSERT OR REPLACE INTO shipments (transaction_id, detail, reshipped, uploaded_at) VALUES (?, ?, ?, ?)',
      ...[transactionId, JSON.stringify({ ...input, shipping_list: list })],
      ...[(earlier?.reshipped ?? 0) + (finished ? 1 : 0), this.#clock.now()],
    )
  }

  #row(transactionId: string): Row | undefined {
    return this.#db.one<Row>('SELECT * FROM shipments WHERE transaction_id = ?', transactionId)
  }
}
