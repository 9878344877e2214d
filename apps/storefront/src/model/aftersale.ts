import type { AftersaleRow, AftersaleState, AftersaleType, CarrierCode } from '@zhanggui/contract'

/** How kinds of cases are called, and what each means to a buyer. */
export const CASE_TYPES: Record<AftersaleType, { title: string; text: string }> = {
  refund: { title: '仅退款', text: '未收到货，或与商家说好不用退货' },
  return: { title: '退货退款', text: '已收到货，退回商品后退款' },
  exchange: { title: '换货', text: '退回商品，换同款的其他规格' },
}

export const CASE_STATES: Record<AftersaleState, string> = {
  requested: '等待商家处理',
  returning: '请寄回商品',
  inspecting: '商家验货中',
  resending: '等待寄出换货',
  resent: '换货已寄出',
  refunding: '退款中',
  rejected: '商家未同意',
  disputed: '平台介入中',
  done: '已完成',
  closed: '已关闭',
}

/** What a tag beside a case says: whether it is well, or wants the buyer. */
export const caseTagKind = ({ state, turn }: Pick<AftersaleRow, 'state' | 'turn'>): 'plain' | 'good' | 'warn' =>
  state === 'done' ? 'good' : turn === 'buyer' ? 'warn' : 'plain'

/** Carriers that parcels are mostly sent back by. */
export const RETURN_CARRIERS: readonly { code: CarrierCode; name: string }[] = [
  { code: 'SF', name: '顺丰速运' },
  { code: 'ZTO', name: '中通快递' },
  { code: 'YTO', name: '圆通速递' },
  { code: 'STO', name: '申通快递' },
  { code: 'YD', name: '韵达快递' },
  { code: 'JTSD', name: '极兔速递' },
  { code: 'JD', name: '京东物流' },
  { code: 'EMS', name: '邮政快递' },
  { code: 'DBL', name: '德邦快递' },
  { code: 'OTHER', name: '其他' },
]
