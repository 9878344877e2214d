import type { Tx } from '../../kernel/db.ts'
import { balancesOf } from './balances.ts'
import { closeStatements } from './close-statements.ts'
import type { SettlementDeps } from './deps.ts'
import { releaseDue } from './release.ts'
import { settlementHandlers } from './routes.ts'
import { statementHandlers } from './routes-statements.ts'
import { takeSettled } from './take-settled.ts'

export type { SettlementDeps } from './deps.ts'

/** The merchant's own money between an order's completion and the bank: cycles, statements, freezes, withdrawals. */
export function createSettlement(deps: SettlementDeps) {
  return {
    handlers: { ...settlementHandlers(deps), ...statementHandlers(deps) },
    /** An order was settled: its merchant's part begins to wait. Scope `system`; a second call changes nothing. */
    takeSettled: (tx: Tx, shopId: string, orderId: string) => takeSettled(tx, deps, shopId, orderId),
    /** Makes available what has waited its days. Answers how many orders. */
    releaseDue: () => releaseDue(deps),
    /** Closes statements of periods that are over. Answers how many periods. */
    closeStatements: () => closeStatements(deps),
    balancesOf: (tx: Tx, shopId: string) => balancesOf(tx, deps, shopId),
  }
}

export type Settlement = ReturnType<typeof createSettlement>
