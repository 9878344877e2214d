import { type Fen, fen, formatMoney } from '@zhanggui/contract/money'
import type { FreightRule, FreightTerms } from './types.ts'

/** Goods that are delivered under one template. */
export interface Parcel {
  terms: FreightTerms
  pieces: number
  grams: number
  /** What the goods cost after discounts. */
  goodsFen: number
}

export interface Freight {
  fen: Fen
  note: string
  deliverable: boolean
  /** What is missing for free delivery, when it can be reached. */
  hints: { source: string; reason: string }[]
}

const SUFFIX = /(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$/

/** `广东省` and `广东` are the same place, `内蒙古自治区` and `内蒙古` too. */
export const plainProvince = (name: string): string => name.trim().replace(SUFFIX, '')

/** The rule for a province: the one that names it, else the one for everywhere else. Undefined: nobody goes there. */
export function ruleFor(terms: FreightTerms, province: string | null): FreightRule | undefined {
  const wanted = province === null ? undefined : plainProvince(province)
  const named =
    wanted === undefined
      ? undefined
      : terms.rules.find((rule) => rule.provinces.some((each) => plainProvince(each) === wanted))
  return named ?? terms.rules.find((rule) => rule.provinces.length === 0)
}

/**
 * What delivery costs: each template's goods together, the amounts added up, explained in words.
 * Without a province the price for "everywhere else" is shown as an estimate.
 */
export function freightOf(parcels: readonly Parcel[], province: string | null): Freight {
  const notes: string[] = []
  const hints: Freight['hints'] = []
  let total = 0
  let deliverable = true
  // Which template is meant is worth saying where there are several.
  const about = ({ name }: FreightTerms) => (parcels.length > 1 ? `「${name}」` : '')
  for (const parcel of parcels) {
    const rule = ruleFor(parcel.terms, province)
    if (rule === undefined || !rule.deliverable) {
      if (province === null) continue
      deliverable = false
      notes.push(`${about(parcel.terms)}不配送至${province}`)
      continue
    }
    const cost = costOf(parcel, rule)
    total += cost.fen
    if (cost.note !== '') notes.push(`${about(parcel.terms)}${cost.note}`)
    if (cost.fen > 0 && rule.freeFromFen !== null)
      hints.push({
        source: `freight:${parcel.terms.id}`,
        reason: `再买 ${formatMoney(rule.freeFromFen - parcel.goodsFen)} 可免${about(parcel.terms)}运费`,
      })
  }
  if (!deliverable) return { fen: fen(0), note: notes.join('；'), deliverable, hints: [] }
  if (total === 0 && notes.length === 0) notes.push('包邮')
  if (province === null) notes.push('以收货地址为准')
  return { fen: fen(total), note: notes.join('；'), deliverable, hints }
}

function costOf({ terms, pieces, grams, goodsFen }: Parcel, rule: FreightRule): { fen: number; note: string } {
  if (rule.freeFromFen !== null && goodsFen >= rule.freeFromFen)
    return { fen: 0, note: rule.freeFromFen === 0 ? '' : `满 ${formatMoney(rule.freeFromFen)} 免运费` }
  const units = terms.basis === 'piece' ? pieces : grams
  const more = Math.max(0, Math.ceil((units - rule.firstUnits) / rule.moreUnits))
  const amount = rule.firstFen + more * rule.moreFen
  if (amount === 0) return { fen: 0, note: '' }
  const measure = terms.basis === 'piece' ? (count: number) => `${count} 件` : weight
  const first = `首 ${measure(rule.firstUnits)} ${formatMoney(rule.firstFen)}`
  const further = more === 0 ? '' : `，续 ${measure(more * rule.moreUnits)} ${formatMoney(more * rule.moreFen)}`
  return { fen: amount, note: `共 ${measure(units)}：${first}${further}` }
}

const weight = (grams: number): string => (grams < 1000 ? `${grams} 克` : `${grams / 1000} 千克`)
