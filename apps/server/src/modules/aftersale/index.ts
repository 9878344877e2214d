import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { aftersaleBuyerPart } from './buyer-part.ts'
import type { AftersaleDeps } from './deps.ts'
import { aftersaleSubscribers } from './follow.ts'
import { aftersaleBuyerHandlers } from './routes-buyer.ts'
import { aftersaleConsoleHandlers, aftersalePlatformHandlers, countsNow } from './routes-console.ts'
import { aftersaleShopHandlers } from './routes-shop.ts'
import { givenBack, holdsOrder, moveCases } from './store.ts'
import { countOpenOf } from './store-lists.ts'
import { sweepCases } from './sweep.ts'

export type { AftersaleDeps, Reversal } from './deps.ts'
export { aftersaleMoved, aftersaleSettled, aftersaleTold } from './events.ts'

/** After-sale 售后: refunds, returns and exchanges with their clocks, disputes and the platform's rulings. */
export function createAftersale(deps: AftersaleDeps) {
  return {
    handlers: {
      ...aftersaleBuyerHandlers(deps),
      ...aftersaleConsoleHandlers(deps),
      ...aftersaleShopHandlers(deps),
      ...aftersalePlatformHandlers(deps),
    },
    subscribers: aftersaleSubscribers(deps),
    /** Does what the clocks say. Answers how much. */
    sweep: () => sweepCases(deps),
    /** Called with the order locked, before anything of it leaves. @throws AppError ORDER_HELD */
    async mayShip(tx: Tx, { shopId, orderId, orderNo }: { shopId: string; orderId: string; orderNo: string }) {
      const hold = await holdsOrder(tx, shopId, orderId)
      if (hold !== undefined)
        throw new AppError('ORDER_HELD', { values: { orderNo, reason: `买家申请退款（${hold.caseNo}），请先处理` } })
    },
    /** Open cases: those that wait for the shop, the late ones of them, those before the platform, and goods to count. */
    counts: (tx: Tx, shopId: string) => countsNow(tx, deps, shopId),
    /** How many of a buyer's cases are open. */
    openCasesOf: countOpenOf,
    /** What went back for goods that the buyer had received, by line of the order. */
    givenBack,
    buyerPart: aftersaleBuyerPart,
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveCases(tx, move.fromBuyerId, move.buyerId),
  }
}

export type Aftersale = ReturnType<typeof createAftersale>
