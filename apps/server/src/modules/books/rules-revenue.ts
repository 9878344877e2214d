import { allocate, type Fen, fen, sumFen } from '@zhanggui/contract/money'

/** Amounts of some transfers, before anything is divided among rates. */
export interface Amounts {
  orders: number
  goodsFen: number
  merchantDiscountFen: number
  platformDiscountFen: number
  creatorDiscountFen: number
  freightFen: number
  refundedFen: number
  feeFen: number
  sharesFen: number
}

/** Amounts whose goods have one rate, or several by weight. */
export interface Mixed extends Amounts {
  period: string
  channel: string
  accountId: string | null
  rates: number[]
  weights: number[]
}

const AMOUNTS = [
  ...(['goodsFen', 'merchantDiscountFen', 'platformDiscountFen', 'creatorDiscountFen', 'freightFen'] as const),
  ...(['refundedFen', 'feeFen', 'sharesFen'] as const),
] as const
/** Each is divided by itself; goods are what is left of what was paid, which is divided as a whole. */
const DIVIDED = AMOUNTS.slice(1)

/** What buyers paid: goods less discounts, and freight. */
export const paidOf = (row: Amounts): number =>
  row.goodsFen + row.merchantDiscountFen + row.platformDiscountFen + row.creatorDiscountFen + row.freightFen

export interface Line extends Amounts {
  period: string
  channel: string
  accountId: string | null
  rateBp: number
}

/** Amounts of one rate each. What belongs to several is divided by what was paid for the goods of each. */
export function byRate(rows: readonly Mixed[]): Line[] {
  return rows.flatMap(({ rates, weights, ...row }) => {
    if (rates.length === 1) return [{ ...row, rateBp: rates[0]! }]
    const paid = allocate(fen(paidOf(row)), weights)
    const parts = DIVIDED.map((name) => [name, allocate(fen(row[name]), weights)] as const)
    return rates.map((rateBp, index) => {
      const line = { ...row, rateBp, ...Object.fromEntries(parts.map(([name, shares]) => [name, shares[index]!])) }
      return { ...line, goodsFen: line.goodsFen + paid[index]! - paidOf(line) }
    })
  })
}

export interface RevenueLine extends Line {
  paidFen: number
  netFen: number
  taxFen: number
  beforeTaxFen: number
}

const ADDED = ['orders', ...AMOUNTS] as const

/**
 * Lines of the same period, rate, channel and account are one. The tax of a period and rate is reckoned from its sum,
 * to the nearest fen, and divided among its lines by the largest remainder.
 */
export function revenueLines(lines: readonly Line[]): RevenueLine[] {
  const same = Map.groupBy(lines, (row) => [row.period, row.rateBp, row.channel, row.accountId ?? ''].join('|'))
  const summed = [...same.values()].map((rows) => {
    const sums = Object.fromEntries(ADDED.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]))
    const row = { ...rows[0]!, ...sums } as Line
    const paidFen = paidOf(row)
    return { ...row, paidFen, netFen: paidFen - row.refundedFen }
  })
  const taxed = Map.groupBy(summed, (row) => `${row.period}|${row.rateBp}`)
  return [...taxed.values()].flatMap((rows) => {
    const taxes = taxOf(
      rows.map(({ netFen }) => netFen),
      rows[0]!.rateBp,
    )
    return rows.map((row, index) => ({ ...row, taxFen: taxes[index]!, beforeTaxFen: row.netFen - taxes[index]! }))
  })
}

/**
 * The VAT inside amounts that include it: net × rate ÷ (1 + rate) of their sum, to the nearest fen, divided by the
 * largest remainder, so that each is within a fen of its own tax. Amounts may be negative.
 */
export function taxOf(netFen: readonly number[], rateBp: number): Fen[] {
  const [rate, whole] = [BigInt(rateBp), BigInt(10_000 + rateBp)]
  const parts = netFen.map((net, index) => {
    const exact = BigInt(net) * rate
    const rest = ((exact % whole) + whole) % whole
    return { index, share: (exact - rest) / whole, rest }
  })
  const exact = BigInt(sumFen(netFen)) * rate
  const doubled = 2n * exact + whole
  // The nearest fen: half a fen goes up. Division of BigInts cuts towards zero, a floor is meant.
  const rest = ((doubled % (2n * whole)) + 2n * whole) % (2n * whole)
  const total = (doubled - rest) / (2n * whole)
  let left = Number(total - parts.reduce((sum, { share }) => sum + share, 0n))
  for (const part of [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1))) {
    if (left-- <= 0) break
    part.share += 1n
  }
  return parts.map(({ share }) => fen(Number(share)))
}

/** In the order in which the book is read. */
export const lineKey = (row: Pick<Line, 'period' | 'channel' | 'accountId' | 'rateBp'>): string =>
  [row.period, row.channel, row.accountId ?? '', String(row.rateBp).padStart(5, '0')].join('|')
