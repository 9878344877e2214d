import type { ContractRate, ContractTerms, PartyKind, PayWay } from '@zhanggui/contract'
import { allocate, fen } from '@zhanggui/contract/money'
import type { ContractInForce } from '../parties/index.ts'

const WHOLE_BP = 10_000

/** A line of an order as it was placed. */
export interface LineToShare {
  line: number
  title: string
  productId: string
  /** The product's category and those above it. */
  categoryIds: readonly string[]
  quantity: number
  /** What was paid for the line: the sum of its frozen unit shares. */
  payTotalFen: number
}

/** What a party gets of a line, with everything that explains it. */
export interface Share {
  line: number
  title: string
  partyId: string
  partyKind: PartyKind
  contractId: string
  contractVersion: number
  contractName: string
  quantity: number
  baseFen: number
  rate: ContractRate
  ofPartyId: string | null
  serviceLevel: string
  payBy: PayWay
  holdDays: number | null
  cutFen: number
  passedFen: number
  shareFen: number
}

interface Limits {
  /** What may be split of what was paid for goods. */
  maxSplitBp: number
  /** WeChat's fee of the whole payment: comes before all shares. */
  feeFen: number
}

/**
 * What the parties get of an order. Of each party the one contract counts that fits a line best; shares that together
 * exceed what WeChat splits, or what is left after the fee, are cut from the lowest priority on; parts of creators'
 * shares are taken last, out of what these then are.
 */
export function computeShares(
  order: { lines: readonly LineToShare[]; accountId: string | null },
  contracts: readonly ContractInForce[],
  limits: Limits,
): Share[] {
  const fits = (contract: ContractInForce, line: LineToShare) => covers(contract.terms, line, order.accountId)
  const ofGoods = contracts.filter(({ terms }) => terms.base === 'goods')
  const own = order.lines.flatMap((line) =>
    bestOfEach(ofGoods.filter((contract) => fits(contract, line))).map((contract) => ({
      contract,
      share: shareOf(contract, line, rated(contract.terms.rate, line.payTotalFen, line.quantity), null),
    })),
  )
  cut(own, order.lines, limits)
  const ofShares = contracts.filter(({ terms }) => terms.base === 'share')
  const passed = own.flatMap(({ share }) => {
    const line = order.lines.find((each) => each.line === share.line)!
    const takers = bestOfEach(ofShares.filter((contract) => fits(contract, line) && takesFrom(contract, share))).sort(
      byPriority,
    )
    return takers.map((contract) => passOn(contract, share, line))
  })
  return [...own.map(({ share }) => share), ...passed]
    .filter((share) => share.shareFen > 0 || share.passedFen > 0)
    .sort((a, b) => a.line - b.line)
}

export function covers(terms: ContractTerms, line: LineToShare, accountId: string | null): boolean {
  if (terms.accountIds.length > 0 && (accountId === null || !terms.accountIds.includes(accountId))) return false
  if (terms.goods.kind === 'all') return true
  if (terms.goods.kind === 'products') return terms.goods.ids.includes(line.productId)
  return terms.goods.ids.some((id) => line.categoryIds.includes(id))
}

/** The contract that counts of each party: highest priority, then the one that names its goods and accounts more closely. */
function bestOfEach(contracts: readonly ContractInForce[]): ContractInForce[] {
  const best = new Map<string, ContractInForce>()
  for (const contract of [...contracts].sort(byPriority))
    if (!best.has(contract.partyId)) best.set(contract.partyId, contract)
  return [...best.values()]
}

const closeness = ({ goods, accountIds }: ContractTerms): number =>
  ({ all: 0, categories: 1, products: 2 })[goods.kind] * 2 + (accountIds.length > 0 ? 1 : 0)

const byPriority = (a: ContractInForce, b: ContractInForce): number =>
  b.terms.priority - a.terms.priority ||
  closeness(b.terms) - closeness(a.terms) ||
  (a.contractId < b.contractId ? -1 : a.contractId > b.contractId ? 1 : 0)

const rated = (rate: ContractRate, baseFen: number, quantity: number): number =>
  rate.kind === 'bp'
    ? allocate(fen(baseFen), [rate.bp, WHOLE_BP - rate.bp])[0]!
    : Math.min(rate.fen * quantity, baseFen)

const shareOf = (contract: ContractInForce, line: LineToShare, shareFen: number, of: Share | null): Share => ({
  ...{ line: line.line, title: line.title, quantity: line.quantity },
  ...{ partyId: contract.partyId, partyKind: contract.partyKind },
  ...{ contractId: contract.contractId, contractVersion: contract.version, contractName: contract.name },
  baseFen: of ? of.shareFen : line.payTotalFen,
  ...{ rate: contract.terms.rate, serviceLevel: contract.terms.serviceLevel, holdDays: contract.terms.holdDays },
  ofPartyId: of?.partyId ?? null,
  payBy: of && of.payBy === 'withdrawal' ? 'withdrawal' : contract.terms.payBy,
  ...{ cutFen: 0, passedFen: 0, shareFen },
})

function cut(
  own: readonly { contract: ContractInForce; share: Share }[],
  lines: readonly LineToShare[],
  { maxSplitBp, feeFen }: Limits,
): void {
  const goodsFen = lines.reduce((sum, line) => sum + line.payTotalFen, 0)
  let splitLeft = Math.floor((goodsFen * maxSplitBp) / WHOLE_BP)
  let allLeft = Math.max(goodsFen - feeFen, 0)
  for (const { share } of [...own].sort((a, b) => byPriority(a.contract, b.contract))) {
    const allowed = Math.min(share.shareFen, allLeft, share.payBy === 'split' ? splitLeft : allLeft)
    share.cutFen = share.shareFen - allowed
    share.shareFen = allowed
    allLeft -= allowed
    if (share.payBy === 'split') splitLeft -= allowed
  }
}

const takesFrom = (contract: ContractInForce, share: Share): boolean =>
  contract.partyId !== share.partyId &&
  (contract.terms.ofPartyIds.length > 0
    ? contract.terms.ofPartyIds.includes(share.partyId)
    : share.partyKind === 'creator')

function passOn(contract: ContractInForce, share: Share, line: LineToShare): Share {
  const before = share.shareFen + share.passedFen
  const part = Math.min(rated(contract.terms.rate, before, line.quantity), share.shareFen)
  const passed = { ...shareOf(contract, line, part, share), baseFen: before }
  share.shareFen -= part
  share.passedFen += part
  return passed
}

/** How an order's money divides when `netFen` of `paidFen` is left: the same for the same amounts, however it came there. */
export function divide(
  order: { paidFen: number; feeFen: number; shares: readonly number[] },
  netFen: number,
): { feeFen: number; shares: number[]; merchantFen: number } {
  const { paidFen } = order
  let left = netFen
  const part = (whole: number): number => {
    const amount = Math.min(allocate(fen(whole), [netFen, paidFen - netFen])[0]!, left)
    left -= amount
    return amount
  }
  const shares = order.shares.map(part)
  const feeFen = part(order.feeFen)
  return { shares, feeFen, merchantFen: left }
}

/** WeChat's fee of a payment. */
export const feeOf = (paidFen: number, feeBp: number): number => allocate(fen(paidFen), [feeBp, WHOLE_BP - feeBp])[0]!

const MAX_BACKOFF_SECONDS = 3600

/** Seconds until the next try: doubles, one hour at most. */
export const backoffSeconds = (firstSeconds: number, tries: number): number =>
  Math.min(firstSeconds * 2 ** Math.min(tries, 12), MAX_BACKOFF_SECONDS)
