import type { Tx } from '../../kernel/db.ts'
import { exceptionsBuyerPart } from './buyer-part.ts'
import type { ExceptionDeps } from './deps.ts'
import { mayShip } from './hold.ts'
import { boardHandlers, buyerHandlers } from './routes.ts'
import { countOpen, moveExceptions } from './store.ts'
import { exceptionSubscribers, sweepExceptions } from './sweep.ts'

export { exceptionOpened, exceptionResolved } from './events.ts'

/** What goes wrong with orders on their way, with clocks: opened by itself or by hand, until somebody or time resolves it. */
export function createExceptions(deps: ExceptionDeps) {
  return {
    handlers: { ...buyerHandlers(deps), ...boardHandlers(deps) },
    subscribers: exceptionSubscribers(deps),
    /** Opens what has gone wrong and does what is due. Answers how much. */
    sweep: () => sweepExceptions(deps),
    mayShip,
    /** How many are open, and how many of them are past their clock. */
    async countOpen(tx: Tx, shopId: string): Promise<{ open: number; overdue: number }> {
      const kinds = await countOpen(tx, shopId, deps.clock.instant())
      return {
        open: kinds.reduce((sum, row) => sum + row.count, 0),
        overdue: kinds.reduce((sum, row) => sum + row.overdue, 0),
      }
    },
    buyerPart: exceptionsBuyerPart,
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveExceptions(tx, move.fromBuyerId, move.buyerId),
  }
}

export type Exceptions = ReturnType<typeof createExceptions>
