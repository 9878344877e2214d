import type { ReconciliationDeps } from './deps.ts'
import { reconciliationHandlers } from './routes.ts'
import { ledgerHandlers } from './routes-ledger.ts'
import { compareDay, reconcileAll, reconcileDue, reconcileYesterday } from './run.ts'

export type { ReconciliationDeps } from './deps.ts'

const RETRY_SECONDS = 60

/** The channel's bills against payments, the ledger, orders and settlement: what does not agree, and how it ends (PAY-04 … PAY-06). */
export function createReconciliation(deps: ReconciliationDeps) {
  return {
    handlers: { ...reconciliationHandlers(deps), ...ledgerHandlers(deps) },
    schedules: [
      {
        name: 'reconciliation.yesterday',
        every: { cron: '30 10 * * *', timeZone: 'Asia/Shanghai' },
        handler: () => reconcileYesterday(deps),
      },
      {
        name: 'reconciliation.due',
        every: { everySeconds: RETRY_SECONDS },
        handler: async () => void (await reconcileDue(deps)),
      },
    ],
    /** Fetches a day's bills and compares them for every shop. */
    reconcileAll: (day: string) => reconcileAll(deps, day),
    /** Compares a day of a shop with the bills that are here. */
    compareDay: (shopId: string, day: string) => compareDay(deps, shopId, day),
    reconcileDue: () => reconcileDue(deps),
  }
}

export type Reconciliation = ReturnType<typeof createReconciliation>
