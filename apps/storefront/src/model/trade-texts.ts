import type { TrackState } from '@zhanggui/contract'
import { soldInText } from './texts.ts'

const PROBLEMS = { 'off-sale': '已下架', 'sold-out': '已售罄' } as const

/** Why goods cannot be bought now, or not be sent where they should go. */
export function problemText(line: {
  problem: 'off-sale' | 'sold-out' | 'short' | 'other-region' | null
  available: number
  soldIn: readonly string[]
}): string {
  if (line.problem === null) return ''
  if (line.problem === 'short') return `库存不足，仅剩 ${line.available} 件`
  return line.problem === 'other-region' ? soldInText(line.soldIn) : PROBLEMS[line.problem]
}

export const PAYERS = { merchant: '商家', platform: '平台', creator: '达人' } as const

/** Where a parcel is. */
export const TRACK_TEXTS: Record<TrackState, string> = {
  waiting: '待揽收',
  collected: '已揽收',
  'in-transit': '运输中',
  delivering: '派送中',
  signed: '已签收',
  problem: '疑难件',
  returned: '已退回',
}
