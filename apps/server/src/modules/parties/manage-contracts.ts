import {
  type Contract,
  type ContractInput,
  type ContractState,
  type ContractTerms,
  MAX_CONTRACTS,
} from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { By, ContractsDeps } from './deps.ts'
import { requireParty } from './manage-parties.ts'
import { maxShareBp } from './settings.ts'
import {
  type ContractRow,
  changeContract as changeRow,
  countContracts,
  deleteContract,
  findContract,
  insertContract,
} from './store-contracts.ts'
import { partiesByIds } from './store-parties.ts'

/** What a contract may become. One that has ended stays so. */
const NEXT: Readonly<Record<ContractState, readonly ContractState[]>> = {
  draft: ['active'],
  active: ['paused', 'ended'],
  paused: ['active', 'ended'],
  ended: [],
}
const STATE_WORDS: Record<ContractState, string> = {
  draft: '是草稿',
  active: '已生效',
  paused: '已暂停',
  ended: '已终止',
}
const VERBS: Record<ContractState, string> = { draft: '退回草稿', active: '生效', paused: '暂停', ended: '终止' }

/** Draws a contract up, as a draft. @throws AppError NOT_FOUND, LIMIT_REACHED, SHARE_OVER_LIMIT */
export const addContract = (deps: ContractsDeps, shopId: string, input: ContractInput, by: By): Promise<Contract> =>
  deps.db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`contracts:${shopId}`])
    if ((await countContracts(tx, shopId)) >= MAX_CONTRACTS)
      throw new AppError('LIMIT_REACHED', { values: { what: '合约', limit: MAX_CONTRACTS } })
    const { partyId, name, ...terms } = input
    const party = await requireParty(tx, shopId, partyId)
    await checkTerms(tx, deps, shopId, terms)
    const id = newId()
    await insertContract(tx, { shopId, id, partyId, name, terms }, { at: deps.clock.instant(), by: by.name })
    return recorded(tx, deps, {
      ...{ shopId, id, by, action: 'contracts.create' },
      summary: `与「${party.name}」拟定合约「${name}」`,
    })
  })

/**
 * Changes what a contract says, for orders placed from now on; what was frozen on orders stays.
 * @throws AppError CONFLICT, CONTRACT_STATE, NOT_FOUND, SHARE_OVER_LIMIT
 */
export const changeContract = (
  deps: ContractsDeps,
  shopId: string,
  id: string,
  input: ContractTerms & { name: string; version: number },
  by: By,
): Promise<Contract> =>
  deps.db.tx({ shopId }, async (tx) => {
    const before = await lockContract(tx, shopId, id)
    if (before.state === 'ended') throw notAllowed(before, '修改')
    const { name, version, ...terms } = input
    await checkTerms(tx, deps, shopId, terms)
    if (before.state === 'active') await checkPayable(tx, { ...before, terms })
    return next(tx, deps, before, { name, version, terms, state: before.state }, by, 'contracts.update', '修改')
  })

/** @throws AppError CONFLICT, CONTRACT_STATE, NOT_FOUND, PARTY_ACCOUNT_NEEDED */
export const setContractState = (
  deps: ContractsDeps,
  shopId: string,
  id: string,
  input: { state: ContractState; version: number },
  by: By,
): Promise<Contract> =>
  deps.db.tx({ shopId }, async (tx) => {
    const before = await lockContract(tx, shopId, id)
    const verb = VERBS[input.state]
    if (!NEXT[before.state].includes(input.state)) throw notAllowed(before, verb)
    if (input.state === 'active') {
      await checkTerms(tx, deps, shopId, before.terms)
      await checkPayable(tx, before)
    }
    const { name, terms } = before
    return next(tx, deps, before, { name, terms, ...input }, by, 'contracts.set-state', verb)
  })

/** Throws a draft away. @throws AppError CONTRACT_STATE, NOT_FOUND */
export const removeContract = (deps: ContractsDeps, shopId: string, id: string, by: By): Promise<void> =>
  deps.db.tx({ shopId }, async (tx) => {
    const before = await lockContract(tx, shopId, id)
    if (before.state !== 'draft') throw notAllowed(before, '删除')
    await deleteContract(tx, shopId, id)
    await record(tx, deps, {
      ...{ shopId, id, by, action: 'contracts.delete', summary: `删除合约草稿「${before.name}」` },
      before: toContract(before),
      after: null,
    })
  })

