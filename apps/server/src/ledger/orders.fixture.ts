import type { Clock } from '../kernel/clock.ts'
import type { Db } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { accountId } from './accounts.ts'
import {
  commandKey,
  createLedgerLane,
  type LedgerCommand,
  type LedgerLane,
  type LedgerLaneOptions,
} from './ledger-lane.ts'

/** A use case like the real one, small: orders with a unique key, written in the transaction of their reservation. */
export const ORDERS_TABLE = `
  create table test_orders (shop_id uuid, id uuid, key text not null, quantity bigint check (quantity <> 666),
    created_at timestamptz, primary key (shop_id, id), unique (shop_id, key));
  grant all on test_orders to public`

export interface OrderPayload {
  quantity: number
}

export function createOrderLane(
  db: Db,
  clock: Clock,
  options: Partial<LedgerLaneOptions<OrderPayload, string>> = {},
): LedgerLane<OrderPayload, string> {
  return createLedgerLane<OrderPayload, string>({
    name: 'test-orders',
    db,
    clock,
    async find(tx, commands) {
      const rows = await tx.prepared<{ shopId: string; key: string; id: string }>(
        'test-find',
        `select o.shop_id, o.key, o.id from unnest($1::uuid[], $2::text[]) as w(shop_id, key)
         join test_orders o on o.shop_id = w.shop_id and o.key = w.key`,
        [commands.map(({ shopId }) => shopId), commands.map(({ idempotencyKey }) => idempotencyKey)],
      )
      return new Map(rows.map(({ shopId, key, id }) => [commandKey({ shopId, idempotencyKey: key }), id]))
    },
    async write(tx, accepted, now) {
      const ids = accepted.map((command) => command.transfers[0]?.reference?.id ?? newId())
      await tx.prepared(
        'test-write',
        `insert into test_orders select shop_id, id, key, quantity, $5::timestamptz
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) as w(shop_id, id, key, quantity)`,
        [
          accepted.map(({ shopId }) => shopId),
          ids,
          accepted.map(({ idempotencyKey }) => idempotencyKey),
          accepted.map(({ payload }) => payload.quantity),
          now,
        ],
      )
      return ids
    },
    ...options,
  })
}

/** An order of one article of `openShop`; every call makes new ids, as a client that tries again does. */
export function orderOf(shopId: string, key: string, quantity: number): LedgerCommand<OrderPayload> {
  return {
    shopId,
    idempotencyKey: key,
    payload: { quantity },
    transfers: [
      {
        kind: 'pending',
        id: newId(),
        debit: accountId('stock.available', '1'),
        credit: accountId('stock.reserved', '1'),
        amount: quantity,
        unit: 'sku:1',
        code: 'order.reserve',
        reference: { type: 'order', id: newId() },
      },
    ],
  }
}
