import { NOTICE_KINDS, NOTICE_STATES } from '@zhanggui/contract'
import { type BuyerPart, MOST_COPIED, type Moment, type MomentPage, momentsAfter } from '../../kernel/buyer-part.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { NoticeRow } from './store.ts'

async function noticeMoments(
  tx: Tx,
  { shopId, buyerId }: { shopId: string; buyerId: string },
  page: MomentPage,
): Promise<Moment[]> {
  const id = sql`'notice:' || id`
  const rows = await tx.rows<Moment & Pick<NoticeRow, 'kind' | 'state'>>(sql`
    select ${id} as id, created_at as at, kind, state, subject as text, null as to from notices
    where shop_id = ${shopId} and buyer_id = ${buyerId} ${momentsAfter(sql`created_at`, id, page)}`)
  return rows.map(({ kind, state, text, ...row }) => ({
    ...row,
    text: `${NOTICE_KINDS[kind].zh}（${NOTICE_STATES[state].zh}）：${text}`,
  }))
}

/** Messages to a buyer in WeChat, and how many more are allowed. */
export const notificationsBuyerPart: BuyerPart = {
  counts: (tx, { shopId, buyerId }) =>
    tx.one<{ messages: number }>(sql`
      select count(*) as messages from notices where shop_id = ${shopId} and buyer_id = ${buyerId}`),
  moments: [{ kind: 'message', permission: 'orders.read', read: noticeMoments }],
  copy: async (tx, buyerId) => [
    {
      name: 'messages',
      title: '微信消息',
      columns: { createdAt: '时间', kind: '类型', subject: '内容', state: '状态' },
      rows: (
        await tx.rows<Pick<NoticeRow, 'kind' | 'state'>>(sql`
          select created_at, kind, subject, state from notices where buyer_id = ${buyerId}
          order by created_at desc limit ${MOST_COPIED}`)
      ).map((row) => ({ ...row, kind: NOTICE_KINDS[row.kind].zh, state: NOTICE_STATES[row.state].zh })),
    },
  ],
  erase: async (tx, buyerId) => {
    await tx.exec(sql`delete from notices where buyer_id = ${buyerId}`)
    await tx.exec(sql`delete from notice_grants where buyer_id = ${buyerId}`)
  },
}
