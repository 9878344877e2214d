import type { PartyAccountKind, PartyKind } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface PartyRow {
  shopId: string
  id: string
  kind: PartyKind
  legal: 'person' | 'company'
  name: string
  realNameSealed: string | null
  realNameMasked: string
  phoneSealed: string | null
  phoneMasked: string
  phoneHash: string | null
  idNumberSealed: string | null
  idNumberMasked: string
  accountKind: PartyAccountKind | null
  accountSealed: string | null
  accountMasked: string | null
  accountHash: string | null
  accountSetAt: string | null
  accountSetBy: string | null
  note: string
  state: 'active' | 'paused'
  version: number
  createdAt: string
  activeContracts: number
}

const PARTY = sql`p.shop_id, p.id, p.kind, p.legal, p.name, p.real_name_sealed, p.real_name_masked, p.phone_sealed, p.phone_masked,
  p.phone_hash, p.id_number_sealed, p.id_number_masked, p.account_kind, p.account_sealed, p.account_masked, p.account_hash,
  p.account_set_at, p.account_set_by, p.note, p.state, p.version, p.created_at,
  (select count(*)::int from contracts c where c.shop_id = p.shop_id and c.party_id = p.id and c.state = 'active') as active_contracts`

export const findParty = (tx: Tx, shopId: string, id: string): Promise<PartyRow | undefined> =>
  tx.maybe<PartyRow>(sql`select ${PARTY} from parties p where p.shop_id = ${shopId} and p.id = ${id}`)

export const partiesByIds = (tx: Tx, shopId: string, ids: readonly string[]): Promise<PartyRow[]> =>
  tx.rows<PartyRow>(
    sql`select ${PARTY} from parties p where p.shop_id = ${shopId} and p.id = any(${ids as string[]}::uuid[])`,
  )

export const listParties = (
  tx: Tx,
  shopId: string,
  filter: { kind?: string | undefined; q?: string | undefined; beforeId?: string | undefined; limit: number },
): Promise<PartyRow[]> =>
  tx.rows<PartyRow>(sql`
    select ${PARTY} from parties p where p.shop_id = ${shopId}
    ${filter.kind === undefined ? empty : sql`and p.kind = ${filter.kind}`}
    ${filter.q ? sql`and position(lower(${filter.q}) in lower(p.name)) > 0` : empty}
    ${filter.beforeId === undefined ? empty : sql`and p.id < ${filter.beforeId}`}
    order by p.id desc limit ${filter.limit}`)

export const countParties = async (tx: Tx, shopId: string): Promise<number> =>
  (await tx.one<{ count: number }>(sql`select count(*) as count from parties where shop_id = ${shopId}`)).count

export type PartyFields = Omit<
  PartyRow,
  | 'version'
  | 'createdAt'
  | 'activeContracts'
  | 'accountKind'
  | 'accountSealed'
  | 'accountMasked'
  | 'accountHash'
  | 'accountSetAt'
  | 'accountSetBy'
>

/** @throws the unique violation of a name that is taken, as PostgreSQL gives it */
export async function insertParty(tx: Tx, row: PartyFields, at: string): Promise<void> {
  await tx.exec(sql`
    insert into parties (shop_id, id, kind, legal, name, real_name_sealed, real_name_masked, phone_sealed, phone_masked, phone_hash,
      id_number_sealed, id_number_masked, note, state, created_at, updated_at)
    values (${row.shopId}, ${row.id}, ${row.kind}, ${row.legal}, ${row.name}, ${row.realNameSealed}, ${row.realNameMasked},
      ${row.phoneSealed}, ${row.phoneMasked}, ${row.phoneHash}, ${row.idNumberSealed}, ${row.idNumberMasked}, ${row.note},
      ${row.state}, ${at}, ${at})`)
}

/** Answers whether the party still had that version. */
export async function updateParty(tx: Tx, row: PartyFields & { version: number }, at: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update parties set kind = ${row.kind}, legal = ${row.legal}, name = ${row.name}, real_name_sealed = ${row.realNameSealed},
        real_name_masked = ${row.realNameMasked}, phone_sealed = ${row.phoneSealed}, phone_masked = ${row.phoneMasked},
        phone_hash = ${row.phoneHash}, id_number_sealed = ${row.idNumberSealed}, id_number_masked = ${row.idNumberMasked},
        note = ${row.note}, state = ${row.state}, version = version + 1, updated_at = ${at}
      where shop_id = ${row.shopId} and id = ${row.id} and version = ${row.version}`)) === 1
  )
}

export interface AccountFields {
  kind: PartyAccountKind
  sealed: string
  masked: string
  hash: string
}

export async function updatePartyAccount(
  tx: Tx,
  key: { shopId: string; id: string; version: number },
  account: AccountFields | null,
  set: { at: string; by: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update parties set account_kind = ${account?.kind ?? null}, account_sealed = ${account?.sealed ?? null},
        account_masked = ${account?.masked ?? null}, account_hash = ${account?.hash ?? null},
        account_set_at = ${account ? set.at : null}, account_set_by = ${account ? set.by : null},
        version = version + 1, updated_at = ${set.at}
      where shop_id = ${key.shopId} and id = ${key.id} and version = ${key.version}`)) === 1
  )
}

/** Parties of all shops that are paid to one of these accounts or have this phone. Scope `system`. */
export const partiesOfPerson = (
  tx: Tx,
  person: { accountHashes: readonly string[]; phoneHash: string | null },
): Promise<PartyRow[]> =>
  tx.rows<PartyRow>(sql`
    select ${PARTY} from parties p
    where (p.account_kind = 'openid' and p.account_hash = any(${person.accountHashes as string[]}::text[]))
      or (${person.phoneHash}::text is not null and p.phone_hash = ${person.phoneHash})
    order by p.shop_id, p.id limit 100`)
