import type { Tx } from '../../kernel/db.ts'
import { personalCodeBuyerPart } from './buyer-part.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { personalCodeSubscribers } from './follow.ts'
import { personalBuyerHandlers } from './routes-buyer.ts'
import { personalConsoleHandlers } from './routes-console.ts'
import { countWaiting, isPersonal, moveBuyer, personalOfOrder } from './store.ts'
import { countOwed, handRefundsOfOrder } from './store-refunds.ts'
import { moneyBetween, moneyByDay } from './turnover.ts'
import { asPayment, asRefund } from './views.ts'

export { personalPaymentMoved } from './events.ts'

/** Money by a personal receive code 个人收款码: recorded by hand, limited by the day, never mixed with WeChat's. */
export function createPersonalCode(deps: PersonalCodeDeps) {
  return {
    handlers: { ...personalBuyerHandlers(deps), ...personalConsoleHandlers(deps) },
    subscribers: personalCodeSubscribers(deps),
    /** Whether a payment is one by code: whoever pays back through WeChat leaves it to this module. */
    isByHand: isPersonal,
    paymentsOf: async (tx: Tx, shopId: string, orderId: string) =>
      (await personalOfOrder(tx, shopId, orderId)).map(asPayment),
    refundsOf: async (tx: Tx, shopId: string, orderId: string) =>
      (await handRefundsOfOrder(tx, shopId, orderId)).map(asRefund),
    countWaiting,
    countOwed,
    moneyBetween,
    moneyByDay,
    buyerPart: personalCodeBuyerPart,
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveBuyer(tx, move.fromBuyerId, move.buyerId),
  }
}

export type PersonalCode = ReturnType<typeof createPersonalCode>
