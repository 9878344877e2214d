import type { DeliveryMethod } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'

export interface RefundRow {
  shopId: string
  id: string
  orderId: string
  paymentId: string
  buyerId: string
  state: 'created' | 'processing' | 'succeeded' | 'failed'
  amountFen: number
  reason: string
  requestedBy: 'buyer' | 'merchant' | 'system'
  settlesOrder: boolean
  partOfOrder: boolean
  /** What it is for, as whoever asked for it named it; empty unless told. */
  purpose: string
  outRefundNo: string
  refundId: string | null
  attempts: number
  /** What WeChat last answered to one that has not gone through. */
  lastError: string | null
  createdAt: string
  finishedAt: string | null
}

const REFUND = sql`r.shop_id, r.id, r.order_id, r.payment_id, r.buyer_id, r.state, r.amount_fen, r.reason, r.requested_by, r.settles_order,
  r.part_of_order, r.purpose, r.out_refund_no, r.refund_id, r.attempts, r.last_error, r.created_at, r.finished_at`

export const refundsOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<RefundRow>(
    sql`select ${REFUND} from refunds r where shop_id = ${shopId} and order_id = ${orderId} order by created_at desc, out_refund_no desc limit 100`,
  )

/** Money of a shop that is on its way back to buyers. */
export const refundsInFlight = (tx: Tx, shopId: string) =>
  tx.one<{ count: number; amountFen: number }>(sql`
    select count(*) as count, coalesce(sum(amount_fen), 0)::bigint as amount_fen from refunds
    where shop_id = ${shopId} and state in ('created', 'processing')`)

export const refundByNo = (tx: Tx, shopId: string, outRefundNo: string) =>
  tx.maybe<RefundRow>(
    sql`select ${REFUND} from refunds r where shop_id = ${shopId} and out_refund_no = ${outRefundNo} for update`,
  )

export const countRefunds = async (tx: Tx, shopId: string, paymentId: string) =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from refunds where shop_id = ${shopId} and payment_id = ${paymentId}`,
    )
  ).count

/** Returns whether the refund is new: the same request asked twice makes one. */
export async function insertRefund(
  tx: Tx,
  row: Omit<RefundRow, 'refundId' | 'attempts' | 'lastError' | 'finishedAt'>,
  checkAt: string,
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into refunds (shop_id, id, order_id, payment_id, buyer_id, state, amount_fen, reason, requested_by, settles_order, part_of_order, purpose, out_refund_no, check_at, created_at)
      values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.paymentId}, ${row.buyerId}, ${row.state}, ${row.amountFen}, ${row.reason},
        ${row.requestedBy}, ${row.settlesOrder}, ${row.partOfOrder}, ${row.purpose}, ${row.outRefundNo}, ${checkAt}, ${row.createdAt})
      on conflict (shop_id, id) do nothing`)) === 1
  )
}

export const claimDueRefunds = (tx: Tx, at: string, leaseUntil: string, limit: number) =>
  tx.rows<RefundRow>(sql`
    update refunds r set check_at = ${leaseUntil}, attempts = attempts + 1 from (
      select shop_id, id from refunds where state in ('created', 'processing') and check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where r.shop_id = due.shop_id and r.id = due.id
    returning ${REFUND}`)

export async function setRefundProcessing(
  tx: Tx,
  shopId: string,
  id: string,
  news: { refundId: string; checkAt: string; error: string | null },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update refunds set state = 'processing', refund_id = ${news.refundId}, check_at = ${news.checkAt}, last_error = ${news.error}
      where shop_id = ${shopId} and id = ${id} and state in ('created', 'processing')`)) === 1
  )
}

/** Compare-and-set: that the money is back wins over everything; false when that was known. */
export async function setRefundSucceeded(
  tx: Tx,
  shopId: string,
  id: string,
  refundId: string,
  at: string,
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update refunds set state = 'succeeded', refund_id = ${refundId}, finished_at = ${at}, check_at = null, last_error = null
      where shop_id = ${shopId} and id = ${id} and state <> 'succeeded'`)) === 1
  )
}

