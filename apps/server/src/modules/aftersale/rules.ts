import { AFTERSALE_STATES, type AftersaleFault, type AftersaleState, type AftersaleType } from '@zhanggui/contract'
import { allocate, fen } from '@zhanggui/contract/money'
import { AppError } from '../../kernel/errors.ts'

/** What can be done to a case. */
export type CaseStep =
  | 'agree-to-refund'
  | 'agree-to-return'
  | 'send-back'
  | 'accept-for-refund'
  | 'accept-for-exchange'
  | 'resend'
  | 'confirm'
  | 'paid'
  | 'reject'
  | 'cancel'
  | 'not-sent-back'
  | 'let-go'
  | 'overtaken'
  | 'superseded'
  | 'dispute'
  | 'escalate'
  | 'rule-refund'
  | 'rule-return'
  | 'rule-reject'

interface Rule {
  from: readonly AftersaleState[]
  to: AftersaleState
  /** Completes “the case is …; cannot …”. */
  zh: string
}

/** The whole life of a case. What is not here cannot happen. */
export const CASE_RULES: Readonly<Record<CaseStep, Rule>> = {
  'agree-to-refund': { from: ['requested'], to: 'refunding', zh: '同意退款' },
  'agree-to-return': { from: ['requested'], to: 'returning', zh: '同意退货' },
  'send-back': { from: ['returning'], to: 'inspecting', zh: '填写退货运单' },
  'accept-for-refund': { from: ['inspecting'], to: 'refunding', zh: '验货退款' },
  'accept-for-exchange': { from: ['inspecting'], to: 'resending', zh: '验货换货' },
  resend: { from: ['resending'], to: 'resent', zh: '寄出换货' },
  confirm: { from: ['resent'], to: 'done', zh: '确认收到' },
  paid: { from: ['refunding'], to: 'done', zh: '完成退款' },
  reject: { from: ['requested', 'inspecting'], to: 'rejected', zh: '拒绝' },
  cancel: { from: ['requested', 'returning', 'rejected', 'disputed'], to: 'closed', zh: '撤销' },
  'not-sent-back': { from: ['returning'], to: 'closed', zh: '超时关闭' },
  'let-go': { from: ['rejected'], to: 'closed', zh: '关闭' },
  overtaken: {
    from: ['requested', 'returning', 'inspecting', 'resending', 'rejected', 'disputed'],
    to: 'closed',
    zh: '关闭',
  },
  superseded: { from: ['refunding'], to: 'closed', zh: '关闭' },
  dispute: { from: ['rejected', 'resending'], to: 'disputed', zh: '申请平台介入' },
  escalate: { from: ['requested'], to: 'disputed', zh: '转平台处理' },
  'rule-refund': { from: ['disputed'], to: 'refunding', zh: '裁定退款' },
  'rule-return': { from: ['disputed'], to: 'returning', zh: '裁定退货退款' },
  'rule-reject': { from: ['disputed'], to: 'closed', zh: '裁定关闭' },
}

export const allows = (step: CaseStep, state: AftersaleState): boolean => CASE_RULES[step].from.includes(state)

/** The state after a step. @throws AppError CONFLICT when somebody was faster, or it is not its turn */
export function nextState(step: CaseStep, state: AftersaleState): AftersaleState {
  const { from, to, zh } = CASE_RULES[step]
  if (!from.includes(state))
    throw new AppError('CONFLICT', { values: { what: `售后单（${AFTERSALE_STATES[state].zh}，不能${zh}）` } })
  return to
}

export const isOver = (state: AftersaleState): boolean => state === 'done' || state === 'closed'

const TURNS: Readonly<Record<AftersaleState, 'merchant' | 'buyer' | 'platform' | 'money' | 'nobody'>> = {
  requested: 'merchant',
  returning: 'buyer',
  inspecting: 'merchant',
  resending: 'merchant',
  resent: 'buyer',
  refunding: 'money',
  rejected: 'buyer',
  disputed: 'platform',
  done: 'nobody',
  closed: 'nobody',
}
export const turnOf = (state: AftersaleState) => TURNS[state]
export const statesOf = (turn: string): AftersaleState[] =>
  (Object.keys(TURNS) as AftersaleState[]).filter((state) => TURNS[state] === turn)

/** A unit of an order's line and what of its frozen share can still go back. */
export interface Unit {
  index: number
  leftFen: number
}

/** What an earlier case took of a line. */
export interface Taken {
  isOpen: boolean
  /** The goods went back for good. */
  isReturned: boolean
  units: readonly (readonly [index: number, fen: number])[]
}

/**
 * Units with the buyer that can still be asked about: not in an open case, not gone back, and not paid back whole.
 * Only the first `shipped` of a line have left; the others are taken out of the order instead.
 */
export function freeUnits(shares: readonly number[], shipped: number, taken: readonly Taken[]): Unit[] {
  const blocked = new Set<number>()
  const back = new Map<number, number>()
  for (const { isOpen, isReturned, units } of taken)
    for (const [index, amount] of units) {
      if (isOpen || isReturned) blocked.add(index)
      back.set(index, (back.get(index) ?? 0) + amount)
    }
  return shares.slice(0, shipped).flatMap((share, index) => {
    const leftFen = share - (back.get(index) ?? 0)
    return blocked.has(index) || (share > 0 && leftFen === 0) ? [] : [{ index, leftFen }]
  })
}

/** The units that give most back first. */
export const chooseUnits = (free: readonly Unit[], quantity: number): Unit[] =>
  free.toSorted((a, b) => b.leftFen - a.leftFen || a.index - b.index).slice(0, quantity)

export const sumOf = (units: readonly Unit[]): number => units.reduce((sum, unit) => sum + unit.leftFen, 0)

/** What goes back for each unit of an amount that is no more than all of them have left; none gets more than it has. */
export function spread(amountFen: number, units: readonly Unit[]): [index: number, fen: number][] {
  const total = sumOf(units)
  if (total === 0) return units.map(({ index }) => [index, 0])
  const parts = allocate(
    fen(amountFen),
    units.map(({ leftFen }) => leftFen),
  )
  return units.map(({ index }, at) => [index, parts[at]!])
}

export type FreightRule = 'never' | 'whole-order' | 'proportional'

/** How much of the freight that the buyer paid goes back with these units. */
export function freightBack(about: {
  rule: FreightRule
  stage: 'unshipped' | 'shipped'
  type: AftersaleType
  fault: AftersaleFault
  /** Freight of the order, and what of it has gone back. */
  freightFen: number
  backFen: number
  /** Nothing of the order stays with the buyer afterwards. */
  takesRest: boolean
  unitsFen: number
  goodsFen: number
}): number {
  const left = Math.max(0, about.freightFen - about.backFen)
  if (about.type === 'exchange') return 0
  // What never left cost no freight.
  if (about.stage === 'unshipped') return about.takesRest ? left : 0
  if (about.rule === 'never' || about.fault === 'buyer') return 0
  if (about.takesRest) return left
  if (about.rule !== 'proportional' || about.goodsFen === 0) return 0
  return Math.min(left, Math.floor((about.freightFen * about.unitsFen) / about.goodsFen))
}

/** Who pays for sending the goods back. */
export const returnFreightBy = (type: AftersaleType, fault: AftersaleFault): 'merchant' | 'buyer' | 'nobody' =>
  type === 'refund' ? 'nobody' : fault === 'buyer' ? 'buyer' : 'merchant'
