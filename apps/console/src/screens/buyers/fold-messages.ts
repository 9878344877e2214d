import type { BuyerMoment } from '@zhanggui/contract'

/** A moment, and the message in WeChat that said the same. */
export interface FoldedMoment extends BuyerMoment {
  also?: string
}

const SAME_MS = 60_000
const isNotice = ({ id }: BuyerMoment): boolean => id.startsWith('notice:')
const isWord = ({ kind, id }: BuyerMoment): boolean => kind === 'message' && !id.startsWith('notice:')

/**
 * What a buyer is told stands on the order's page and goes out in WeChat: two moments about the same, next to each other
 * and within a minute. They become one.
 */
export function foldMessages(moments: readonly BuyerMoment[]): FoldedMoment[] {
  const folded: FoldedMoment[] = []
  for (const moment of moments) {
    const before = folded.at(-1)
    const isNear = before !== undefined && Math.abs(Date.parse(before.at) - Date.parse(moment.at)) <= SAME_MS
    if (isNear && before.also === undefined && isNotice(before) && isWord(moment))
      folded.splice(-1, 1, { ...moment, also: before.text })
    else if (isNear && before.also === undefined && isWord(before) && isNotice(moment))
      folded.splice(-1, 1, { ...before, also: moment.text })
    else folded.push(moment)
  }
  return folded
}
