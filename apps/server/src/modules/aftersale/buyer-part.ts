import { AFTERSALE_STATES, AFTERSALE_TYPES, type AftersaleState, type AftersaleType } from '@zhanggui/contract'
import { type BuyerPart, MOST_COPIED } from '../../kernel/buyer-part.ts'
import { sql } from '../../kernel/db.ts'

const MOST_NAMED = 10

/** What buyers wanted back. The case stays for the books; what they wrote and showed in it does not. */
export const aftersaleBuyerPart: BuyerPart = {
  copy: async (tx, buyerId) => {
    const rows = await tx.rows<{ type: AftersaleType; state: AftersaleState; amountFen: number }>(sql`
      select case_no, order_no, type, state, reason, note, amount_fen, opened_at, ended_at from aftersale_cases
      where buyer_id = ${buyerId} order by opened_at desc limit ${MOST_COPIED}`)
    const columns = {
      ...{ caseNo: '售后单号', orderNo: '订单号', type: '类型', state: '状态', reason: '原因', note: '说明' },
      ...{ amountFen: '金额（分）', openedAt: '申请时间', endedAt: '结束时间' },
    }
    const words = rows.map((row) => {
      return { ...row, type: AFTERSALE_TYPES[row.type].zh, state: AFTERSALE_STATES[row.state].zh }
    })
    return [{ name: 'aftersales', title: '退款/售后', columns, rows: words }]
  },
  blockers: async (tx, buyerId) =>
    (
      await tx.rows<{ caseNo: string }>(sql`
        select case_no from aftersale_cases where buyer_id = ${buyerId} and ended_at is null
        order by opened_at limit ${MOST_NAMED}`)
    ).map(({ caseNo }) => `售后 ${caseNo} 还没有结束`),
  erase: async (tx, buyerId) => {
    await tx.exec(sql`
      update aftersale_cases set note = '', evidence = '{}', reason = case when reason_code = 'stated' then '' else reason end
      where buyer_id = ${buyerId}`)
    await tx.exec(sql`
      update aftersale_timeline set text = '', actor_name = '', files = '{}' where buyer_id = ${buyerId}`)
  },
}
