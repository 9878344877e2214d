import type { Tx } from './kernel/db.ts'
import type { Payments } from './modules/payments/index.ts'
import type { PersonalCode } from './modules/personal-code/index.ts'

type DayMoney = Awaited<ReturnType<Payments['moneyBetween']>>

/** A buyer who paid both ways in a period counts twice. */
const plus = (a: DayMoney, b: DayMoney): DayMoney => ({
  paidFen: a.paidFen + b.paidFen,
  paidOrders: a.paidOrders + b.paidOrders,
  buyers: a.buyers + b.buyers,
  refundedFen: a.refundedFen + b.refundedFen,
})

/** What a shop turned over, by WeChat and by its own codes: for boards alone, the books keep them apart. */
export function turnover(
  payments: Pick<Payments, 'moneyBetween' | 'moneyByDay'>,
  byCode: Pick<PersonalCode, 'moneyBetween' | 'moneyByDay'>,
) {
  return {
    async moneyBetween(tx: Tx, shopId: string, from: string, to: string): Promise<DayMoney> {
      return plus(await payments.moneyBetween(tx, shopId, from, to), await byCode.moneyBetween(tx, shopId, from, to))
    },
    async moneyByDay(
      tx: Tx,
      shopId: string,
      period: { from: string; to: string; timeZone: string },
    ): Promise<Map<string, DayMoney>> {
      const days = await payments.moneyByDay(tx, shopId, period)
      for (const [day, money] of await byCode.moneyByDay(tx, shopId, period)) {
        const other = days.get(day)
        days.set(day, other === undefined ? money : plus(other, money))
      }
      return days
    },
  }
}
