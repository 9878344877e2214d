import type { LedgerAccount } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { Transfer } from '../../ledger/index.ts'

/** Accounts of the shop's money, by kind. Those of single orders are many and are shown with their order. */
export const listAccounts = (
  tx: Tx,
  shopId: string,
  filter: { q?: string | undefined; after?: { code: string; id: string } | undefined; limit: number },
) =>
  tx.rows<LedgerAccount>(sql`
    select a.id, a.code, coalesce(p.name, '') as owner, a.credits_posted - a.debits_posted as balance_fen,
      a.debits_pending as pending_out_fen, a.credits_pending as pending_in_fen
    from ledger_accounts a left join parties p on p.shop_id = a.shop_id and a.code like 'share.%' and strpos(a.owner, p.id::text) = 1
    where a.shop_id = ${shopId} and a.unit = 'CNY' and a.code <> 'order.paid'
      ${filter.q === undefined || filter.q === '' ? empty : sql`and (strpos(a.code, ${filter.q}) > 0 or strpos(p.name, ${filter.q}) > 0)`}
      ${filter.after === undefined ? empty : sql`and (a.code, a.id) > (${filter.after.code}, ${filter.after.id}::uuid)`}
    order by a.code, a.id limit ${filter.limit}`)

export const orderNoOfId = async (tx: Tx, shopId: string, orderId: string): Promise<string | undefined> =>
  (await tx.maybe<{ orderNo: string }>(sql`select order_no from orders where shop_id = ${shopId} and id = ${orderId}`))
    ?.orderNo

/** What the accounts of some transfers are called, and the orders they are about as far as one may see them. */
export async function namesOf(tx: Tx, shopId: string, transfers: readonly Transfer[]) {
  const ids = [...new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]))]
  const orderIds = transfers.flatMap(({ referenceType, referenceId }) =>
    referenceType === 'order' ? [referenceId!] : [],
  )
  const accounts = await tx.rows<{ id: string; code: string }>(
    sql`select id, code from ledger_accounts where shop_id = ${shopId} and id = any(${ids}::uuid[])`,
  )
  const orders = await tx.rows<{ id: string; orderNo: string }>(
    sql`select id, order_no from orders where shop_id = ${shopId} and id = any(${orderIds}::uuid[])`,
  )
  return {
    accounts: new Map(accounts.map(({ id, code }) => [id, code])),
    orders: new Map(orders.map((order) => [order.id, order])),
  }
}
