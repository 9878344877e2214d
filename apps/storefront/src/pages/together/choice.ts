import type { OrderSummary } from '@zhanggui/contract'
import { type Fen, sumFen } from '@zhanggui/contract/money'

export type Unpaid = OrderSummary & { alone: boolean }

/** As many as WeChat lets be paid at once. */
export const MOST_TOGETHER = 10

/** Whether an order can be paid with others. */
export const mayJoin = ({ alone }: Unpaid): boolean => !alone

export const sumOf = (orders: readonly Unpaid[]): Fen => sumFen(orders.map(({ totalFen }) => totalFen))
