import type { Input } from '../../kit/api.ts'

export type AdjustReason = Input<'console.adjustStock'>['body']['reason']

/** What a person types for a reason: how many came in, how many went out, how many there are, or a signed change. */
const ENTRY: Record<AdjustReason, 'in' | 'out' | 'counted' | 'signed'> = {
  purchase: 'in',
  return: 'in',
  damage: 'out',
  gift: 'out',
  count: 'counted',
  correction: 'signed',
}

export const ADJUST_REASONS = Object.keys(ENTRY) as AdjustReason[]
export const entryOf = (reason: AdjustReason) => ENTRY[reason]

/** What was typed → the quantity as the route takes it: goods going out are negative. */
export const adjustQuantity = (reason: AdjustReason, typed: number): number =>
  ENTRY[reason] === 'out' && typed !== 0 ? -typed : typed

/** What may be typed: a count may be zero, a correction negative. */
export function entryBounds(reason: AdjustReason): { min: number; max: number } {
  const min = { in: 1, out: 1, counted: 0, signed: -1_000_000 }[ENTRY[reason]]
  return { min, max: 1_000_000 }
}
