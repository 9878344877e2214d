import type { Tx } from '../../kernel/db.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { lockBalances } from '../../ledger/index.ts'
import { orderCompleted, orderPaid, refundReturned } from '../orders/index.ts'
import { createSweeps } from '../payments/index.ts'
import { bringBack } from './bring-back.ts'
import type { SharingDeps, Work } from './deps.ts'
import { freezeShares, mustOpenForSplit } from './freeze-shares.ts'
import { ofParty } from './money.ts'
import { sharingHandlers } from './routes.ts'
import { settleOrder } from './settle-order.ts'
import { dueBySplit, openFreezes } from './store.ts'
import { sweepMoney, sweepReturns, sweepSplits } from './sweep.ts'

export { orderSettled, splitEnded } from './events.ts'

/** Profit sharing by contract: what of an order's money is whose, from the order to WeChat's split and back (PAY-03). */
export function createSharing(input: Omit<SharingDeps, 'wake'>) {
  const deps: SharingDeps = { ...input, wake: (work) => sweeps.wake(work) }
  const sweeps = createSweeps<Work>(
    { money: () => sweepMoney(deps), splits: () => sweepSplits(deps), returns: () => sweepReturns(deps) },
    (work, error) => deps.log.error({ err: error, work }, 'a sweep of shares failed; the schedule repeats it'),
  )
  return {
    handlers: sharingHandlers(deps),
    subscribers: [ordersSubscriber(deps)],
    mustOpenForSplit: (shopId: string, orderId: string) => mustOpenForSplit(deps, shopId, orderId),
    bringBack: (tx: Tx, refund: Parameters<typeof bringBack>[2]) => bringBack(tx, deps, refund),
    settleOrder: (tx: Tx, book: { shopId: string; orderId: string }) => settleOrder(tx, deps, book),
    /** What a party may have paid out when it asks: due, not frozen, and not waiting for the split of its order. */
    payableOf: (tx: Tx, shopId: string, partyId: string) => payableOf(tx, shopId, partyId),
    /** Each finishes what is due of its kind and answers how much it took; one runs at a time in this process. */
    sweepMoney: () => sweeps.run('money'),
    sweepSplits: () => sweeps.run('splits'),
    sweepReturns: () => sweeps.run('returns'),
    /** Waits for the sweeps under way and starts no more. Call it before the database is closed. */
    close: () => sweeps.close(),
  }
}

/** Locks the party's accounts, so that what it answers holds until the transaction ends. Scope `system`. */
async function payableOf(
  tx: Tx,
  shopId: string,
  partyId: string,
): Promise<{ withdrawableFen: number; dueBySplitFen: number; isFrozen: boolean }> {
  const payable = ofParty({ shopId }, partyId, 'share.payable')
  const state = (await lockBalances(tx, shopId, [payable])).get(payable)
  const standing = state ? state.creditsPosted - state.debitsPosted - state.debitsPending : 0
  const isFrozen = (await openFreezes(tx, shopId, [partyId])).size > 0
  const dueBySplitFen = await dueBySplit(tx, shopId, partyId)
  return { withdrawableFen: isFrozen ? 0 : Math.max(standing - dueBySplitFen, 0), dueBySplitFen, isFrozen }
}

function ordersSubscriber(deps: SharingDeps): Subscriber {
  return {
    name: 'sharing.orders',
    events: [orderPaid.name, orderCompleted.name, refundReturned.name],
    batchSize: 100,
    async handle(tx, events) {
      const paid = events.filter(({ name }) => name === orderPaid.name)
      await freezeShares(
        tx,
        deps,
        paid.map(({ shopId, payload }) => {
          const { orderId, lines } = orderPaid.payload.parse(payload)
          return { shopId, orderId, lines }
        }),
      )
      for (const { shopId, name, aggregateId } of events)
        if (name !== orderPaid.name) await settleOrder(tx, deps, { shopId, orderId: aggregateId })
    },
  }
}

export type Sharing = ReturnType<typeof createSharing>