/** @throws AppError NOT_FOUND */
export async function requireContract(tx: Tx, shopId: string, id: string): Promise<ContractRow> {
  const row = await findContract(tx, shopId, id)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '合约' } })
  return row
}

async function lockContract(tx: Tx, shopId: string, id: string): Promise<ContractRow> {
  await lockInOrder(tx, [`contract:${id}`])
  return requireContract(tx, shopId, id)
}

async function next(
  tx: Tx,
  deps: ContractsDeps,
  before: ContractRow,
  to: Pick<ContractRow, 'name' | 'terms' | 'state' | 'version'>,
  by: By,
  action: string,
  verb: string,
): Promise<Contract> {
  const { shopId, id, partyId } = before
  const made = { at: deps.clock.instant(), by: by.name }
  if (!(await changeRow(tx, { shopId, id, partyId, ...to }, made)))
    throw new AppError('CONFLICT', { values: { what: `合约「${before.name}」` } })
  return recorded(tx, deps, {
    ...{ shopId, id, by, action, summary: `${verb}合约「${to.name}」（${before.partyName}）` },
    before: toContract(before),
  })
}

/** @throws AppError NOT_FOUND for what the shop does not have, SHARE_OVER_LIMIT, VALIDATION_FAILED */
async function checkTerms(tx: Tx, deps: ContractsDeps, shopId: string, terms: ContractTerms): Promise<void> {
  const { goods, rate, base } = terms
  if (base === 'share' && rate.kind !== 'bp')
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '比例', reason: '从达人分成中抽取时只能按比例' },
      field: 'rate',
    })
  if (base === 'goods' && rate.kind === 'bp' && terms.payBy === 'split') {
    const limit = await deps.settings.get(maxShareBp, { shopId }, tx)
    if (rate.bp > limit) throw new AppError('SHARE_OVER_LIMIT', { values: { limit: `${limit / 100}%` }, field: 'rate' })
  }
  const missing = await deps.missing(tx, shopId, {
    productIds: goods.kind === 'products' ? goods.ids : [],
    categoryIds: goods.kind === 'categories' ? goods.ids : [],
    accountIds: terms.accountIds,
  })
  if (missing) throw new AppError('NOT_FOUND', { values: { what: `合约中的${missing}` } })
  const of = new Set(terms.ofPartyIds)
  if ((await partiesByIds(tx, shopId, [...of])).length < of.size)
    throw new AppError('NOT_FOUND', { values: { what: '合约中的达人' }, field: 'ofPartyIds' })
}

async function checkPayable(tx: Tx, contract: ContractRow): Promise<void> {
  const party = await requireParty(tx, contract.shopId, contract.partyId)
  if (contract.terms.payBy === 'split' && party.accountKind === null)
    throw new AppError('PARTY_ACCOUNT_NEEDED', { values: { name: party.name } })
}

const notAllowed = ({ name, state }: ContractRow, action: string): AppError =>
  new AppError('CONTRACT_STATE', { values: { name, state: STATE_WORDS[state], action } })

export const toContract = ({ shopId: _, terms, ...row }: ContractRow): Contract => ({ ...terms, ...row })

interface Recorded {
  shopId: string
  id: string
  by: By
  action: string
  summary: string
  before?: unknown
}

async function recorded(tx: Tx, deps: ContractsDeps, what: Recorded): Promise<Contract> {
  const after = toContract(await requireContract(tx, what.shopId, what.id))
  await record(tx, deps, { ...what, after })
  return after
}

async function record(tx: Tx, deps: ContractsDeps, what: Recorded & { after: unknown }): Promise<void> {
  const { id, by, ...rest } = what
  await audit(tx, deps.clock, {
    ...{ ...rest, entity: 'contract', entityId: id, ip: by.ip, requestId: by.requestId },
    actor: { kind: 'staff', id: by.staffId, name: by.name },
  })
}
