import type { Quote } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { problemText } from './trade-texts.ts'

/** What it means for one unit to be sent to a province, before the buyer is at the checkout. */
export interface DeliverTo {
  canGo: boolean
  /** For one line. */
  text: string
  /** Why, a line each. */
  notes: string[]
}

/** `quote` is of one unit of one SKU, which the page shows at `shownFen` (CAT-10, CAT-04). */
export function deliverTo(
  quote: Pick<Quote, 'lines' | 'deliverable' | 'freightFen' | 'freightNote'>,
  shownFen: number,
): DeliverTo {
  const line = quote.lines[0]!
  if (line.problem === 'other-region')
    return { canGo: false, text: '不在销售地区', notes: [`${problemText(line)}，不能寄到这里`] }
  if (quote.deliverable === false) return { canGo: false, text: '暂不配送', notes: [quote.freightNote] }
  const isOther = line.unitPriceFen !== shownFen
  return {
    canGo: true,
    text: [
      ...(isOther ? [`当地价 ${formatMoney(line.unitPriceFen)}`] : []),
      quote.freightFen === 0 ? '免运费' : `运费 ${formatMoney(quote.freightFen)}`,
    ].join(' · '),
    notes: [
      ...(isOther
        ? [`寄到这里每件 ${formatMoney(line.unitPriceFen)}${line.priceNote ? `：${line.priceNote}` : ''}`]
        : []),
      quote.freightNote,
    ].filter((note) => note !== ''),
  }
}
