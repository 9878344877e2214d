import { WITHDRAWAL_STATES } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import { type BuyerPart, MOST_COPIED } from '../../kernel/buyer-part.ts'
import { erasePayee, openOfBuyer, withdrawalsOfBuyer } from './store-withdrawals.ts'

/** Money paid to a buyer's WeChat. Amount and number stay for the books; whose account it was does not. */
export const settlementBuyerPart: BuyerPart = {
  copy: async (tx, buyerId) => [
    {
      name: 'payouts',
      title: '提现与收款',
      columns: { number: '单号', amount: '金额（元）', state: '状态', name: '收款人', at: '时间' },
      rows: (await withdrawalsOfBuyer(tx, buyerId, MOST_COPIED)).map((row) => ({
        ...{ number: row.number, name: row.realNameMasked, at: row.createdAt },
        ...{ amount: formatYuan(row.amountFen), state: WITHDRAWAL_STATES[row.state].zh },
      })),
    },
  ],
  blockers: async (tx, buyerId) => {
    const open = await openOfBuyer(tx, buyerId)
    return open > 0 ? [`有 ${open} 笔提现还没有到账，请先确认收款或等待其自动退回`] : []
  },
  erase: (tx, buyerId) => erasePayee(tx, buyerId),
}
