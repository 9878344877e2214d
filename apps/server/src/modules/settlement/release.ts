import type { Tx } from '../../kernel/db.ts'
import { nameId } from '../../kernel/ids.ts'
import {
  applyTransfers,
  ensureAccounts,
  heldFor,
  lockBalances,
  refusalError,
  type TransferCommand,
} from '../../ledger/index.ts'
import { move, shopAccount, shopAccounts } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import { repay } from './rules.ts'
import { claimDueItems, type ItemRow, setReleased, shopsDue } from './store-items.ts'

const SHOPS = 200
/** Three transfers an order at most, and a thousand in a group. */
const BATCH = 300
const CODES = ['merchant.pending', 'merchant.available', 'merchant.negative', 'channel.personal-code'] as const

/** Makes available what has waited its days, all shops; answers how many orders. Any number of processes may sweep. */
export async function releaseDue(deps: SettlementDeps): Promise<number> {
  const shops = await deps.db.read('system', (tx) => shopsDue(tx, deps.clock.instant(), SHOPS))
  let released = 0
  for (const shopId of shops)
    for (;;) {
      const count = await deps.db.tx('system', (tx) => releaseBatch(tx, deps, shopId))
      released += count
      if (count < BATCH) break
    }
  return released
}

/**
 * The orders that are due in one transaction. Each moves what the ledger still holds for it: the accounts are locked
 * first, so that no refund takes from the same order meanwhile. Debts are repaid before anything becomes available.
 */
async function releaseBatch(tx: Tx, deps: SettlementDeps, shopId: string): Promise<number> {
  const at = deps.clock.instant()
  const items = await claimDueItems(tx, shopId, at, BATCH)
  if (items.length === 0) return 0
  await ensureAccounts(tx, deps.clock, shopAccounts(shopId, ...CODES))
  const states = await lockBalances(
    tx,
    shopId,
    CODES.map((code) => shopAccount(shopId, code)),
  )
  const orderIds = items.map(({ orderId }) => orderId)
  const held = await heldFor(tx, shopId, shopAccount(shopId, 'merchant.pending'), 'order', orderIds)
  const byHand = items.filter(({ channel }) => channel === 'personal-code').map(({ orderId }) => orderId)
  const pockets = await heldFor(tx, shopId, shopAccount(shopId, 'channel.personal-code'), 'order', byHand)
  const balance = (code: (typeof CODES)[number]) => {
    const state = states.get(shopAccount(shopId, code))!
    return state.creditsPosted - state.debitsPosted - state.debitsPending
  }
  const purse = { owedFen: -balance('merchant.negative'), availableFen: balance('merchant.available') }
  const transfers: TransferCommand[] = []
  const released: { orderId: string; releasedFen: number }[] = []
  for (const item of items) {
    const heldFen = Math.max(held.get(item.orderId) ?? 0, 0)
    released.push({ orderId: item.orderId, releasedFen: heldFen })
    if (item.channel === 'wechat') transfers.push(...toAvailable(item, heldFen, purse))
    else transfers.push(...toOwnPocket(item, heldFen, -(pockets.get(item.orderId) ?? 0), purse))
  }
  if (transfers.length > 0) {
    const [result] = await applyTransfers(tx, deps.clock, [{ shopId, transfers }])
    if (!result!.ok) throw refusalError(result!.refusal)
  }
  await setReleased(tx, shopId, released, at)
  return items.length
}

interface Purse {
  owedFen: number
  availableFen: number
}

const named = (item: ItemRow, what: string) => ({
  id: nameId(`settlement.${what}`, item.shopId, item.orderId, String(item.rounds)),
  about: { type: 'order', id: item.orderId },
})

function toAvailable(item: ItemRow, heldFen: number, purse: Purse): TransferCommand[] {
  const { repaidFen, leftFen } = repay(heldFen, purse.owedFen)
  purse.owedFen -= repaidFen
  purse.availableFen += leftFen
  const from = 'merchant.pending'
  return [
    ...(repaidFen > 0
      ? [
          move(item.shopId, {
            ...named(item, 'repay'),
            code: 'settlement.repay',
            from,
            to: 'merchant.negative',
            amountFen: repaidFen,
          }),
        ]
      : []),
    ...(leftFen > 0
      ? [
          move(item.shopId, {
            ...named(item, 'release'),
            code: 'settlement.release',
            from,
            to: 'merchant.available',
            amountFen: leftFen,
          }),
        ]
      : []),
  ]
}

/**
 * Money that the merchant received by a code of their own is in their pocket already, the parties' shares of it, too:
 * those are paid out of what WeChat holds for the merchant, who owes what is not there.
 */
function toOwnPocket(item: ItemRow, heldFen: number, pocketFen: number, purse: Purse): TransferCommand[] {
  const to = 'channel.personal-code'
  const { repaidFen: sharesFen, leftFen: shortFen } = repay(Math.max(pocketFen - heldFen, 0), purse.availableFen)
  purse.availableFen -= sharesFen
  purse.owedFen += shortFen
  const rows = [
    { what: 'own', from: 'merchant.pending', amountFen: heldFen },
    { what: 'own-shares', from: 'merchant.available', amountFen: sharesFen },
    { what: 'own-short', from: 'merchant.negative', amountFen: shortFen },
  ] as const
  return rows
    .filter(({ amountFen }) => amountFen > 0)
    .map(({ what, from, amountFen }) =>
      move(item.shopId, { ...named(item, what), code: 'settlement.own-pocket', from, to, amountFen }),
    )
}