/** Compare-and-set: WeChat has closed the refund and no money went. False when it had ended before. */
export async function setRefundFailed(
  tx: Tx,
  shopId: string,
  id: string,
  news: { refundId: string; at: string; error: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update refunds set state = 'failed', refund_id = ${news.refundId}, finished_at = ${news.at}, check_at = null, last_error = ${news.error}
      where shop_id = ${shopId} and id = ${id} and state in ('created', 'processing')`)) === 1
  )
}

/** Ends other open refunds of a payment whose money is back already. Answers their ids. */
export async function endSuccessors(
  tx: Tx,
  shopId: string,
  refund: Pick<RefundRow, 'id' | 'paymentId'>,
  at: string,
  error: string,
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    update refunds set state = 'failed', finished_at = ${at}, check_at = null, last_error = ${error}
    where shop_id = ${shopId} and payment_id = ${refund.paymentId} and id <> ${refund.id} and state in ('created', 'processing')
    returning id`)
  return rows.map((row) => row.id)
}

export async function postponeRefund(
  tx: Tx,
  shopId: string,
  id: string,
  checkAt: string,
  error: string,
): Promise<void> {
  await tx.exec(
    sql`update refunds set check_at = ${checkAt}, last_error = ${error} where shop_id = ${shopId} and id = ${id} and state in ('created', 'processing')`,
  )
}

export interface ShipmentReportRow {
  shopId: string
  shipmentId: string
  orderId: string
  payload: {
    /** Absent in reports from before there was a choice: by courier. */
    method?: DeliveryMethod
    trackingNo: string
    carrierCode: string
    itemDescription: string
    allShipped: boolean
    partial: boolean
    receiverContact: string
  }
  attempts: number
}

export async function insertShipmentReport(
  tx: Tx,
  row: Omit<ShipmentReportRow, 'attempts'>,
  at: string,
): Promise<void> {
  await tx.exec(sql`
    insert into shipment_reports (shop_id, shipment_id, order_id, state, payload, check_at, created_at)
    values (${row.shopId}, ${row.shipmentId}, ${row.orderId}, 'pending', ${JSON.stringify(row.payload)}::jsonb, ${at}, ${at})
    on conflict do nothing`)
}

export const claimDueShipmentReports = (tx: Tx, at: string, leaseUntil: string, limit: number) =>
  tx.rows<ShipmentReportRow>(sql`
    update shipment_reports r set check_at = ${leaseUntil}, attempts = attempts + 1 from (
      select shop_id, shipment_id from shipment_reports where state = 'pending' and check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where r.shop_id = due.shop_id and r.shipment_id = due.shipment_id
    returning r.shop_id, r.shipment_id, r.order_id, r.payload, r.attempts`)

export async function setShipmentReport(
  tx: Tx,
  shopId: string,
  shipmentId: string,
  end: {
    state: 'pending' | 'accepted' | 'failed'
    checkAt: string | null
    reportedAt: string | null
    error: string | null
  },
): Promise<void> {
  await tx.exec(sql`
    update shipment_reports set state = ${end.state}, check_at = ${end.checkAt}, reported_at = ${end.reportedAt}, last_error = ${end.error}
    where shop_id = ${shopId} and shipment_id = ${shipmentId} and state = 'pending'`)
}

/** When WeChat was last told of a parcel of this order. */
export const lastReportedAt = async (tx: Tx, shopId: string, orderId: string) =>
  (
    await tx.one<{ at: string | null }>(
      sql`select max(reported_at) as at from shipment_reports where shop_id = ${shopId} and order_id = ${orderId}`,
    )
  ).at

export const reportStates = (tx: Tx, shopId: string, shipmentIds: readonly string[]) =>
  tx.rows<{ shipmentId: string; state: 'pending' | 'accepted' | 'failed' }>(sql`
    select shipment_id, state from shipment_reports where shop_id = ${shopId} and shipment_id = any(${shipmentIds as string[]}::uuid[])`)

export const countReports = async (tx: Tx, shopId: string, orderId: string) =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from shipment_reports where shop_id = ${shopId} and order_id = ${orderId}`,
    )
  ).count
