import { sql, type Tx } from '../../kernel/db.ts'

/** How many orders wait: for the buyer's money, for the parcel, for money to go back. */
export const countOpen = (tx: Tx, shopId: string) =>
  tx.one<{ awaitingPayment: number; awaitingShipment: number; refunding: number }>(sql`
    select count(*) filter (where state = 'awaiting-payment') as awaiting_payment,
      count(*) filter (where state = 'awaiting-shipment') as awaiting_shipment,
      count(*) filter (where state = 'refunding') as refunding
    from orders where shop_id = ${shopId} and state in ('awaiting-payment', 'awaiting-shipment', 'refunding')`)
