import type { TransferNotice } from '../../adapters/wechat-pay/index.ts'
import type { Tx } from '../../kernel/db.ts'
import { settleTransfer, sweepWithdrawals } from './advance-withdrawal.ts'
import { balancesOf } from './balances.ts'
import { settlementBuyerPart } from './buyer-part.ts'
import { closeStatements } from './close-statements.ts'
import type { SettlementDeps } from './deps.ts'
import { sweepFreezes } from './freeze.ts'
import { releaseDue } from './release.ts'
import { settlementHandlers } from './routes.ts'
import { depositHandlers, freezeHandlers } from './routes-freezes.ts'
import { statementHandlers } from './routes-statements.ts'
import { withdrawalHandlers } from './routes-withdrawals.ts'
import { countActiveFreezes } from './store-freezes.ts'
import { moveWithdrawals } from './store-withdrawals.ts'
import { settlementSubscribers } from './subscribers.ts'
import { takeSettled } from './take-settled.ts'

export type { SettlementDeps } from './deps.ts'

/** The merchant's own money between an order's completion and the bank: cycles, statements, freezes, withdrawals. */
export function createSettlement(deps: SettlementDeps) {
  return {
    handlers: {
      ...settlementHandlers(deps),
      ...statementHandlers(deps),
      ...withdrawalHandlers(deps),
      ...freezeHandlers(deps),
      ...depositHandlers(deps),
    },
    subscribers: settlementSubscribers(deps),
    buyerPart: settlementBuyerPart,
    /** An order was settled: its merchant's part begins to wait. Scope `system`; a second call changes nothing. */
    takeSettled: (tx: Tx, shopId: string, orderId: string) => takeSettled(tx, deps, shopId, orderId),
    /** What WeChat says of a merchant transfer; false when it is none of ours. */
    takeTransfer: (shopId: string, news: TransferNotice) => settleTransfer(deps, shopId, news),
    /** Finishes withdrawals that were left in flight. Answers how many were asked about. */
    sweepWithdrawals: () => sweepWithdrawals(deps),
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveWithdrawals(tx, move.fromBuyerId, move.buyerId),
    /** Reminds of and releases freezes whose clock has run out. Answers how many. */
    sweepFreezes: () => sweepFreezes(deps),
    countActiveFreezes,
    /** Makes available what has waited its days. Answers how many orders. */
    releaseDue: () => releaseDue(deps),
    /** Closes statements of periods that are over. Answers how many periods. */
    closeStatements: () => closeStatements(deps),
    balancesOf: (tx: Tx, shopId: string) => balancesOf(tx, deps, shopId),
  }
}

export type Settlement = ReturnType<typeof createSettlement>
