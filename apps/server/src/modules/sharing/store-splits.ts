import type { PartyAccountKind } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'

export interface SplitRow {
  shopId: string
  id: string
  orderId: string
  orderNo: string
  number: number
  kind: 'split' | 'unfreeze'
  state: 'created' | 'processing' | 'finished' | 'refused'
  outOrderNo: string
  transactionId: string
  appid: string
  amountFen: number
  attempts: number
  lastError: string | null
  createdAt: string
  finishedAt: string | null
}

export interface ReceiverRow {
  shopId: string
  splitId: string
  partyId: string
  orderId: string
  accountKind: PartyAccountKind
  accountSealed: string
  accountMasked: string
  amountFen: number
  returnedFen: number
  state: 'pending' | 'success' | 'failed'
  failReason: string | null
  detailId: string | null
  finishedAt: string | null
}

export interface ReturnRow {
  shopId: string
  id: string
  orderId: string
  splitId: string
  partyId: string
  outOrderNo: string
  outReturnNo: string
  state: 'created' | 'processing' | 'succeeded' | 'failed'
  amountFen: number
  attempts: number
  lastError: string | null
  createdAt: string
  finishedAt: string | null
}

export const SPLIT = sql`t.shop_id, t.id, t.order_id, t.order_no, t.number, t.kind, t.state, t.out_order_no, t.transaction_id, t.appid,
  t.amount_fen, t.attempts, t.last_error, t.created_at, t.finished_at`
const RECEIVER = sql`r.shop_id, r.split_id, r.party_id, r.order_id, r.account_kind, r.account_sealed, r.account_masked, r.amount_fen,
  r.returned_fen, r.state, r.fail_reason, r.detail_id, r.finished_at`
const RETURN = sql`b.shop_id, b.id, b.order_id, b.split_id, b.party_id, b.out_order_no, b.out_return_no, b.state, b.amount_fen, b.attempts,
  b.last_error, b.created_at, b.finished_at`

export const splitsOf = (tx: Tx, shopId: string, orderId: string): Promise<SplitRow[]> =>
  tx.rows<SplitRow>(
    sql`select ${SPLIT} from splits t where t.shop_id = ${shopId} and t.order_id = ${orderId} order by t.number`,
  )

export const findSplit = (tx: Tx, shopId: string, id: string): Promise<SplitRow | undefined> =>
  tx.maybe<SplitRow>(sql`select ${SPLIT} from splits t where t.shop_id = ${shopId} and t.id = ${id}`)

export const receiversOf = (tx: Tx, shopId: string, splitIds: readonly string[]): Promise<ReceiverRow[]> =>
  tx.rows<ReceiverRow>(sql`
    select ${RECEIVER} from split_receivers r where r.shop_id = ${shopId} and r.split_id = any(${splitIds as string[]}::uuid[])
    order by r.split_id, r.party_id`)

export const returnsOf = (tx: Tx, shopId: string, orderId: string): Promise<ReturnRow[]> =>
  tx.rows<ReturnRow>(sql`
    select ${RETURN} from split_returns b where b.shop_id = ${shopId} and b.order_id = ${orderId} order by b.created_at, b.out_return_no`)

export async function insertSplit(
  tx: Tx,
  row: Omit<SplitRow, 'state' | 'attempts' | 'lastError' | 'finishedAt'>,
  receivers: readonly Pick<ReceiverRow, 'partyId' | 'accountKind' | 'accountSealed' | 'accountMasked' | 'amountFen'>[],
  checkAt: string,
): Promise<void> {
  await tx.exec(sql`
    insert into splits (shop_id, id, order_id, order_no, number, kind, state, out_order_no, transaction_id, appid, amount_fen, check_at, created_at)
    values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.orderNo}, ${row.number}, ${row.kind}, 'created', ${row.outOrderNo},
      ${row.transactionId}, ${row.appid}, ${row.amountFen}, ${checkAt}, ${row.createdAt})`)
  for (const receiver of receivers)
    await tx.exec(sql`
      insert into split_receivers (shop_id, split_id, party_id, order_id, account_kind, account_sealed, account_masked, amount_fen, state)
      values (${row.shopId}, ${row.id}, ${receiver.partyId}, ${row.orderId}, ${receiver.accountKind}, ${receiver.accountSealed},
        ${receiver.accountMasked}, ${receiver.amountFen}, 'pending')`)
}

