import type { BuyerAddressShown, BuyerChannel } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { maskName, maskPhone } from '../../kernel/mask.ts'
import type { IdentityDeps } from './deps.ts'
import { birthdayContext } from './profile.ts'
import { listAddresses } from './store-addresses.ts'
import { buyersByIds, channelsOf, identitiesNamed } from './store-buyers.ts'
import { knownBuyer, sealedPhones } from './store-own-data.ts'

/** A buyer as lists of staff show one. */
export interface BuyerBrief {
  nickname: string
  avatarUrl: string | null
  phoneMasked: string | null
  registeredAt: string
  birthdayKnown: boolean
  /** The account is being deleted, or is deleted. */
  closed: boolean
}

const HIDDEN = '****'

/** What other modules are told of buyers, by id. All in scope `system`. */
export function createBuyerRecords({ vault, db }: Pick<IdentityDeps, 'vault' | 'db'>) {
  return {
    /** Where a buyer has things sent to; undefined without an address. Reads by itself, as that buyer. */
    usualProvince: (buyerId: string): Promise<string | undefined> =>
      db.read({ buyerId }, async (tx) => (await listAddresses(tx, buyerId))[0]?.province),

    async briefs(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, BuyerBrief>> {
      const rows = await buyersByIds(tx, buyerIds)
      return new Map(
        rows.map(({ buyerId, nickname, avatarUrl, phoneMasked, createdAt, birthdayCipher, closedAt }) => [
          buyerId,
          {
            ...{ nickname, avatarUrl, phoneMasked, registeredAt: createdAt },
            ...{ birthdayKnown: birthdayCipher !== null, closed: closedAt !== null },
          },
        ]),
      )
    },

    /** Through which door each first came; who has no identity is absent. */
    channelsOf: (tx: Tx, buyerIds: readonly string[]): Promise<Map<string, BuyerChannel>> => channelsOf(tx, buyerIds),

    /** Whose phone it is, by its keyed hash. */
    async buyerWithPhone(tx: Tx, phone: string): Promise<string | undefined> {
      return (await identitiesNamed(tx, [{ kind: 'phone', subject: vault.phoneIndex(phone) }]))[0]?.buyerId
    },

    /** Phones in clear, by buyer. Whoever asks writes it to the audit trail. */
    async phonesInClear(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>> {
      const rows = await sealedPhones(tx, buyerIds)
      return new Map(rows.map(({ buyerId, phoneCipher }) => [buyerId, vault.decrypt(phoneCipher)]))
    },

    /** The address book with names, phones and details masked. */
    async maskedAddresses(tx: Tx, buyerId: string): Promise<BuyerAddressShown[]> {
      return (await clearAddresses(tx, vault, buyerId)).map(({ name, phone, ...rest }) => ({
        ...rest,
        ...{ name: maskName(name), phone: maskPhone(phone), street: '', detail: HIDDEN },
      }))
    },

    /** Phone, birthday and addresses in clear. Whoever asks writes it to the audit trail. */
    async inClear(tx: Tx, buyerId: string) {
      const known = await knownBuyer(tx, buyerId)
      const open = (sealed: string | null | undefined, context?: string) =>
        sealed ? vault.decrypt(sealed, context) : null
      return {
        phone: open(known?.phoneCipher),
        birthday: open(known?.birthdayCipher, birthdayContext(buyerId)),
        addresses: await clearAddresses(tx, vault, buyerId),
      }
    },
  }
}

async function clearAddresses(tx: Tx, vault: IdentityDeps['vault'], buyerId: string): Promise<BuyerAddressShown[]> {
  return (await listAddresses(tx, buyerId)).map(({ personalCipher, ...rest }) => ({
    ...rest,
    ...(JSON.parse(vault.decrypt(personalCipher)) as Pick<BuyerAddressShown, 'name' | 'phone' | 'detail'>),
  }))
}
