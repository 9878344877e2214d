import { allocate, type Fen, fen, formatMoney, sumFen, ZERO_FEN } from '@zhanggui/contract/money'
import { freightOf, type Parcel } from './freight.ts'
import type { Offer, PriceAdjustment, PricedLine, PriceQuote, QuotedLine, QuoteInput } from './types.ts'

interface WorkingLine {
  input: PricedLine
  /** Its place in the input. */
  index: number
  listFen: number
  payFen: number
  unitPayFen: number[]
}

/**
 * What an order costs, and why. Pure and deterministic: the same goods give the same totals in whatever order
 * they are listed (lines are worked on in the order of their SKU ids). Integer fen throughout; every discount is
 * split over lines and units by `allocate`, so that shares add up exactly and no unit costs less than nothing.
 */
export function quote(input: QuoteInput): PriceQuote {
  const lines = workingLines(input.lines)
  const adjustments: PriceAdjustment[] = []
  const refusals: { source: string; reason: string }[] = []
  for (const offer of input.offers) {
    const refusal = applyOffer(offer, lines, adjustments)
    if (refusal !== undefined) refusals.push({ source: offer.source, reason: refusal })
  }
  const freight = freightOf(parcelsOf(lines, input), input.province)
  const goodsFen = sumFen(lines.map((line) => line.listFen))
  const payFen = sumFen(lines.map((line) => line.payFen))
  return {
    lines: [...lines].sort((a, b) => a.index - b.index).map(quotedLine),
    adjustments,
    refusals: [...refusals, ...freight.hints],
    goodsFen,
    discountFen: fen(payFen - goodsFen),
    freightFen: freight.fen,
    freightNote: freight.note,
    totalFen: fen(payFen + freight.fen),
    deliverable: input.province === null ? null : freight.deliverable,
  }
}

function workingLines(lines: readonly PricedLine[]): WorkingLine[] {
  const seen = new Set<string>()
  const working = lines.map((input, index) => {
    if (seen.has(input.skuId)) throw new RangeError(`SKU ${input.skuId} stands in two lines`)
    seen.add(input.skuId)
    const listFen = fen(input.unitPriceFen * input.quantity)
    return { input, index, listFen, payFen: listFen, unitPayFen: new Array(input.quantity).fill(input.unitPriceFen) }
  })
  return working.sort((a, b) => (a.input.skuId < b.input.skuId ? -1 : 1))
}

/** Applies an offer to what its lines still cost, or answers why it does not apply. */
function applyOffer(offer: Offer, lines: readonly WorkingLine[], adjustments: PriceAdjustment[]): string | undefined {
  const wanted = offer.skuIds === null ? undefined : new Set(offer.skuIds)
  const eligible = lines.filter((line) => wanted === undefined || wanted.has(line.input.skuId))
  if (eligible.length === 0) return '没有适用的商品'
  const baseFen = sumFen(eligible.map((line) => line.payFen))
  if (baseFen < offer.fromFen) return `还差 ${formatMoney(offer.fromFen - baseFen)} 可用`
  const offFen = Math.min(offer.offFen, baseFen)
  if (offFen <= 0) return '没有可优惠的金额'
  const shares = allocate(
    fen(offFen),
    eligible.map((line) => line.payFen),
  )
  for (const [place, line] of eligible.entries()) {
    const share = shares[place]!
    if (share === 0) continue
    const unitShares = allocate(share, line.unitPayFen)
    line.payFen -= share
    for (const [unit, part] of unitShares.entries()) line.unitPayFen[unit]! -= part
    const unitFen = unitShares.map((part) => (part === 0 ? ZERO_FEN : fen(-part)))
    const { source, label, payer } = offer
    adjustments.push({ source, label, payer, line: line.index, fen: fen(-share), unitFen })
  }
  return undefined
}

function parcelsOf(lines: readonly WorkingLine[], input: QuoteInput): Parcel[] {
  const parcels = new Map<string, Parcel>()
  for (const { input: line, payFen } of lines) {
    if (line.freightTemplateId === null) continue
    const terms = input.freight.find((each) => each.id === line.freightTemplateId)
    if (terms === undefined) throw new RangeError(`Freight template ${line.freightTemplateId} is not given`)
    const parcel = parcels.get(terms.id) ?? { terms, pieces: 0, grams: 0, goodsFen: 0 }
    parcel.pieces += line.quantity
    parcel.grams += line.weightGrams * line.quantity
    parcel.goodsFen += payFen
    parcels.set(terms.id, parcel)
  }
  return [...parcels.values()].sort((a, b) => (a.terms.id < b.terms.id ? -1 : 1))
}

function quotedLine(line: WorkingLine): QuotedLine {
  return {
    skuId: line.input.skuId,
    quantity: line.input.quantity,
    unitPriceFen: fen(line.input.unitPriceFen),
    listTotalFen: fen(line.listFen),
    payTotalFen: fen(line.payFen),
    unitPayFen: line.unitPayFen as Fen[],
  }
}