/** Compare-and-set on an open split: false when it had ended. */
export async function setSplit(
  tx: Tx,
  row: Pick<SplitRow, 'shopId' | 'id'>,
  to: {
    state: SplitRow['state']
    checkAt: string | null
    lastError: string | null
    finishedAt: string | null
  },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update splits set state = ${to.state}, check_at = ${to.checkAt}, last_error = ${to.lastError}, finished_at = ${to.finishedAt}
      where shop_id = ${row.shopId} and id = ${row.id} and state in ('created', 'processing')`)) === 1
  )
}

/** Compare-and-set: false when this receiver had ended. */
export async function endReceiver(
  tx: Tx,
  row: Pick<ReceiverRow, 'shopId' | 'splitId' | 'partyId'>,
  end: { state: 'success' | 'failed'; failReason: string | null; detailId: string | null; at: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update split_receivers set state = ${end.state}, fail_reason = ${end.failReason}, detail_id = ${end.detailId}, finished_at = ${end.at}
      where shop_id = ${row.shopId} and split_id = ${row.splitId} and party_id = ${row.partyId} and state = 'pending'`)) ===
    1
  )
}

export const claimDueSplits = (tx: Tx, at: string, leaseUntil: string, limit: number): Promise<SplitRow[]> =>
  tx.rows<SplitRow>(sql`
    update splits t set check_at = ${leaseUntil}, attempts = attempts + 1 from (
      select shop_id, id from splits where state in ('created', 'processing') and check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where t.shop_id = due.shop_id and t.id = due.id returning ${SPLIT}`)

/** What a party received of an order by splits that went through, and may still be asked back. */
export const returnable = (tx: Tx, shopId: string, orderId: string, partyId: string): Promise<ReceiverRow[]> =>
  tx.rows<ReceiverRow>(sql`
    select ${RECEIVER} from split_receivers r
    where r.shop_id = ${shopId} and r.order_id = ${orderId} and r.party_id = ${partyId} and r.state = 'success'
      and r.account_kind = 'mchid' and r.returned_fen < r.amount_fen order by r.finished_at, r.split_id`)

export async function insertReturn(
  tx: Tx,
  row: Omit<ReturnRow, 'state' | 'attempts' | 'lastError' | 'finishedAt' | 'outOrderNo' | 'outReturnNo'>,
): Promise<void> {
  await tx.exec(sql`
    insert into split_returns (shop_id, id, order_id, split_id, party_id, out_order_no, out_return_no, state, amount_fen, check_at, created_at)
    select ${row.shopId}, ${row.id}, ${row.orderId}, ${row.splitId}, ${row.partyId}, t.out_order_no,
      t.out_order_no || 'B' || lpad(((select count(*) from split_returns b where b.shop_id = t.shop_id and b.split_id = t.id) + 1)::text, 2, '0'),
      'created', ${row.amountFen}, ${row.createdAt}, ${row.createdAt}
    from splits t where t.shop_id = ${row.shopId} and t.id = ${row.splitId}`)
  await addReturned(tx, row, row.amountFen)
}

/** What is asked back of a receiver, so that no two returns ask for the same. */
export async function addReturned(
  tx: Tx,
  { shopId, splitId, partyId }: Pick<ReturnRow, 'shopId' | 'splitId' | 'partyId'>,
  amountFen: number,
): Promise<void> {
  await tx.exec(sql`
    update split_receivers set returned_fen = returned_fen + ${amountFen}
    where shop_id = ${shopId} and split_id = ${splitId} and party_id = ${partyId}`)
}

export const claimDueReturns = (tx: Tx, at: string, leaseUntil: string, limit: number): Promise<ReturnRow[]> =>
  tx.rows<ReturnRow>(sql`
    update split_returns b set check_at = ${leaseUntil}, attempts = attempts + 1 from (
      select shop_id, id from split_returns where state in ('created', 'processing') and check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where b.shop_id = due.shop_id and b.id = due.id returning ${RETURN}`)

/** Compare-and-set on an open return: false when it had ended. */
export async function setReturn(
  tx: Tx,
  row: Pick<ReturnRow, 'shopId' | 'id'>,
  to: {
    state: ReturnRow['state']
    checkAt: string | null
    lastError: string | null
    finishedAt: string | null
  },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update split_returns set state = ${to.state}, check_at = ${to.checkAt}, last_error = ${to.lastError}, finished_at = ${to.finishedAt}
      where shop_id = ${row.shopId} and id = ${row.id} and state in ('created', 'processing')`)) === 1
  )
}
