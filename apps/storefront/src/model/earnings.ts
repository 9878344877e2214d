import type { Earnings, PartyShare, Payout } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'

const WHOLE_BP = 10_000

type State = Payout['state']

export const PAYOUT_TEXTS: Record<State, string> = {
  created: '提交中',
  processing: '转账中',
  waiting: '待确认收款',
  cancelling: '撤销中',
  paid: '已到账',
  failed: '未成功，钱已退回',
  cancelled: '已撤销，钱已退回',
}

/** WeChat or the shop has still to do something: worth asking again. */
export const isMoving = ({ state }: Pick<Payout, 'state'>): boolean =>
  state === 'created' || state === 'processing' || state === 'cancelling'

export const payoutTagKind = ({ state }: Pick<Payout, 'state'>): 'good' | 'warn' | 'plain' => {
  if (state === 'paid') return 'good'
  return state === 'waiting' || state === 'failed' ? 'warn' : 'plain'
}

type Standing = Record<Exclude<keyof Earnings, 'freeze'>, number> & Pick<Earnings, 'freeze'>

export interface Figure {
  name: string
  fen: number
  note: string
}

/** Where a party's money is, from far to near; what is nothing is left out, but what may be withdrawn. */
export function figuresOf(earnings: Standing): Figure[] {
  const { pendingFen, payableFen, dueBySplitFen, flyingFen, frozenFen, negativeFen, splitFen, withdrawnFen } = earnings
  const rows = [
    { name: '待结算', fen: pendingFen, note: '买家收货、售后期过后转为可提现或自动分账' },
    { name: '待分账', fen: dueBySplitFen, note: '到期后由微信直接分到你的账户，不用提现' },
    { name: '转账中', fen: flyingFen, note: '' },
    { name: '冻结', fen: frozenFen, note: earnings.freeze?.reason ?? '' },
    { name: '欠款', fen: negativeFen, note: '退款产生，之后的收益会先抵扣' },
    { name: '已分账', fen: splitFen, note: '' },
    { name: '已提现', fen: withdrawnFen, note: '' },
  ].filter((row) => row.fen > 0)
  return [{ name: '可提现', fen: Math.max(0, payableFen - dueBySplitFen), note: '' }, ...rows]
}

/** Why an amount cannot be withdrawn, in the words of the form; undefined when it can. */
export function amountTrouble(
  amountFen: number | undefined,
  { minFen, mostFen }: { minFen: number; mostFen: number },
): string | undefined {
  if (amountFen === undefined || amountFen <= 0) return '请输入金额，最多两位小数'
  if (amountFen < minFen) return `每笔最少 ${formatMoney(minFen)}`
  return amountFen > mostFen ? `现在最多可提 ${formatMoney(mostFen)}` : undefined
}

/** What is kept of it as a fee, as the server divides it: the nearest fen, half of one counting as one. */
export const feeOf = (amountFen: number, feeBp: number): number =>
  Math.floor((amountFen * feeBp + WHOLE_BP / 2) / WHOLE_BP)

/** Where a share is now, in a word. */
export function shareStateOf(
  share: Record<keyof Pick<PartyShare, 'nowFen' | 'pendingFen' | 'dueFen' | 'flyingFen' | 'owedFen'>, number> &
    Pick<PartyShare, 'stage' | 'payBy'>,
): {
  text: string
  kind: 'good' | 'warn' | 'plain'
} {
  if (share.stage === 'unpaid') return { text: '订单待付款', kind: 'plain' }
  if (share.stage === 'paid') return { text: '收货后结算', kind: 'plain' }
  if (share.stage === 'over') return { text: '订单已取消', kind: 'plain' }
  if (share.owedFen > 0) return { text: `退款后欠 ${formatMoney(share.owedFen)}`, kind: 'warn' }
  if (share.flyingFen > 0) return { text: '分账中', kind: 'plain' }
  // what WeChat splits is still to come; what is withdrawn stands in the balance, or has been taken out of it
  if (share.dueFen > 0) return { text: share.payBy === 'split' ? '待到账' : '已入账', kind: 'good' }
  if (share.pendingFen > 0) return { text: '待结算', kind: 'plain' }
  return share.nowFen > 0 ? { text: '已到账', kind: 'good' } : { text: '已退回', kind: 'plain' }
}

/** What a share amounts to: what may come of it while its order is under way. */
export const amountOf = <Amount extends number>({
  stage,
  shareFen,
  nowFen,
}: Pick<PartyShare, 'stage'> & { shareFen: Amount; nowFen: Amount }): Amount =>
  stage === 'unpaid' || stage === 'paid' ? shareFen : nowFen
