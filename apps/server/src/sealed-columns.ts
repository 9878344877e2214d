import type { SealedColumn } from './kernel/rotate-keys.ts'

const SHOPS_ROW = [
  ['shop_id', 'uuid'],
  ['id', 'uuid'],
] as const
const party = (column: string, word: string): SealedColumn => ({
  table: 'parties',
  column,
  key: SHOPS_ROW,
  context: (shopId, id) => `party-${word}:${shopId}:${id}`,
})

const withdrawal = (column: string, word: string): SealedColumn => ({
  table: 'withdrawals',
  column,
  key: SHOPS_ROW,
  context: (_shopId, id) => `withdrawal:${id}:${word}`,
})
const payout = (column: string, word: string): SealedColumn => ({
  table: 'payout_accounts',
  column,
  key: [['shop_id', 'uuid']],
  context: (shopId) => `payout:${shopId}:${word}`,
})

/**
 * Every column of sealed texts with what they are bound to, for the command that seals them anew under a new key. A test
 * looks through the catalogue and through every row of every table for others.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'buyers', column: 'phone_cipher', key: [['buyer_id', 'uuid']], context: () => '' },
  { table: 'buyers', column: 'birthday_cipher', key: [['buyer_id', 'uuid']], context: (id) => `birthday:${id}` },
  {
    table: 'buyer_addresses',
    column: 'personal_cipher',
    key: [
      ['buyer_id', 'uuid'],
      ['id', 'uuid'],
    ],
    context: () => '',
  },
  { table: 'staff', column: 'totp_cipher', key: [['id', 'uuid']], context: () => '' },
  { table: 'staff', column: 'totp_next', key: [['id', 'uuid']], context: () => '' },
  party('real_name_sealed', 'name'),
  party('phone_sealed', 'phone'),
  party('id_number_sealed', 'id-number'),
  party('account_sealed', 'account'),
  payout('openid_sealed', 'openid'),
  payout('real_name_sealed', 'name'),
  withdrawal('openid_sealed', 'openid'),
  withdrawal('real_name_sealed', 'name'),
  {
    // Copied from the party's row as it was when the split was intended.
    table: 'split_receivers',
    column: 'account_sealed',
    key: [
      ['shop_id', 'uuid'],
      ['split_id', 'uuid'],
      ['party_id', 'uuid'],
    ],
    context: (shopId, _splitId, partyId) => `party-account:${shopId}:${partyId}`,
  },
  {
    table: 'channel_credentials',
    column: 'sealed',
    key: [
      ['shop_id', 'uuid'],
      ['account_id', 'uuid'],
      ['name', 'text'],
    ],
    context: (shopId, accountId, name) => `channel-account:${shopId}:${accountId}:${name}`,
  },
  {
    table: 'orders',
    column: 'address_sealed',
    key: SHOPS_ROW,
    context: (shopId, id) => `order:${shopId}:${id}`,
  },
  {
    table: 'order_deliveries',
    column: 'code_sealed',
    key: [
      ['shop_id', 'uuid'],
      ['order_id', 'uuid'],
    ],
    context: (shopId, orderId) => `pick-up:${shopId}:${orderId}`,
  },
  {
    table: 'order_exceptions',
    column: 'data',
    field: 'address',
    key: SHOPS_ROW,
    context: (shopId, id) => `exception:${shopId}:${id}`,
  },
  {
    table: 'own_data_copies',
    column: 'content_sealed',
    key: [
      ['buyer_id', 'uuid'],
      ['id', 'uuid'],
    ],
    context: (buyerId, id) => `own-data:${buyerId}:${id}`,
  },
]
