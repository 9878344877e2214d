import { type BuyerPart, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'

const levelMoments = (
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> =>
  tx.rows<Moment>(sql`
    select 'level:' || m.level_id as id, m.since as at, l.name as text, 'members' as to
    from memberships m join member_levels l on l.shop_id = m.shop_id and l.id = m.level_id
    where m.shop_id = ${shopId} and m.buyer_id = ${buyerId} ${momentsAfter(sql`m.since`, sql`'level:' || m.level_id`, page)}`)

/** A buyer's levels. */
export const membersBuyerPart: BuyerPart = {
  moments: [{ kind: 'level', read: levelMoments }],
  copy: async (tx, buyerId) => [
    {
      name: 'levels',
      title: '会员等级',
      columns: { level: '等级', since: '自', note: '说明' },
      rows: await tx.rows(sql`
        select l.name as level, m.since, m.note from memberships m
        join member_levels l on l.shop_id = m.shop_id and l.id = m.level_id where m.buyer_id = ${buyerId} limit 1000`),
    },
  ],
  erase: async (tx, buyerId) => {
    await tx.exec(sql`delete from memberships where buyer_id = ${buyerId}`)
  },
}
