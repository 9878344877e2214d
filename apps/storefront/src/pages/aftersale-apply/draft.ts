import type { AftersaleOptions, AftersaleType, Picture } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'

export interface Draft {
  type: AftersaleType
  /** How many of each line. */
  quantities: Record<number, number>
  /** SKU that comes instead, by line. */
  exchanges: Record<number, string>
  reasonCode: string
  /** In yuan as written; empty for all that can come back. */
  amount: string
  note: string
  pictures: Picture[]
  video: Picture | null
}

export const EMPTY: Draft = {
  ...{ type: 'refund', quantities: {}, exchanges: {}, reasonCode: '', amount: '', note: '' },
  ...{ pictures: [], video: null },
}

type Line = AftersaleOptions['lines'][number]

/** How many of a line can be chosen: before they leave only the money can come back. */
export const mostOf = (line: Pick<Line, 'shipped' | 'unshipped'>, type: AftersaleType): number =>
  type === 'refund' ? Math.max(line.unshipped, line.shipped) : line.shipped

const chosenOf = ({ lines }: Pick<AftersaleOptions, 'lines'>, quantities: Draft['quantities']): Line[] =>
  lines.filter(({ line }) => (quantities[line] ?? 0) > 0)

/** What can be asked for of the chosen lines: goods that have not left can neither come back nor be exchanged. */
export function typesFor(options: Pick<AftersaleOptions, 'lines'>, quantities: Draft['quantities']): AftersaleType[] {
  const chosen = chosenOf(options, quantities)
  const isWith = chosen.length > 0 && chosen.every(({ shipped }) => shipped > 0)
  return isWith ? ['return', 'refund', 'exchange'] : ['refund']
}

/**
 * Reasons that fit the kind and the goods: of goods that have not left nobody has pictures, and no carrier has lost
 * them. A shop whose own reasons leave none shows them all.
 */
export function reasonsFor(
  options: Pick<AftersaleOptions, 'lines' | 'reasons'>,
  { type, quantities }: Pick<Draft, 'type' | 'quantities'>,
): AftersaleOptions['reasons'] {
  const ofType = options.reasons.filter(({ types }) => types.includes(type))
  const chosen = chosenOf(options, quantities)
  if (chosen.length === 0 || chosen.some(({ shipped }) => shipped > 0)) return ofType
  const before = ofType.filter(({ evidence, fault }) => !evidence && fault !== 'carrier')
  return before.length > 0 ? before : ofType
}

export function bodyOf(draft: Draft, amountFen: number | undefined) {
  const lines = Object.entries(draft.quantities).flatMap(([line, quantity]) => {
    const exchangeSkuId = draft.type === 'exchange' ? draft.exchanges[Number(line)] : undefined
    return quantity > 0 ? [{ line: Number(line), quantity, ...(exchangeSkuId ? { exchangeSkuId } : {}) }] : []
  })
  const files = [...draft.pictures, ...(draft.video ? [draft.video] : [])]
  return {
    ...{ type: draft.type, lines, reasonCode: draft.reasonCode, note: draft.note.trim() },
    evidenceFileIds: files.map(({ fileId }) => fileId).slice(0, 9),
    ...(amountFen === undefined || draft.type === 'exchange' ? {} : { amountFen: fen(amountFen) }),
  }
}
