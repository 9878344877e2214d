import { type BuyerPart, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

const GONE = '（买家已注销，备注已清除）'

const noteMoments = (
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'note:' || id as id, at, author_name || '：' || text as text, null as to from staff_notes
    where shop_id = ${shopId} and entity = 'buyer' and entity_id = ${buyerId} ${momentsAfter(sql`at`, sql`'note:' || id`, page)}`)

/**
 * What staff wrote about a buyer: the shop's own words, so no part of the copy; but they may name the person, so they
 * are erased, also those about the buyer's orders.
 */
export const workspaceBuyerPart = (
  ordersOf: (tx: Tx, buyerId: string) => Promise<{ shopId: string; id: string }[]>,
): BuyerPart => ({
  moments: [{ kind: 'note', read: noteMoments }],
  erase: async (tx, buyerId) => {
    const orderIds = (await ordersOf(tx, buyerId)).map(({ id }) => id)
    await tx.exec(sql`
      update staff_notes set text = ${GONE} where (entity = 'buyer' and entity_id = ${buyerId})
        or (entity = 'order' and entity_id = any(${orderIds}::uuid[]))`)
  },
})
