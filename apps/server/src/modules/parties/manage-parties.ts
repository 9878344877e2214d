import { MAX_PARTIES, type Party, type PartyInput } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { maskName, maskNumber, maskPhone } from '../../kernel/mask.ts'
import type { By, ContractsDeps } from './deps.ts'
import { isPaidBySplit } from './store-contracts.ts'
import {
  countParties,
  findParty,
  insertParty,
  type PartyFields,
  type PartyRow,
  updateParty,
  updatePartyAccount,
} from './store-parties.ts'

const UNIQUE_VIOLATION = '23505'

/** @throws AppError DUPLICATE, LIMIT_REACHED */
export const addParty = (deps: ContractsDeps, shopId: string, input: PartyInput, by: By): Promise<Party> =>
  deps.db
    .tx({ shopId }, async (tx) => {
      await lockInOrder(tx, [`parties:${shopId}`])
      if ((await countParties(tx, shopId)) >= MAX_PARTIES)
        throw new AppError('LIMIT_REACHED', { values: { what: '合作方', limit: MAX_PARTIES } })
      const id = newId()
      await insertParty(tx, sealed(deps.vault, shopId, id, input), deps.clock.instant())
      return recorded(tx, deps, { shopId, id, by, action: 'parties.create', summary: `添加合作方「${input.name}」` })
    })
    .catch((error) => rethrowTaken(error, input.name))

/** @throws AppError CONFLICT, DUPLICATE, NOT_FOUND */
export const changeParty = (
  deps: ContractsDeps,
  shopId: string,
  id: string,
  input: PartyInput & { version: number },
  by: By,
): Promise<Party> =>
  deps.db
    .tx({ shopId }, async (tx) => {
      const before = await requireParty(tx, shopId, id)
      const fields = { ...sealed(deps.vault, shopId, id, input, before), version: input.version }
      if (!(await updateParty(tx, fields, deps.clock.instant())))
        throw new AppError('CONFLICT', { values: { what: `合作方「${before.name}」` } })
      return recorded(tx, deps, {
        ...{ shopId, id, by, action: 'parties.update', summary: `修改合作方「${input.name}」` },
        before: toParty(before),
      })
    })
    .catch((error) => rethrowTaken(error, input.name))

/**
 * Where a party's money goes. Not part of changing a party, so that it can be guarded more closely.
 * @throws AppError CONFLICT, NOT_FOUND, PARTY_ACCOUNT_NEEDED when a contract in force pays to it
 */
export const setPartyAccount = (
  deps: ContractsDeps,
  shopId: string,
  id: string,
  input: { account: { kind: 'openid' | 'mchid'; value: string } | null; version: number },
  by: By,
): Promise<Party> =>
  deps.db.tx({ shopId }, async (tx) => {
    const before = await requireParty(tx, shopId, id)
    if (input.account === null && (await isPaidBySplit(tx, shopId, id)))
      throw new AppError('PARTY_ACCOUNT_NEEDED', { values: { name: before.name } })
    const { account } = input
    const fields = account && {
      kind: account.kind,
      sealed: deps.vault.encrypt(account.value, accountContext(shopId, id)),
      masked: `${account.value.slice(0, 4)}****${account.value.slice(-4)}`,
      hash: accountHash(deps.vault, account.kind, account.value),
    }
    const set = { at: deps.clock.instant(), by: by.name }
    if (!(await updatePartyAccount(tx, { shopId, id, version: input.version }, fields, set)))
      throw new AppError('CONFLICT', { values: { what: `合作方「${before.name}」` } })
    const summary = `${account ? '设置' : '清除'}合作方「${before.name}」的收款账户`
    return recorded(tx, deps, {
      ...{ shopId, id, by, action: 'parties.set-account', summary },
      before: { account: before.accountMasked },
    })
  })

/** @throws AppError NOT_FOUND */
export async function requireParty(tx: Tx, shopId: string, id: string): Promise<PartyRow> {
  const row = await findParty(tx, shopId, id)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '合作方' } })
  return row
}

export const accountContext = (shopId: string, partyId: string): string => `party-account:${shopId}:${partyId}`
const context = (field: string, shopId: string, partyId: string): string => `party-${field}:${shopId}:${partyId}`
export const accountHash = (vault: Vault, kind: string, value: string): string =>
  vault.hmac('party-account', `${kind}:${value}`)

/** A payout account, in clear: for the call to WeChat alone. */
export const openAccount = (vault: Vault, row: { shopId: string; partyId: string; accountSealed: string }): string =>
  vault.decrypt(row.accountSealed, accountContext(row.shopId, row.partyId))

/** The name that WeChat checks a payment against, in clear; null when it was not told. */
export const realNameOf = (vault: Vault, row: PartyRow): string | null =>
  row.realNameSealed === null ? null : vault.decrypt(row.realNameSealed, context('name', row.shopId, row.id))

function sealed(vault: Vault, shopId: string, id: string, input: PartyInput, before?: PartyRow): PartyFields {
  const { kind, legal, name, note, state } = input
  const seal = (field: string, value: string) =>
    value === '' ? null : vault.encrypt(value, context(field, shopId, id))
  const { realName, phone, idNumber } = input
  return {
    ...{ shopId, id, kind, legal, name, note, state },
    ...(realName === undefined
      ? { realNameSealed: before?.realNameSealed ?? null, realNameMasked: before?.realNameMasked ?? '' }
      : { realNameSealed: seal('name', realName), realNameMasked: maskName(realName) }),
    ...(phone === undefined
      ? {
          ...{ phoneSealed: before?.phoneSealed ?? null, phoneMasked: before?.phoneMasked ?? '' },
          phoneHash: before?.phoneHash ?? null,
        }
      : {
          ...{ phoneSealed: seal('phone', phone), phoneMasked: phone === '' ? '' : maskPhone(phone) },
          phoneHash: phone === '' ? null : vault.phoneIndex(phone),
        }),
    ...(idNumber === undefined
      ? { idNumberSealed: before?.idNumberSealed ?? null, idNumberMasked: before?.idNumberMasked ?? '' }
      : { idNumberSealed: seal('id-number', idNumber), idNumberMasked: idNumber === '' ? '' : maskNumber(idNumber) }),
  }
}

export const toParty = (row: PartyRow): Party => ({
  id: row.id,
  kind: row.kind,
  legal: row.legal,
  name: row.name,
  realNameMasked: row.realNameMasked,
  phoneMasked: row.phoneMasked,
  idNumberMasked: row.idNumberMasked,
  account:
    row.accountKind === null
      ? null
      : { kind: row.accountKind, masked: row.accountMasked!, setAt: row.accountSetAt!, setBy: row.accountSetBy! },
  note: row.note,
  state: row.state,
  version: row.version,
  createdAt: row.createdAt,
  activeContracts: row.activeContracts,
})

async function recorded(
  tx: Tx,
  deps: ContractsDeps,
  what: { shopId: string; id: string; by: By; action: string; summary: string; before?: unknown },
): Promise<Party> {
  const { shopId, id, by, action, summary, before } = what
  const after = toParty(await requireParty(tx, shopId, id))
  await audit(tx, deps.clock, {
    ...{ shopId, action, entity: 'party', entityId: id, summary, before, after, ip: by.ip, requestId: by.requestId },
    actor: { kind: 'staff', id: by.staffId, name: by.name },
  })
  return after
}

function rethrowTaken(error: unknown, name: string): never {
  if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
  throw new AppError('DUPLICATE', { values: { what: '合作方', value: name }, field: 'name' })
}
