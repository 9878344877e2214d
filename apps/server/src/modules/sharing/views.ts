import type { Earnings, ExplainedShare, OrderMoney, OrderSharing, OrderState, PartyShare } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { getBalances } from '../../ledger/index.ts'
import type { SharingDeps } from './deps.ts'
import { explain } from './explain.ts'
import { ofParty } from './money.ts'
import { dueBySplit, type ShareRow, sharesOf } from './store.ts'
import {
  listPartyShares,
  type MoneyListRow,
  moneyOfOrder,
  openFreezeOf,
  type PartyShareListRow,
  sumsOfParty,
} from './store-lists.ts'
import { receiversOf, returnsOf, splitsOf } from './store-splits.ts'

export const toMoney = ({ frozenAt: _, ...row }: MoneyListRow): z.input<typeof OrderMoney> => row

/** Names of parties, and times as the shop's clocks show them. */
export async function wordsOf(tx: Tx, deps: SharingDeps, shopId: string, partyIds: readonly string[]) {
  const parties = await deps.contracts.partiesByIds(tx, shopId, [...new Set(partyIds)])
  const names = new Map(parties.map(({ id, name }) => [id, name]))
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return { nameOf: (id: string) => names.get(id) ?? '', timeOf: (at: string) => clock.format(new Date(at)) }
}

type Words = Awaited<ReturnType<typeof wordsOf>>

export function toExplained(
  share: Omit<ShareRow, 'orderId' | 'number'>,
  placedAt: string,
  { nameOf, timeOf }: Words,
): z.input<typeof ExplainedShare> {
  const ofPartyName = share.ofPartyId === null ? null : nameOf(share.ofPartyId)
  const said = explain({ ...share, ofPartyName, placedAt: timeOf(placedAt) })
  const { line, title, partyId, partyKind, contractId, contractName, payBy, shareFen } = share
  return {
    ...{ line, title, partyId, partyName: nameOf(partyId), partyKind, contractId, contractName, payBy, shareFen },
    ...{ explained: said.zh, explainedEn: said.en },
  }
}

/** Where an order is that is not settled. */
function stageBefore(state: OrderState | undefined): PartyShare['stage'] {
  if (state === 'awaiting-payment') return 'unpaid'
  return state === undefined || state === 'cancelled' || state === 'refunded' ? 'over' : 'paid'
}

export const toPartyShare = (
  row: PartyShareListRow,
  explained: readonly z.input<typeof ExplainedShare>[],
  { nameOf }: Words,
  orderState: OrderState | undefined,
): z.input<typeof PartyShare> => ({
  stage: row.settledAt === null ? stageBefore(orderState) : 'settled',
  ...{ orderId: row.orderId, orderNo: row.orderNo, partyId: row.partyId, partyName: nameOf(row.partyId) },
  ...{ payBy: row.payBy, shareFen: row.shareFen, nowFen: row.nowFen, pendingFen: row.pendingFen, dueFen: row.dueFen },
  ...{
    flyingFen: row.flyingFen,
    splitFen: row.splitFen,
    repaidFen: row.repaidFen,
    owedFen: row.owedFen,
    holdUntil: row.holdUntil,
    note: row.note,
  },
  explained: explained.map((each) => ({ zh: each.explained, en: each.explainedEn })),
})

