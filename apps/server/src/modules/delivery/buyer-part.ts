import {
  type BuyerPart,
  type CopySection,
  MOST_COPIED,
  type Moment,
  type MomentPage,
  momentsAfter,
} from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

const noticeMoments = (
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'told:' || id as id, at, title as text, 'orders/' || order_id as to from order_notices
    where shop_id = ${shopId} and buyer_id = ${buyerId} ${momentsAfter(sql`at`, sql`'told:' || id`, page)}`)

/** How a buyer's orders were brought, and what the shop wrote about it. */
export const deliveryBuyerPart: BuyerPart = {
  moments: [{ kind: 'message', permission: 'orders.read', read: noticeMoments }],
  copy: async (tx, buyerId): Promise<CopySection[]> => [
    {
      name: 'order-notices',
      title: '订单通知',
      columns: { at: '时间', title: '标题', text: '内容' },
      rows: await tx.rows(sql`
        select at, title, text from order_notices where buyer_id = ${buyerId} order by at desc limit ${MOST_COPIED}`),
    },
    {
      name: 'parcels',
      title: '物流轨迹',
      columns: { at: '时间', area: '地点', text: '进展' },
      rows: await tx.rows(sql`
        select at, area, text from parcel_events where buyer_id = ${buyerId} order by at desc limit ${MOST_COPIED}`),
    },
  ],
  erase: async (tx, buyerId) => {
    await tx.exec(sql`delete from order_notices where buyer_id = ${buyerId}`)
    await tx.exec(sql`delete from parcel_events where buyer_id = ${buyerId}`)
    await tx.exec(sql`update parcel_tracks set phone_tail = '' where buyer_id = ${buyerId}`)
    await tx.exec(sql`
      update order_deliveries set receiver_masked = '已注销', phone_masked = '', region = '', code_sealed = null, code_hash = null
      where buyer_id = ${buyerId}`)
    await tx.exec(sql`
      update outbox_events e set payload = e.payload || '{"title": "", "text": ""}'::jsonb
      where e.name = 'delivery.buyer-told' and e.payload ->> 'buyerId' = ${buyerId}`)
  },
}
