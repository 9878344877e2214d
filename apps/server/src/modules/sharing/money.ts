import { nameId } from '../../kernel/ids.ts'
import { type AccountSpec, accountId, type TransferCommand } from '../../ledger/index.ts'

type PartyCode = 'share.pending' | 'share.payable' | 'share.frozen' | 'share.negative'

const SHOP_CODES = [
  'channel.wechat',
  'channel.personal-code',
  'fee.channel',
  'merchant.pending',
  'merchant.available',
  'merchant.negative',
] as const
type ShopCode = (typeof SHOP_CODES)[number]

const LIMITS: Partial<Record<ShopCode | PartyCode, Pick<AccountSpec, 'minBalance' | 'maxBalance'>>> = {
  'merchant.pending': { minBalance: 0 },
  'merchant.available': { minBalance: 0 },
  'merchant.negative': { maxBalance: 0 },
  'share.pending': { minBalance: 0 },
  'share.payable': { minBalance: 0 },
  'share.frozen': { minBalance: 0 },
  // A debt never becomes an earning: what repays it twice is refused.
  'share.negative': { maxBalance: 0 },
}

/** The accounts of an order's money, and those of its shop and parties. */
export interface Book {
  shopId: string
  orderId: string
}

export const ofOrder = ({ orderId }: Book): string => accountId('order.paid', orderId)
export const ofShop = ({ shopId }: Pick<Book, 'shopId'>, code: ShopCode): string => accountId(code, shopId)
export const ofParty = ({ shopId }: Pick<Book, 'shopId'>, partyId: string, code: PartyCode): string =>
  accountId(code, partyId, shopId)

export const shopAccounts = (shopId: string, ...codes: readonly ShopCode[]): AccountSpec[] =>
  codes.map((code) => ({ shopId, code, owners: [shopId], unit: 'CNY', ...LIMITS[code] }))
export const partyAccounts = (shopId: string, partyIds: readonly string[]): AccountSpec[] =>
  partyIds.flatMap((partyId) =>
    (['share.pending', 'share.payable', 'share.frozen', 'share.negative'] as const).map((code) => ({
      ...{ shopId, code, owners: [partyId, shopId], unit: 'CNY' },
      ...LIMITS[code],
    })),
  )
export const orderAccount = ({ shopId, orderId }: Book): AccountSpec => ({
  ...{ shopId, code: 'order.paid', owners: [orderId], unit: 'CNY', minBalance: 0 },
})

/** Everything an order's money may touch. */
export const allAccounts = (book: Book, partyIds: readonly string[]): AccountSpec[] => [
  orderAccount(book),
  ...shopAccounts(book.shopId, ...SHOP_CODES),
  ...partyAccounts(book.shopId, partyIds),
]

/** Collects transfers of one step of an order's money; amounts of nothing are left out. */
export function mover(book: Book, step: string) {
  const transfers: TransferCommand[] = []
  return {
    transfers,
    move(code: string, from: string, to: string, amountFen: number): void {
      if (amountFen === 0) return
      transfers.push({
        ...{ kind: 'posted', code, debit: from, credit: to, amount: amountFen, unit: 'CNY' },
        id: nameId('sharing', step, code, from, to),
        reference: { type: 'order', id: book.orderId },
      })
    },
  }
}
