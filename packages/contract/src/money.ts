/**
 * Money. An amount is a whole number of fen (1/100 yuan) in a branded type, so that a plain number
 * cannot be passed where money is meant. Sums stay below 2^53 fen, about 90 trillion yuan.
 */
export type Fen = number & { readonly __unit: 'fen' }

/** Checks and brands an integer number of fen. Throws a RangeError on fractions and unsafe integers. */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Not a whole number of fen: ${amount}`)
  return amount as Fen
}

export const ZERO_FEN = 0 as Fen

/** Adds amounts; throws a RangeError when the sum is no longer a safe integer. */
export function sumFen(amounts: Iterable<number>): Fen {
  let total = 0
  for (const amount of amounts) total += amount
  return fen(total)
}

/**
 * Splits `total` into one share for each weight by the largest-remainder method. The only division of
 * money in the program. The shares add up to `total` exactly; each lies within one fen of its
 * proportional value; equal remainders go to the earlier index; a zero weight receives nothing unless
 * all weights are zero, in which case the shares are as even as possible.
 * Weights are non-negative safe integers; `total` may be negative (its shares mirror the positive split).
 */
export function allocate(total: Fen, weights: readonly number[]): Fen[] {
  if (weights.length === 0) {
    if (total !== 0) throw new RangeError('Cannot allocate an amount over no weights')
    return []
  }
  for (const weight of weights)
    if (!Number.isSafeInteger(weight) || weight < 0) throw new RangeError(`Weight is not a whole number: ${weight}`)
  if (total < 0) return allocate(fen(-total), weights).map((share) => (share === 0 ? ZERO_FEN : fen(-share)))
  const exact = weights.map(BigInt)
  const weightSum = exact.reduce((sum, weight) => sum + weight, 0n)
  if (weightSum === 0n)
    return allocate(
      total,
      weights.map(() => 1),
    )
  const amount = BigInt(total)
  const parts = exact.map((weight, index) => ({
    index,
    share: (amount * weight) / weightSum,
    remainder: (amount * weight) % weightSum,
  }))
  let left = Number(amount - parts.reduce((sum, part) => sum + part.share, 0n))
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )
  for (const part of byRemainder) {
    if (left-- <= 0) break
    part.share += 1n
  }
  return parts.map((part) => fen(Number(part.share)))
}

/** Formats fen as yuan with two decimals and no currency sign: 123450 → "1234.50". */
export function formatYuan(amount: number): string {
  const sign = amount < 0 ? '-' : ''
  const digits = String(Math.abs(amount)).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Formats fen for people: 123450 → "¥1,234.50". */
export function formatMoney(amount: number): string {
  const text = formatYuan(Math.abs(amount)).replace(/\B(?=(\d{3})+\.)/g, ',')
  return `${amount < 0 ? '-' : ''}¥${text}`
}

/**
 * Parses what a person types for an amount in yuan ("12", "12.5", "¥1,234.50", full-width digits) into fen.
 * Returns undefined for anything else, including more than two decimals.
 */
export function parseYuan(text: string): Fen | undefined {
  const plain = text.normalize('NFKC').replace(/[¥￥,\s元]/g, '')
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!match) return undefined
  const amount = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  return fen(match[1] && amount !== 0 ? -amount : amount)
}
