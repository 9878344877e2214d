import type { OrderSummary } from '@zhanggui/contract'
import { type Fen, sumFen } from '@zhanggui/contract/money'

export type Unpaid = OrderSummary & { alone: boolean }

/** As many as WeChat lets be paid at once. */
export const MOST_TOGETHER = 10

/** Whether an order can be paid with others. */
export const mayJoin = ({ alone }: Unpaid): boolean => !alone

/** `shop:order,shop:order`: orders in an address. */
export const ordersText = (orders: readonly { shopId: string; orderId: string }[]): string =>
  orders.map(({ shopId, orderId }) => `${shopId}:${orderId}`).join(',')

const ORDER = /^([0-9a-f-]{36}):([0-9a-f-]{36})$/

/** Reads `ordersText`; what is none is left out. */
export const readOrders = (text: string | undefined): { shopId: string; orderId: string }[] =>
  (text ?? '').split(',').flatMap((each) => {
    const found = ORDER.exec(each)
    return found ? [{ shopId: found[1]!, orderId: found[2]! }] : []
  })

export const sumOf = (orders: readonly Unpaid[]): Fen => sumFen(orders.map(({ totalFen }) => totalFen))
