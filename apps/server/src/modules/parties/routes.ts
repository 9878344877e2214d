import { z } from 'zod'
import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { By, ContractsDeps } from './deps.ts'
import {
  addContract,
  changeContract,
  removeContract,
  requireContract,
  setContractState,
  toContract,
} from './manage-contracts.ts'
import { addParty, changeParty, requireParty, setPartyAccount, toParty } from './manage-parties.ts'
import { listContracts, versionsOf } from './store-contracts.ts'
import { listParties } from './store-parties.ts'

const After = z.uuid()

const byOf = (call: { caller: Caller; ip: string; requestId: string }): By => {
  const { staffId, name } = staffOf(call.caller)
  return { staffId, name, ip: call.ip, requestId: call.requestId }
}

export function partyHandlers(deps: ContractsDeps): Handlers {
  const { db } = deps
  return {
    'console.parties': ({ params: { shopId }, query }) =>
      db.read({ shopId }, async (tx) => {
        const beforeId = decodeCursor(query.cursor, After)
        const rows = await listParties(tx, shopId, { ...query, beforeId, limit: query.limit + 1 })
        const page = keysetPage(rows, query.limit, ({ id }) => id)
        return { ...page, items: page.items.map(toParty) }
      }),
    'console.party': ({ params: { shopId, partyId } }) =>
      db.read({ shopId }, async (tx) => toParty(await requireParty(tx, shopId, partyId))),
    'console.createParty': (call) => addParty(deps, call.params.shopId, call.body, byOf(call)),
    'console.updateParty': (call) => changeParty(deps, call.params.shopId, call.params.partyId, call.body, byOf(call)),
    'console.setPartyAccount': (call) =>
      setPartyAccount(deps, call.params.shopId, call.params.partyId, call.body, byOf(call)),

    'console.contracts': ({ params: { shopId }, query }) =>
      db.read({ shopId }, async (tx) => {
        const beforeId = decodeCursor(query.cursor, After)
        const rows = await listContracts(tx, shopId, { ...query, beforeId, limit: query.limit + 1 })
        const page = keysetPage(rows, query.limit, ({ id }) => id)
        return { ...page, items: page.items.map(toContract) }
      }),
    'console.contract': ({ params: { shopId, contractId } }) =>
      db.read({ shopId }, async (tx) => ({
        contract: toContract(await requireContract(tx, shopId, contractId)),
        versions: (await versionsOf(tx, shopId, contractId)).map(({ terms, changedBy, ...row }) => ({
          ...{ ...terms, ...row },
          by: changedBy,
        })),
      })),
    'console.createContract': (call) => addContract(deps, call.params.shopId, call.body, byOf(call)),
    'console.updateContract': (call) =>
      changeContract(deps, call.params.shopId, call.params.contractId, call.body, byOf(call)),
    'console.setContractState': (call) =>
      setContractState(deps, call.params.shopId, call.params.contractId, call.body, byOf(call)),
    'console.deleteContract': async (call) => {
      await removeContract(deps, call.params.shopId, call.params.contractId, byOf(call))
      return { ok: true as const }
    },
  }
}
