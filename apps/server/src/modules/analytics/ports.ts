import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'

/** The event store as this module uses it: ClickHouse, by whatever way it is reached. */
export interface EventStore {
  /** Why there is none, in words that say what to set; null when there is one. */
  unavailableReason: string | null
  /** Writes rows; throws when the store does not answer, so that the outbox offers them again. */
  insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void>
  /** Takes behaviour events to be written soon; false when the buffer is full. */
  bufferBehaviour(rows: readonly Record<string, unknown>[]): boolean
  /** Writes what is buffered now. */
  flush(): Promise<void>
  query<R>(sql: string, params: Record<string, unknown>): Promise<R[]>
  /** Changes rows in the background of the store. */
  command(text: string): Promise<void>
}

export interface DayMoney {
  paidFen: number
  paidOrders: number
  buyers: number
  refundedFen: number
}

export interface AnalyticsDeps {
  db: Db
  clock: Clock
  store: EventStore
  /** Whether what a buyer does may be kept as the buyer's. */
  mayPersonalise(buyerId: string): Promise<boolean>
  isShop(tx: Tx, shopId: string): Promise<boolean>
  timeZoneOf(tx: Tx, shopId: string): Promise<string>
  moneyBetween(tx: Tx, shopId: string, from: string, to: string): Promise<DayMoney>
  /** The same by business day, for days on which there was any. */
  moneyByDay(
    tx: Tx,
    shopId: string,
    period: { from: string; to: string; timeZone: string },
  ): Promise<Map<string, DayMoney>>
  recentOrders(tx: Tx, shopId: string, limit: number): Promise<unknown[]>
  recentSteps(
    tx: Tx,
    shopId: string,
    limits: { orders: number; steps: number },
  ): Promise<{ orderId: string; orderNo: string; totalFen: number; at: string; event: string; text: string }[]>
  /** The last reviews that buyers wrote, newest first. */
  recentReviews(
    tx: Tx,
    shopId: string,
    limit: number,
  ): Promise<{ reviewId: string; orderId: string; orderNo: string; stars: number; at: string }[]>
  productTitles(tx: Tx, shopId: string, productIds: readonly string[]): Promise<Map<string, string>>
}
