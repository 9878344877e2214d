import { nameId } from '../../kernel/ids.ts'
import { type AccountSpec, accountId, type TransferCommand } from '../../ledger/index.ts'

/** The day's limit is a balance of its own kind: no money, so that it is never mixed with any. */
const UNIT = 'personal-day'
const ALLOWANCE = 'personal.allowance'
const DAY = 'personal.day'

export const dayAccount = (shopId: string, day: string): string => accountId(DAY, shopId, day)

export const dayAccounts = (shopId: string, ...days: readonly string[]): AccountSpec[] => [
  { shopId, code: ALLOWANCE, owners: [shopId], unit: UNIT },
  ...[...new Set(days)].map((day) => ({ shopId, code: DAY, owners: [shopId, day], unit: UNIT, minBalance: 0 })),
]

/** Where a buyer's money by code is: in the merchant's own pocket, and on the order. */
export const moneyAccounts = (shopId: string, orderId: string): AccountSpec[] => [
  { shopId, code: 'channel.personal-code', owners: [shopId], unit: 'CNY' },
  { shopId, code: 'order.paid', owners: [orderId], unit: 'CNY', minBalance: 0 },
]

interface Counted {
  id: string
  shopId: string
  orderId: string
  amountFen: number
}

const counts = ({ shopId, orderId, amountFen }: Counted, day: string) => ({
  ...{ debit: accountId(ALLOWANCE, shopId), credit: dayAccount(shopId, day), amount: amountFen, unit: UNIT },
  reference: { type: 'order', id: orderId },
})

/** A buyer is shown the code: the amount is kept free in the day's limit. */
export const promise = (of: Counted, day: string, limitFen: number): TransferCommand => ({
  ...{ kind: 'pending', id: of.id, code: 'personal.promise', creditAtMost: limitFen },
  ...counts(of, day),
})

export const dropPromise = (of: Pick<Counted, 'id' | 'orderId'>): TransferCommand => ({
  ...{ kind: 'void', id: nameId('personal.promise-off', of.id), code: 'personal.promise-off', pendingId: of.id },
  reference: { type: 'order', id: of.orderId },
})

/**
 * The money was received on `day`. What was promised for that day and came as promised is within the limit already;
 * everything else is counted anew.
 */
export function countReceived(
  of: Counted,
  how: { day: string; limitFen: number; promised: { day: string; amountFen: number } | null },
): TransferCommand[] {
  const { day, limitFen, promised } = how
  const id = nameId('personal.counted', of.id)
  if (promised?.day === day && promised.amountFen === of.amountFen)
    return [
      { kind: 'post', id, code: 'personal.counted', pendingId: of.id, reference: { type: 'order', id: of.orderId } },
    ]
  const anew = { kind: 'posted', id, code: 'personal.counted', creditAtMost: limitFen, ...counts(of, day) } as const
  return promised === null ? [anew] : [dropPromise(of), anew]
}

/** The buyer's money is the order's. */
export const received = ({ id, shopId, orderId, amountFen }: Counted): TransferCommand => ({
  ...{ kind: 'posted', id: nameId('personal.received', id), code: 'personal.received', amount: amountFen, unit: 'CNY' },
  ...{ debit: accountId('channel.personal-code', shopId), credit: accountId('order.paid', orderId) },
  reference: { type: 'order', id: orderId },
})

/** Money is to go back by hand: nobody else can have it meanwhile. */
export const refundHold = ({ id, shopId, orderId, amountFen }: Counted): TransferCommand => ({
  ...{ kind: 'pending', id, code: 'personal.refund-hold', amount: amountFen, unit: 'CNY' },
  ...{ debit: accountId('order.paid', orderId), credit: accountId('channel.personal-code', shopId) },
  reference: { type: 'order', id: orderId },
})

export const refundPaid = ({ id, orderId }: Pick<Counted, 'id' | 'orderId'>): TransferCommand => ({
  ...{ kind: 'post', id: nameId('personal.refund-paid', id), code: 'personal.refund-paid', pendingId: id },
  reference: { type: 'order', id: orderId },
})

/** The code for an amount: the first that is on and takes as much in one payment. */
export const codeFor = <C extends { active: boolean; singleLimitFen: number }>(
  codes: readonly C[],
  amountFen: number,
): C | undefined => codes.find((code) => code.active && code.singleLimitFen >= amountFen)
