import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import type { OpenBook } from './book.ts'
import type { SharingDeps } from './deps.ts'
import { ofParty, ofShop } from './money.ts'
import type { PartyShareRow } from './store.ts'
import { insertReturn, returnable } from './store-splits.ts'

/**
 * Asks back what a party owes of an order and has received by splits, as far as it is a merchant account: WeChat takes
 * nothing back from people. Until WeChat has said yes it stays a debt, so that nobody waits for it.
 */
export async function planReturns(tx: Tx, deps: SharingDeps, open: OpenBook, row: PartyShareRow): Promise<void> {
  const { shopId, orderId } = open.book
  let left = Math.min(row.owedFen - row.returningFen, row.splitFen)
  if (left <= 0) return
  for (const receiver of await returnable(tx, shopId, orderId, row.partyId)) {
    const amountFen = Math.min(left, receiver.amountFen - receiver.returnedFen)
    if (amountFen <= 0) continue
    left -= amountFen
    row.returningFen += amountFen
    const id = newId()
    const { splitId, partyId } = receiver
    await insertReturn(tx, { shopId, id, orderId, splitId, partyId, amountFen, createdAt: deps.clock.instant() })
    open.add({
      ...{ kind: 'pending', id, code: 'split.return-hold', amount: amountFen, unit: 'CNY' },
      debit: ofShop(open.book, 'channel.wechat'),
      credit: ofParty(open.book, partyId, 'share.negative'),
      reference: { type: 'order', id: orderId },
    })
    tx.afterCommit(() => deps.wake('returns'))
  }
}
