import type { ContractState, ContractTerms, PartyKind } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface ContractRow {
  shopId: string
  id: string
  partyId: string
  partyName: string
  partyKind: PartyKind
  name: string
  state: ContractState
  version: number
  terms: ContractTerms
  createdAt: string
  updatedAt: string
}

const CONTRACT = sql`c.shop_id, c.id, c.party_id, p.name as party_name, p.kind as party_kind, c.name, c.state, c.version, v.terms,
  c.created_at, c.updated_at`
const FROM = sql`contracts c join parties p on p.shop_id = c.shop_id and p.id = c.party_id
  join contract_versions v on v.shop_id = c.shop_id and v.contract_id = c.id and v.version = c.version`

export const findContract = (tx: Tx, shopId: string, id: string): Promise<ContractRow | undefined> =>
  tx.maybe<ContractRow>(sql`select ${CONTRACT} from ${FROM} where c.shop_id = ${shopId} and c.id = ${id}`)

export const listContracts = (
  tx: Tx,
  shopId: string,
  filter: {
    partyId?: string | undefined
    state?: ContractState | undefined
    beforeId?: string | undefined
    limit: number
  },
): Promise<ContractRow[]> =>
  tx.rows<ContractRow>(sql`
    select ${CONTRACT} from ${FROM} where c.shop_id = ${shopId}
    ${filter.partyId === undefined ? empty : sql`and c.party_id = ${filter.partyId}`}
    ${filter.state === undefined ? empty : sql`and c.state = ${filter.state}`}
    ${filter.beforeId === undefined ? empty : sql`and c.id < ${filter.beforeId}`}
    order by c.id desc limit ${filter.limit}`)

export const countContracts = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from contracts where shop_id = ${shopId} and state <> 'ended'`,
    )
  ).count

export async function insertContract(
  tx: Tx,
  row: { shopId: string; id: string; partyId: string; name: string; terms: ContractTerms },
  made: { at: string; by: string },
): Promise<void> {
  await tx.exec(sql`
    insert into contracts (shop_id, id, party_id, name, state, version, created_at, updated_at)
    values (${row.shopId}, ${row.id}, ${row.partyId}, ${row.name}, 'draft', 1, ${made.at}, ${made.at})`)
  await insertVersion(tx, { ...row, state: 'draft', version: 1 }, made)
}

export async function deleteContract(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.exec(sql`delete from contracts where shop_id = ${shopId} and id = ${id} and state = 'draft'`)
}

/** The next version of a contract takes the place of `version`. Answers whether that was still the newest. */
export async function changeContract(
  tx: Tx,
  row: Pick<ContractRow, 'shopId' | 'id' | 'partyId' | 'name' | 'state' | 'version' | 'terms'>,
  made: { at: string; by: string },
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update contracts set name = ${row.name}, state = ${row.state}, version = version + 1, updated_at = ${made.at}
    where shop_id = ${row.shopId} and id = ${row.id} and version = ${row.version}`)
  if (changed !== 1) return false
  await tx.exec(sql`
    update contract_versions set replaced_at = ${made.at}
    where shop_id = ${row.shopId} and contract_id = ${row.id} and version = ${row.version}`)
  await insertVersion(tx, { ...row, version: row.version + 1 }, made)
  return true
}

async function insertVersion(
  tx: Tx,
  row: Pick<ContractRow, 'shopId' | 'id' | 'partyId' | 'name' | 'state' | 'version' | 'terms'>,
  made: { at: string; by: string },
): Promise<void> {
  await tx.exec(sql`
    insert into contract_versions (shop_id, contract_id, version, party_id, name, state, terms, valid_from, valid_until, at, changed_by)
    values (${row.shopId}, ${row.id}, ${row.version}, ${row.partyId}, ${row.name}, ${row.state}, ${JSON.stringify(row.terms)}::jsonb,
      ${row.terms.validFrom}, ${row.terms.validUntil}, ${made.at}, ${made.by})`)
}

export interface VersionRow {
  version: number
  name: string
  state: ContractState
  terms: ContractTerms
  at: string
  changedBy: string
}

export const versionsOf = (tx: Tx, shopId: string, contractId: string): Promise<VersionRow[]> =>
  tx.rows<VersionRow>(sql`
    select version, name, state, terms, at, changed_by from contract_versions
    where shop_id = ${shopId} and contract_id = ${contractId} order by version desc limit 200`)

export interface ContractInForce {
  shopId: string
  contractId: string
  version: number
  partyId: string
  partyKind: PartyKind
  partyName: string
  name: string
  terms: ContractTerms
  /** When this wording was written. */
  at: string
}

/**
 * What was in force in a shop at an instant: active, within its time, and the wording of that instant. Parties that are
 * paused have none. The answer about a moment that is over never changes, but for a party's pause.
 */
export const contractsInForce = (tx: Tx, shopId: string, at: string): Promise<ContractInForce[]> =>
  tx.rows<ContractInForce>(sql`
    select v.shop_id, v.contract_id, v.version, v.party_id, p.kind as party_kind, p.name as party_name, v.name, v.terms, v.at
    from contract_versions v join parties p on p.shop_id = v.shop_id and p.id = v.party_id
    where v.shop_id = ${shopId} and v.state = 'active' and p.state = 'active' and ${IN_FORCE(at)}
    order by v.contract_id`)

const IN_FORCE = (at: string) => sql`v.valid_from <= ${at} and (v.valid_until is null or v.valid_until > ${at})
  and v.at <= ${at} and (v.replaced_at is null or v.replaced_at > ${at})`

/** Which of these shops ever had a contract in force: for the others there is nothing more to ask. */
export const shopsEverWith = async (tx: Tx, shopIds: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.rows<{ shopId: string }>(sql`
    select s.shop_id from unnest(${[...new Set(shopIds)]}::uuid[]) as s(shop_id)
    where exists (select from contract_versions v where v.shop_id = s.shop_id and v.state = 'active')`)
  return new Set(rows.map(({ shopId }) => shopId))
}

/** Whether a party has a contract that is paid by profit sharing and is in force or to come. */
export const isPaidBySplit = async (tx: Tx, shopId: string, partyId: string): Promise<boolean> =>
  (
    await tx.one<{ found: boolean }>(sql`
      select exists (select from ${FROM} where c.shop_id = ${shopId} and c.party_id = ${partyId} and c.state = 'active'
        and v.terms->>'payBy' = 'split') as found`)
  ).found
