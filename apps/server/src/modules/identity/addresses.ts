import type { BuyerAddress } from '@zhanggui/contract'
import type { z } from 'zod'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { IdentityDeps } from './deps.ts'
import { addressUndoMinutes } from './settings.ts'
import {
  type AddressRow,
  clearDefaultAddress,
  countAddresses,
  insertAddress,
  listAddresses,
  removeAddress,
  restoreAddress,
  updateAddress,
} from './store-addresses.ts'

const MAX_ADDRESSES = 20

export type AddressInput = Omit<z.output<typeof BuyerAddress>, 'id'>
type Address = z.output<typeof BuyerAddress>

/** The address book. Name, phone and detail are encrypted at rest; the region stays readable for freight. */
export function createAddressBook(deps: IdentityDeps) {
  const open = (row: AddressRow): Address => {
    const { personalCipher, ...rest } = row
    return {
      ...rest,
      ...(JSON.parse(deps.vault.decrypt(personalCipher)) as Pick<Address, 'name' | 'phone' | 'detail'>),
    }
  }
  const seal = (id: string, { name, phone, detail, ...rest }: AddressInput): AddressRow => ({
    id,
    ...rest,
    personalCipher: deps.vault.encrypt(JSON.stringify({ name, phone, detail })),
  })
  const inBook = <T>(buyerId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.db.tx({ buyerId }, async (tx) => {
      await lockInOrder(tx, [`addresses:${buyerId}`])
      return work(tx)
    })
  return {
    list: (buyerId: string): Promise<Address[]> =>
      deps.db.read({ buyerId }, async (tx) => (await listAddresses(tx, buyerId)).map(open)),

    create: (buyerId: string, input: AddressInput): Promise<Address> =>
      inBook(buyerId, async (tx) => {
        const count = await countAddresses(tx, buyerId)
        if (count >= MAX_ADDRESSES)
          throw new AppError('VALIDATION_FAILED', { values: { field: '地址', reason: `最多保存 ${MAX_ADDRESSES} 个` } })
        const address = { ...input, isDefault: input.isDefault || count === 0 }
        if (address.isDefault) await clearDefaultAddress(tx, buyerId)
        const row = seal(newId(), address)
        await insertAddress(tx, buyerId, row, deps.clock.instant())
        return open(row)
      }),

    update: (buyerId: string, id: string, input: AddressInput): Promise<Address> =>
      inBook(buyerId, async (tx) => {
        if (input.isDefault) await clearDefaultAddress(tx, buyerId)
        const row = seal(id, input)
        if (!(await updateAddress(tx, buyerId, row))) throw new AppError('NOT_FOUND', { values: { what: '地址' } })
        return open(row)
      }),

    remove: (buyerId: string, id: string): Promise<void> =>
      inBook(buyerId, async (tx) => {
        if (!(await removeAddress(tx, buyerId, id, deps.clock.instant())))
          throw new AppError('NOT_FOUND', { values: { what: '地址' } })
      }),

    /** Takes a removal back. @throws AppError NOT_FOUND when it is too late, LIMIT_REACHED when the book is full by now */
    restore: async (buyerId: string, id: string): Promise<Address> => {
      const minutes = await deps.settings.get(addressUndoMinutes, {})
      return inBook(buyerId, async (tx) => {
        if ((await countAddresses(tx, buyerId)) >= MAX_ADDRESSES)
          throw new AppError('LIMIT_REACHED', { values: { what: '收货地址', limit: MAX_ADDRESSES } })
        const row = await restoreAddress(tx, buyerId, id, plusMs(deps.clock.instant(), -minutes * MINUTE_MS))
        if (!row) throw new AppError('NOT_FOUND', { values: { what: '刚删除的地址，请重新添加' } })
        return open(row)
      })
    },
  }
}
