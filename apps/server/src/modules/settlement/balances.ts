import type { Balances } from '@zhanggui/contract'
import type { z } from 'zod'
import { dayName } from '../../kernel/days.ts'
import type { Tx } from '../../kernel/db.ts'
import { type CodeSum, moneyByCode } from '../../ledger/index.ts'
import type { SettlementDeps } from './deps.ts'
import { waitingByDue } from './store-items.ts'
import { termsOf } from './terms.ts'

const RELEASES_SHOWN = 30

/** Where the shop's money is, to the fen, as the ledger says it (PAY-05). */
export async function balancesOf(tx: Tx, deps: SettlementDeps, shopId: string): Promise<z.input<typeof Balances>> {
  const sums = new Map((await moneyByCode(tx, shopId)).map((sum) => [sum.code, sum]))
  const { level, cycle, depositRequiredFen } = await termsOf(tx, deps, shopId)
  const { timeZone } = await deps.parties.requireShop(tx, shopId)
  const refunds = await deps.refundsInFlight(tx, shopId)
  const waiting = await waitingByDue(tx, shopId, RELEASES_SHOWN)
  const balance = (code: string) => sums.get(code)?.balance ?? 0
  const all = [...sums.values()]
  const available = sums.get('merchant.available')
  return {
    at: deps.clock.instant(),
    level,
    cycleDays: cycle.cycleDays,
    holdingDays: cycle.holdingDays,
    // The book balances: what the other accounts lack to zero belongs to orders that are not settled.
    unsettledFen: 0 - total(all, () => true),
    pendingFen: balance('merchant.pending'),
    availableFen: balance('merchant.available') - (available?.debitsPending ?? 0),
    frozenFen: balance('merchant.frozen'),
    negativeFen: 0 - balance('merchant.negative'),
    depositFen: balance('deposit.held'),
    depositRequiredFen,
    sharesFen: total(all, ({ code }) => /^share\.(pending|payable|frozen)$/.test(code)),
    sharesNegativeFen: 0 - balance('share.negative'),
    feesFen: balance('fee.channel'),
    // The fee is kept by WeChat out of what came.
    atWechatFen: 0 - balance('channel.wechat') - balance('fee.channel'),
    personalCodeFen: 0 - balance('channel.personal-code'),
    refundsInFlight: refunds,
    withdrawalsInFlightFen: available?.debitsPending ?? 0,
    releases: waiting.map(({ dueAt, orders, amountFen }) => ({
      day: dayName(Date.parse(dueAt), timeZone),
      dueAt,
      orders,
      amountFen,
    })),
  }
}

const total = (sums: readonly CodeSum[], wanted: (sum: CodeSum) => boolean): number =>
  sums.filter(wanted).reduce((sum, each) => sum + each.balance, 0)
