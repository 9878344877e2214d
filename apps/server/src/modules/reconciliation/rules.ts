import { ADJUSTABLE, DIFFERENCE_PAIRS, type DifferenceClass, type DifferencePair, sideState } from '@zhanggui/contract'
import type { FundFlowRow, SplitBillRow, TradeBillRow } from '../../adapters/wechat-pay/port.ts'

/** WeChat's bills are of Beijing days, wherever the shop is. */
export const BILL_ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000
/** WeChat promises bills from nine or ten in the morning; before that, no bill says nothing. */
const READY_AFTER_MS = 10 * 3_600_000

export interface BillLineRow {
  bill: 'trade' | 'flow' | 'split'
  lineKey: string
  kind: 'payment' | 'refund' | 'split' | 'return' | 'flow'
  number: string
  channelId: string
  happenedAt: string
  state: string
  amountFen: number
  feeFen: number
  title: string
}

export const dayFrom = (day: string): number => Date.parse(`${day}T00:00:00+08:00`)

/** A day as instants `[from, to)`. */
export const dayBounds = (day: string): { from: string; to: string } => ({
  from: new Date(dayFrom(day)).toISOString(),
  to: new Date(dayFrom(day) + DAY_MS).toISOString(),
})

/** Whether “no bill” means a day without trades by now. */
export const isBillDue = (day: string, nowMs: number): boolean => nowMs >= dayFrom(day) + DAY_MS + READY_AFTER_MS
export const isOver = (day: string, nowMs: number): boolean => nowMs >= dayFrom(day) + DAY_MS

export function tradeLine(row: TradeBillRow): BillLineRow {
  const common = {
    bill: 'trade' as const,
    happenedAt: row.tradedAt.toISOString(),
    feeFen: row.feeFen,
    title: row.productName,
  }
  if (row.tradeState === 'REFUND' || row.outRefundNo !== null) {
    const number = row.outRefundNo ?? ''
    const channelId = row.refundId ?? ''
    const amountFen = row.requestedRefundFen || row.refundFen
    return {
      ...common,
      kind: 'refund',
      lineKey: `R:${channelId || number}`,
      number,
      channelId,
      state: row.refundStatus,
      amountFen,
    }
  }
  const { outTradeNo: number, transactionId: channelId, tradeState: state, orderFen: amountFen } = row
  return { ...common, kind: 'payment', lineKey: `P:${channelId || number}`, number, channelId, state, amountFen }
}

export const flowLine = (row: FundFlowRow): BillLineRow => ({
  ...{ bill: 'flow', kind: 'flow', lineKey: `F:${row.flowId}:${row.businessType}:${row.amountFen}` },
  ...{
    number: row.voucherNo,
    channelId: row.businessId,
    happenedAt: row.bookedAt.toISOString(),
    state: row.businessType,
  },
  ...{ amountFen: row.amountFen, feeFen: 0, title: row.businessName },
})

/** What only unfroze moved nothing to anybody. */
export function splitLine(row: SplitBillRow): BillLineRow | undefined {
  if (row.businessType.includes('解冻')) return undefined
  const isReturn = row.businessType.includes('回退')
  return {
    ...{ bill: 'split', kind: isReturn ? 'return' : 'split', lineKey: `${isReturn ? 'B' : 'S'}:${row.detailId}` },
    ...{ number: row.outNo, channelId: row.detailId, happenedAt: row.at.toISOString(), state: row.state },
    ...{ amountFen: row.amountFen, feeFen: 0, title: row.businessType },
  }
}

/** The first attempt to pay the order that a number of ours is about: our numbers begin with the order's. */
export const firstTradeNo = (number: string): string | undefined => {
  const orderNo = orderNoOf(number)
  return orderNo === undefined ? undefined : `${orderNo}P01`
}
export const orderNoOf = (number: string): string | undefined => /^(.{4,}?)[PS]\d\d/.exec(number)?.[1]

/** Each pause is twice the last, four hours at most. */
export const retryMs = (firstMinutes: number, tries: number): number =>
  Math.min(firstMinutes * 2 ** Math.min(tries, 10), 240) * 60_000

interface Facts {
  pair: DifferencePair
  class: DifferenceClass
  number: string
  thereFen: number | null
  hereFen: number | null
  thereState: string | null
  hereState: string | null
}

/** What an adjustment books on the channel’s account; null where none puts it right. */
export function adjustmentOf(facts: Pick<Facts, 'pair' | 'class' | 'thereFen' | 'hereFen'>): number | null {
  const sign = ADJUSTABLE[facts.pair]
  if (sign === undefined || facts.class === 'state' || facts.class === 'time-shift') return null
  const fen = sign * ((facts.thereFen ?? 0) - (facts.hereFen ?? 0))
  return fen === 0 ? null : fen
}

const yuan = (fen: number | null): string => `¥${((fen ?? 0) / 100).toFixed(2)}`

/** One sentence that says what does not agree. */
export function explain(facts: Facts): { zh: string; en: string } {
  const { there, here } = DIFFERENCE_PAIRS[facts.pair]
  const { number } = facts
  const [thereFen, hereFen] = [yuan(facts.thereFen), yuan(facts.hereFen)]
  switch (facts.class) {
    case 'missing-here':
      return {
        zh: `${there.zh}有 ${number}（${thereFen}），${here.zh}里没有`,
        en: `${number} (${thereFen}) stands in ${there.en} and not in ${here.en}`,
      }
    case 'missing-there':
      return {
        zh: `${here.zh}有 ${number}（${hereFen}），${there.zh}里没有`,
        en: `${number} (${hereFen}) stands in ${here.en} and not in ${there.en}`,
      }
    case 'amount':
      return {
        zh: `${number} 金额不一致：${there.zh} ${thereFen}，${here.zh} ${hereFen}`,
        en: `The amounts of ${number} differ: ${thereFen} in ${there.en}, ${hereFen} in ${here.en}`,
      }
    case 'state':
      return {
        zh: `${number} 状态不一致：${there.zh}是「${sideState(facts.thereState ?? '').zh}」，${here.zh}是「${sideState(facts.hereState ?? '').zh}」`,
        en: `The states of ${number} differ: “${sideState(facts.thereState ?? '').en}” in ${there.en}, “${sideState(facts.hereState ?? '').en}” in ${here.en}`,
      }
    case 'time-shift':
      return {
        zh: `${number}（${yuan(facts.hereFen ?? facts.thereFen)}）发生在零点前后，等相邻一天的账单到了再核对`,
        en: `${number} (${yuan(facts.hereFen ?? facts.thereFen)}) happened close to midnight and waits for the neighbouring day’s bill`,
      }
  }
}
