import { sql, type Tx } from '../../apps/server/src/kernel/db.ts'
import type { BooksDeps } from '../../apps/server/src/modules/books/index.ts'
import { revenueTotals } from '../../apps/server/src/modules/books/revenue-book.ts'
import { stockTotals } from '../../apps/server/src/modules/books/stock-book.ts'
import type { TestApp, TestShop } from './app.ts'

const ALWAYS = { from: '2026-01-01', to: '2027-12-31' }

/** Where the books of a shop, over all time, differ from its stock and its ledger. Answers what is wrong. */
export async function bookWrongs(app: TestApp, { shopId }: Pick<TestShop, 'shopId'>): Promise<string[]> {
  const { db, parties, catalog } = app.app
  const deps: BooksDeps = { db, clock: app.clock, parties, catalog, accountNames: async () => [] }
  return db.read({ shopId }, async (tx) => {
    const { differing } = await stockTotals(tx, deps, shopId, ALWAYS)
    const { ledger } = await revenueTotals(tx, deps, shopId, { ...ALWAYS, step: 'day' })
    const apart = ledger!.filter(({ differenceFen }) => differenceFen !== 0)
    const book = Object.fromEntries(ledger!.map(({ what, bookFen, otherFen }) => [what, bookFen + otherFen]))
    const told = await toldOtherwise(tx, shopId)
    return [
      ...(differing === 0 ? [] : [`stock book: ${differing} SKUs differ from stock`]),
      ...apart.map((line) => `revenue book: ${JSON.stringify(line)}`),
      ...Object.entries(told)
        .filter(([what, fen]) => fen !== book[what])
        .map(([what, fen]) => `revenue book: ${what} is ${book[what]}, and ${fen} by the rows of its module`),
    ]
  })
}

/** The same sums from the rows of payments, refunds and shares, and from what stands on the account of fees. */
const toldOtherwise = (tx: Tx, shopId: string): Promise<Record<'received' | 'refunded' | 'fee' | 'shares', number>> =>
  tx.one(sql`
    select
      (select coalesce(sum(amount_fen), 0) from payments where shop_id = ${shopId} and state = 'paid')::bigint
        + (select coalesce(sum(received_fen), 0) from personal_payments where shop_id = ${shopId} and state = 'confirmed')::bigint
        as received,
      (select coalesce(sum(amount_fen), 0) from refunds where shop_id = ${shopId} and state = 'succeeded')::bigint
        + (select coalesce(sum(amount_fen), 0) from personal_refunds where shop_id = ${shopId} and state = 'recorded')::bigint
        as refunded,
      (select coalesce(sum(credits_posted - debits_posted), 0) from ledger_accounts
        where shop_id = ${shopId} and code = 'fee.channel')::bigint as fee,
      (select coalesce(sum(now_fen), 0) from order_party_shares where shop_id = ${shopId})::bigint as shares`)
