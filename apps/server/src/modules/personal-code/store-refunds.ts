import type { PersonalRefundState } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface HandRefundRow {
  shopId: string
  id: string
  orderId: string
  orderNo: string
  paymentId: string
  buyerId: string
  state: PersonalRefundState
  amountFen: number
  reason: string
  requestedBy: 'buyer' | 'merchant' | 'system'
  settlesOrder: boolean
  partOfOrder: boolean
  purpose: string
  createdAt: string
  transactionNo: string | null
  paidAt: string | null
  evidence: string[]
  recordedAt: string | null
  recordedBy: string
  /** Of the payment that it goes back of. */
  paymentNo: string
}

const COLUMNS = sql`r.shop_id, r.id, r.order_id, r.order_no, r.payment_id, r.buyer_id, r.state, r.amount_fen, r.reason,
  r.requested_by, r.settles_order, r.part_of_order, r.purpose, r.created_at, r.transaction_no, r.paid_at, r.evidence,
  r.recorded_at, r.recorded_by, coalesce(p.transaction_no, '') as payment_no`
const FROM = sql`personal_refunds r join personal_payments p on p.shop_id = r.shop_id and p.id = r.payment_id`

/** Returns whether it is new: the same request asked twice makes one. */
export async function insertHandRefund(
  tx: Tx,
  row: Omit<
    HandRefundRow,
    'state' | 'transactionNo' | 'paidAt' | 'evidence' | 'recordedAt' | 'recordedBy' | 'paymentNo'
  >,
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      insert into personal_refunds (shop_id, id, order_id, order_no, payment_id, buyer_id, state, amount_fen, reason,
        requested_by, settles_order, part_of_order, purpose, created_at)
      values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.orderNo}, ${row.paymentId}, ${row.buyerId}, 'owed',
        ${row.amountFen}, ${row.reason}, ${row.requestedBy}, ${row.settlesOrder}, ${row.partOfOrder}, ${row.purpose},
        ${row.createdAt})
      on conflict (shop_id, id) do nothing`)) === 1
  )
}

export const findHandRefund = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<HandRefundRow>(sql`select ${COLUMNS} from ${FROM} where r.shop_id = ${shopId} and r.id = ${id}`)

export const handRefundsOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<HandRefundRow>(sql`
    select ${COLUMNS} from ${FROM} where r.shop_id = ${shopId} and r.order_id = ${orderId} order by r.created_at desc limit 100`)

export const isRefundNumberTaken = async (tx: Tx, shopId: string, transactionNo: string): Promise<boolean> =>
  (await tx.maybe(sql`
    select 1 from personal_refunds where shop_id = ${shopId} and transaction_no = ${transactionNo}`)) !== undefined

/** Compare-and-set: false when it was recorded before. */
export async function setRecorded(
  tx: Tx,
  shopId: string,
  id: string,
  record: { transactionNo: string; paidAt: string; evidence: readonly string[]; at: string; by: string },
): Promise<boolean> {
  const { transactionNo, paidAt, evidence, at, by } = record
  return (
    (await tx.exec(sql`
      update personal_refunds set state = 'recorded', transaction_no = ${transactionNo}, paid_at = ${paidAt},
        evidence = ${evidence as string[]}::uuid[], recorded_at = ${at}, recorded_by = ${by}
      where shop_id = ${shopId} and id = ${id} and state = 'owed'`)) === 1
  )
}

/** What is owed first, the latest of each first. */
export function listHandRefunds(
  tx: Tx,
  shopId: string,
  filter: {
    state?: PersonalRefundState | undefined
    q?: string | undefined
    after?: { recorded: boolean; at: string; id: string } | undefined
    limit: number
  },
) {
  const { state, q, after, limit } = filter
  const where: Sql[] = [sql`r.shop_id = ${shopId}`]
  if (state !== undefined) where.push(sql`r.state = ${state}`)
  if (q) where.push(sql`(r.order_no = ${q} or r.transaction_no = ${q.toUpperCase()})`)
  if (after)
    where.push(sql`((r.state = 'recorded') > ${after.recorded} or ((r.state = 'recorded') = ${after.recorded}
      and (r.created_at, r.id) < (${after.at}::timestamptz, ${after.id}::uuid)))`)
  return tx.rows<HandRefundRow>(sql`
    select ${COLUMNS} from ${FROM} where ${join(where, ' and ')}
    order by (r.state = 'recorded'), r.created_at desc, r.id desc limit ${limit}`)
}

export const countOwed = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from personal_refunds where shop_id = ${shopId} and state = 'owed'`,
    )
  ).count

/** What was paid back by hand on each day. `zone` is the shop's. */
export const refundedByDay = (tx: Tx, shopId: string, zone: string, days: readonly string[]) =>
  tx.rows<{ day: string; refundedFen: number }>(sql`
    select (paid_at at time zone ${zone})::date::text as day, sum(amount_fen)::bigint as refunded_fen
    from personal_refunds where shop_id = ${shopId} and state = 'recorded'
      and (paid_at at time zone ${zone})::date = any(${days as string[]}::date[])
    group by 1`)
