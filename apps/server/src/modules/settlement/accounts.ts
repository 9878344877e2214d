import { type AccountSpec, accountId, type TransferCommand } from '../../ledger/index.ts'

/** The merchant's own money in the shop's book, in the order in which statements show it. */
export const MERCHANT_CODES = [
  'merchant.pending',
  'merchant.available',
  'merchant.frozen',
  'merchant.negative',
  'deposit.held',
] as const
export type MerchantCode = (typeof MERCHANT_CODES)[number]

type ShopCode =
  | MerchantCode
  | 'channel.wechat'
  | 'channel.personal-code'
  | 'fee.channel'
  | 'fee.withdrawal'
  | 'deposit.deducted'

export const shopAccount = (shopId: string, code: ShopCode): string => accountId(code, shopId)

/** What a debt may not become: somebody else's. */
const LIMITS: Partial<Record<ShopCode, Pick<AccountSpec, 'minBalance' | 'maxBalance'>>> = {
  'merchant.pending': { minBalance: 0 },
  'merchant.available': { minBalance: 0 },
  'merchant.frozen': { minBalance: 0 },
  'merchant.negative': { maxBalance: 0 },
  'deposit.held': { minBalance: 0 },
}

export const shopAccounts = (shopId: string, ...codes: readonly ShopCode[]): AccountSpec[] =>
  codes.map((code) => ({ shopId, code, owners: [shopId], unit: 'CNY', ...LIMITS[code] }))

/** An amount that moves between two accounts of the shop at once. */
export function move(
  shopId: string,
  command: {
    id: string
    code: string
    from: ShopCode
    to: ShopCode
    amountFen: number
    about: { type: string; id: string }
  },
): TransferCommand {
  const { id, code, from, to, amountFen, about } = command
  return {
    kind: 'posted',
    ...{ id, code, amount: amountFen, unit: 'CNY', reference: about },
    debit: shopAccount(shopId, from),
    credit: shopAccount(shopId, to),
  }
}