/** Everything about the money of one order. */
export async function sharingOf(
  tx: Tx,
  deps: SharingDeps,
  shopId: string,
  orderId: string,
): Promise<z.input<typeof OrderSharing>> {
  const money = await moneyOfOrder(tx, shopId, orderId)
  const none = { money: null, shares: [], parties: [], splits: [], returns: [] }
  if (money === undefined) return none
  const rows = await sharesOf(tx, shopId, [orderId])
  const words = await wordsOf(
    tx,
    deps,
    shopId,
    rows.flatMap(({ partyId, ofPartyId }) => [partyId, ...(ofPartyId ? [ofPartyId] : [])]),
  )
  const shares = rows.map((row) => toExplained(row, money.placedAt, words))
  const parties = await listPartyShares(tx, shopId, { orderId })
  const [order] = await deps.orders.ordersByIds(tx, shopId, [orderId])
  const splits = await splitsOf(tx, shopId, orderId)
  const receivers = await receiversOf(
    tx,
    shopId,
    splits.map(({ id }) => id),
  )
  const { nameOf } = words
  return {
    ...{ money: toMoney(money), shares },
    parties: parties.map((row) =>
      toPartyShare(
        row,
        shares.filter(({ partyId }) => partyId === row.partyId),
        words,
        order?.state,
      ),
    ),
    splits: splits.map(({ id, kind, state, outOrderNo, amountFen, lastError, createdAt, finishedAt }) => ({
      ...{ id, kind, state, outOrderNo, amountFen, lastError, createdAt, finishedAt },
      receivers: receivers
        .filter(({ splitId }) => splitId === id)
        .map((each) => ({
          ...{ partyId: each.partyId, partyName: nameOf(each.partyId), accountKind: each.accountKind },
          ...{ accountMasked: each.accountMasked, amountFen: each.amountFen, state: each.state },
          ...{ failReason: each.failReason, finishedAt: each.finishedAt },
        })),
    })),
    returns: (await returnsOf(tx, shopId, orderId)).map(
      ({ id, partyId, outReturnNo, amountFen, state, lastError, createdAt, finishedAt }) => ({
        ...{ id, partyId, partyName: nameOf(partyId), outReturnNo, amountFen, state, lastError, createdAt, finishedAt },
      }),
    ),
  }
}

/** One page of a party's shares, each explained. */
export async function partySharesPage(
  tx: Tx,
  deps: SharingDeps,
  shopId: string,
  rows: readonly PartyShareListRow[],
): Promise<z.input<typeof PartyShare>[]> {
  const orderIds = rows.map(({ orderId }) => orderId)
  const shares = (await sharesOf(tx, shopId, orderIds)).filter(({ orderId, partyId }) =>
    rows.some((row) => row.orderId === orderId && row.partyId === partyId),
  )
  const orders = new Map((await deps.orders.ordersByIds(tx, shopId, orderIds)).map((each) => [each.id, each]))
  const words = await wordsOf(
    tx,
    deps,
    shopId,
    [...rows, ...shares].flatMap((each) => [
      each.partyId,
      ...('ofPartyId' in each && each.ofPartyId ? [each.ofPartyId] : []),
    ]),
  )
  return rows.map((row) => {
    const mine = shares.filter(({ orderId }) => orderId === row.orderId)
    return toPartyShare(
      row,
      mine.map((share) => toExplained(share, orders.get(row.orderId)?.placedAt ?? '', words)),
      words,
      orders.get(row.orderId)?.state,
    )
  })
}

/** What a party earns, by where it is: the ledger's word. */
export async function earningsOf(tx: Tx, shopId: string, partyId: string): Promise<Earnings> {
  const codes = ['share.pending', 'share.payable', 'share.frozen', 'share.negative'] as const
  const ids = codes.map((code) => ofParty({ shopId }, partyId, code))
  const balances = await getBalances(tx, shopId, ids)
  const [pending, payable, frozen, negative] = ids.map((id) => balances.get(id))
  const { dueFen, flyingFen, splitFen } = await sumsOfParty(tx, shopId, partyId)
  const payableFen = payable?.available ?? 0
  const frozenFen = frozen?.balance ?? 0
  return {
    ...{ pendingFen: fen(pending?.balance ?? 0), payableFen: fen(payableFen), frozenFen: fen(frozenFen) },
    ...{ dueBySplitFen: fen(await dueBySplit(tx, shopId, partyId)), flyingFen: fen(payable?.debitsPending ?? 0) },
    ...{ negativeFen: fen(-(negative?.balance ?? 0)), splitFen: fen(splitFen) },
    // What was due and is neither here (on its way included) nor frozen was paid out when it was asked for.
    withdrawnFen: fen(Math.max(dueFen + flyingFen - (payable?.balance ?? 0) - frozenFen, 0)),
    freeze: (await openFreezeOf(tx, shopId, partyId)) ?? null,
  }
}
